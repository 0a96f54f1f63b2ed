//! Descriptors in a few words, pipes with a number and the end that is held.

use std::collections::HashMap;

use crate::i18n::{Language, step as words};
use crate::proc::descriptors::may_write;
use crate::proc::process::Process;

/// Pipes by what /proc calls them, numbered as they are met.
#[derive(Debug, Default)]
pub struct Pipes {
    known: HashMap<String, usize>,
}

impl Pipes {
    /// The descriptors of a process, those that mean the same in one: `0 1 2 terminal`.
    pub fn descriptors(&mut self, process: &Process, language: Language) -> Vec<String> {
        let mut told: Vec<(String, String)> = Vec::new();
        for (number, target) in &process.descriptors {
            let what = self.target(process.pid, *number, target, language);
            match told.iter_mut().find(|(known, _)| *known == what) {
                Some((_, numbers)) => *numbers += &format!(" {number}"),
                None => told.push((what, number.to_string())),
            }
        }
        let lines = told.into_iter();
        lines
            .map(|(what, numbers)| format!("{numbers} {what}"))
            .collect()
    }

    fn target(&mut self, pid: i32, number: i32, target: &str, language: Language) -> String {
        if target.starts_with("/dev/pts/") {
            return words::terminal(language).to_owned();
        }
        if target.starts_with("socket:") {
            return words::socket(language).to_owned();
        }
        if !target.starts_with("pipe:") {
            let name = target.rsplit('/').next();
            return name.unwrap_or(target).to_owned();
        }
        let next = self.known.len() + 1;
        let pipe = *self.known.entry(target.to_owned()).or_insert(next);
        match may_write(pid, number) {
            true => words::pipe_to_write(language, pipe),
            false => words::pipe_to_read(language, pipe),
        }
    }
}

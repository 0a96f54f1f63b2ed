//! The memory strip of a fork: the lines around it, and what both processes held, as it was read from their memory.

use std::fs;
use std::path::Path;

use crate::project::Room;
use crate::source::{Line, Site};
use crate::timeline::clock::{History, Part};
use crate::timeline::{Fork, Lane, Memory, Variable};
use crate::trace::Reading;

/// How many lines are shown before and after the fork.
const BEFORE: usize = 2;
const AFTER: usize = 1;

/// The forks of the program itself; `sites` are those of its calls.
pub fn forks(history: &History<'_>, sites: &[Site], lanes: &[Lane]) -> Vec<Fork> {
    let Some(part) = history.parts.iter().find(|part| part.companion.is_none()) else {
        return Vec::new();
    };
    let children = lanes.iter().filter(|lane| lane.companion.is_none());
    let forks = children.filter_map(|child| {
        let parent = child.parent?;
        let call = part.tree.fork_of(child.pid);
        let site = call.and_then(|call| sites.get(call));
        let function = site.and_then(Site::function);
        Some(Fork {
            at: child.born,
            parent,
            child: child.pid,
            code: site.and_then(Site::line).map_or_else(Vec::new, code),
            is_rust: site.is_some_and(|it| it.frames.first().is_some_and(|it| it.is_rust())),
            of_parent: memory(part, parent, call, function),
            of_child: memory(part, child.pid, None, function),
        })
    });
    forks.collect()
}

/// The lines around the only fork of a lab's source; with several forks nobody knows which one it was.
pub fn only_fork(root: &Path, lab: &str) -> Vec<(usize, String, bool)> {
    let source = fs::read_to_string(Room::of(root, lab).source(lab, "rs")).unwrap_or_default();
    let lines = source.lines().zip(1..);
    let mut forks = lines.filter(|(text, _)| text.contains("fork()"));
    match (forks.next(), forks.next()) {
        (Some((_, line)), None) => around(&source, line),
        _ => Vec::new(),
    }
}

/// The lines around a fork, with their numbers, and whether each is that of the fork.
pub fn code(fork: &Line) -> Vec<(usize, String, bool)> {
    let source = fs::read(&fork.file).unwrap_or_default();
    around(&crate::text::encoding::text(&source), fork.line as usize)
}

/// The lines around one of a source that say something.
fn around(source: &str, fork: usize) -> Vec<(usize, String, bool)> {
    let telling = |text: &str| {
        let text = text.split("//").next().unwrap_or_default();
        text.contains(|c: char| c.is_alphanumeric())
    };
    let lines = source
        .lines()
        .enumerate()
        .map(|(place, text)| (place + 1, text));
    let lines: Vec<(usize, &str)> = lines
        .filter(|(number, text)| *number == fork || telling(text))
        .collect();
    let Some(place) = lines.iter().position(|(number, _)| *number == fork) else {
        return Vec::new();
    };
    let shown = &lines[place.saturating_sub(BEFORE)..(place + AFTER + 1).min(lines.len())];
    let indent = |text: &str| text.len() - text.trim_start().len();
    let margins = shown.iter().map(|(_, text)| indent(text));
    let margin = margins.min().unwrap_or(0);
    let shown = shown.iter().map(|(number, text)| {
        let ends = [" //", " /*"].iter().filter_map(|mark| text.find(mark));
        let text = &text[..ends.min().unwrap_or(text.len())];
        let text = text.get(margin..).unwrap_or_default();
        (*number, text.trim_end().to_owned(), *number == fork)
    });
    shown.collect()
}

/// What a process held: its buffer at the fork, and the variables of the function that forked, from its first call behind
/// the fork to the last one that it made there.
fn memory(part: &Part<'_>, pid: i32, fork: Option<usize>, function: Option<&str>) -> Memory {
    let own = part.trace.readings.iter().filter(|it| it.pid == pid);
    let at_fork = own
        .clone()
        .find(|it| it.is_at_fork && (fork.is_none() || it.call == fork));
    let later: Vec<&Reading> = own.filter(|it| !it.is_at_fork && it.call > fork).collect();
    let mut variables: Vec<Variable> = Vec::new();
    for read in later.iter().flat_map(|it| &it.what.variables) {
        // A lab's name that begins so says that nobody uses it.
        let is_used = !read.name.starts_with('_');
        let is_there = read.function.is_none() || read.function.as_deref() == function;
        let known = variables
            .iter_mut()
            .find(|it| (it.declared, &it.name) == (read.declared, &read.name));
        match known {
            _ if !is_there || !is_used => {}
            Some(known) => known.last.clone_from(&read.value),
            None => variables.push(Variable {
                name: read.name.clone(),
                declared: read.declared,
                first: read.value.clone(),
                last: read.value.clone(),
            }),
        }
    }
    Memory {
        variables,
        unwritten: at_fork.and_then(|it| it.what.unwritten.clone()),
    }
}

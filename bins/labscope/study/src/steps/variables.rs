//! What the variables of a process hold behind a fork, step by step, as they were read from its memory at each call.

use std::collections::HashMap;

use labscope::i18n::{Language, timeline};
use labscope::timeline::Memory;
use labscope::trace::Reading;
use serde_json::{Value, json};

use crate::record::ShownRun;
use crate::steps::merge::Merged;

/// The values after the steps so far, by pid, line of declaration, and name.
#[derive(Default)]
pub struct Variables(HashMap<(i32, u64, String), Option<String>>);

impl Variables {
    /// Takes a step; gives the variables that are known to hold something else now: lane, line of declaration, name, value.
    pub fn after(&mut self, run: &ShownRun, step: &Merged, language: Language) -> Vec<Value> {
        let lane = run.timeline.place(step.pid);
        let trace = run.run.transcript.trace.as_ref();
        let (Some(lane), Some(trace), Some(call)) = (lane, trace, step.call) else {
            return Vec::new();
        };
        let is_its = |it: &&Reading| {
            it.pid == step.pid && !it.is_at_fork && it.call.is_none_or(|read| read <= call)
        };
        let Some(reading) = trace.readings.iter().rfind(is_its) else {
            return Vec::new();
        };
        let mut changed = Vec::new();
        for read in &reading.what.variables {
            if !is_shown(run, step.pid, &read.name, read.declared) {
                continue;
            }
            let key = (step.pid, read.declared, read.name.clone());
            if self.0.get(&key) != Some(&read.value) {
                let value = read.value.clone();
                let value = value.unwrap_or_else(|| timeline::optimised_out(language).to_owned());
                changed.push(json!([lane, read.declared, read.name, value]));
                self.0.insert(key, read.value.clone());
            }
        }
        changed
    }
}

/// Whether the memory of a process at its fork tells of that variable.
fn is_shown(run: &ShownRun, pid: i32, name: &str, declared: u64) -> bool {
    let has = |memory: &Memory| {
        let mut variables = memory.variables.iter();
        variables.any(|it| it.name == name && it.declared == declared)
    };
    let mut forks = run.timeline.forks.iter();
    forks.any(|fork| {
        fork.parent == pid && has(&fork.of_parent) || fork.child == pid && has(&fork.of_child)
    })
}

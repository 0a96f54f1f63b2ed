//! What each process has printed and not written, step by step.

use std::collections::HashMap;

use labscope::text::shorten;
use labscope::timeline::StepKind;
use serde_json::{Value, json};

use crate::record::ShownRun;
use crate::steps::merge::Merged;

/// How much of a buffer is shown, of its beginning and its end.
const SHOWN: (usize, usize) = (60, 30);

/// The buffers of stdout after the steps so far, by pid.
#[derive(Default)]
pub struct Buffers(HashMap<i32, Vec<u8>>);

impl Buffers {
    /// Takes a step; gives the buffers that have changed with it: lane, how many bytes, and the text.
    pub fn after(&mut self, run: &ShownRun, step: &Merged) -> Vec<Value> {
        if matches!(step.kind, StepKind::Ended(_)) {
            return self.set(run, step.pid, Vec::new()).into_iter().collect();
        }
        let lane = run.timeline.lane(step.pid);
        let is_lab = lane.is_some_and(|lane| lane.companion.is_none());
        let call = step.call.filter(|_| is_lab);
        let seen = call.and_then(|call| Some((call, run.unwritten.get(&call)?)));
        let Some((call, before)) = seen else {
            return Vec::new();
        };
        let mut bytes = before.clone();
        // A write that is over has taken them out: the process has not been looked at since.
        if !matches!(step.kind, StepKind::Enters(_)) {
            let trace = run.run.transcript.trace.as_ref();
            let written = trace.and_then(|trace| trace.calls.get(call)?.written_to(1));
            let written = written.unwrap_or_default();
            if bytes.starts_with(&written) {
                bytes.drain(..written.len());
            }
        }
        let child = copied(run, call, &bytes);
        let both = [Some(step.pid), child].into_iter().flatten();
        both.filter_map(|pid| self.set(run, pid, bytes.clone()))
            .collect()
    }

    fn set(&mut self, run: &ShownRun, pid: i32, bytes: Vec<u8>) -> Option<Value> {
        let text = String::from_utf8_lossy(&bytes).escape_debug().to_string();
        let count = bytes.len();
        let before = self.0.insert(pid, bytes);
        // One that has always been empty says nothing.
        if before.unwrap_or_default() == self.0[&pid] {
            return None;
        }
        let lane = run.timeline.place(pid)?;
        Some(json!([
            lane,
            count,
            shorten::middle(&text, SHOWN.0, SHOWN.1)
        ]))
    }
}

/// The child that a fork has made, if it has been seen to begin with the same bytes.
fn copied(run: &ShownRun, fork: usize, bytes: &[u8]) -> Option<i32> {
    let calls = &run.run.transcript.trace.as_ref()?.calls;
    let child = calls.get(fork)?.child()?;
    let first = calls.iter().position(|call| call.pid == child)?;
    let seen = run.unwritten.get(&first)?;
    seen.starts_with(bytes).then_some(child)
}

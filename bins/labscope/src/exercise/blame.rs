//! Which gap it is that makes a program part from the lab.

use std::collections::BTreeMap;

use crate::compare::{CallAtLine, Mismatch, ScenarioResult};
use crate::exercise::skeleton::Exercise;

/// The first gap, in the order in which they are filled in, of those whose lines make a call that is missing or
/// another one. `result`: of the program beside the lab's own C program, so the lines are those of the gaps.
pub fn blamed(exercise: &Exercise, result: &ScenarioResult) -> Option<usize> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for mismatch in result.mismatches() {
        let Some((process, call)) = call_of(mismatch) else {
            continue;
        };
        // What differs further on in a process follows from it.
        if let Some(gap) = gap_of(exercise, call) {
            first.entry(process).or_insert(gap);
        }
    }
    first.into_values().min()
}

/// The call of the lab's program that a mismatch is about, and its process.
fn call_of(mismatch: &Mismatch) -> Option<(&str, &CallAtLine)> {
    match mismatch {
        Mismatch::Calls {
            process,
            lab: Some(lab),
            ..
        }
        | Mismatch::Moved { process, lab, .. }
        | Mismatch::Wording { process, lab, .. } => Some((process, lab)),
        _ => None,
    }
}

fn gap_of(exercise: &Exercise, call: &CallAtLine) -> Option<usize> {
    let line: usize = call.line.as_deref()?.parse().ok()?;
    let mut regions = exercise.regions.iter();
    regions.position(|region| region.lines.contains(&(line - 1)))
}

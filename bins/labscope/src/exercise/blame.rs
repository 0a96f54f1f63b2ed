//! Which gap it is that makes a program part from the lab.

use std::collections::BTreeMap;

use crate::compare::{CallAtLine, Halt, Mismatch, Next, Said, ScenarioResult};
use crate::exercise::skeleton::Exercise;

/// The gap whose lines make a call that is missing, or another one. `result`: of the program beside the lab's own C
/// program, so the lines are those of the gaps. Of several it is the first in the order in which they are filled in.
pub fn blamed(exercise: &Exercise, result: &ScenarioResult) -> Option<usize> {
    let all = || result.mismatches().filter_map(call_of);
    // A call with another argument or result may only follow from one that is missing elsewhere; but how a process
    // ends is its own.
    let missing =
        all().filter(|(_, call, others)| call.name == "exit" || *others != Some(&call.name));
    first(exercise, missing)
        .or_else(|| first(exercise, all()))
        .or_else(|| stopped_before(exercise, result))
}

/// A process, a call of the C program, and the name of that which the student's program makes in its place.
type Parted<'a> = (&'a str, &'a CallAtLine, Option<&'a str>);

/// The first gap among the first of each process: what differs further on in a process follows from it.
fn first<'a>(exercise: &Exercise, parted: impl Iterator<Item = Parted<'a>>) -> Option<usize> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (process, call, _) in parted {
        let line = call.line.as_ref().filter(|line| line.file.is_none());
        if let Some(gap) = line.and_then(|line| gap_of(exercise, line.number as usize)) {
            first.entry(process).or_insert(gap);
        }
    }
    first.into_values().min()
}

fn call_of(mismatch: &Mismatch) -> Option<Parted<'_>> {
    match mismatch {
        Mismatch::Calls {
            process,
            lab: Some(lab),
            c,
            instead,
            ..
        } => {
            // One that has been ended, as a thread by its process, has left nothing out.
            let is_over = matches!(instead, Some(Next::End(..)));
            let other = c.as_ref().unwrap_or(lab);
            let other = (c.is_some() || is_over).then_some(other.name.as_str());
            Some((process, lab, other))
        }
        Mismatch::Moved { process, lab, .. }
        | Mismatch::Wording {
            process,
            meant: Said::ByLab(lab),
            ..
        } => Some((process, lab, Some(&lab.name))),
        _ => None,
    }
}

/// The gap before which a process spins, and was stopped: it makes the next call of the C program.
fn stopped_before(exercise: &Exercise, result: &ScenarioResult) -> Option<usize> {
    let spins = |process: &String| result.mismatches().any(|one| spins(one, process));
    let pairs = result.run_pairs.iter().flat_map(|it| &it.pairs);
    let next = pairs.filter_map(|pair| {
        let lab = pair.lab.as_ref().filter(|lab| spins(&lab.number()))?;
        let rows = pair.rows();
        let mut missing = rows.iter().filter(|row| row.c.is_none());
        missing.find_map(|row| {
            let line = lab.calls.get(row.lab?)?.line.as_ref()?;
            gap_of(exercise, line.line as usize)
        })
    });
    next.min()
}

/// Whether this process was in no call when the program was stopped.
fn spins(mismatch: &Mismatch, process: &String) -> bool {
    let in_none =
        |(other, halt): &(String, Halt)| other == process && matches!(halt, Halt::After(..));
    matches!(mismatch, Mismatch::Stopped(_, halts) if halts.iter().any(in_none))
}

/// The gap with this line of the C program, from 1.
fn gap_of(exercise: &Exercise, line: usize) -> Option<usize> {
    let mut regions = exercise.regions.iter();
    regions.position(|region| {
        region
            .lines
            .contains(&line.checked_sub(1).unwrap_or(usize::MAX))
    })
}

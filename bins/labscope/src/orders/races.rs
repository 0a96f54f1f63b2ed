//! Which other orders a run makes necessary.
//!
//! Two steps race if they touch the same thing, neither made the other possible, and nothing between them has to come
//! between. To see the second first, the run must part before the first one: with the beginning of what does not depend
//! on it. One such beginning is enough (a source set).

use std::collections::BTreeSet;

use crate::control::{Event, Relation, relation};
use crate::orders::trace::Trace;

/// At a step of a run, one of these tasks has to go on in its place.
#[derive(Debug, PartialEq, Eq)]
pub struct Reversal {
    pub at: usize,
    /// The task of the second step comes last.
    pub beginnings: Vec<usize>,
    /// Whether that task would have to make that very step first.
    pub is_direct: bool,
    /// The second step.
    pub second: usize,
}

/// The reversals for the steps from `since` on; those before have been dealt with.
pub fn reversals(trace: &Trace, since: usize) -> Vec<Reversal> {
    let mut found = Vec::new();
    for second in since..trace.len() {
        for first in (0..second).rev() {
            if is_race(trace, first, second) {
                found.push(reversal(trace, first, second, second));
            }
        }
        waits(trace, second, &mut found);
        found.extend(cut_off(trace, second));
    }
    // A child that ended only now could have ended before an earlier one was reaped.
    for earlier in 0..since {
        waits(trace, earlier, &mut found);
    }
    found
}

/// Who was ended while it stood before a call could have made that first.
fn cut_off(trace: &Trace, at: usize) -> Vec<Reversal> {
    let tasks = trace.events[at].cut_off.iter();
    let reversals = tasks.filter_map(|path| {
        Some(Reversal {
            at,
            beginnings: vec![trace.task(path)?],
            is_direct: true,
            second: at,
        })
    });
    reversals.collect()
}

fn reaped_before(trace: &Trace, wait: usize, who: &str) -> bool {
    let reaped = |event: &Event| {
        let waited = event.waited.as_ref()?;
        waited.reaped.as_ref().map(|(child, _)| **child == *who)
    };
    trace.events[..wait]
        .iter()
        .any(|event| reaped(event) == Some(true))
}

fn is_race(trace: &Trace, first: usize, second: usize) -> bool {
    let (one, other) = (&trace.events[first], &trace.events[second]);
    trace.tasks[first] != trace.tasks[second]
        && first < trace.made
        && trace.is_before(first, second) // soon known
        && relation(one, other) == Some(Relation::Conflict)
        && !(first + 1..second.min(trace.made))
            .any(|between| trace.is_before(first, between) && trace.is_before(between, second))
}

/// What can come in the place of `first`, so that `second` comes before it; of the steps up to `last`.
fn reversal(trace: &Trace, first: usize, second: usize, last: usize) -> Reversal {
    let made = first + 1..(last + 1).min(trace.made);
    let free = made.filter(|&it| it != second && !trace.is_before(first, it));
    let mut free: Vec<usize> = free.collect();
    free.push(second);
    let mut seen = BTreeSet::new();
    let mut beginnings = Vec::new();
    let mut is_direct = false;
    for (place, &step) in free.iter().enumerate() {
        let task = trace.tasks[step];
        if !seen.insert(task) {
            continue;
        }
        let has_before = free[..place].iter().any(|&earlier| {
            earlier < step && trace.is_before(earlier, step)
                || earlier > step && relation(&trace.events[step], &trace.events[earlier]).is_some()
        });
        if !has_before {
            beginnings.push(task);
            is_direct |= step == second;
        }
    }
    Reversal {
        at: first,
        beginnings,
        is_direct,
        second,
    }
}

/// A wait that took one child could have taken another that ended too, had the first ended later.
fn waits(trace: &Trace, wait: usize, found: &mut Vec<Reversal>) {
    let Some(waited) = &trace.events[wait].waited else {
        return;
    };
    let Some((child, _)) = &waited.reaped else {
        return;
    };
    let ends = |step: usize, who: &dyn Fn(&str) -> bool| {
        let exits = &trace.events[step].exits;
        exits
            .iter()
            .any(|it| it.birth(&waited.parent).is_some() && who(&it.process))
    };
    let Some(first) = (0..wait).find(|&step| ends(step, &|who| *who == **child)) else {
        return;
    };
    let is_left = |who: &str| !reaped_before(trace, wait, who);
    let others = |who: &str| *who != **child && waited.is_for(&who.into()) && is_left(who);
    for other in 0..trace.len() {
        if other != first && ends(other, &others) && !trace.is_before(first, other) {
            found.push(reversal(trace, first, wait, other.max(wait)));
        }
    }
}

//! A recorded run step by step: who acts, and what has changed by it.

use std::collections::HashMap;

use crate::facts::readiness;
use crate::timeline::clock::{History, Part, Timed};
use crate::timeline::open_files::{Followed, Tables};
use crate::timeline::{Lane, RunStep, Screen, State, StepKind, call_label, states};
use crate::trace::{Call, Happening};

/// The whole run, as far as it is told: calls of a program that is no lab only where they print.
pub fn steps(history: &History<'_>, lanes: &[Lane], followed: &Followed) -> Vec<RunStep> {
    let mut steps: Vec<RunStep> = Vec::new();
    for part in &history.parts {
        let own = |lane: &&Lane| lane.companion.as_deref() == part.companion;
        for lane in lanes.iter().filter(own) {
            steps.extend(calls(part, lane, followed));
            steps.extend(notices(part, lane));
        }
    }
    // Of one moment: a fork before what the child does, a call before its end.
    steps.sort_by(|one, other| {
        let rank = |step: &RunStep| {
            (
                lanes.iter().position(|lane| lane.pid == step.pid),
                step.call,
            )
        };
        let times = one.at.total_cmp(&other.at);
        times.then_with(|| rank(one).cmp(&rank(other)))
    });
    follow(&mut steps, lanes, followed);
    steps
}

/// The calls of a lane: one in which it is blocked is entered, and comes back later.
fn calls(part: &Part<'_>, lane: &Lane, followed: &Followed) -> Vec<RunStep> {
    let mut steps = Vec::new();
    let mut broken_off: Option<&str> = None;
    let calls: Vec<Timed<'_>> = part.calls_of(lane.pid).collect();
    for timed in &calls {
        let call = timed.call;
        let printed = printed(followed, lane.pid, timed);
        if timed.is_folded && printed.is_none() {
            continue;
        }
        // Begun anew after a signal that nobody handles: the process was never out of it.
        let goes_on = broken_off == Some(call.request());
        broken_off = call.is_restarted().then(|| call.request());
        let label =
            |call| call_label::with_ready(call, readiness::ready(part.trace, call).as_deref());
        let step = |at: f64, kind: StepKind| RunStep {
            printed: None,
            ..RunStep::new(at, lane.pid, Some(timed.index), kind)
        };
        let blocks = match timed.to {
            Some(to) => states::is_long(part, call, to - timed.from),
            None => call.waits(),
        };
        if !blocks && !goes_on {
            let at = states::happened_at(part, timed);
            let kind = StepKind::Call(label(call));
            steps.push(RunStep {
                printed,
                ..step(at, kind)
            });
            continue;
        }
        if !goes_on {
            steps.push(step(timed.from, StepKind::Enters(label_of_entry(call))));
        }
        if let Some(to) = timed.to.filter(|_| !call.is_restarted()) {
            steps.push(RunStep {
                printed,
                ..step(to, StepKind::Returns(label(call)))
            });
        }
    }
    steps
}

fn label_of_entry(call: &Call) -> String {
    call_label::of(&Call {
        result: None,
        ..call.clone()
    })
}

/// What a call has written where somebody reads it.
fn printed(followed: &Followed, thread: i32, timed: &Timed<'_>) -> Option<(Screen, Vec<u8>)> {
    let mut transfers = followed.transfers.iter();
    let it =
        transfers.find(|one| one.is_write && one.thread == thread && one.from == timed.from)?;
    let screen = match &followed.objects[it.object].target {
        crate::proc::descriptors::Target::Terminal(_) => Screen::Terminal,
        _ if followed.outputs.contains(&it.object) => Screen::Output,
        _ => return None,
    };
    Some((screen, it.bytes.clone()))
}

/// Signals, stops, and the end.
fn notices(part: &Part<'_>, lane: &Lane) -> Vec<RunStep> {
    let step = |at: f64, kind: StepKind| RunStep::new(at, lane.pid, None, kind);
    let told = part
        .notices_of(lane.pid)
        .filter_map(|(at, notice)| match &notice.what {
            Happening::Signal { name, .. } => Some(step(at, StepKind::Signal(name.clone()))),
            Happening::Stopped { signal } => Some(step(at, StepKind::Stopped(signal.clone()))),
            _ => None,
        });
    let end = lane
        .ended
        .map(|(at, status)| step(at, StepKind::Ended(status)));
    told.chain(end).collect()
}

/// Gives each step what has changed since the one before: states and descriptors.
fn follow(steps: &mut [RunStep], lanes: &[Lane], followed: &Followed) {
    let mut states: HashMap<i32, Option<State>> = HashMap::new();
    let mut tables: HashMap<i32, Vec<_>> = HashMap::new();
    let mut since = followed.tables_since.as_slice();
    let mut held: Option<&Tables> = None;
    for place in 0..steps.len() {
        let at = steps[place].at;
        // A change is done a little after its call is entered, and before anything else happens.
        let next = steps.get(place + 1).map_or(f64::INFINITY, |next| next.at);
        while let Some(((_, table), rest)) =
            since.split_first().filter(|((from, _), _)| *from < next)
        {
            (held, since) = (Some(table), rest);
        }
        let step = &mut steps[place];
        for lane in lanes.iter().filter(|lane| lane.born <= at) {
            let state = state_at(lane, at);
            if states.insert(lane.pid, state.clone()) != Some(state.clone()) {
                step.states.push((lane.pid, state));
            }
        }
        for (pid, rows) in held.into_iter().flatten() {
            if tables.insert(*pid, rows.clone()).as_ref() != Some(rows) {
                step.tables.push((*pid, rows.clone()));
            }
        }
    }
}

/// The state at that time; none once it has ended and left nothing.
fn state_at(lane: &Lane, at: f64) -> Option<State> {
    if lane.ended.is_some() && at >= lane.until {
        return None;
    }
    let mut spans = lane.spans.iter();
    let span = spans
        .find(|span| span.from <= at && at < span.to)
        .or(lane.spans.last());
    span.map(|span| span.state.clone())
}

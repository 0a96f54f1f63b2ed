//! The calls of a run in which something goes wrong, and what each process does next.

use crate::compare::{NormalizedCall, ProcessCalls, ProcessEnd, ProgramRun};
use crate::run::transcript::Entry;
use crate::scenario::Scenario;
use crate::trace::syscall::{READS, Syscall};
use crate::trace::tracer::Injection;
use crate::trace::{Call, Happening, Notice, Trace};

/// So many calls are told of what a process does next.
const NEXT: usize = 3;

/// A call in which something goes wrong.
pub struct Failure<'a> {
    /// The number of the process, as a comparison counts them.
    pub process: String,
    pub call: &'a NormalizedCall,
    pub what: What,
    /// What the process called next, and how many calls came after that.
    pub next: &'a [NormalizedCall],
    pub more: usize,
}

/// What goes wrong in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It is not made, and returns this error.
    MadeToFail,
    /// It is not made, and returns as if it had been.
    LeftOut,
    /// This signal comes.
    Signal(String),
    /// It fails by itself, or finds the end, for what has been done to others.
    Fails,
}

/// What goes wrong in a run: what is injected; else where a signal hits that the scenario sends; else the first call
/// that fails, or, if a signal has hit somebody else, that reads the end. `processes` are those of the run, with the
/// numbers to be told.
pub fn failures<'a>(
    scenario: &Scenario,
    run: &ProgramRun,
    processes: &[&'a ProcessCalls],
) -> Vec<Failure<'a>> {
    let Some(trace) = &run.transcript.trace else {
        return Vec::new();
    };
    let all = processes.iter().copied();
    let injected: Vec<Failure> = all.clone().flat_map(|one| injected(trace, one)).collect();
    if !injected.is_empty() {
        return injected;
    }
    let signals = signals(scenario, &run.transcript.entries);
    let hit: Vec<Failure> = all
        .clone()
        .filter_map(|one| hit(trace, one, &signals))
        .collect();
    if !hit.is_empty() {
        return hit;
    }
    let first = |is_it: fn(&Call) -> bool| {
        let found = all.clone().filter_map(|one| {
            let is_it = |call: &NormalizedCall| is_it(&trace.calls[call.index]);
            let place = one.calls.iter().position(is_it)?;
            Some(failure(one, place, What::Fails))
        });
        found.min_by_key(|one| one.call.index)
    };
    let ended = || first(reads_the_end).filter(|_| !signals.is_empty());
    first(fails).or_else(ended).into_iter().collect()
}

/// Where processes die of a signal that they bring upon themselves, of those that have no failure of their own: what
/// has been done to others ends them.
pub fn deaths<'a>(
    run: &ProgramRun,
    processes: &[&'a ProcessCalls],
    failures: &[Failure],
) -> Vec<Failure<'a>> {
    let Some(trace) = &run.transcript.trace else {
        return Vec::new();
    };
    let others = processes.iter().filter(|one| {
        let number = one.number();
        failures.iter().all(|known| known.process != number)
    });
    let dead = others.filter_map(|one| {
        let ProcessEnd::Killed(signal) = &one.end else {
            return None;
        };
        let notice = trace.notices.iter().find(|notice| {
            notice.thread == one.thread
                && matches!(&notice.what, Happening::Signal { name, .. } if name == signal)
        })?;
        let place = last_before(one, notice)?;
        Some(failure(one, place, What::Signal(signal.clone())))
    });
    dead.collect()
}

/// The place of the last call that a process has made before something happens.
fn last_before(process: &ProcessCalls, notice: &Notice) -> Option<usize> {
    let mut calls = process.calls.iter();
    calls.rposition(|call| call.index < notice.after)
}

fn failure(process: &ProcessCalls, place: usize, what: What) -> Failure<'_> {
    let behind = &process.calls[place + 1..];
    let next = &behind[..behind.len().min(NEXT)];
    Failure {
        process: process.number(),
        call: &process.calls[place],
        what,
        next,
        more: behind.len() - next.len(),
    }
}

/// The first call of each name of a process whose result is made up. A sleep that is only shortened is no failure.
fn injected<'a>(trace: &Trace, process: &'a ProcessCalls) -> Vec<Failure<'a>> {
    let mut found: Vec<Failure> = Vec::new();
    for (place, own) in process.calls.iter().enumerate() {
        let call = &trace.calls[own.index];
        let is_short = call.is_sleep() && call.value() == Some(0);
        let is_known = found.iter().any(|one| one.call.name == own.name);
        if call.is_injected() && !is_short && !is_known {
            let what = match call.errno() {
                Some(_) => What::MadeToFail,
                None => What::LeftOut,
            };
            found.push(failure(process, place, what));
        }
    }
    found
}

/// The signals that the scenario sends, companions included, each with the process that gets it; none for whichever makes a call.
/// Stopping and continuing changes nothing by itself.
fn signals(scenario: &Scenario, entries: &[Entry]) -> Vec<(String, Option<i32>)> {
    let sent = entries.iter().filter_map(|entry| match entry.whose().1 {
        Entry::Signalled { signal, pid, .. } => Some((signal.as_str().to_owned(), Some(*pid))),
        _ => None,
    });
    let injected = scenario.inject.iter().filter_map(|text| {
        let injection: Injection = text.parse().ok()?;
        Some((injection.change.signal?.as_str().to_owned(), None))
    });
    let all = sent.chain(injected);
    all.filter(|(name, _)| !["SIGSTOP", "SIGCONT"].contains(&name.as_str()))
        .collect()
}

/// The call in which such a signal hits a process.
fn hit<'a>(
    trace: &Trace,
    process: &'a ProcessCalls,
    signals: &[(String, Option<i32>)],
) -> Option<Failure<'a>> {
    let is_one = |notice: &&Notice| {
        let (Happening::Signal { name, .. } | Happening::Killed { signal: name }) = &notice.what
        else {
            return false;
        };
        let to_it = |(known, pid): &(String, Option<i32>)| {
            known == name && pid.is_none_or(|pid| pid == notice.pid)
        };
        notice.thread == process.thread && signals.iter().any(to_it)
    };
    let notice = trace.notices.iter().find(is_one)?;
    let (Happening::Signal { name, .. } | Happening::Killed { signal: name }) = &notice.what else {
        return None;
    };
    let place = last_before(process, notice)?;
    Some(failure(process, place, What::Signal(name.clone())))
}

/// Whether a call fails by itself. To give unread input back fails for whatever is no file.
fn fails(call: &Call) -> bool {
    call.errno().is_some() && !call.is_restarted() && call.name != "lseek"
}

fn reads_the_end(call: &Call) -> bool {
    Syscall::named(&call.name).is(READS) && call.value() == Some(0)
}

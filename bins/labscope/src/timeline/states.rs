//! The states of a process, one after the other.

use crate::facts::stops::{Stop, stops};
use crate::facts::waits::{AwaitedBy, awaited};
use crate::timeline::clock::{Part, Timed};
use crate::timeline::{Span, State};
use crate::trace::syscall::{CLOSES, FORKS, request};
use crate::trace::{Call, Happening};

/// A call that took at least so many seconds is one that the process was blocked in.
///
/// Under a tracer every call takes a while; those that wait by nature are believed sooner.
/// connect is none of them: on one machine the kernel answers at once.
const BLOCKED: f64 = 0.01;
const WAITING: f64 = 0.001;
/// One that is only counted, not drawn, is not believed before that.
const COUNTED: f64 = 0.1;
/// The whole life of a process.
pub fn of(part: &Part<'_>, pid: i32, born: f64, until: f64) -> Vec<Span> {
    fill(special(part, pid, until), born, until)
}

/// The spans in which the process did not run.
fn special(part: &Part<'_>, pid: i32, until: f64) -> Vec<Span> {
    let mut spans: Vec<(&Call, Span)> = Vec::new();
    let mut broken_off: Option<&str> = None;
    for timed in part.calls_of(pid) {
        let Timed { call, from, to, .. } = timed;
        if !may_block(call) || finds_its_child_ended(part, &timed) {
            continue;
        }
        let to = to.unwrap_or(until).min(until);
        if timed.is_folded && to - from < COUNTED {
            continue;
        }
        // Begun anew after a signal that nobody handles: the process was never out of it.
        let goes_on = broken_off == Some(call.request());
        broken_off = call.is_restarted().then(|| call.request());
        match spans.last_mut().filter(|_| goes_on) {
            Some((_, last)) => last.to = to,
            None => spans.push((
                call,
                Span {
                    state: state(call),
                    from,
                    to,
                },
            )),
        }
    }
    let spans = spans
        .into_iter()
        .filter(|(call, span)| is_long(part, call, span.to - span.from));
    let mut spans: Vec<Span> = spans.map(|(_, span)| span).collect();
    for stop in stops_of(part, pid, until) {
        spans = spans
            .into_iter()
            .flat_map(|span| without(span, &stop))
            .collect();
        spans.push(stop);
    }
    spans.sort_by(|one, other| one.from.total_cmp(&other.from));
    spans
}

/// When a call is told to have happened, wherever that is told: at its return, if that is what it waits for.
///
/// A fork, a close and a semaphore given back are done as soon as they are entered: what they cause (a child, the end of
/// a file, another one who gets the semaphore) may be seen before they are seen to return.
pub fn happened_at(part: &Part<'_>, timed: &Timed<'_>) -> f64 {
    let Timed { call, from, to, .. } = *timed;
    let at_return = match call {
        _ if call.is(FORKS) || raises(call) => false,
        _ if call.is(CLOSES) => call.is_delayed(),
        _ => call.waits() || to.is_some_and(|to| is_long(part, call, to - from)),
    };
    to.filter(|_| at_return).unwrap_or(from)
}

/// The same of the call at that place of the trace.
pub fn happened(part: &Part<'_>, index: usize) -> f64 {
    happened_at(part, &part.timed(index))
}

/// Whether it gives a semaphore back.
fn raises(call: &Call) -> bool {
    operation(call).is_some_and(|by| by > 0)
}

/// By how much a semop raises the first semaphore of its set.
pub fn operation(call: &Call) -> Option<i64> {
    if request(&call.name) != "semop" {
        return None;
    }
    let operations = call.args.get(1).parts();
    operations.first()?.field("sem_op")?.number()
}

/// Whether the process was blocked in a call that took so long.
pub fn is_long(part: &Part<'_>, call: &Call, seconds: f64) -> bool {
    let waits = call.waits();
    let least = if waits { WAITING } else { BLOCKED };
    seconds >= least && (waits || part.is_exact) && may_block(call) && !call.is_injected()
}

/// Whether the process can be blocked in it: making a process is never told as waiting, and a call held back always.
fn may_block(call: &Call) -> bool {
    call.can_wait() && !call.is(FORKS) || call.is_delayed()
}

/// Whether it takes the status of a child that had ended before: then there was nothing to wait for, however long it took.
fn finds_its_child_ended(part: &Part<'_>, timed: &Timed<'_>) -> bool {
    let child = timed
        .call
        .value()
        .and_then(|child| i32::try_from(child).ok());
    let Some(child) = child.filter(|&child| timed.call.reaps(child)) else {
        return false;
    };
    part.notices_of(child).any(|(at, notice)| {
        at <= timed.from
            && matches!(
                notice.what,
                Happening::Exited { .. } | Happening::Killed { .. }
            )
    })
}

fn state(call: &Call) -> State {
    match call.request() {
        _ if call.is_sleep() => State::Sleeping,
        name if call.is_delayed() => State::Held(name.to_owned()),
        "futex" => State::Blocked(name_of_wait(call).to_owned()),
        name => State::Blocked(name.to_owned()),
    }
}

/// A futex by what the thread waits for.
fn name_of_wait(call: &Call) -> &'static str {
    match awaited(call) {
        Some(AwaitedBy::Join) => "join",
        Some(AwaitedBy::Mutex) => "mutex",
        Some(AwaitedBy::Condition) => "cond_wait",
        Some(AwaitedBy::Stdio) => "stdio",
        None => "futex",
    }
}

/// What is left of a span before and after a stop.
fn without(span: Span, stop: &Span) -> Vec<Span> {
    let before = Span {
        to: span.to.min(stop.from),
        ..span.clone()
    };
    let after = Span {
        from: span.from.max(stop.to),
        ..span
    };
    let there = |span: &Span| span.from < span.to;
    [before, after].into_iter().filter(there).collect()
}

/// From each stop to SIGCONT, or to the end.
fn stops_of(part: &Part<'_>, pid: i32, until: f64) -> Vec<Span> {
    let notices: Vec<_> = part.notices_of(pid).collect();
    let stops = stops(notices.iter().map(|(_, notice)| *notice));
    let span = |stop: Stop| Span {
        state: State::Stopped(stop.signal),
        from: notices[stop.from].0,
        to: stop.until.map_or(until, |place| notices[place].0),
    };
    stops.into_iter().map(span).collect()
}

/// The whole life: where there is nothing else, the process runs.
fn fill(special: Vec<Span>, born: f64, until: f64) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut now = born;
    let running = |from, to| Span {
        state: State::Running,
        from,
        to,
    };
    for span in special {
        if span.from > now {
            spans.push(running(now, span.from));
        }
        now = span.to.max(now);
        spans.push(span);
    }
    if now < until {
        spans.push(running(now, until));
    }
    spans
}

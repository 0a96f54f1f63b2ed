//! What passes between processes other than bytes: fork, wait, signals; and what becomes of those left behind.

use crate::facts::signals;
use crate::timeline::clock::{History, Part};
use crate::timeline::states::happened;
use crate::timeline::{Arrow, ArrowKind, Lane, Mark, MarkKind, Point, Span, State, senders};
use crate::trace::{Happening, Notice};

/// The arrows; zombies and orphans are entered into the lanes.
pub fn links(history: &History<'_>, lanes: &mut [Lane]) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for part in &history.parts {
        for place in 0..lanes.len() {
            if lanes[place].companion.as_deref() != part.companion {
                continue;
            }
            if lanes[place].thread.is_some() {
                arrows.extend(thread(part, &lanes[place]));
                continue;
            }
            arrows.extend(fork(part, &lanes[place]));
            arrows.extend(signals_of(history, part, lanes, place));
            arrows.extend(afterlife(part, lanes, place, history.end));
            orphaned(part, lanes, place);
        }
    }
    arrows
}

fn arrow(kind: ArrowKind, from: (Option<i32>, f64), to: (i32, f64)) -> Arrow {
    let point = |(pid, at)| Point { pid, at };
    Arrow {
        kind,
        from: point(from),
        to: point((Some(to.0), to.1)),
    }
}

/// A signal to the process is told in the lane of the first thread; what ended all, in each of them.
fn thread(part: &Part<'_>, lane: &Lane) -> Option<Arrow> {
    let creator = part.trace.calls[part.maker(lane.pid)?].thread;
    let (from, to) = ((Some(creator), lane.born), (lane.pid, lane.born));
    Some(arrow(ArrowKind::Thread, from, to))
}

fn fork(part: &Part<'_>, lane: &Lane) -> Option<Arrow> {
    let parent = lane.parent?;
    part.tree.get(lane.pid)?.fork?;
    let (from, to) = ((Some(parent), lane.born), (lane.pid, lane.born));
    Some(arrow(ArrowKind::Fork, from, to))
}

/// Signals that were delivered, and one that killed: strace reports no delivery of SIGKILL.
fn signals_of(history: &History<'_>, part: &Part<'_>, lanes: &[Lane], place: usize) -> Vec<Arrow> {
    let pid = lanes[place].pid;
    let mut arrows = Vec::new();
    for (at, notice) in part.notices_of(pid) {
        match &notice.what {
            Happening::Signal { name, .. } => {
                let from = sender(part, lanes, notice, at);
                arrows.push(arrow(ArrowKind::Signal(name.clone()), from, (pid, at)));
            }
            Happening::Killed { signal } if signal == "SIGKILL" => {
                let from = match senders::killing_call(history, pid) {
                    Some((by, sent)) => Some((Some(by), sent.min(at))),
                    None => senders::was_signalled(history, pid, signal).then_some((None, at)),
                };
                let kind = ArrowKind::Signal(signal.clone());
                arrows.extend(from.map(|from| arrow(kind, from, (pid, at))));
            }
            _ => {}
        }
    }
    arrows
}

/// Who sent a signal, if that is a process of the run, and when: a child that ended, or one that called kill.
fn sender(part: &Part<'_>, lanes: &[Lane], notice: &Notice, at: f64) -> (Option<i32>, f64) {
    let Some(pid) = signals::sender(part.trace, notice) else {
        return (None, at);
    };
    // What no call has sent, its end has: a death signal (PR_SET_PDEATHSIG).
    let lane = lanes.iter().find(|lane| lane.pid == pid);
    let ended = lane.and_then(|lane| lane.ended).map(|(at, _)| at);
    let call = signals::sending_call(part.trace, notice).filter(|_| !notice.what.is_about_child());
    let sent = call.map(|call| happened(part, call)).or(ended);
    (Some(pid), sent.filter(|sent| *sent <= at).unwrap_or(at))
}

/// From the end of a process to the moment when its parent has asked for it, it is a zombie.
fn afterlife(part: &Part<'_>, lanes: &mut [Lane], place: usize, end: f64) -> Option<Arrow> {
    let pid = lanes[place].pid;
    let (ended, _) = lanes[place].ended?;
    let who = part.tree.place(pid)?;
    let process = &part.tree.processes()[who];
    let parent = process.end.as_ref()?.left_to?;
    let parents_end = lanes
        .iter()
        .find(|lane| lane.pid == part.tree.processes()[parent].pid)?
        .ended
        .map_or(end, |(at, _)| at);
    let reaped = process.reaped.map(|(by, call)| {
        let at = happened(part, call).max(ended);
        (part.tree.processes()[by].pid, at)
    });
    let until = reaped.map_or(parents_end, |(_, at)| at);
    let lane = &mut lanes[place];
    lane.leaves_no_zombie = process.end.as_ref()?.is_discarded && reaped.is_none();
    if part.tree.zombie_of(who).is_some() && until > ended {
        lane.spans.push(Span {
            state: State::Zombie,
            from: ended,
            to: until,
        });
        lane.until = until;
    }
    let (by, at) = reaped?;
    Some(arrow(ArrowKind::Wait, (Some(pid), ended), (by, at)))
}

/// A parent that ends leaves its children to another one.
fn orphaned(part: &Part<'_>, lanes: &mut [Lane], place: usize) {
    let (pid, parent) = (lanes[place].pid, lanes[place].parent);
    let parent = lanes.iter().find(|lane| Some(lane.pid) == parent);
    let Some((at, _)) = parent.and_then(|parent| parent.ended) else {
        return;
    };
    let who = part.tree.place(pid).filter(|&who| part.tree.is_orphan(who));
    let Some(who) = who else { return };
    let adopter = adopter(part, who, at).map(|pid| senders::adopter(lanes, pid));
    let lane = &mut lanes[place];
    let kind = MarkKind::Orphaned { adopter };
    lane.marks.push(Mark::new(at, kind));
    lane.marks.sort_by(|one, other| one.at.total_cmp(&other.at));
}

/// Whose child an orphan is, if a subreaper, its own getppid or a process table shows it.
fn adopter(part: &Part<'_>, who: usize, at: f64) -> Option<i32> {
    let processes = part.tree.processes();
    let pid = processes[who].pid;
    let left_to = match &processes[who].end {
        Some(end) => end.left_to,
        None => part.tree.guardian(who),
    };
    if let Some(subreaper) = left_to {
        return Some(processes[subreaper].pid);
    }
    let mut calls = part.calls_of(pid);
    let asked = calls.find(|timed| timed.call.name == "getppid" && timed.from >= at);
    let told = asked.and_then(|timed| i32::try_from(timed.call.value()?).ok());
    told.or_else(|| {
        let mut processes = part.transcript.tables.iter().flatten();
        let process = processes.find(|process| process.pid == pid && process.adopted)?;
        Some(process.ppid)
    })
}

//! What passes between processes other than bytes: fork, wait, signals; and what becomes of those left behind.

use crate::run::transcript::{Entry, Status};
use crate::timeline::clock::{History, Part};
use crate::timeline::{Arrow, ArrowKind, Lane, Mark, MarkKind, Point, Span, State};
use crate::trace::Happening;

/// Processes that one signal kills within so many seconds die of the same cause: ^C, the end of the run.
pub const AT_ONCE: f64 = 0.2;

/// The arrows; zombies and orphans are entered into the lanes.
pub fn links(history: &History<'_>, lanes: &mut [Lane]) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for part in &history.parts {
        for place in 0..lanes.len() {
            if lanes[place].companion.as_deref() != part.companion {
                continue;
            }
            arrows.extend(fork(part, &lanes[place]));
            arrows.extend(signals(part, lanes, place));
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

fn fork(part: &Part<'_>, lane: &Lane) -> Option<Arrow> {
    let parent = lane.parent?;
    let mut forks = part.calls_of(parent);
    let fork =
        forks.find(|timed| timed.call.is_fork() && timed.call.value() == Some(lane.pid.into()))?;
    Some(arrow(
        ArrowKind::Fork,
        (Some(parent), fork.from),
        (lane.pid, lane.born),
    ))
}

/// Signals that were delivered, and one that killed: strace reports no delivery of SIGKILL.
fn signals(part: &Part<'_>, lanes: &[Lane], place: usize) -> Vec<Arrow> {
    let pid = lanes[place].pid;
    let mut arrows = Vec::new();
    for (at, notice) in part.notices_of(pid) {
        match &notice.what {
            Happening::Signal { name, details } => {
                let from = sender(part, lanes, details, at);
                arrows.push(arrow(ArrowKind::Signal(name.clone()), from, (pid, at)));
            }
            Happening::Killed { signal }
                if signal == "SIGKILL" && was_signalled(part, pid, signal) =>
            {
                arrows.push(arrow(
                    ArrowKind::Signal(signal.clone()),
                    (None, at),
                    (pid, at),
                ));
            }
            _ => {}
        }
    }
    arrows
}

/// Who sent a signal, if that is a process of the run: a child that ended, or one that called kill.
fn sender(part: &Part<'_>, lanes: &[Lane], details: &str, at: f64) -> (Option<i32>, f64) {
    let pid = details.split_once("si_pid=").map(|(_, rest)| rest);
    let pid = pid.and_then(|rest| rest.split([',', '}']).next()?.parse::<i32>().ok());
    let Some(lane) = lanes.iter().find(|lane| Some(lane.pid) == pid) else {
        return (None, at);
    };
    let ended = lane.ended.map(|(ended, _)| ended);
    let kills = part
        .calls_of(lane.pid)
        .filter(|timed| matches!(timed.call.name.as_str(), "kill" | "tgkill"));
    let sent = match details.contains("CLD_") {
        true => ended,
        false => kills
            .map(|timed| timed.from)
            .filter(|from| *from <= at)
            .last(),
    };
    (
        Some(lane.pid),
        sent.filter(|sent| *sent <= at).unwrap_or(at),
    )
}

/// Whether the scenario sent it.
fn was_signalled(part: &Part<'_>, pid: i32, name: &str) -> bool {
    let is_that = |entry: &Entry| matches!(entry, Entry::Signalled { signal, pid: to, .. } if *to == pid && signal.as_str() == name);
    part.transcript.entries.iter().any(|entry| match entry {
        Entry::With { entry, .. } => is_that(entry),
        entry => is_that(entry),
    })
}

/// From the end of a process to the moment when its parent has asked for it, it is a zombie.
fn afterlife(part: &Part<'_>, lanes: &mut [Lane], place: usize, end: f64) -> Option<Arrow> {
    let (pid, parent) = (lanes[place].pid, lanes[place].parent?);
    let (ended, _) = lanes[place].ended?;
    let mut waits = part.calls_of(parent);
    let returned = waits.find_map(|timed| {
        let waits = matches!(timed.call.name.as_str(), "wait4" | "waitid");
        let is_it = timed.call.value() == Some(pid.into());
        (waits && is_it).then_some(timed.to).flatten()
    });
    let reaped = returned.map(|at| at.max(ended));
    let parents_end = lanes.iter().find(|lane| lane.pid == parent)?.ended;
    let parents_end = parents_end.map_or(end, |(at, _)| at);
    let until = reaped.unwrap_or(parents_end);
    let unseen = reaped.is_none() && ignores_children(part, lanes, parent, ended);
    let together = reaped.is_none() && die_together(lanes, pid, parent);
    let lane = &mut lanes[place];
    lane.leaves_no_zombie = unseen && parents_end > ended;
    if until > ended && !unseen && !together {
        lane.spans.push(Span {
            state: State::Zombie,
            from: ended,
            to: until,
        });
        lane.until = until;
    }
    let reaped = reaped?;
    Some(arrow(ArrowKind::Wait, (Some(pid), ended), (parent, reaped)))
}

/// Whether SIGCHLD was ignored by then, by the process or by whom it inherited that from.
fn ignores_children(part: &Part<'_>, lanes: &[Lane], pid: i32, at: f64) -> bool {
    let actions = part.calls_of(pid).filter(|timed| {
        timed.call.name == "rt_sigaction"
            && timed.call.args.starts_with("SIGCHLD, {")
            && timed.from <= at
    });
    if let Some(last) = actions.last() {
        let new = last.call.args.split("}, ").next().unwrap_or_default();
        return new.contains("sa_handler=SIG_IGN") || new.contains("SA_NOCLDWAIT");
    }
    let lane = lanes.iter().find(|lane| lane.pid == pid);
    match lane.and_then(|lane| Some((lane.parent?, lane.born))) {
        Some((parent, born)) if born < at => ignores_children(part, lanes, parent, born),
        _ => false,
    }
}

/// Whether the same signal kills both: neither is a zombie or an orphan to speak of.
fn die_together(lanes: &[Lane], one: i32, other: i32) -> bool {
    let end = |pid: i32| lanes.iter().find(|lane| lane.pid == pid)?.ended;
    match (end(one), end(other)) {
        (Some((one, Status::Killed(by))), Some((other, Status::Killed(also)))) => {
            by == also && (one - other).abs() < AT_ONCE
        }
        _ => false,
    }
}

/// A parent that ends leaves its children to another one.
fn orphaned(part: &Part<'_>, lanes: &mut [Lane], place: usize) {
    let Lane {
        pid,
        parent: Some(parent),
        ..
    } = lanes[place]
    else {
        return;
    };
    let parent = lanes.iter().find(|lane| lane.pid == parent);
    let Some((at, _)) = parent.and_then(|parent| parent.ended) else {
        return;
    };
    let over = lanes[place].ended.is_some_and(|(ended, _)| ended <= at);
    if over || parent.is_some_and(|parent| die_together(lanes, pid, parent.pid)) {
        return;
    }
    let lane = &mut lanes[place];
    let kind = MarkKind::Orphaned {
        adopter: adopter(part, pid, at),
    };
    lane.marks.push(Mark {
        at,
        call: None,
        line: None,
        kind,
    });
    lane.marks.sort_by(|one, other| one.at.total_cmp(&other.at));
}

/// Whose child an orphan is, if a process table or its own getppid shows it.
fn adopter(part: &Part<'_>, pid: i32, at: f64) -> Option<i32> {
    let mut calls = part.calls_of(pid);
    let asked = calls.find(|timed| timed.call.name == "getppid" && timed.from >= at);
    let told = asked.and_then(|timed| i32::try_from(timed.call.value()?).ok());
    told.or_else(|| {
        let mut processes = part.transcript.tables.iter().flatten();
        let process = processes.find(|process| process.pid == pid && process.adopted)?;
        Some(process.ppid)
    })
}

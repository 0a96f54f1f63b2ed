//! The life of each process: its states one after the other, and what it did.

use std::path::Path;

use crate::facts::readiness;
use crate::run::transcript::Status;
use crate::timeline::clock::{History, Part, Timed};
use crate::timeline::{
    Arrow, ArrowKind, Lane, Mark, MarkKind, Thread, call_label, senders, states,
};
use crate::trace::{Call, Happening};

/// The lanes of a run, without what their relatives have to do with them.
pub fn lanes(history: &History<'_>) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for part in &history.parts {
        for (place, &pid) in part.trace.pids.iter().enumerate() {
            let parent = part.tree.parent(pid);
            let known = parent.and_then(|parent| {
                let lane = lanes.iter().find(|lane| lane.pid == parent)?;
                let forked = states::happened(part, part.tree.fork_of(pid)?);
                Some(lane.name_at(forked).to_owned())
            });
            let name = known.unwrap_or_else(|| program(part));
            lanes.push(lane(history, part, (place, None), pid, parent, name));
            let made = part.trace.threads_made(pid).map(|(_, thread)| thread);
            for (tid, number) in made.zip(2..) {
                let thread = Thread {
                    process: pid,
                    number,
                };
                let name = lanes
                    .last()
                    .map_or_else(String::new, |lane| lane.name_at(history.end).to_owned());
                lanes.push(lane(history, part, (place, Some(thread)), tid, None, name));
            }
        }
    }
    lanes
}

/// Moves each client beside the process that serves it: the first of the lab's with which it exchanges bytes.
///
/// A client of the first process of the lab, or of nobody, stays below the lab.
pub fn beside_servers(lanes: &mut Vec<Lane>, arrows: &[Arrow]) {
    let first = lanes.first().map(|lane| lane.pid);
    let is_lab = |lanes: &[Lane], pid: i32| {
        let lane = lanes.iter().find(|lane| lane.pid == pid);
        lane.is_some_and(|lane| lane.companion.is_none())
    };
    let clients = lanes.iter().filter(|lane| lane.companion.is_some());
    for client in clients.map(|lane| lane.pid).collect::<Vec<_>>() {
        let served = arrows.iter().find_map(|arrow| {
            let ends = [arrow.from.pid?, arrow.to.pid?];
            let is_bytes = matches!(arrow.kind, ArrowKind::Bytes { .. });
            let other = match ends {
                [one, other] if one == client => other,
                [other, one] if one == client => other,
                _ => return None,
            };
            (is_bytes && is_lab(lanes, other)).then_some(other)
        });
        let Some(server) = served.filter(|&server| Some(server) != first) else {
            continue;
        };
        let place = |lanes: &[Lane], pid: i32| lanes.iter().position(|lane| lane.pid == pid);
        let Some(from) = place(lanes, client) else {
            continue;
        };
        let lane = lanes.remove(from);
        // Behind those of its server that stand there already.
        let after = place(lanes, server).map_or(lanes.len(), |server| server + 1);
        let others = lanes[after..]
            .iter()
            .take_while(|lane| lane.companion.is_some());
        let to = after + others.count();
        lanes.insert(to, lane);
    }
}

/// The name of the program that a part begins with.
fn program(part: &Part<'_>) -> String {
    let setup = part.trace.calls.iter().rfind(|call| call.setup);
    let path = setup.and_then(|call| call.path());
    path.map_or_else(String::new, |path| file_name(&path))
}

fn file_name(path: &[u8]) -> String {
    let path = String::from_utf8_lossy(path).into_owned();
    let name = Path::new(&path).file_name();
    name.map_or(path.clone(), |name| name.to_string_lossy().into_owned())
}

fn lane(
    history: &History<'_>,
    part: &Part<'_>,
    (place, thread): (usize, Option<Thread>),
    pid: i32,
    parent: Option<i32>,
    name: String,
) -> Lane {
    let born = if place == 0 && thread.is_none() {
        part.began()
    } else {
        birth(part, pid)
    };
    let ended = part.notices_of(pid).find_map(|(at, notice)| {
        (notice.thread == pid)
            .then(|| status(&notice.what))
            .flatten()
            .map(|status| (at, status))
    });
    let until = ended.map_or(history.end, |(at, _)| at);
    let mut lane = Lane {
        pid,
        thread,
        number: place + 1,
        companion: part.companion.map(str::to_owned),
        parent,
        names: vec![(born, name)],
        born,
        ended,
        leaves_no_zombie: false,
        killed_by: None,
        in_session: None,
        until,
        spans: Vec::new(),
        marks: Vec::new(),
    };
    mark(&mut lane, part);
    lane.spans = states::of(part, pid, born, until);
    lane
}

/// When a child is there: from its fork on, or, if that is not known, since it was first heard of.
fn birth(part: &Part<'_>, pid: i32) -> f64 {
    let fork = part.tree.fork_of(pid).or_else(|| part.maker(pid));
    if let Some(fork) = fork {
        return states::happened(part, fork);
    }
    let first_call = part.calls_of(pid).next().map(|timed| timed.from);
    let first_notice = part.notices_of(pid).next().map(|(at, _)| at);
    let heard = first_call.into_iter().chain(first_notice);
    heard.min_by(f64::total_cmp).unwrap_or(0.0)
}

fn status(what: &Happening) -> Option<Status> {
    match what {
        Happening::Exited { status } => Some(Status::Exited(*status)),
        Happening::Killed { signal } => {
            let signal: nix::sys::signal::Signal = signal.parse().ok()?;
            Some(Status::Killed(signal as i32))
        }
        _ => None,
    }
}

/// Calls, signals, names and the end.
fn mark(lane: &mut Lane, part: &Part<'_>) {
    let mut counting: Option<usize> = None; // the mark that counts the calls of a program that is no lab
    for timed in part.calls_of(lane.pid) {
        let Timed {
            index,
            call,
            is_folded,
            ..
        } = timed;
        if is_folded {
            count(lane, &mut counting);
            continue;
        }
        let at = states::happened_at(part, &timed);
        if let Some(path) = call.executed() {
            let name = file_name(&path);
            lane.names.push((at, name.clone()));
            lane.marks.push(Mark {
                call: Some(index),
                whole: whole(call),
                ..Mark::new(at, MarkKind::Exec(name))
            });
            counting = None;
        } else if call_label::is_telling(call) && !call.is_restarted() {
            let ready = readiness::ready(part.trace, call);
            let kind = MarkKind::Call {
                text: call_label::with_ready(call, ready.as_deref()),
                failed: call.errno().is_some(),
                tells_ready: ready.is_some(),
                note: call_label::note(call),
            };
            lane.marks.push(Mark {
                call: Some(index),
                whole: whole(call),
                ..Mark::new(at, kind)
            });
        }
    }
    for (at, notice) in part.notices_of(lane.pid) {
        if let Happening::Signal { name, .. } = &notice.what {
            let (name, from) = (name.clone(), senders::key(&notice.what));
            lane.marks
                .push(Mark::new(at, MarkKind::Signal { name, from }));
        }
    }
    if let Some((at, status)) = lane.ended {
        lane.marks.push(Mark::new(at, MarkKind::Ended(status)));
    }
    lane.marks.sort_by(|one, other| one.at.total_cmp(&other.at));
}

/// A call with its arguments and its result, as strace writes it.
fn whole(call: &Call) -> String {
    let result = call.result.as_ref().map(|result| format!(" = {result}"));
    let result = result.unwrap_or_default();
    // How long it took is the length of a slice.
    let timed = result.strip_suffix('>').and_then(|it| it.rsplit_once(" <"));
    let result = timed.map_or(result.as_str(), |(result, _)| result);
    format!("{}({}){result}", call.name, call.args)
}

/// One more call that is not drawn, in a mark where its program began.
fn count(lane: &mut Lane, counting: &mut Option<usize>) {
    let place = *counting.get_or_insert_with(|| {
        let began = lane.names.last().map_or(lane.born, |(at, _)| *at);
        lane.marks.push(Mark::new(began, MarkKind::Folded(0)));
        lane.marks.len() - 1
    });
    if let MarkKind::Folded(count) = &mut lane.marks[place].kind {
        *count += 1;
    }
}

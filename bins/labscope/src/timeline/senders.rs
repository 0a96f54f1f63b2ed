//! Who sent a signal, and who takes orphans.

use crate::facts::signals;
use crate::run::transcript::{Entry, Status};
use crate::timeline::clock::History;
use crate::timeline::states::happened;
use crate::timeline::{AdoptedBy, Adopter, Lane, MarkKind, Sender};
use crate::trace::{Happening, Notice};

/// The key of the terminal that sends a signal.
pub fn key(what: &Happening) -> Option<Sender> {
    let Happening::Signal { name, .. } = what else {
        return None;
    };
    let key = match name.as_str() {
        "SIGINT" => "^C",
        "SIGQUIT" => "^\\",
        "SIGTSTP" => "^Z",
        _ => return None,
    };
    what.is_from_kernel().then_some(Sender::Key(key))
}

/// Tells in the lanes who sent each signal that is not the terminal's, nor tells of a child.
pub fn tell(history: &History<'_>, lanes: &mut [Lane]) {
    for place in 0..lanes.len() {
        let pid = lanes[place].pid;
        let mut parts = history.parts.iter();
        let Some(part) = parts.find(|part| part.companion == lanes[place].companion.as_deref())
        else {
            continue;
        };
        for (at, notice) in part.notices_of(pid) {
            let from = sender(notice, lanes, pid);
            let mut marks = lanes[place].marks.iter_mut().filter(|mark| mark.at == at);
            let told = marks.find_map(|mark| match &mut mark.kind {
                MarkKind::Signal { name, from } if is_signal(notice, name) => Some(from),
                _ => None,
            });
            if let Some(told @ None) = told {
                *told = from;
            }
        }
        lanes[place].killed_by = killer(history, lanes, place);
    }
}

fn is_signal(notice: &Notice, name: &str) -> bool {
    signals::is_signal(&notice.what, name)
}

fn sender(notice: &Notice, lanes: &[Lane], own: i32) -> Option<Sender> {
    let what = &notice.what;
    if what.is_about_child() || !what.is_sent() {
        return None;
    }
    match what.sender()? {
        pid if pid == own => None,
        pid => Some(named(lanes, pid).map_or(Sender::Outside, Sender::Process)),
    }
}

/// A process as the lanes name it: `2 orphan`.
fn named(lanes: &[Lane], pid: i32) -> Option<String> {
    let lane = lanes.iter().find(|lane| lane.pid == pid)?;
    Some(format!(
        "{}{}",
        lane.companion_before(),
        lane.title(lane.until)
    ))
}

/// Who killed a process by a signal of which nothing else is told: no tracer sees SIGKILL arrive.
fn killer(history: &History<'_>, lanes: &[Lane], place: usize) -> Option<Sender> {
    const SIGKILL: Status = Status::Killed(nix::libc::SIGKILL);
    let lane = &lanes[place];
    if lane.thread.is_some() || lane.ended.is_none_or(|(_, status)| status != SIGKILL) {
        return None;
    }
    if was_signalled(history, lane.pid, "SIGKILL") {
        return Some(Sender::Outside);
    }
    let by = killing_call(history, lane.pid).and_then(|(pid, _)| named(lanes, pid));
    Some(by.map_or(Sender::EndOfRun, Sender::Process))
}

/// Whether the scenario sent it: what it does to a companion stands in the lab's own part.
pub fn was_signalled(history: &History<'_>, pid: i32, name: &str) -> bool {
    let entries = history
        .parts
        .iter()
        .flat_map(|part| &part.transcript.entries);
    entries.map(Entry::whose).any(|(_, entry)| matches!(entry, Entry::Signalled { signal, pid: to, .. } if *to == pid && signal.as_str() == name))
}

/// Who sent SIGKILL to a process, and when, if a process of the run did.
pub fn killing_call(history: &History<'_>, pid: i32) -> Option<(i32, f64)> {
    history.parts.iter().find_map(|part| {
        let place = signals::call_that_sends(part.trace, &part.tree, "SIGKILL", pid)?;
        Some((part.trace.calls[place].pid, happened(part, place)))
    })
}

/// The name of a process that takes an orphan.
pub fn adopter(lanes: &[Lane], pid: i32) -> Adopter {
    let who = match named(lanes, pid) {
        _ if pid == 1 => AdoptedBy::Init,
        Some(name) => AdoptedBy::Process(name),
        None => AdoptedBy::Reaper,
    };
    Adopter { pid, who }
}

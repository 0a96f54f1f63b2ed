//! Long lives made short: what is left out is counted.

use std::collections::{BTreeSet, HashMap};

use crate::facts::process_tree::ProcessTree;
use crate::facts::programs::leaves_the_labs;
use crate::timeline::{Lane, Mark, MarkKind, Span, State};
use crate::trace::syscall::{ACCEPTS, EXECS, SPEAKS};
use crate::trace::{Call, Trace};

/// So many marks are drawn in a lane; of more, the first and the last ones.
const MOST: usize = 44;
const FIRST: usize = 28;
const LAST: usize = 8;

/// So many equal calls in a row are drawn as one and a number.
const ALIKE: usize = 4;

/// What decides whether a call of a process is drawn.
#[derive(Clone, Default)]
struct Process {
    /// It runs a program that is no lab.
    is_foreign: bool,
    sockets: BTreeSet<i64>,
}

/// Of each call, whether it is counted and not drawn: one of a program that is no lab,
/// unless it speaks through an Internet socket, where arrows end.
pub fn folded(trace: &Trace, tree: &ProcessTree, is_companion: bool) -> Vec<bool> {
    let mut processes: HashMap<i32, Process> = HashMap::new();
    if let Some(&first) = trace.pids.first() {
        let process = processes.entry(first).or_default();
        process.is_foreign = is_companion && begins_with_a_library(trace, first);
    }
    let calls = trace.calls.iter().enumerate().map(|(place, call)| {
        let process = processes.entry(call.pid).or_default();
        let is_drawn = process.draws(call);
        let is_folded = process.is_foreign && !is_drawn;
        if let Some(child) = tree.made_by(place) {
            let process = process.clone();
            processes.insert(child.pid, process);
        }
        is_folded
    });
    calls.collect()
}

/// Whether a process begins with a program that has a C library, as no lab does: that sets the register of its thread.
///
/// The path does not tell: a companion is executed in the room of the run, `./perl`.
fn begins_with_a_library(trace: &Trace, pid: i32) -> bool {
    let calls = trace.calls_of(pid);
    let mut first = calls.take_while(|call| !call.is(EXECS));
    first.any(|call| call.name == "arch_prctl" && call.args.get(0).has("ARCH_SET_FS"))
}

impl Process {
    /// Takes note of what a call does; tells if it is drawn whoever makes it.
    fn draws(&mut self, call: &Call) -> bool {
        let on = call.descriptor().map(i64::from);
        let is_on_socket = on.is_some_and(|number| self.sockets.contains(&number));
        let made = call.value().filter(|&value| value >= 0);
        match call.name.as_str() {
            _ if call.executed().is_some() && !call.setup => {
                self.is_foreign = leaves_the_labs(call);
                return true;
            }
            "socket" if matches!(call.args.get(0).as_str(), "AF_INET" | "AF_INET6") => {
                self.sockets.extend(made)
            }
            _ if is_on_socket && (call.is(ACCEPTS) || call.duplicates()) => {
                self.sockets.extend(made)
            }
            "close" => return on.is_some_and(|number| self.sockets.remove(&number)),
            _ => {}
        }
        is_on_socket && call.is(SPEAKS)
    }
}

/// Leaves out repetitions, and the middle of a lane that still has too many marks.
pub fn shorten(lane: &mut Lane) {
    let alike = |one: &Mark, other: &Mark| {
        let is_call = matches!(one.kind, MarkKind::Call { .. });
        is_call && (&one.kind, one.line) == (&other.kind, other.line)
    };
    let runs = lane.marks.chunk_by(alike);
    let runs = runs.flat_map(|run| match run {
        [first, second, ..] if run.len() >= ALIKE => {
            let more = Mark {
                call: second.call,
                line: second.line,
                ..Mark::new(second.at, MarkKind::Folded(run.len() - 1))
            };
            vec![first.clone(), more]
        }
        _ => run.to_vec(),
    });
    lane.marks = runs.collect();
    if lane.marks.len() <= MOST {
        return;
    }
    let hidden = FIRST..lane.marks.len() - LAST;
    let (from, to) = (lane.marks[hidden.start].at, lane.marks[hidden.end].at);
    let is_call = |mark: &Mark| matches!(mark.kind, MarkKind::Call { .. });
    let middle: Vec<Mark> = lane.marks.splice(hidden, []).collect();
    let (calls, others): (Vec<Mark>, Vec<Mark>) = middle.into_iter().partition(is_call);
    let others = others
        .into_iter()
        .filter(|mark| !matches!(mark.kind, MarkKind::Signal { .. }));
    lane.marks.extend(others);
    lane.marks.sort_by(|one, other| one.at.total_cmp(&other.at));
    let folded = Span {
        state: State::Folded(calls.len()),
        from,
        to,
    };
    let mut spans = Vec::new();
    for span in lane.spans.drain(..) {
        let before = Span {
            to: span.to.min(from),
            ..span.clone()
        };
        let after = Span {
            from: span.from.max(to),
            ..span
        };
        spans.extend(
            [before, after]
                .into_iter()
                .filter(|span| span.from < span.to),
        );
    }
    spans.push(folded);
    spans.sort_by(|one, other| one.from.total_cmp(&other.from));
    lane.spans = spans;
}

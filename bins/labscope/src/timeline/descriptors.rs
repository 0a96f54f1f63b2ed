//! Descriptor tables followed through the calls of all processes: who holds what, and when.

use std::collections::{BTreeMap, HashSet};

use crate::proc::descriptors::{Access, Target};
use crate::scenario::{Scenario, Wiring};
use crate::timeline::clock::{History, Part, Timed};
use crate::timeline::open_files::{Followed, Handle, Object, Row, Rows, Tables, View};
use crate::timeline::{Cause, Lane, Moment, states, transfers};

/// Something that may change a table.
enum Step<'a> {
    Birth(&'a Lane),
    Call(i32, Timed<'a>),
    End(i32),
}

impl Step<'_> {
    /// Whose table it may change.
    fn process(&self) -> i32 {
        match self {
            Step::Birth(lane) => lane.pid,
            Step::Call(pid, _) | Step::End(pid) => *pid,
        }
    }
}

/// Follows the whole run.
pub fn follow(history: &History<'_>, scenario: &Scenario, lanes: &[Lane]) -> Followed {
    let mut followed = Followed::default();
    for (at, step) in steps(history, lanes) {
        let who = step.process();
        let before = followed.rows(who);
        let change = match step {
            Step::Birth(lane) => followed.born(history, scenario, lane),
            Step::Call(pid, timed) => {
                let cause = followed.call(pid, timed);
                cause.filter(|_| !timed.is_folded).map(|cause| (pid, cause))
            }
            Step::End(pid) => {
                followed.tables.remove(&pid);
                None
            }
        };
        if let Some((pid, cause)) = change {
            followed.note(at, pid, cause, lanes);
        }
        if followed.rows(who) != before {
            let tables = followed.all_rows(lanes);
            followed.changes.push((at, tables));
        }
    }
    transfers::pair(&mut followed);
    followed.finish();
    followed
}

/// Births, calls and ends in the order in which they took effect.
fn steps<'a>(history: &'a History<'a>, lanes: &'a [Lane]) -> Vec<(f64, Step<'a>)> {
    let mut steps: Vec<(f64, u8, Step<'a>)> = Vec::new();
    for lane in lanes {
        // All threads of a process have one table.
        let process = lane.thread.map_or(lane.pid, |thread| thread.process);
        if lane.thread.is_none() {
            steps.push((lane.born, 0, Step::Birth(lane)));
        }
        if let Some(part) = part_of(history, lane) {
            let calls = part.calls_of(lane.pid);
            let effect = |timed: &Timed<'_>| match timed.call.name.as_str() {
                // The other side may have accepted before connect is seen to return.
                "connect" => timed.from,
                _ => states::happened_at(part, timed),
            };
            steps.extend(calls.map(|timed| (effect(&timed), 1, Step::Call(process, timed))));
        }
        let ended = lane.ended.filter(|_| lane.thread.is_none());
        let end = ended.map(|(at, _)| (at, 2, Step::End(lane.pid)));
        steps.extend(end);
    }
    steps.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
    steps.into_iter().map(|(at, _, step)| (at, step)).collect()
}

fn part_of<'h, 'a>(history: &'h History<'a>, lane: &Lane) -> Option<&'h Part<'a>> {
    let mut parts = history.parts.iter();
    parts.find(|part| part.companion == lane.companion.as_deref())
}

/// Whether the fork that made a process is drawn, or nobody knows it.
fn is_fork_drawn(history: &History<'_>, lane: &Lane) -> bool {
    let part = part_of(history, lane);
    let fork = part.and_then(|part| Some(part.timed(part.tree.fork_of(lane.pid)?)));
    fork.is_none_or(|fork| !fork.is_folded)
}

impl Followed {
    /// A child holds what its parent holds; a first process, what the scenario gives it.
    fn born(
        &mut self,
        history: &History<'_>,
        scenario: &Scenario,
        lane: &Lane,
    ) -> Option<(i32, Cause)> {
        let Some(parent) = lane.parent else {
            if let Some(part) = part_of(history, lane) {
                self.begin(lane.pid, part, scenario);
            }
            return None;
        };
        let inherited = self.tables.get(&parent).cloned().unwrap_or_default();
        self.tables.insert(lane.pid, inherited);
        is_fork_drawn(history, lane).then_some((parent, Cause::Fork { child: lane.pid }))
    }

    /// Standard input, output and error as the scenario wires them.
    fn begin(&mut self, pid: i32, part: &Part<'_>, scenario: &Scenario) {
        let played = scenario.played("", part.companion);
        let terminal = Target::Terminal(terminal_of(part));
        let streams = [
            (0, &played.stdin, "input"),
            (1, &played.stdout, "output"),
            (2, &Wiring::Terminal, ""),
        ];
        let mut table = BTreeMap::new();
        for (number, wiring, name) in streams {
            let target = match wiring {
                Wiring::Terminal => terminal.clone(),
                Wiring::Pipe if number == 0 => Target::Pipe(Access::Reading),
                Wiring::Pipe => Target::Pipe(Access::Writing),
                Wiring::File => Target::File(name.to_owned()),
                Wiring::Path(path) => Target::File(path.clone()),
                Wiring::Closed => continue,
            };
            let is_output = number == 1 && !matches!(target, Target::Terminal(_));
            let object = self.object(target);
            self.outputs.extend(is_output.then_some(object));
            let handle = Handle {
                object,
                close_on_exec: false,
            };
            table.insert(number, handle);
        }
        self.tables.insert(pid, table);
    }

    /// A new open file description.
    pub(super) fn object(&mut self, target: Target) -> usize {
        self.objects.push(Object {
            target,
            bound: None,
            name: None,
            pipe: None,
            connected: None,
            connected_by: None,
            is_accepted: false,
            other_end: None,
        });
        self.objects.len() - 1
    }

    /// Keeps a view of all tables; closes in a row by one process, which moves no bytes in between, make one view, and
    /// so do opens.
    fn note(&mut self, at: f64, pid: i32, mut cause: Cause, lanes: &[Lane]) {
        let last = self.views.last().filter(|last| {
            let mut transfers = self.transfers.iter();
            last.pid == pid && !transfers.any(|one| one.pid == pid && one.to >= last.at)
        });
        let both = last.and_then(|last| match (&last.cause, &cause) {
            (Cause::Close(one), Cause::Close(more)) => {
                Some(Cause::Close([&one[..], more].concat()))
            }
            (Cause::Open(one), Cause::Open(more)) => Some(Cause::Open([&one[..], more].concat())),
            _ => None,
        });
        if let Some(both) = both {
            cause = both;
            self.views.pop();
        }
        let tables = self.all_rows(lanes);
        self.views.push(View {
            at,
            pid,
            cause,
            tables,
        });
    }

    /// What a process holds; none before it is there, and after its end.
    fn rows(&self, pid: i32) -> Option<Vec<Row>> {
        let row = |(number, handle): (&i32, &Handle)| {
            let target = self.objects[handle.object].target.clone();
            (*number, handle.object, target)
        };
        Some(self.tables.get(&pid)?.iter().map(row).collect())
    }

    /// What all of them hold.
    fn all_rows(&self, lanes: &[Lane]) -> Rows {
        let table = |lane: &Lane| Some((lane.pid, self.rows(lane.pid)?));
        lanes.iter().filter_map(table).collect()
    }

    /// What only the other end tells of a connection: its own address, and whether somebody still holds that end.
    fn finish(&mut self) {
        for view in std::mem::take(&mut self.views) {
            let tables = self.finished(view.at, view.tables);
            self.moments.push(Moment {
                at: view.at,
                pid: view.pid,
                cause: view.cause,
                tables,
            });
        }
        for (at, tables) in std::mem::take(&mut self.changes) {
            let tables = self.finished(at, tables);
            self.tables_since.push((at, tables));
        }
    }

    /// Tables of that time, with what the other ends of their connections tell.
    fn finished(&self, at: f64, tables: Rows) -> Tables {
        let rows = tables.iter().flat_map(|(_, rows)| rows);
        let held: HashSet<usize> = rows.map(|(_, object, _)| *object).collect();
        let target = |object: usize, seen: Target| match (seen, &self.objects[object]) {
            (
                Target::Connection { peer, .. },
                Object {
                    target: Target::Connection { local, .. },
                    other_end,
                    ..
                },
            ) => {
                let whole = self.is_whole(*other_end, &held, at);
                Target::Connection {
                    local: *local,
                    peer,
                    whole,
                }
            }
            (Target::UnixConnection { name, .. }, Object { other_end, .. }) => {
                let whole = self.is_whole(*other_end, &held, at);
                Target::UnixConnection { name, whole }
            }
            (seen, _) => seen,
        };
        let finished = |rows: Vec<Row>| {
            let rows = rows.into_iter();
            rows.map(|(number, object, seen)| (number, target(object, seen)))
                .collect()
        };
        let tables = tables.into_iter();
        tables.map(|(pid, rows)| (pid, finished(rows))).collect()
    }

    /// Whether nobody has closed the other end.
    fn is_whole(&self, other_end: Option<usize>, held: &HashSet<usize>, at: f64) -> bool {
        other_end.is_none_or(|other| held.contains(&other) || self.is_to_come(other, at))
    }

    /// Whether an end will only be accepted, or its connect has not yet been seen to return.
    fn is_to_come(&self, object: usize, at: f64) -> bool {
        let transfers = self
            .transfers
            .iter()
            .filter(|transfer| transfer.object == object);
        let later = transfers
            .map(|transfer| transfer.from)
            .any(|from| from >= at);
        later
            || self.objects[object]
                .connected
                .is_some_and(|connected| connected >= at)
    }
}

/// The terminal's name as a process table shows it.
fn terminal_of(part: &Part<'_>) -> String {
    let mut processes = part.transcript.tables.iter().flatten();
    let named = processes.find(|process| process.terminal != "?");
    let shown = part
        .transcript
        .descriptors
        .iter()
        .flatten()
        .flat_map(|holder| &holder.descriptors);
    let mut shown = shown.filter_map(|(_, target)| match target {
        Target::Terminal(name) => Some(name.clone()),
        _ => None,
    });
    named
        .map(|process| process.terminal.clone())
        .or_else(|| shown.next())
        .unwrap_or_default()
}

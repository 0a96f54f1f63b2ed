//! Segments and semaphores of System V, followed through the calls of all processes: who has what attached, who holds a
//! semaphore, and who waits for it.

use std::collections::BTreeMap;

use crate::timeline::clock::{History, Part, Timed};
use crate::timeline::states::{happened_at, is_long, operation};
use crate::timeline::{
    Arrow, ArrowKind, Lane, Point, Semaphore, Shared, SharedChange, SharedMoment,
};
use crate::trace::syscall::request;

/// What happens to shared objects, in the order in which it takes effect.
struct Step<'a> {
    at: f64,
    pid: i32,
    what: What<'a>,
}

enum What<'a> {
    /// A child has attached what its parent has.
    Birth(i32),
    Call(Timed<'a>),
    /// It begins to wait.
    Waits(Timed<'a>),
    End,
}

/// What came of following all processes.
#[derive(Default)]
pub struct FollowedObjects {
    pub moments: Vec<SharedMoment>,
    /// From who gave a semaphore back to who had waited for it.
    pub arrows: Vec<Arrow>,
    now: Shared,
    /// Keys by id, of segments and of sets.
    keys: BTreeMap<(bool, i64), i32>,
    /// What the end of a process takes back: by process and set.
    undo: BTreeMap<(i32, i64), i64>,
    /// Which segment lies at an address of a process.
    addresses: BTreeMap<(i32, i64), i64>,
    /// Who has raised a semaphore last, and when.
    raised: BTreeMap<i64, (i32, f64)>,
}

/// Follows the whole run.
pub fn follow(history: &History<'_>, lanes: &[Lane]) -> FollowedObjects {
    let mut followed = FollowedObjects::default();
    for step in steps(history, lanes) {
        let (at, pid) = (step.at, step.pid);
        let change = match step.what {
            What::Birth(parent) => followed.inherit(pid, parent),
            What::Call(timed) => followed.call(pid, timed),
            What::Waits(timed) => followed.waits(pid, timed),
            What::End => followed.end(at, pid),
        };
        if let Some(change) = change {
            let objects = followed.now.clone();
            followed.moments.push(SharedMoment {
                at,
                pid,
                change,
                objects,
            });
        }
    }
    followed
}

fn steps<'a>(history: &'a History<'a>, lanes: &[Lane]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    for lane in lanes {
        let pid = lane.pid;
        let mut step = |at, what| steps.push(Step { at, pid, what });
        if let Some(parent) = lane.parent {
            step(lane.born, What::Birth(parent));
        }
        if let Some((at, _)) = lane.ended {
            step(at, What::End);
        }
        let mut parts = history.parts.iter();
        let part = parts.find(|part| part.companion == lane.companion.as_deref());
        for timed in part.into_iter().flat_map(|part| part.calls_of(pid)) {
            if part.is_some_and(|part| waits(part, &timed)) {
                step(timed.from, What::Waits(timed));
            }
            if let Some(part) = part.filter(|_| timed.to.is_some()) {
                step(happened_at(part, &timed), What::Call(timed));
            }
        }
    }
    steps.sort_by(|one, other| one.at.total_cmp(&other.at));
    steps
}

/// Whether a process had to wait for a semaphore.
fn waits(part: &Part<'_>, timed: &Timed<'_>) -> bool {
    let seconds = timed.to.map_or(f64::MAX, |to| to - timed.from);
    operation(timed.call).is_some_and(|by| by < 0) && is_long(part, timed.call, seconds)
}

impl FollowedObjects {
    fn inherit(&mut self, pid: i32, parent: i32) -> Option<SharedChange> {
        for segment in &mut self.now.segments {
            if segment.attached.contains(&parent) {
                segment.attached.push(pid);
            }
        }
        let of_parent = self.addresses.iter().filter(|((of, _), _)| *of == parent);
        let inherited: Vec<_> = of_parent.map(|((_, at), id)| ((pid, *at), *id)).collect();
        self.addresses.extend(inherited);
        None
    }

    fn call(&mut self, pid: i32, timed: Timed<'_>) -> Option<SharedChange> {
        let call = timed.call;
        let value = call.value().filter(|_| call.errno().is_none());
        let id = call.args.get(0).number();
        self.now.stop_waiting(pid);
        let value = value?;
        match request(&call.name) {
            "shmget" | "semget" => {
                let key = call.args.get(0).number().unwrap_or(0) as i32; // IPC_PRIVATE is a word, and 0;
                self.keys.insert((call.name == "shmget", value), key);
                None
            }
            "shmat" => {
                let key = self.keys.get(&(true, id?)).copied().unwrap_or_default();
                self.now.segment(id?, key).attached.push(pid);
                self.addresses.insert((pid, value), id?);
                Some(SharedChange::Attached(key))
            }
            "shmdt" => {
                let id = self.addresses.remove(&(pid, id?))?;
                let key = self.keys.get(&(true, id)).copied().unwrap_or_default();
                let attached = &mut self.now.segment(id, key).attached;
                let own = attached.iter().position(|it| *it == pid)?;
                attached.remove(own);
                self.now.forget_segments();
                Some(SharedChange::Detached(key))
            }
            "shmctl" if call.args.has("IPC_RMID") => {
                let key = self.keys.get(&(true, id?)).copied().unwrap_or_default();
                self.now.segment(id?, key).is_removed = true;
                self.now.forget_segments();
                Some(SharedChange::Removed(key))
            }
            "semctl" if call.args.has("IPC_RMID") => {
                let set = self.set(id?).clone();
                self.now.semaphores.retain(|it| it.id != set.id);
                Some(SharedChange::Removed(set.key))
            }
            "semctl" if call.args.has("SETVAL") => {
                let value = call.args.get(3).number().unwrap_or(0) as i32; // NULL: 0
                self.undo.retain(|(_, of), _| Some(*of) != id);
                let set = self.set(id?);
                (set.value, set.holders) = (Some(value.into()), Vec::new());
                Some(SharedChange::Set(set.key, value))
            }
            "semop" => self.operate(pid, id?, timed),
            _ => None,
        }
    }

    fn operate(&mut self, pid: i32, id: i64, timed: Timed<'_>) -> Option<SharedChange> {
        let by = operation(timed.call)?;
        let to = timed.to.unwrap_or(timed.from);
        if timed.call.args.has("SEM_UNDO") {
            *self.undo.entry((pid, id)).or_default() -= by;
        }
        let set = self.set(id);
        set.value = set.value.map(|value| value + by);
        let key = set.key;
        match by {
            ..0 => set.holders.push(pid),
            0 => {}
            _ => set.holders.retain(|holder| *holder != pid),
        }
        if by > 0 {
            self.raised.insert(id, (pid, timed.from));
            return Some(SharedChange::Given(key));
        }
        // It had waited for whoever gave the semaphore back meanwhile.
        let giver = self.raised.get(&id).filter(|(_, at)| *at > timed.from);
        if let Some(&(giver, at)) = giver.filter(|(giver, _)| *giver != pid) {
            self.arrows.push(Arrow {
                kind: ArrowKind::Semaphore(key),
                from: Point {
                    pid: Some(giver),
                    at,
                },
                to: Point {
                    pid: Some(pid),
                    at: to,
                },
            });
        }
        Some(SharedChange::Taken(key))
    }

    fn waits(&mut self, pid: i32, timed: Timed<'_>) -> Option<SharedChange> {
        let set = self.set(timed.call.args.get(0).number()?);
        set.waiting.push(pid);
        Some(SharedChange::Waits(set.key))
    }

    /// Whatever was attached is detached, and what was done with SEM_UNDO taken back.
    fn end(&mut self, at: f64, pid: i32) -> Option<SharedChange> {
        self.now.stop_waiting(pid);
        let mut change = None;
        for segment in &mut self.now.segments {
            if segment.attached.contains(&pid) {
                segment.attached.retain(|it| *it != pid);
                change = Some(SharedChange::Ended);
            }
        }
        self.now.forget_segments();
        let undone: Vec<(i64, i64)> = self
            .undo
            .iter()
            .filter(|((of, _), by)| *of == pid && **by != 0)
            .map(|((_, id), by)| (*id, *by))
            .collect();
        for (id, by) in undone {
            let Some(set) = self.now.semaphores.iter_mut().find(|it| it.id == id) else {
                continue;
            };
            set.value = set.value.map(|value| value + by);
            set.holders.retain(|holder| *holder != pid);
            self.raised.insert(id, (pid, at));
            change = Some(SharedChange::Undone(set.key));
        }
        change
    }

    fn set(&mut self, id: i64) -> &mut Semaphore {
        let key = self.keys.get(&(false, id)).copied().unwrap_or_default();
        self.now.semaphore(id, key)
    }
}

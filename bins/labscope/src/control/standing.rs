//! What each task is doing, and what its next step would be.

use crate::control::call::Kind;
use crate::control::event::{Event, ToldCall, Touch, Waited};
use crate::control::machine::{Machine, Standing};
use crate::control::table::{Process, State};

impl Machine {
    /// What each task is doing.
    pub fn standing(&self, number: usize) -> Standing {
        let task = &self.tasks[number - 1];
        match &task.state {
            State::At(call) => Standing::Before(call.told(None)),
            State::Asleep(call) => Standing::AsleepIn(call.told(None)),
            State::Sleeping { call, until } => Standing::Sleeping {
                call: call.told(None),
                until: *until,
            },
            State::InVfork { .. } => Standing::InVfork,
            State::Stopped => Standing::Stopped,
            State::Born { .. } | State::Moving => Standing::Before(ToldCall::default()),
            State::Ended if self.processes[task.process].is_zombie() => Standing::Zombie,
            State::Ended => Standing::Gone,
        }
    }

    /// Whether a task stands before a call that it may be let make; it may still turn out to wait.
    pub fn may_go_on(&self, number: usize) -> bool {
        let task = number - 1;
        match &self.tasks[task].state {
            State::At(call) | State::Asleep(call) => match &call.kind {
                Kind::Wait(wait) => {
                    let process = &self.processes[self.tasks[task].process];
                    let begins =
                        matches!(self.tasks[task].state, State::At(_)) && process.handled != 0;
                    begins || !self.has_nobody_for(task, wait)
                }
                _ => true,
            },
            _ => false,
        }
    }

    /// Whether it is known that the call which a task stands before would wait now.
    pub fn would_wait(&self, number: usize) -> bool {
        let State::At(call) = &self.tasks[number - 1].state else {
            return false;
        };
        match &call.kind {
            Kind::Wait(wait) => self.has_nobody_for(number - 1, wait),
            Kind::PipeRead(pipe) => {
                let is_empty = self.in_pipes.get(pipe).is_none_or(|&bytes| bytes <= 0);
                is_empty && self.has_writer(*pipe)
            }
            _ => ["pause", "rt_sigsuspend"].contains(&&*call.name),
        }
    }

    /// What a task's call would touch, if it stands before one.
    fn touches(&self, number: usize) -> &[Touch] {
        match &self.tasks[number - 1].state {
            State::At(call) | State::Asleep(call) => &call.touches,
            _ => &[],
        }
    }

    /// Whether a step has touched something that a task's call would touch.
    pub fn is_touched(&self, number: usize, event: &Event) -> bool {
        let mut own = self.touches(number).iter();
        own.any(|own| event.touches.iter().any(|it| it.thing == own.thing))
    }

    /// The step that a task would make, if it stands before one.
    pub fn pending(&self, number: usize) -> Option<Event> {
        let task = &self.tasks[number - 1];
        let (State::At(call) | State::Asleep(call)) = &task.state else {
            return None;
        };
        Some(Event {
            task: task.path.clone(),
            number,
            call: call.told(None),
            touches: call.touches.clone(),
            waited: call.waited(),
            exits: Vec::new(),
            created: Vec::new(),
            cut_off: Vec::new(),
            signals: Vec::new(),
        })
    }

    /// Whether a wait would find nobody: all whom it is for live.
    pub(super) fn has_nobody_for(&self, task: usize, wait: &Waited) -> bool {
        let own = &self.processes[self.tasks[task].process];
        let children = own.children.iter().map(|&child| &self.processes[child]);
        let left = children.filter(|child| !child.is_reaped && wait.is_for(&child.path));
        let mut left: Vec<&Process> = left.collect();
        let is_stopped = |child: &&Process| {
            let task = self.by_tid.get(&child.pid);
            task.is_some_and(|&task| matches!(self.tasks[task].state, State::Stopped))
        };
        let may_find = wait.at_once || left.is_empty() || left.iter().any(is_stopped);
        left.retain(|child| child.end.is_some());
        !may_find && left.is_empty()
    }
}

//! How threads come, become other programs, stay where they are when a run is ended, and end.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use nix::unistd::Pid;

use crate::line::Happening;
use crate::tracer::engine::{Engine, Family, program};
use crate::tracer::main_entry::{self, MainEntry};
use crate::tracer::order::Until;
use crate::tracer::reading::Moment;
use crate::tracer::record::Event;
use crate::tracer::stops::{are_of_one_process, thread_told};
use crate::tracer::unwind::AddressSpace;

impl Engine {
    /// A call has made a thread or a process.
    pub(super) fn forked(&mut self, parent: i32, is_vfork: bool) {
        let Some(child) = thread_told(parent) else {
            return self.go_on(parent, 0);
        };
        let is_thread = are_of_one_process(parent, child);
        if is_thread {
            // Its parent may be no more before the call could come back and tell: exec ends all other threads.
            self.tell(parent, Event::NewThread(child));
        }
        let since = self.entered;
        if is_thread {
            let holds = self.order_of_threads.made(self.after_fork, parent, child);
            self.holds.extend(holds);
        } else if !is_vfork {
            self.hold((parent, child), Until::OwnCall { since });
        }
        let family = match is_thread {
            true => Family::Single,
            false => Family::Unborn,
        };
        if let Some(known) = self.threads.get_mut(&parent).filter(|_| !is_thread) {
            known.family = Family::Forks;
        }
        self.processes += usize::from(!is_thread);
        self.adopt(child, parent, family);
        self.go_on(parent, 0);
    }

    /// A new thread is about to make its first step.
    pub(super) fn begin(&mut self, thread: i32) {
        let Some(known) = self.threads.get_mut(&thread) else {
            return;
        };
        if std::mem::take(&mut known.has_new_stack) {
            main_entry::fill_stack(thread);
        }
        if known.family == Family::Unborn {
            self.read(thread, Moment::Fork);
        }
    }

    /// Gives a new thread what it has from its parent.
    pub(super) fn adopt(&mut self, child: i32, parent: i32, family: Family) {
        let mut new = self.new_thread(child, self.processes);
        new.family = family;
        if let Some(parent) = self.threads.get(&parent) {
            if family == Family::Single {
                new.process = parent.process; // a thread of it
                new.has_new_stack = true;
                new.member = self.members.get(&parent.process).map_or(2, |last| last + 1);
                self.members.insert(new.process, new.member);
            }
            new.space = Rc::clone(&parent.space);
            new.program = Rc::clone(&parent.program);
            new.main = parent.main;
        }
        self.threads.insert(child, new);
        if let Some(place) = self.early.iter().position(|&early| early == child) {
            self.early.swap_remove(place);
            self.begin(child);
            self.go_on(child, 0);
        }
    }

    /// A thread has become another program; where it was not the first of its process, it takes that one's place.
    pub(super) fn executed(&mut self, thread: i32) {
        if let Some(former) = thread_told(thread).filter(|&former| former != thread) {
            let what = Happening::Superseded { by: former };
            self.tell(
                thread,
                Event::Notice {
                    what,
                    stack: Arc::default(),
                },
            );
            if let Some(known) = self.threads.remove(&former) {
                self.threads.insert(thread, known);
            }
        }
        let mut space = AddressSpace::default();
        if let Some(known) = self.threads.get_mut(&thread) {
            known.main = MainEntry::stop_at(thread, &mut space);
            known.space = Rc::new(RefCell::new(space));
            known.program = program(thread);
            known.family = Family::Single;
        }
        self.go_on(thread, 0);
    }

    pub(super) fn end(&mut self, thread: i32, what: Happening) {
        self.tell(
            thread,
            Event::Notice {
                what,
                stack: Arc::default(),
            },
        );
        // Whose parent ended before its fork was heard of has it from nobody else.
        for child in std::mem::take(&mut self.early) {
            if child != thread {
                self.early.push(child);
                self.adopt(child, thread, Family::Single);
            }
        }
        self.threads.remove(&thread);
        self.parked.remove(&thread);
        self.delayed.retain(|(_, delayed)| *delayed != thread);
        self.holds.retain(|hold| hold.held != thread);
        self.release_from(thread);
    }

    /// A thread has stopped where it stays: in a call, before one, or elsewhere. Who still runs is stopped as well.
    pub(super) fn halted(&mut self, thread: i32) {
        let known = self.threads.get(&thread);
        let is_between = known.is_some_and(|it| it.call.is_none() && !it.is_stopped);
        if is_between && !self.parked.contains_key(&thread) {
            let what = Happening::Halted;
            let stack = self.stack(thread);
            self.tell(thread, Event::Notice { what, stack });
        }
        self.go_on(thread, 0);
        let running = self.threads.iter().filter(|(_, it)| it.call.is_none());
        for (&thread, _) in running.filter(|(thread, _)| !self.parked.contains_key(thread)) {
            let _ = nix::sys::ptrace::interrupt(Pid::from_raw(thread));
        }
    }
}

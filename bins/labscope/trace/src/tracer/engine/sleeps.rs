//! Who sleeps or is delayed, and who goes on when time passes.

use nix::unistd::Pid;

use crate::decode::Request;
use crate::decode::restart::is_broken_off;
use crate::proc::process::Stat;
use crate::tracer::clock::Sleep;
use crate::tracer::engine::{Engine, NAP};
use crate::tracer::memory::ProcessMemory;
use crate::tracer::{ptrace, registers};

impl Engine {
    /// Lets go on whose delay is over.
    pub(super) fn let_delayed_go_on(&mut self) {
        if self.delayed.is_empty() {
            return;
        }
        let (now, all) = (self.clock.now(), self.output.ends_delays());
        let (due, later) = self
            .delayed
            .drain(..)
            .partition(|(when, _)| all || *when <= now);
        self.delayed = later;
        for (_, thread) in due as Vec<_> {
            self.go_on(thread, 0);
        }
    }

    /// A call is about to be made: in virtual time it is known how long it sleeps.
    pub(super) fn may_sleep(&mut self, thread: i32, name: &str, request: &Request) {
        let is_virtual = self.clock.is_virtual();
        if let Some(known) = self.threads.get_mut(&thread)
            && is_virtual
            && name != "restart_syscall"
        {
            known.sleep = Sleep::of(name, request, ProcessMemory { thread });
        }
    }

    /// Lets a stopped thread go on; one that begins to sleep is asleep then.
    pub(super) fn resume(&mut self, thread: i32, signal: i32) {
        let now = self.clock.now();
        let known = self.threads.get_mut(&thread);
        let begins = known.filter(|known| known.call.is_some());
        let Some(sleep) = begins.and_then(|known| known.sleep.as_mut()) else {
            let _ = ptrace::resume(thread, signal); // it may have been killed meanwhile
            return;
        };
        sleep.begin(thread, now);
        if ptrace::resume(thread, signal).is_ok() {
            while Stat::read(thread).is_some_and(|stat| stat.state == 'R') {
                std::thread::sleep(NAP);
            }
            sleep.has_begun(thread);
        }
    }

    /// A call is back: a sleep that has been ended was not broken off.
    pub(super) fn slept(&mut self, thread: i32, value: i64) -> i64 {
        let now = self.clock.now();
        let Some(known) = self.threads.get_mut(&thread) else {
            return value;
        };
        let Some(sleep) = known.sleep.filter(|_| is_broken_off(value)) else {
            known.sleep = None;
            return value;
        };
        sleep.ended(thread, now);
        if !sleep.is_over {
            return value;
        }
        known.sleep = None;
        let _ = registers::set_result(thread, 0);
        0
    }

    /// Whether somebody waits for time to pass.
    pub(super) fn has_sleepers(&self) -> bool {
        let mut threads = self.threads.values();
        !self.delayed.is_empty() || threads.any(|known| known.sleep.is_some())
    }

    /// Whether each thread sleeps in a call, or is held, delayed or stopped.
    pub(super) fn nobody_can_go_on(&self) -> bool {
        self.early.is_empty()
            && self.threads.iter().all(|(thread, known)| {
                self.parked.contains_key(thread)
                    || self.delayed.iter().any(|(_, delayed)| delayed == thread)
                    || known.is_stopped
                    || self.is_asleep(*thread)
                    || Stat::read(*thread).is_some_and(|stat| stat.state == 'Z')
            })
    }

    /// Somebody has stopped, and goes on.
    pub(super) fn move_again(&mut self) {
        self.rests = false;
        self.output.moves();
    }

    /// Nobody has stopped since everybody was looked at: if they rest and the reader allows it, the earliest goes on.
    pub(super) fn let_time_pass(&mut self) {
        if !self.rests {
            self.output.moves();
            return;
        }
        self.output.rests();
        // Whom a signal has woken since goes on.
        if !self.output.may_time_pass() || !self.nobody_can_go_on() {
            return;
        }
        let sleeps = self.threads.iter().filter_map(|(&thread, known)| {
            let call = known.call.as_ref()?;
            let until = known.sleep?.until?;
            Some((until, call.number, thread))
        });
        let delayed = self.delayed.iter();
        let delayed = delayed.map(|&(until, thread)| (until, 0, thread));
        let Some((until, _, thread)) = sleeps.chain(delayed).min() else {
            return;
        };
        self.move_again();
        self.clock.pass(until);
        self.output.has_passed(until);
        self.let_delayed_go_on();
        let known = self.threads.get_mut(&thread);
        if let Some(sleep) = known.and_then(|known| known.sleep.as_mut()) {
            sleep.is_over = true;
            let _ = nix::sys::ptrace::interrupt(Pid::from_raw(thread)); // it may have been killed meanwhile
        }
    }
}

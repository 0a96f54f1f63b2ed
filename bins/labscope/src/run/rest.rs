//! Rest: no process of the program goes on by itself.

use std::fs;
use std::time::Duration;

use anyhow::Result;

use crate::proc::process::{self, Process, Stat};
use crate::run::io::poller::INTERVAL;
use crate::run::patience::Patience;
use crate::run::session::Session;
use crate::trace::decode;
use crate::trace::syscall::{Flags, POLLS, SLEEPS, Syscall};

/// How long those are waited for that sleep for a time when process 1 has ended; in virtual time, how much may pass. What
/// they do between two sleeps counts by the processor time that it takes.
const SLEEPERS: Duration = Duration::from_secs(4);

/// How much processor time somebody takes from one call to the next, at the most.
const MOMENT: Duration = Duration::from_millis(200);

/// So many calls are more than somebody makes who is about to rest.
const MANY: usize = 32;

impl Session<'_> {
    /// Lets those that process 1 has left go on until they have ended or rest: else it would depend on the machine how far
    /// they come before they are killed.
    pub(crate) fn await_rest(&mut self) -> Result<()> {
        let mut patience = Patience::new(SLEEPERS);
        let end = self.time_passed() + SLEEPERS;
        let (mut came, mut rested) = (true, false);
        while !self.is_over(&mut patience) {
            let (all_rest, rest) = (!came && self.all_rest(), self.rest());
            if all_rest && rested || rest.is_some() && self.time_passed() >= end {
                break;
            }
            // Two looks, and nothing between: in one look alone, the first may be woken by the last.
            came = self.pump(INTERVAL)?;
            rested = all_rest && !came;
            if let Some(rest) = rest.filter(|_| !came) {
                self.let_time_pass(rest);
            }
        }
        Ok(())
    }

    /// Whether every process of the program has ended, or waits in a call for somebody else.
    pub(crate) fn all_rest(&mut self) -> bool {
        self.all_wait(SLEEPS)
    }

    /// Whether everybody, of the companions too, waits for somebody else, and no time ends that.
    pub(crate) fn is_deadlock(&mut self) -> bool {
        let present = self.current;
        let is_deadlock = (0..self.state.programs.len()).all(|index| {
            self.current = index;
            let is_started = !self.state.programs[index].started.is_empty();
            !is_started || self.has_its_input() && self.all_wait(SLEEPS | POLLS)
        });
        self.current = present;
        is_deadlock
    }

    /// Whether every process of the program has ended, or waits in another call than `those`.
    fn all_wait(&mut self, those: Flags) -> bool {
        let found = self.state.scan(self.current);
        if !self.state.programs[self.current].all_known(&found) {
            return false; // of somebody the trace has not told yet
        }
        let table = self.processes();
        let program = &self.state.programs[self.current];
        let first_lives = table.iter().any(|it| it.number == 1 && !it.is_zombie());
        if !first_lives && program.status.is_none() {
            return false; // how it has ended is still to be told
        }
        table.iter().all(|process: &Process| {
            let pid = process.pid;
            process.is_zombie()
                || program.is_stopped(pid)
                || process::threads(pid).all(|thread| waits_in_another(thread, those))
        })
    }

    /// Waits until nobody of the present program is on the way from one call to the next: else it would depend on the machine
    /// how far it comes. Who makes many calls makes them without end, and who spins makes none: neither is waited for.
    pub(crate) fn await_arrival(&mut self) -> Result<()> {
        let mut patience = Patience::new(MOMENT);
        let since = self.trace().map_or(0, |trace| trace.calls.len());
        while self.is_on_the_way(since) && !self.is_over(&mut patience) {
            self.pump(INTERVAL)?;
        }
        Ok(())
    }

    fn is_on_the_way(&mut self, since: usize) -> bool {
        if self.current == 0 && self.rest().is_some() {
            return false;
        }
        let found = self.state.scan(self.current);
        let program = &self.state.programs[self.current];
        let calls = program.trace.as_ref().map_or(&[][..], |trace| &trace.calls);
        let runs = |thread: i32| {
            let state = Stat::read(thread).map(|stat| stat.state);
            let mut own = calls.iter().filter(|call| call.thread == thread);
            let is_asleep = own
                .next_back()
                .is_some_and(|call| !call.has_returned() && call.is(SLEEPS));
            let new = calls[since..].iter().filter(|call| call.thread == thread);
            matches!(state, Some('R' | 'D' | 't')) && !is_asleep && new.count() < MANY
        };
        let goes_on = |&pid: &i32| !program.is_stopped(pid) && process::threads(pid).any(runs);
        found.iter().any(goes_on)
    }

    /// Whether its processes have been waited for long enough. One that a signal has stopped rests.
    pub(crate) fn is_over(&self, patience: &mut Patience) -> bool {
        let programs = &self.state.programs;
        let is_stopped = |pid| programs.iter().any(|program| program.is_stopped(pid));
        patience.is_over(self.reaper(), is_stopped)
    }

    /// Whether every process of the run has ended: then nothing can happen any more.
    pub(crate) fn all_have_ended(&self) -> bool {
        let programs = &self.state.programs;
        let is_shell = |pid: &i32| programs.iter().any(|program| program.shell == Some(*pid));
        let mut all = programs.iter();
        all.all(|program| program.started.len() == program.ended.len())
            && self.state.reaper.is_some_and(|reaper| {
                let left = process::descendants(reaper);
                left.iter().all(is_shell)
            })
    }
}

/// Whether a thread sleeps in another call than these, which time ends. Not the trace is asked: it may be late on a busy
/// machine.
fn waits_in_another(thread: i32, those: Flags) -> bool {
    let state = Stat::read(thread).map(|stat| stat.state);
    let call = call_of(thread).filter(|_| state == Some('S'));
    // A call that is begun anew after a stop may be a sleep.
    call.is_some_and(|call| call != "restart_syscall" && !Syscall::named(&call).is(those))
}

/// The call that a thread sleeps in, as the kernel tells: proc_pid_syscall(5).
fn call_of(thread: i32) -> Option<String> {
    let told = fs::read_to_string(format!("/proc/{thread}/syscall")).ok()?;
    let number = told.split(' ').next()?.parse().ok()?;
    Some(decode::name(number).into_owned())
}

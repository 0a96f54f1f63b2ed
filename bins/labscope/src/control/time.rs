//! Virtual time: it passes when nobody else can go on.

use std::time::Duration;

use anyhow::Result;
use nix::libc;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::control::attempt::Attempt;
use crate::control::machine::Machine;
use crate::control::settings::Sleeps;
use crate::control::table::State;

impl Machine {
    /// How long a call sleeps or waits at most; none: for ever, or it does not.
    pub(super) fn time_of(&self, task: usize, name: &str, args: &[u64; 6]) -> Option<Duration> {
        let milliseconds = |value: u64| u64::try_from(value as i32).ok().map(Duration::from_millis);
        match name {
            "nanosleep" => self.timespec(task, args[0], 1),
            "clock_nanosleep" if args[1] & libc::TIMER_ABSTIME as u64 == 0 => {
                self.timespec(task, args[2], 1)
            }
            "clock_nanosleep" => {
                let clock = nix::time::ClockId::from_raw(args[0] as i32);
                let now = nix::time::clock_gettime(clock).ok()?;
                Some(self.timespec(task, args[2], 1)?.saturating_sub(now.into()))
            }
            "poll" => milliseconds(args[2]),
            "epoll_wait" | "epoll_pwait" => milliseconds(args[3]),
            "ppoll" | "rt_sigtimedwait" => self.timespec(task, args[2], 1),
            "select" => self.timespec(task, args[4], 1000),
            "pselect6" | "mq_timedreceive" | "mq_timedsend" => self.timespec(task, args[4], 1),
            "semtimedop" => self.timespec(task, args[3], 1),
            "futex" if args[1] & 127 == libc::FUTEX_WAIT as u64 => self.timespec(task, args[3], 1),
            _ => None,
        }
    }

    /// Seconds and nanoseconds (or a unit of so many) at an address.
    pub(super) fn timespec(&self, task: usize, address: u64, unit: u64) -> Option<Duration> {
        let seconds = self.word(task, address).filter(|_| address != 0)?;
        let rest = self.word(task, address + 8)?.saturating_mul(unit);
        Some(Duration::from_secs(seconds).saturating_add(Duration::from_nanos(rest)))
    }

    /// Whether sleeps may end at any moment.
    pub(super) fn sleeps_at_will(&self) -> bool {
        self.settings.sleeps == Sleeps::Any
    }

    /// Lets time pass to the next moment at which somebody goes on, and lets all of that moment do so; who did.
    ///
    /// Only when nobody can go on as it is.
    pub fn pass_time(&mut self) -> Result<Vec<usize>> {
        let sleepers = self.tasks.iter().filter_map(|task| match &task.state {
            State::Sleeping { until, .. } => Some(*until),
            State::At(call) | State::Asleep(call) => call.until,
            _ => None,
        });
        let alarms = self.processes.iter().filter_map(|process| process.alarm);
        let Some(next) = sleepers.chain(alarms).min() else {
            return Ok(Vec::new());
        };
        self.now = self.now.max(next);
        let mut woken = Vec::new();
        for process in 0..self.processes.len() {
            if self.processes[process].alarm == Some(next) {
                self.processes[process].alarm = None;
                let _ = kill(Pid::from_raw(self.processes[process].pid), Signal::SIGALRM);
                woken.extend(self.main_task(process).map(|task| task + 1));
                self.nudge_process(process, libc::SIGALRM)?;
            }
        }
        for task in 0..self.tasks.len() {
            if self.is_due(task, next) {
                self.wake(task)?;
                woken.push(task + 1);
            }
        }
        Ok(woken)
    }

    fn is_due(&self, task: usize, moment: Duration) -> bool {
        match &self.tasks[task].state {
            State::Sleeping { until, .. } => *until == moment,
            State::At(call) | State::Asleep(call) => call.until == Some(moment),
            _ => false,
        }
    }

    /// Ends a sleep; a call that waits with a deadline is let wait for it.
    pub(super) fn wake(&mut self, task: usize) -> Result<()> {
        let state = std::mem::replace(&mut self.tasks[task].state, State::Moving);
        match state {
            State::Sleeping { until, .. } => {
                self.now = self.now.max(until);
                self.skip(task, 0)?;
            }
            State::At(call) | State::Asleep(call) => {
                if let Attempt::Ended = self.attempt(task, &call, true)? {
                    return self.settle();
                }
            }
            other => {
                self.tasks[task].state = other;
                return Ok(());
            }
        }
        if !matches!(self.tasks[task].state, State::Ended) {
            self.go_on(task, 0);
        }
        self.settle()
    }
}

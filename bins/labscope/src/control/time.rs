//! Virtual time: it passes when nobody else can go on.

use std::time::Duration;

use anyhow::Result;
use nix::libc;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::control::attempt::Attempt;
use crate::control::call::Call;
use crate::control::event::Event;
use crate::control::machine::{Machine, Performed};
use crate::control::settings::Sleeps;
use crate::control::table::State;

/// How often time passes in which nobody does what others see, before that is held to go on for ever.
const MOST_PASSES: usize = 300;

impl Machine {
    /// How long a call sleeps or waits at most; none: for ever, or it does not.
    pub(super) fn time_of(&self, task: usize, name: &str, args: &[u64; 6]) -> Option<Duration> {
        let milliseconds = |value: u64| u64::try_from(value as i32).ok().map(Duration::from_millis);
        match name {
            "nanosleep" => self.timespec(task, args[0], 1),
            "clock_nanosleep" if args[1] & libc::TIMER_ABSTIME as u64 == 0 => {
                self.timespec(task, args[2], 1)
            }
            "clock_nanosleep" => self.until(task, args[2], args[0]),
            "futex_waitv" => self.until(task, args[3], args[4]),
            "poll" => milliseconds(args[2]),
            "epoll_wait" | "epoll_pwait" => milliseconds(args[3]),
            "ppoll" | "rt_sigtimedwait" => self.timespec(task, args[2], 1),
            "select" => self.timespec(task, args[4], 1000),
            "pselect6" | "mq_timedreceive" | "mq_timedsend" => self.timespec(task, args[4], 1),
            "recvmmsg" | "io_getevents" => self.timespec(task, args[4], 1),
            "semtimedop" | "epoll_pwait2" => self.timespec(task, args[3], 1),
            "futex" if args[1] & 127 == libc::FUTEX_WAIT as u64 => self.timespec(task, args[3], 1),
            _ => None,
        }
    }

    /// How long it takes until the moment at an address, on that clock.
    fn until(&self, task: usize, address: u64, clock: u64) -> Option<Duration> {
        let clock = nix::time::ClockId::from_raw(clock as i32);
        let now = nix::time::clock_gettime(clock).ok()?;
        Some(self.timespec(task, address, 1)?.saturating_sub(now.into()))
    }

    /// Seconds and nanoseconds (or a unit of so many) at an address.
    pub(super) fn timespec(&self, task: usize, address: u64, unit: u64) -> Option<Duration> {
        let seconds = self.word(task, address).filter(|_| address != 0)?;
        let rest = self.word(task, address + 8)?.saturating_mul(unit);
        Some(Duration::from_secs(seconds).saturating_add(Duration::from_nanos(rest)))
    }

    /// Puts what is left of a sleep in the place of its whole time: the kernel sleeps no longer than that from now on.
    /// Returns what was there.
    pub(super) fn shorten(&self, task: usize, call: &Call, until: Duration) -> [Option<u64>; 2] {
        let address = time_asked(call);
        let former = [self.word(task, address), self.word(task, address + 8)];
        if is_relative(call) {
            self.write(task, address, self.left(until));
        }
        former
    }

    /// Puts it back.
    pub(super) fn lengthen(&self, task: usize, call: &Call, former: [Option<u64>; 2]) {
        if is_relative(call) {
            self.write(task, time_asked(call), former);
        }
    }

    /// A signal has broken off a sleep: tells what is left of it in virtual time, since the kernel has told what was
    /// left in the machine's.
    pub(super) fn tell_left(&self, task: usize, call: &Call, until: Duration) {
        let told = if call.name == "nanosleep" {
            call.args[1]
        } else {
            call.args[3]
        };
        if is_relative(call) && told != 0 {
            self.write(task, told, self.left(until));
        }
    }

    fn left(&self, until: Duration) -> [Option<u64>; 2] {
        let left = until.saturating_sub(self.now);
        [left.as_secs(), u64::from(left.subsec_nanos())].map(Some)
    }

    fn write(&self, task: usize, address: u64, words: [Option<u64>; 2]) {
        let pid = Pid::from_raw(self.tasks[task].tid);
        for (word, place) in words.into_iter().zip([address, address + 8]) {
            if let Some(word) = word {
                // A process that has gone needs none.
                let _ = nix::sys::ptrace::write(pid, place as *mut _, word as i64);
            }
        }
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

    /// The next step: of that task, or of the first who can; of another one if time may not pass yet.
    ///
    /// None if nobody can go on any more.
    pub fn take_step(&mut self, wanted: Option<usize>) -> Result<Option<Box<Event>>> {
        for _ in 0..MOST_PASSES {
            let others = 1..=self.len();
            let numbers: Vec<usize> = wanted.into_iter().chain(others).collect();
            for number in numbers {
                let can = number >= 1 && number <= self.len() && self.may_go_on(number);
                if can && let Performed::Done(event) = self.perform(number)? {
                    return Ok(Some(event));
                }
            }
            if self.pass_time()?.is_empty() {
                break;
            }
        }
        Ok(None)
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
        self.let_go_on(task)
    }
}

/// Where a sleep says how long.
fn time_asked(call: &Call) -> u64 {
    if call.name == "nanosleep" {
        call.args[0]
    } else {
        call.args[2]
    }
}

fn is_relative(call: &Call) -> bool {
    match call.name.as_str() {
        "nanosleep" => true,
        "clock_nanosleep" => call.args[1] & libc::TIMER_ABSTIME as u64 == 0,
        _ => false,
    }
}

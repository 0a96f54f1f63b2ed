//! The run, from its first call to the end of its last process, or until the user has seen enough.
//!
//! Keys of the terminal (^C, ^\, ^Z) reach the lab, because its processes and labscope are one
//! foreground group; labscope only looks whether the lab itself has ended: then ^C means the watching.

use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::Signal;

use crate::i18n::{Language, live as words};
use crate::live::events::End;
use crate::live::order::Forks;
use crate::live::pending::Asked;
use crate::live::reader::Live;
use crate::live::sink::Outlet;
use crate::live::spawn::Running;

/// After such a pause what has come is told.
const PAUSE: u16 = 10;

/// At the latest after this time it is, however much more comes.
const MOST: Duration = Duration::from_millis(100);

/// A run that is watched.
pub struct Watch {
    pub lab: String,
    pub running: Running,
    pub live: Live,
    pub outlets: Vec<Outlet>,
    pub forks: Option<Forks>,
    pub asked: Asked,
    pub language: Language,
    /// How the lab's first process ended.
    pub ended: Option<End>,
    /// Whether that has been told.
    pub is_told: bool,
    /// Since when events wait to be written.
    pub waiting: Option<Instant>,
}

impl Watch {
    /// Watches to the end, and tells how it was.
    pub fn run(mut self) -> Result<()> {
        let mut told_of_others = false;
        while self.step(None)? {
            if self.asked.terminate.swap(false, Ordering::Relaxed) {
                self.terminate();
                break;
            }
            let interrupted = self.asked.interrupt.swap(false, Ordering::Relaxed);
            if self.ended.is_none()
                || self
                    .live
                    .tree
                    .get(self.leader())
                    .is_none_or(|it| it.end.is_none())
            {
                continue;
            }
            if interrupted && told_of_others {
                break;
            }
            if !told_of_others && self.waiting.is_none() {
                told_of_others = true;
                self.tell_of_others()?;
            }
        }
        self.let_go()?;
        self.conclude()
    }

    fn leader(&self) -> i32 {
        i32::try_from(self.running.lab.id()).unwrap_or_default()
    }

    /// Waits for the next thing and deals with it; false when the trace has ended, or the time is over.
    pub(super) fn step(&mut self, until: Option<Instant>) -> Result<bool> {
        let timeout = match (self.waiting, until) {
            (None, None) => PollTimeout::NONE,
            _ => PollTimeout::from(PAUSE),
        };
        let mut asked = [
            PollFd::new(self.running.trace.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.asked.bell.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut asked, timeout) {
            Ok(_) | Err(nix::errno::Errno::EINTR) => {}
            Err(error) => return Err(error).context("poll(2)"),
        }
        let [trace, bell] = asked.map(|one| one.revents().is_some_and(|it| !it.is_empty()));
        if bell {
            self.answer_bell()?;
        }
        if trace && !self.read()? {
            return Ok(false);
        }
        let is_late = self.waiting.is_some_and(|since| since.elapsed() > MOST);
        if !trace || is_late {
            self.pause();
        }
        Ok(until.is_none_or(|until| Instant::now() < until))
    }

    fn answer_bell(&mut self) -> Result<()> {
        let mut bytes = [0; 64];
        while matches!((&self.asked.bell).read(&mut bytes), Ok(1..)) {}
        if self.asked.resize.swap(false, Ordering::Relaxed) {
            self.outlets.iter_mut().for_each(Outlet::resize);
        }
        if self.ended.is_none()
            && let Some(status) = self.running.lab.try_wait().context("wait(2)")?
        {
            self.ended = Some(end(status));
            // Strace has opened the pipe, or never will.
            self.running.writer = None;
        }
        Ok(())
    }

    /// Reads what is there; false at the end.
    fn read(&mut self) -> Result<bool> {
        let mut bytes = [0; 1 << 16];
        let count = match self.running.trace.read(&mut bytes) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(true),
            Err(error) => return Err(error).context("read(2)"),
        };
        if count == 0 {
            return Ok(false);
        }
        self.running.writer = None;
        self.live.feed(&bytes[..count]);
        self.waiting.get_or_insert_with(Instant::now);
        Ok(true)
    }

    /// Tells what is complete. Calls that are not may turn out to block: they are looked at again.
    fn pause(&mut self) {
        let blocks = self.live.pause(now());
        self.waiting = blocks.then(Instant::now);
        self.tell();
    }

    pub(super) fn tell(&mut self) {
        for event in self.live.take() {
            if let Some(forks) = &mut self.forks {
                forks.note(&event);
            }
            for outlet in &mut self.outlets {
                outlet.tell(&event);
            }
        }
        let errors: Vec<String> = self.outlets.iter_mut().filter_map(Outlet::flush).collect();
        for error in errors {
            self.say_lost(&error);
        }
    }

    pub(super) fn say_lost(&self, error: &str) {
        let lost = words::cannot_write(self.language);
        let _ = writeln!(io::stderr(), "{lost}: {error}");
    }
}

/// The time of the day, in seconds.
pub(super) fn now() -> f64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_secs_f64()
}

pub(super) fn end(status: ExitStatus) -> End {
    match status.signal().map(Signal::try_from) {
        Some(Ok(signal)) => End::Killed(signal.as_str().to_owned()),
        Some(Err(_)) => End::Killed(format!("SIG_{}", status.signal().unwrap_or_default())),
        None => End::Exited(status.code().unwrap_or_default()),
    }
}

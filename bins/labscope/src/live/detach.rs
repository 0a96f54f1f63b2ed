//! The end of watching: who is left, who is let go, and what is said of it.

use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::{Pid, getpgrp};

use crate::i18n::{failure, live as words, run};
use crate::live::event_loop::{Watch, end, now};
use crate::live::say;
use crate::live::sink::Outlet;
use crate::live::terminal::{fresh_line, width};
use crate::proc::process::{Process, Stat};
use crate::proc::speed;

/// How long those are waited for that the same ^C ends, and strace, when it has been told to go.
const GRACE: Duration = Duration::from_secs(2);

impl Watch {
    /// Those of the trace that still exist.
    fn living(&self) -> Vec<(usize, i32)> {
        let processes = self.live.tree.processes().iter().zip(1..);
        let living = processes.filter(|(process, _)| process.end.is_none());
        let mut living: Vec<(usize, i32)> = living.map(|(it, number)| (number, it.pid)).collect();
        living.retain(|&(_, pid)| Stat::read(pid).is_some_and(|stat| stat.state != 'Z'));
        living
    }

    /// The lab's first process has ended, others have not.
    pub(super) fn tell_of_others(&mut self) -> Result<()> {
        let living = self.living();
        if living.is_empty() {
            return Ok(());
        }
        self.say_status()?;
        self.say(&words::lives_on(self.language, &living))
    }

    /// As strace does: the lab that it started does not outlive it.
    pub(super) fn terminate(&mut self) {
        if self.ended.is_none() {
            let _ = self.running.lab.kill();
        }
    }

    /// Ends the tracing, if it goes on: those that the same ^C ends are waited for, others are let go.
    pub(super) fn let_go(&mut self) -> Result<()> {
        let group = getpgrp().as_raw();
        let deadline = Instant::now() + speed::here(GRACE);
        let is_ours = |pid| Stat::read(pid).is_some_and(|stat| stat.pgid == group);
        while self.living().iter().any(|&(_, pid)| is_ours(pid)) && self.step(Some(deadline))? {}
        for signal in [Signal::SIGTERM, Signal::SIGKILL] {
            for tracer in self.tracers() {
                let _ = kill(Pid::from_raw(tracer), signal);
            }
            let deadline = Instant::now() + speed::here(GRACE);
            while self.step(Some(deadline))? {}
            if self.tracers().is_empty() {
                break;
            }
        }
        if self.live.tree.processes().is_empty() {
            bail!(run::strace_could_not_start(&self.lab));
        }
        // It is no more, or nobody traces it any more.
        let status = self.running.lab.wait().context("wait(2)")?;
        self.ended.get_or_insert(end(status));
        Ok(())
    }

    /// The straces of this run.
    fn tracers(&self) -> HashSet<i32> {
        let living = self.living();
        let tracers = living
            .iter()
            .filter_map(|&(_, pid)| Some(Process::read(pid)?.tracer));
        tracers.filter(|&pid| pid > 0).collect()
    }

    pub(super) fn conclude(&mut self) -> Result<()> {
        self.live.end(now());
        self.tell();
        let errors: Vec<String> = self.outlets.iter_mut().filter_map(Outlet::end).collect();
        for error in errors {
            self.say_lost(&error);
        }
        if let Some(first) = self.live.unread().first() {
            let count = self.live.unread().len();
            let _ = writeln!(io::stderr(), "labscope: {}", run::unread(count, first));
        }
        self.say_status()?;
        if let Some(forks) = &self.forks {
            let (asked, shown) = forks.shown(&self.live.trace);
            self.say(&say::order(asked, &shown, self.language))?;
        }
        let living = self.living();
        if !living.is_empty() {
            self.say(&words::left_alone(self.language, &living))?;
        }
        Ok(())
    }

    /// How the lab ended, once.
    fn say_status(&mut self) -> Result<()> {
        match &self.ended {
            Some(how) if !self.is_told => {
                self.is_told = true;
                self.say(&say::status(&self.lab, how, self.language))
            }
            _ => Ok(()),
        }
    }

    /// A line on standard output, where the lab writes too.
    fn say(&self, text: &str) -> Result<()> {
        let mut stdout = io::stdout();
        let fresh = match stdout.is_terminal() {
            true => fresh_line(width(&stdout)),
            false => String::new(),
        };
        let written = writeln!(stdout, "{fresh}{text}").and_then(|()| stdout.flush());
        written.with_context(failure::cannot_write_output)
    }
}

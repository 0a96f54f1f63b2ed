//! How a run ends: as its scenario says, or before.

use std::collections::BTreeSet;
use std::io::Seek;
use std::time::Instant;

use anyhow::{Error, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::i18n::run;
use crate::proc::process::{self, Process, Stat};
use crate::proc::speed;
use crate::run::io::poller::INTERVAL;
use crate::run::limit_check::cap_told;
use crate::run::session::{GLANCE, PATIENCE, Session, TICK};
use crate::run::state::program::ProgramState;
use crate::run::stop::{Stop, Unreached};
use crate::run::transcript::Transcript;
use crate::scenario::End;
use crate::scenario::condition::Condition;
use crate::trace::tracer::Tracer;
use crate::trace::{Happening, Notice, Trace};

impl Session<'_> {
    /// Ends the run as the scenario says, clears everything away and returns what came of it.
    pub fn finish(mut self) -> Result<Transcript> {
        self.await_end()?;
        self.conclude()
    }

    /// Waits for the end that the scenario says, and for those that process 1 leaves; what is ended comes to its next call
    /// first.
    pub(crate) fn await_end(&mut self) -> Result<()> {
        match self.plan.scenario.end {
            End::Wait => {
                self.await_condition(&Condition::Exit { process: 1 })?;
                self.await_rest()
            }
            End::Kill => self.await_arrival(),
        }
    }

    /// Ends the run here and now, whatever the scenario says.
    pub fn kill(mut self) -> Result<Transcript> {
        self.conclude()
    }

    /// Ends the run that met an error at a step: with what was seen, if that is a way in which it may stop.
    pub(crate) fn stop(mut self, error: Error, step: usize) -> Result<Transcript> {
        let lenient = self.plan.lenient;
        let is_limited = self.limit_check.is_some();
        let stop = match (error.downcast_ref::<Stop>(), error.downcast_ref()) {
            (Some(stop), _) if is_limited || lenient => stop.clone(),
            (_, Some(unreached)) if lenient => Unreached::at(unreached, step),
            _ => return Err(error),
        };
        if let Stop::Cap(_) = &stop {
            self.halt();
        }
        self.stopped = Some(stop);
        self.conclude()
    }

    /// Lets nobody who is traced go on: so nobody forks while the reaper kills them.
    fn halt(&self) {
        let tracers = self
            .state
            .programs
            .iter()
            .filter_map(|program| program.tracer.as_ref());
        tracers.for_each(Tracer::halt);
    }

    fn conclude(&mut self) -> Result<Transcript> {
        let programs = 0..self.state.programs.len();
        let left: Vec<Vec<Process>> = programs.map(|index| self.alive(index)).collect();
        self.clear_away()?;
        let state = std::mem::take(&mut self.state);
        let mut parts = state.programs.into_iter().zip(left).map(part);
        let (_, mut transcript) = parts.next().unwrap_or_default();
        transcript.companions = parts.collect();
        let stdin_file = self.stdin_file.as_mut();
        transcript.stdin_offset = stdin_file.and_then(|file| file.stream_position().ok());
        transcript.reaped = state.reaped;
        transcript.entries = state.entries;
        transcript.stopped = self.stopped.take();
        if let (Some(_), Some(trace)) = (&self.limit_check, &transcript.trace)
            && !matches!(transcript.stopped, Some(Stop::Cap(_)))
            && let Some(cap) = cap_told(trace)
        {
            transcript.stopped = Some(Stop::Cap(cap));
        }
        Ok(transcript)
    }

    /// Has the reaper kill everything that is left, and takes what still comes.
    fn clear_away(&mut self) -> Result<()> {
        self.state.ending = true;
        let programs = self.state.programs.iter_mut();
        for trace in programs.filter_map(|program| program.trace.as_mut()) {
            trace.end_watching();
        }
        self.halt();
        if self.limit_check.is_some() {
            self.stop_who_spins()?;
        }
        self.poller.hang_up(self.state.reaper_connection);
        self.poller.close_pipes()?;
        let started = Instant::now();
        while !self.poller.all_closed() {
            self.pump(TICK)?;
            if started.elapsed() > speed::here(PATIENCE) {
                let seen = self.state.description();
                bail!(run::is_not_cleared_away(&seen));
            }
        }
        let _ = self.reaper.wait();
        Ok(())
    }

    /// Stops whoever still runs, though nobody goes on from a call to the next: so the trace tells where that is.
    fn stop_who_spins(&mut self) -> Result<()> {
        let started = Instant::now();
        let mut running = BTreeSet::new();
        loop {
            for pid in self.state.scan(0) {
                let new: Vec<i32> = process::threads(pid).filter(|&it| runs(it)).collect();
                if new.into_iter().filter(|&it| running.insert(it)).count() > 0 {
                    let _ = kill(Pid::from_raw(pid), Signal::SIGSTOP); // it may just have ended
                }
            }
            let trace = self.trace_of_lab();
            let is_known = |thread: i32| trace.is_none_or(|trace| has_stopped(trace, thread));
            running.retain(|&thread| Stat::read(thread).is_some());
            let all_known = running
                .iter()
                .all(|&thread| !runs(thread) && is_known(thread));
            if all_known || started.elapsed() > speed::here(GLANCE) {
                return Ok(());
            }
            self.pump(INTERVAL)?;
        }
    }

    fn trace_of_lab(&self) -> Option<&Trace> {
        self.state.programs[0].trace.as_ref()
    }

    /// The processes of the lab (or a companion) that have not ended.
    ///
    /// One that its tracer holds (t) may be at its very end: the next looks will tell.
    fn alive(&mut self, index: usize) -> Vec<Process> {
        let started = Instant::now();
        loop {
            let mut all = match self.stopped {
                Some(Stop::Cap(_)) => self.state.halted_table(index), // the tracer tells no more
                _ => self.processes_of(index),
            };
            let is_held = all.iter().any(|process| process.state == 't');
            let late = started.elapsed() > speed::here(GLANCE);
            if !is_held || late || self.pump(INTERVAL).is_err() {
                all.retain(|process| !process.is_zombie());
                return all;
            }
        }
    }
}

/// What was seen of the lab or of one companion, and its name.
fn part((program, left): (ProgramState, Vec<Process>)) -> (String, Transcript) {
    let transcript = Transcript {
        terminal: program.terminal.bytes,
        stdout: program.stdout.map(|stdout| stdout.bytes),
        status: program.status,
        pids: program.pids,
        tables: program.tables,
        descriptors: program.descriptors,
        trace: program.trace,
        left,
        ..Transcript::default()
    };
    (program.name.unwrap_or_default(), transcript)
}

/// Whether a thread is on a processor, or waits for one.
fn runs(thread: i32) -> bool {
    Stat::read(thread).is_some_and(|stat| stat.state == 'R')
}

/// Whether the trace tells where a thread is that goes no further: in a call, or elsewhere.
fn has_stopped(trace: &Trace, thread: i32) -> bool {
    let mut calls = trace.calls.iter().rev();
    let last = calls.find(|call| call.thread == thread);
    let is_told = |notice: &Notice| {
        notice.thread == thread && (notice.what == Happening::Halted || notice.what.is_end())
    };
    last.is_some_and(|call| !call.has_returned()) || trace.notices.iter().any(is_told)
}

//! How a run ends: as its scenario says, or before.

use std::io::Seek;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use nix::sys::signal::Signal;

use crate::proc::process;
use crate::proc::process::Process;
use crate::run::io::poll::GLANCE;
use crate::run::limits;
use crate::run::session::{BACKSTAGE, Session, TICK};
use crate::run::shell;
use crate::run::stop::{InVain, Stop};
use crate::run::transcript::Transcript;
use crate::scenario::End;
use crate::scenario::condition::Condition;

impl Session<'_> {
    /// Ends the run as the scenario says, clears everything away and returns what came of it.
    pub fn finish(mut self) -> Result<Transcript> {
        self.await_end()?;
        self.conclude()
    }

    /// Waits for the end that the scenario says.
    pub(crate) fn await_end(&mut self) -> Result<()> {
        if self.scenario.end == End::Wait {
            self.await_condition(&Condition::Exit { process: 1 })?;
        }
        while self.scenario.end == End::Kill && !self.observer.may_end()? {
            self.pump(TICK)?;
        }
        Ok(())
    }

    /// Ends the run here and now, whatever the scenario says.
    pub fn kill(mut self) -> Result<Transcript> {
        self.conclude()
    }

    /// Ends the run that met an error at a step: with what was seen, if that is a way in which it may stop.
    pub(crate) fn stop(mut self, error: anyhow::Error, step: usize) -> Result<Transcript> {
        let unknown = self.meter.is_some() || self.lenient;
        let in_vain = error.downcast_ref::<InVain>();
        let stop = match (error.downcast_ref::<Stop>(), in_vain) {
            (Some(stop), _) if unknown => stop.clone(),
            (_, Some(in_vain)) if self.lenient => Stop::Unreached {
                step,
                awaited: in_vain.awaited.clone(),
                standstill: in_vain.standstill,
            },
            _ => return Err(error),
        };
        if let (Stop::Cap(_), Some(reaper)) = (&stop, self.seen.reaper) {
            shell::signal_tracers(reaper, Signal::SIGSTOP); // until the reaper has killed the others
        }
        self.stopped = Some(stop);
        self.conclude()
    }

    fn conclude(&mut self) -> Result<Transcript> {
        let left: Vec<Vec<Process>> = (0..self.albums.len())
            .map(|place| self.alive(place))
            .collect();
        let status: Vec<_> = self.seen.parties.iter().map(|party| party.status).collect();
        self.seen.ending = true;
        for trace in self
            .seen
            .parties
            .iter_mut()
            .filter_map(|party| party.trace.as_mut())
        {
            trace.end_watching();
        }
        self.wires.hang_up();
        self.wires.close_pipes()?;
        let started = Instant::now();
        let mut quiet = false;
        while !self.wires.all_closed(quiet) {
            quiet = !self.pump(TICK)?;
            if started.elapsed() > BACKSTAGE {
                bail!(
                    "something of the run cannot be cleared away\n{}",
                    self.seen.sight()
                );
            }
        }
        let _ = self.reaper.wait();
        let seen = std::mem::take(&mut self.seen);
        let whole = seen
            .parties
            .into_iter()
            .zip(std::mem::take(&mut self.albums));
        let whole = whole.zip(status.into_iter().zip(left));
        let mut parts = whole.map(|((party, album), (status, left))| {
            let name = party.name.clone();
            (name, Transcript::of(party, album, status, left))
        });
        let (_, mut transcript) = parts.next().unwrap_or_default();
        transcript.companions = parts
            .map(|(name, part)| (name.unwrap_or_default(), part))
            .collect();
        let stdin_file = self.stdin_file.as_mut();
        transcript.stdin_offset = stdin_file.and_then(|file| file.stream_position().ok());
        transcript.reaped = seen.reaped;
        transcript.entries = seen.entries;
        transcript.stopped = self.stopped.take();
        if let (Some(_), Some(trace)) = (&self.meter, &transcript.trace)
            && !matches!(transcript.stopped, Some(Stop::Cap(_)))
            && let Some(cap) = limits::cap_told(trace)
        {
            transcript.stopped = Some(Stop::Cap(cap));
        }
        Ok(transcript)
    }

    /// The processes of the lab (or a companion) that have not ended.
    ///
    /// One that its tracer holds (t) may be at its very end: the next looks will tell.
    fn alive(&mut self, place: usize) -> Vec<Process> {
        let started = Instant::now();
        loop {
            let all = match self.stopped {
                Some(Stop::Cap(_)) => self.seen.halted_table(place), // the tracer tells no more
                _ => self.processes_of(place),
            };
            let is_held = all.iter().any(|process| process.state == 't');
            let late = started.elapsed() > Duration::from_secs(1);
            if !is_held || late || self.pump(GLANCE).is_err() {
                let all = all.into_iter();
                return all.filter(|process| !process.is_zombie()).collect();
            }
        }
    }

    /// Whether every process of the run has ended: then nothing can happen any more.
    pub(crate) fn has_come_to_rest(&self) -> bool {
        let parties = &self.seen.parties;
        let is_shell = |pid: &i32| parties.iter().any(|party| party.shell == Some(*pid));
        let mut parties = parties.iter();
        parties.all(|party| party.started.len() == party.ended.len())
            && self.seen.reaper.is_some_and(|reaper| {
                let left = process::descendants(reaper);
                left.iter().all(is_shell)
            })
    }
}

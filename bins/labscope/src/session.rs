//! A run step by step: what scenarios are made of, and tests that want to look around meanwhile.

use std::fs::File;
use std::io::Seek;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::echo::expected_echo;
use crate::event::Event;
use crate::output::Output;
use crate::process::Process;
use crate::runner::{Observer, Runner};
use crate::scenario::{Channel, End, Scenario, Step, Wiring};
use crate::scratch::Scratch;
use crate::seen::{Seen, Text};
use crate::stage;
use crate::strace::Trace;
use crate::transcript::{Entry, Status, Transcript};
use crate::wires::{GLANCE, Wires};

/// How long the shell may take to start a lab, and to put everything away.
const BACKSTAGE: Duration = Duration::from_secs(20);

/// How often an observer is told that the run is waiting.
const TICK: Duration = Duration::from_millis(100);

/// More output than this is a flood.
const FLOOD: usize = 16 << 20;

/// A run in progress; dropping it kills everything in it.
pub struct Session<'a> {
    scenario: Scenario,
    wires: Wires,
    seen: Seen,
    reaper: Child,
    stdin_file: Option<File>,
    observer: Box<dyn Observer + 'a>,
    told: usize,
    tables: Vec<Vec<Process>>,
    _scratch: Scratch,
}

impl<'a> Session<'a> {
    pub(crate) fn start(runner: Runner<'a>) -> Result<Session<'a>> {
        let stage = stage::set(&runner)?;
        let stdout = matches!(runner.scenario.stdout, Wiring::Pipe | Wiring::File);
        let seen = Seen::new(
            runner.traced.then(|| Trace::of(&stage.program)),
            stdout.then(Text::default),
        );
        let mut session = Session {
            scenario: runner.scenario,
            wires: stage.wires,
            seen,
            reaper: stage.reaper,
            stdin_file: stage.stdin_file,
            observer: runner.observer,
            told: 0,
            tables: Vec::new(),
            _scratch: stage.scratch,
        };
        session.wait_until_it_runs()?;
        Ok(session)
    }

    fn wait_until_it_runs(&mut self) -> Result<()> {
        let started = Instant::now();
        loop {
            let quiet = !self.pump(TICK)?;
            if let Some(line) = self.seen.reaper_line.take() {
                self.wires.set_reaper(line)?;
            }
            let traced = self.seen.trace.as_ref();
            if self.seen.executed && traced.is_none_or(Trace::is_ready) {
                return Ok(());
            }
            let tracer_failed = traced.is_some() && self.seen.status.is_some() && quiet;
            if tracer_failed || started.elapsed() > BACKSTAGE || self.wires.all_closed(quiet) {
                return Err(self.not_started());
            }
        }
    }

    fn not_started(&self) -> anyhow::Error {
        let shown = String::from_utf8_lossy(&self.seen.terminal.bytes);
        let shown = shown.trim_end().replace("\r\n", "; ");
        match self.seen.trace {
            Some(_) => anyhow!(
                "strace did not start the program; it said: {shown} \
                 (if it may not trace here, `make doctor` says what to allow)"
            ),
            None => anyhow!("the program did not start; on the terminal: {shown}"),
        }
    }

    /// Takes what comes within `timeout`; false when nothing came.
    fn pump(&mut self, timeout: Duration) -> Result<bool> {
        let arrivals = self.wires.poll(timeout)?;
        for (source, bytes) in &arrivals {
            self.seen.take(*source, bytes);
        }
        self.seen.check_shell()?;
        let stdout = self.seen.stdout.as_ref();
        let printed = self.seen.terminal.bytes.len() + stdout.map_or(0, |text| text.bytes.len());
        if printed > FLOOD {
            bail!("the program floods its output: more than {FLOOD} bytes");
        }
        self.tell()?;
        Ok(!arrivals.is_empty())
    }

    /// Tells the observer what is new.
    fn tell(&mut self) -> Result<()> {
        while let Some(entry) = self.seen.entries.get(self.told) {
            self.told += 1;
            self.observer.entry(entry)?;
        }
        Ok(())
    }

    fn note(&mut self, entry: Entry) -> Result<()> {
        self.seen.entries.push(entry);
        self.tell()
    }

    /// Takes one step of a scenario.
    pub fn step(&mut self, step: &Step) -> Result<()> {
        while !self.observer.may_step(step)? {
            self.pump(TICK)?;
        }
        match step {
            Step::Say(text) => self.note(Entry::Said(text.clone())),
            Step::Await { event, timeout } => {
                self.await_within(event, timeout.unwrap_or(self.scenario.deadline()))
            }
            Step::Type { bytes, to } => self.type_to(bytes, *to),
            Step::CloseStdin => self.close_stdin(),
            Step::Table => self.table().map(|_| ()),
            Step::Signal { signal, process } => self.signal(*process, *signal),
        }
    }

    /// Types: into the stdin pipe where standard input is one, at the terminal otherwise.
    pub fn type_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.type_to(bytes, None)
    }

    /// Types at the terminal or into the stdin pipe.
    pub fn type_to(&mut self, bytes: &[u8], to: Option<Channel>) -> Result<()> {
        let natural = if self.wires.pipe.is_some() {
            Channel::Pipe
        } else {
            Channel::Terminal
        };
        let to = to.unwrap_or(natural);
        let output: &mut Output = match to {
            Channel::Terminal => {
                self.seen.echo = expected_echo(self.wires.keyboard.file(), bytes);
                &mut self.wires.keyboard
            }
            Channel::Pipe => self
                .wires
                .pipe
                .as_mut()
                .context("standard input is no open pipe")?,
        };
        output.send(bytes)?;
        self.note(Entry::Typed {
            bytes: bytes.to_vec(),
            to,
        })
    }

    /// Closes the stdin pipe: end of input.
    pub fn close_stdin(&mut self) -> Result<()> {
        self.wires.close_pipe()?;
        self.note(Entry::ClosedStdin)
    }

    /// Takes the process table and keeps it in the transcript.
    pub fn table(&mut self) -> Result<Vec<Process>> {
        let table = self.processes();
        self.tables.push(table.clone());
        self.note(Entry::Table(table.clone()))?;
        Ok(table)
    }

    /// The lab's processes now; nothing is noted.
    ///
    /// In a traced run the trace tells their numbers, a moment after they appear.
    pub fn processes(&mut self) -> Vec<Process> {
        let started = Instant::now();
        loop {
            let found = self.seen.scan();
            let late = started.elapsed() > Duration::from_secs(1);
            if self.seen.all_known(&found) || late || self.pump(GLANCE).is_err() {
                return self.seen.table();
            }
        }
    }

    /// The pid of process n, if it has appeared.
    pub fn pid(&mut self, number: usize) -> Option<i32> {
        self.seen.scan();
        self.seen.pid(number)
    }

    /// The pid of the reaper, the parent of orphans.
    pub fn reaper(&self) -> i32 {
        self.reaper.id() as i32
    }

    /// The pid of the shell, the session leader.
    pub fn shell(&self) -> Option<i32> {
        self.seen.shell
    }

    /// What the terminal has shown so far.
    pub fn terminal(&self) -> &[u8] {
        &self.seen.terminal.bytes
    }

    /// How process 1 ended, if it has.
    pub fn status(&self) -> Option<Status> {
        self.seen.status
    }

    /// The trace so far.
    pub fn trace(&self) -> Option<&Trace> {
        self.seen.trace.as_ref()
    }

    /// Sends a signal to process n.
    pub fn signal(&mut self, process: usize, signal: Signal) -> Result<()> {
        let pid = self
            .pid(process)
            .with_context(|| format!("there is no process {process} to signal"))?;
        kill(Pid::from_raw(pid), signal)
            .with_context(|| format!("cannot send {signal} to process {process} (pid {pid})"))?;
        self.note(Entry::Signalled {
            signal,
            process,
            pid,
        })
    }

    /// Waits for an event within the scenario's deadline.
    pub fn await_event(&mut self, event: &Event) -> Result<()> {
        self.await_within(event, self.scenario.deadline())
    }

    /// Waits for an event.
    pub fn await_within(&mut self, event: &Event, deadline: Duration) -> Result<()> {
        if event.needs_trace() && self.seen.trace.is_none() {
            bail!("a system call can be awaited in a traced run only");
        }
        let started = Instant::now();
        let mut last = None;
        while !self.seen.has_happened(event, &mut last) {
            let left = deadline.saturating_sub(started.elapsed());
            if left.is_zero() {
                return Err(anyhow!(
                    "waited {} s in vain for {event}\n{}",
                    deadline.as_secs_f64(),
                    self.seen.sight()
                ));
            }
            let pause = if event.needs_polling() { GLANCE } else { TICK };
            self.observer.waiting(event, started.elapsed())?;
            self.pump(pause.min(left))?;
        }
        Ok(())
    }

    /// Ends the run as the scenario says, clears everything away and returns what came of it.
    pub fn finish(mut self) -> Result<Transcript> {
        if self.scenario.end == End::Wait {
            self.await_event(&Event::Exit { process: 1 })?;
        }
        while self.scenario.end == End::Kill && !self.observer.may_end()? {
            self.pump(TICK)?;
        }
        self.conclude()
    }

    /// Ends the run here and now, whatever the scenario says.
    pub fn kill(mut self) -> Result<Transcript> {
        self.conclude()
    }

    fn conclude(&mut self) -> Result<Transcript> {
        let left: Vec<Process> = self
            .processes()
            .into_iter()
            .filter(|process| !process.is_zombie())
            .collect();
        let status = self.seen.status;
        self.seen.ending = true;
        self.wires.hang_up();
        self.wires.close_pipe()?;
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
        let stdin_offset = self
            .stdin_file
            .as_mut()
            .and_then(|file| file.stream_position().ok());
        let seen = std::mem::take(&mut self.seen);
        Ok(Transcript {
            terminal: seen.terminal.bytes,
            stdout: seen.stdout.map(|text| text.bytes),
            status,
            pids: seen.pids,
            tables: std::mem::take(&mut self.tables),
            trace: seen.trace,
            stdin_offset,
            left,
            reaped: seen.reaped,
            entries: seen.entries,
        })
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        self.wires.hang_up();
        let started = Instant::now();
        let mut quiet = false;
        while !self.wires.all_closed(quiet) && started.elapsed() < BACKSTAGE {
            match self.wires.poll(TICK) {
                Ok(arrivals) => quiet = arrivals.is_empty(),
                Err(_) => return,
            }
        }
        let _ = self.reaper.wait();
    }
}

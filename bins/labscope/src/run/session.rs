//! A run in progress: its start, and how what happens in it is taken.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::confinement::namespaces::{self, MachineLock, Own};
use crate::confinement::without_namespaces;
use crate::i18n::{Language, run, scenario_file};
use crate::proc::speed;
use crate::project::program_of_labscope;
use crate::run::io::poller::{INTERVAL, Poller};
use crate::run::io::source::Source;
use crate::run::limit_check::LimitCheck;
use crate::run::observer::Observer;
use crate::run::patience::Patience;
use crate::run::plan::Plan;
use crate::run::scratch::Scratch;
use crate::run::setup;
use crate::run::shell::Job;
use crate::run::state::program::ProgramState;
use crate::run::state::run_state::RunState;
use crate::run::stop::Stop;
use crate::run::transcript::Entry;
use crate::scenario::condition::Condition;
use crate::scenario::{Time, pid};
use crate::trace::tracer::{Injection, Options, Tracer, Wrong};

/// How long the shell may take to start a program, and to clear everything away.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// How long what /proc or the trace tells is waited for, when it is already true.
pub(crate) const GLANCE: Duration = Duration::from_secs(1);

/// How long a run waits for others to leave the machine they have to share.
const MACHINE_PATIENCE: Duration = Duration::from_secs(600);

/// How often an observer is told that the run is waiting.
pub(crate) const TICK: Duration = Duration::from_millis(100);

/// The most output of a run without limits.
const MAX_OUTPUT: usize = 16 << 20;

/// A run in progress; dropping it kills everything in it.
pub struct Session<'a> {
    pub(crate) plan: Plan,
    pub(crate) poller: Poller,
    pub(crate) state: RunState,
    pub(crate) reaper: Child,
    pub(crate) stdin_file: Option<File>,
    pub(crate) observer: Box<dyn Observer + 'a>,
    /// How many entries the observer has been told.
    told: usize,
    /// The program that the present step concerns: the lab (0) or a companion.
    pub(crate) current: usize,
    /// Of a run with limits, from the moment when the program runs.
    pub(crate) limit_check: Option<LimitCheck>,
    pub(crate) stopped: Option<Stop>,
    scratch: Scratch,
    _machine_lock: Option<MachineLock>,
}

impl<'a> Session<'a> {
    pub(crate) fn start(plan: Plan, mut observer: Box<dyn Observer + 'a>) -> Result<Session<'a>> {
        let (network, ipc) = (plan.scenario.network, plan.scenario.ipc);
        let (mut own, mut lock) = (Own { network, ipc }, None);
        if let Some(means) = plan.confined {
            if own.any() && !means.namespaces {
                bail!("{}", without_namespaces(own, Language::of_errors()));
            }
        } else if own.any() && !namespaces::can_be_had(&program_of_labscope()?) {
            own = Own::default();
            lock = Some(lock_machine(observer.as_mut())?);
        }
        let setup = setup::set_up(&plan, own)?;
        let mut session = Session {
            plan,
            poller: setup.poller,
            state: RunState::new(setup.programs),
            reaper: setup.reaper,
            stdin_file: setup.stdin_file,
            observer,
            told: 0,
            current: 0,
            limit_check: None,
            stopped: None,
            scratch: setup.scratch,
            _machine_lock: lock,
        };
        session.start_programs()?;
        Ok(session)
    }

    /// Starts the companions that have to be ready before the lab, then the lab.
    fn start_programs(&mut self) -> Result<()> {
        if self._machine_lock.is_some() {
            self.note(Entry::SharedMachine)?;
        }
        for companion in self.plan.scenario.companions.clone() {
            if let Some(condition) = companion.ready {
                self.start_companion(&companion.name)?;
                self.with(&companion.name, |it| it.await_condition(&condition))?;
            }
        }
        self.fill_in_pids()?;
        match self.start_program() {
            // so quickly? the steps will meet it again
            Err(error) if self.plan.limits.is_some() && error.is::<Stop>() => {}
            started => started?,
        }
        self.limit_check = self.plan.limits.clone().map(LimitCheck::new);
        Ok(())
    }

    /// Puts the numbers of companions that run by now into the arguments of the lab, which its job reads when it starts.
    fn fill_in_pids(&self) -> Result<()> {
        let pid = |name: &str, process: usize| {
            let mut programs = self.state.programs.iter();
            let companion = programs.find(|program| program.name.as_deref() == Some(name))?;
            companion.pids.get(process.checked_sub(1)?).copied()
        };
        let filled = |arg: &String| pid::fill_in(arg, pid).with_context(|| run::no_process(arg));
        let args: Result<Vec<String>> = self.plan.scenario.args.iter().map(filled).collect();
        let args = args?;
        if args == self.plan.scenario.args {
            return Ok(());
        }
        let file = setup::job_file(&self.scratch, 0);
        let job = Job {
            args,
            ..Job::read(&file)?
        };
        job.write(&file)
    }

    /// Starts the present program on its terminal; returns when it runs.
    pub(crate) fn start_program(&mut self) -> Result<()> {
        let connection = self.await_start(|program| program.connection)?;
        let program = &mut self.state.programs[self.current];
        if program.started.len() > program.ended.len() {
            bail!(run::is_running());
        }
        (program.executed, program.status) = (false, None);
        self.note(Entry::Started)?;
        self.poller.send(connection, "!")?;
        if self.state.programs[self.current].trace.is_some() {
            self.trace_program()?;
        }
        self.await_start(|program| program.is_running().then_some(()))?;
        self.poller.endpoints[self.current].held.clear(); // it has its own ends now
        Ok(())
    }

    /// Seizes the present program's job, which waits for it, and lets it become the program.
    fn trace_program(&mut self) -> Result<()> {
        let (pid, connection) = self.await_start(|program| program.waits)?;
        self.state.programs[self.current].waits = None;
        let mut options = Options {
            keeps_signals: self
                .plan
                .confined
                .is_some_and(|means| !means.keep_signals()),
            has_virtual_time: self.plan.scenario.time == Time::Virtual,
            ..Options::default()
        };
        if self.current == 0 {
            let injections = self.plan.scenario.inject.iter().map(|text| injection(text));
            options.injections = injections.collect::<Result<_>>()?;
            (options.after_fork, options.is_own) = (self.plan.after_fork, self.plan.is_own.take());
            options.read_memory = self.plan.read_memory.take();
            options.look = self.plan.look.take();
        }
        let seized = Tracer::seize(pid, options);
        let (tracer, bell) = seized.with_context(|| run::cannot_trace(pid))?;
        self.poller
            .read_from(Source::Trace(self.current), OwnedFd::from(bell))?;
        self.state.programs[self.current].tracer = Some(tracer);
        self.poller.send(connection, "!")
    }

    /// Waits for something on the way to the program's start; an error if it cannot come any more.
    fn await_start<T>(&mut self, wanted: impl Fn(&ProgramState) -> Option<T>) -> Result<T> {
        let mut patience = Patience::new(PATIENCE);
        let mut quiet = false;
        loop {
            let program = &self.state.programs[self.current];
            if let Some(found) = wanted(program) {
                return Ok(found);
            }
            let has_ended = program.trace.is_some() && program.status.is_some();
            let failed = has_ended || self.reaper.try_wait()?.is_some();
            if (failed && quiet) || self.is_over(&mut patience) {
                return Err(self.not_started());
            }
            quiet = !self.pump(TICK)?;
        }
    }

    fn not_started(&self) -> anyhow::Error {
        let program = &self.state.programs[self.current];
        let shown = String::from_utf8_lossy(&program.terminal.bytes);
        let shown = shown.trim_end().replace("\r\n", "; ");
        anyhow!(run::did_not_start(&shown))
    }

    /// Takes what comes within `timeout`; false when nothing came.
    pub(crate) fn pump(&mut self, timeout: Duration) -> Result<bool> {
        let arrivals = self.poller.poll(timeout)?;
        self.state.take_traces();
        for (source, bytes) in &arrivals {
            self.state.take(*source, bytes);
        }
        self.state.check_shell()?;
        self.check_limits()?;
        self.tell()?;
        Ok(!arrivals.is_empty())
    }

    /// An error if the program has met a cap; of a run without limits, if it has printed too much.
    fn check_limits(&mut self) -> Result<()> {
        if self.state.ending {
            return Ok(());
        }
        if let Some(check) = &mut self.limit_check
            && let Some(cap) = check.cap(&self.state.programs[0])
        {
            return Err(Stop::Cap(cap).into());
        }
        let printed = self.state.programs.iter().map(ProgramState::printed_bytes);
        if printed.sum::<usize>() > MAX_OUTPUT {
            bail!(run::floods(MAX_OUTPUT));
        }
        Ok(())
    }

    /// Tells the observer what is new.
    fn tell(&mut self) -> Result<()> {
        while let Some(entry) = self.state.entries.get(self.told) {
            self.told += 1;
            self.observer.entry(entry)?;
        }
        Ok(())
    }

    /// Notes what has happened; what the tracer has told by now came before it.
    pub(crate) fn note(&mut self, entry: Entry) -> Result<()> {
        self.state.take_traces();
        self.state.enter(self.current, entry);
        self.tell()
    }
}

/// Waits until no other run uses the network or the objects of the machine.
fn lock_machine(observer: &mut dyn Observer) -> Result<MachineLock> {
    let lock = MachineLock::open()?;
    let started = Instant::now();
    while !lock.try_lock()? {
        if started.elapsed() > speed::here(MACHINE_PATIENCE) {
            bail!(run::machine_is_taken(speed::here(MACHINE_PATIENCE)));
        }
        observer.waiting(&Condition::Machine, started.elapsed())?;
        std::thread::sleep(namespaces::INTERVAL); // a lock cannot be polled
    }
    Ok(lock)
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        for program in &mut self.state.programs {
            program.tracer = None; // nobody reads what it tells
        }
        self.poller.hang_up(self.state.reaper_connection);
        let started = Instant::now();
        while !self.poller.all_closed() && started.elapsed() < speed::here(PATIENCE) {
            if self.poller.poll(TICK).is_err() {
                break;
            }
        }
        while matches!(self.reaper.try_wait(), Ok(None)) {
            if started.elapsed() > speed::here(PATIENCE) {
                let _ = self.reaper.kill(); // and its shells with it
            }
            std::thread::sleep(INTERVAL);
        }
    }
}

/// What is changed of calls, by the text that the scenario has for it.
fn injection(text: &str) -> Result<Injection> {
    let read = text.parse().map_err(|wrong| match wrong {
        Wrong::Call(name) => scenario_file::no_call(&name),
        Wrong::Key(key) => scenario_file::no_change(&key),
        Wrong::Nothing => scenario_file::changes_nothing(),
        Wrong::Number(text) => scenario_file::no_number(&text),
        Wrong::Error(name) => scenario_file::no_error(&name),
        Wrong::Signal(name) => scenario_file::no_such_signal(&name),
        Wrong::Step => scenario_file::step_of_0(),
    });
    read.map_err(|why| anyhow!("{}: {why}", scenario_file::cannot_inject(text)))
}

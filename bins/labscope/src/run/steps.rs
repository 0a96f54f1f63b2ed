//! What may happen in a run, step by step: what scenarios are made of, and tests that want to look around.

use std::time::{Duration, Instant};

use anyhow::{Context, Error, Result, bail};
use nix::errno::Errno;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::i18n::{Language, run, scenario_file};
use crate::proc::descriptors;
use crate::proc::descriptors::Holder;
use crate::proc::process::Process;
use crate::proc::speed;
use crate::run::io::echo::{STOP, expected_echo};
use crate::run::io::poller::INTERVAL;
use crate::run::io::terminal::takes_output;
use crate::run::io::writer::Writer;
use crate::run::patience::Patience;
use crate::run::plan::OtherWords;
use crate::run::session::{GLANCE, Session, TICK};
use crate::run::state::program::ProgramState;
use crate::run::stop::{Awaited, Stop, Unreached};
use crate::run::transcript::{Entry, Status};
use crate::scenario::condition::Condition;
use crate::scenario::{Channel, Step, Time};
use crate::trace::Trace;
use crate::trace::tracer::Tracer;

/// How long nothing may come after everybody has ended or waits, before nothing more is expected.
const QUIET: Duration = Duration::from_millis(200);

/// For how long nothing has come, as far as this program was awake: of each look no more counts than was to be slept. A
/// machine that is busy brings it late, and what the terminal has under way too.
#[derive(Default)]
struct Silence(Duration);

impl Silence {
    fn look(&mut self, is_silent: bool, slept: Duration) {
        self.0 = match is_silent {
            true => self.0 + slept,
            false => Duration::ZERO,
        };
    }

    fn has_begun(&self) -> bool {
        !self.0.is_zero()
    }

    fn is_long(&self) -> bool {
        self.0 > QUIET
    }
}

/// How long those are waited for that go on when the process table is to be taken: who spins does not come to rest.
const ON_THE_WAY: Duration = Duration::from_secs(1);

/// The keys that a terminal makes signals of: ^C, ^Z and ^\.
const SIGNALS: [u8; 3] = [3, 26, 28];

impl Session<'_> {
    /// Takes one step of a scenario.
    pub fn step(&mut self, step: &Step) -> Result<()> {
        while !self.observer.may_step(step)? {
            self.pump(TICK)?;
        }
        self.act(step)
    }

    fn act(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Say(text) => self.note(Entry::Said(text.clone())),
            Step::Await { condition, timeout } => {
                self.await_within(condition, timeout.unwrap_or(self.plan.scenario.deadline()))
            }
            Step::Type { bytes, to } => self.type_to(bytes, *to),
            Step::CloseStdin => self.close_stdin(),
            Step::Table => self.table().map(|_| ()),
            Step::Descriptors => self.descriptors().map(|_| ()),
            Step::Signal { signal, process } => self.signal(*process, *signal),
            Step::Start(name) => self.start_companion(name),
            Step::GoOn => {
                let tracer = self.present().tracer.iter();
                tracer.for_each(Tracer::end_delays);
                Ok(())
            }
            Step::With { companion, step } => self.with(companion, |session| session.act(step)),
        }
    }

    /// Does something with a companion as it is done with the lab otherwise: `session.with("client", |it| it.table())`.
    pub fn with<T>(
        &mut self,
        companion: &str,
        what: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Result<T> {
        let mut programs = self.state.programs.iter();
        let index = programs.position(|program| program.name.as_deref() == Some(companion));
        let index = index.with_context(|| scenario_file::no_companion(companion))?;
        let former = std::mem::replace(&mut self.current, index);
        let result = what(self);
        self.current = former;
        result.with_context(|| run::with(companion))
    }

    /// Starts a companion on its terminal; returns when it runs.
    pub fn start_companion(&mut self, companion: &str) -> Result<()> {
        self.with(companion, Session::start_program)
    }

    /// Types: into the stdin pipe where standard input is one, at the terminal otherwise.
    pub fn type_bytes(&mut self, bytes: &[u8]) -> Result<()> {
        self.type_to(bytes, None)
    }

    /// Types at the terminal or into the stdin pipe.
    pub fn type_to(&mut self, bytes: &[u8], to: Option<Channel>) -> Result<()> {
        let to = to.unwrap_or(match self.poller.endpoints[self.current].pipe {
            Some(_) => Channel::Pipe,
            None => Channel::Terminal,
        });
        if to == Channel::Terminal && bytes.iter().any(|byte| SIGNALS.contains(byte)) {
            self.await_arrival()?;
        }
        let endpoint = &mut self.poller.endpoints[self.current];
        let writer: &mut Writer = match to {
            Channel::Terminal => {
                let echo = expected_echo(endpoint.keyboard.file(), bytes);
                self.state.programs[self.current].echo = echo;
                &mut endpoint.keyboard
            }
            Channel::Pipe => {
                let closed = || Unreached::from(Awaited::OpenPipe);
                endpoint.pipe.as_mut().ok_or_else(closed)?
            }
        };
        writer.send(bytes)?;
        if to == Channel::Terminal && bytes.contains(&STOP) {
            self.await_stopped_output()?;
        }
        self.note(Entry::Typed {
            bytes: bytes.to_vec(),
            to,
        })
    }

    /// Waits until ^S has stopped what is written to the terminal: on a busy machine the kernel takes a key later.
    fn await_stopped_output(&mut self) -> Result<()> {
        let started = Instant::now();
        while self.shell().is_some_and(takes_output) && started.elapsed() < speed::here(GLANCE) {
            self.pump(INTERVAL)?;
        }
        Ok(())
    }

    /// Closes the stdin pipe: end of input.
    pub fn close_stdin(&mut self) -> Result<()> {
        self.poller.endpoints[self.current].close_pipe()?;
        self.note(Entry::ClosedStdin)
    }

    /// Takes the process table and keeps it in the transcript. In virtual time nobody is on the way when it is taken: who
    /// is about to sleep does so first.
    pub fn table(&mut self) -> Result<Vec<Process>> {
        let mut patience = Patience::new(ON_THE_WAY);
        while self.plan.scenario.time == Time::Virtual
            && self.rest().is_none()
            && !self.is_over(&mut patience)
        {
            self.pump(INTERVAL)?;
        }
        let table = self.processes();
        self.state.programs[self.current].tables.push(table.clone());
        self.note(Entry::Table(table.clone()))?;
        Ok(table)
    }

    /// Takes a picture of the descriptors of each process and keeps it in the transcript.
    pub fn descriptors(&mut self) -> Result<Vec<Holder>> {
        let picture = self.picture()?;
        self.state.programs[self.current]
            .descriptors
            .push(picture.clone());
        self.note(Entry::Descriptors(picture.clone()))?;
        Ok(picture)
    }

    /// A process that sleeps is in a call, of which the trace may tell a moment late: all is heard before it is asked.
    fn picture(&mut self) -> Result<Vec<Holder>> {
        let started = Instant::now();
        loop {
            let table = self.processes();
            while started.elapsed() < speed::here(GLANCE) && self.pump(Duration::ZERO)? {}
            let picture = descriptors::picture(&table, |pid| self.trace()?.inside(pid));
            let alive = table.iter().filter(|process| !process.is_zombie());
            let told = alive
                .zip(&picture)
                .all(|(process, holder)| process.state != 'S' || holder.inside.is_some());
            let late = started.elapsed() > speed::here(GLANCE);
            if told || late || self.trace().is_none() {
                return Ok(picture);
            }
            self.pump(INTERVAL)?;
        }
    }

    /// The processes now; nothing is noted.
    ///
    /// In a traced run the trace tells their numbers, a moment after they appear.
    pub fn processes(&mut self) -> Vec<Process> {
        self.processes_of(self.current)
    }

    pub(crate) fn processes_of(&mut self, index: usize) -> Vec<Process> {
        let started = Instant::now();
        loop {
            let found = self.state.scan(index);
            let late = started.elapsed() > speed::here(GLANCE);
            let all_known = self.state.programs[index].all_known(&found);
            if all_known || late || self.pump(INTERVAL).is_err() {
                return self.state.table(index);
            }
        }
    }

    /// The pid of process n, if it has appeared.
    pub fn pid(&mut self, number: usize) -> Option<i32> {
        self.state.scan(self.current);
        self.present().pid(number)
    }

    /// The program that the present step concerns.
    fn present(&self) -> &ProgramState {
        &self.state.programs[self.current]
    }

    /// The pid of the reaper, the parent of orphans.
    pub fn reaper(&self) -> i32 {
        self.reaper.id() as i32
    }

    /// The pid of the shell, the session leader.
    pub fn shell(&self) -> Option<i32> {
        self.present().shell
    }

    /// What the terminal has shown so far.
    pub fn terminal(&self) -> &[u8] {
        &self.present().terminal.bytes
    }

    /// How process 1 ended, if it has.
    pub fn status(&self) -> Option<Status> {
        self.present().status
    }

    /// The trace so far.
    pub fn trace(&self) -> Option<&Trace> {
        self.present().trace.as_ref()
    }

    /// Sends a signal to process n, when nobody is on the way: who has just printed what was awaited is not yet out of its
    /// write.
    pub fn signal(&mut self, process: usize, signal: Signal) -> Result<()> {
        self.await_arrival()?;
        let nobody = || Unreached::from(Awaited::Process(process));
        let pid = self.pid(process).ok_or_else(nobody)?;
        match kill(Pid::from_raw(pid), signal) {
            Err(Errno::ESRCH) => bail!(nobody()),
            sent => sent.with_context(|| run::cannot_signal(signal, process, pid))?,
        }
        self.note(Entry::Signalled {
            signal,
            process,
            pid,
        })
    }

    /// Waits for a condition within the scenario's deadline.
    pub fn await_condition(&mut self, condition: &Condition) -> Result<()> {
        self.await_within(condition, self.plan.scenario.deadline())
    }

    /// Waits for a condition.
    pub fn await_within(&mut self, condition: &Condition, deadline: Duration) -> Result<()> {
        if condition.needs_trace() && self.trace().is_none() {
            bail!(run::calls_need_a_trace());
        }
        let deadline = deadline.min(self.plan.patience.unwrap_or(deadline));
        let started = Instant::now();
        let mut patience = Patience::new(deadline);
        let may_be_said_otherwise = self.takes_other_words()
            && matches!(condition, Condition::Terminal(_) | Condition::Stream(_));
        let mut last = None;
        let (mut after_the_end, mut while_all_wait) = (Silence::default(), Silence::default());
        let (mut while_it_asks, mut in_deadlock) = (Silence::default(), Silence::default());
        let mut looked: Option<Instant> = None;
        let time_before = self.time_passed();
        let mut rest = None;
        loop {
            // A trace may bring thousands of pieces a second; /proc is asked less often.
            let waited = self.time_passed().saturating_sub(time_before);
            let is_due = looked.is_none_or(|looked| looked.elapsed() >= INTERVAL);
            if is_due || !condition.needs_polling() {
                looked = Some(Instant::now());
                if self.state.is_true(self.current, condition, &mut last) {
                    return Ok(());
                }
                if may_be_said_otherwise && self.state.is_said_otherwise(self.current, condition) {
                    return Ok(());
                }
                let may_pass = waited < deadline && !while_it_asks.has_begun();
                if let Some(rest) = rest.filter(|_| may_pass) {
                    self.let_time_pass(rest);
                }
            }
            if while_all_wait.is_long() || while_it_asks.is_long() {
                return Ok(());
            }
            if may_be_said_otherwise && self.goes_on_and_on() {
                return Ok(()); // whoever says it, does so by now
            }
            let standstill = after_the_end.is_long();
            let is_late = in_deadlock.is_long() || rest.is_some() && waited >= deadline;
            if standstill || is_late || self.is_over(&mut patience) {
                if patience.is_given_up() {
                    return Err(Stop::NoTime.into());
                }
                if may_be_said_otherwise && !standstill {
                    return Ok(()); // somebody sleeps and goes on again and again; whoever says it, does so by now
                }
                return Err(self.in_vain(condition, started.elapsed() + waited, standstill));
            }
            let is_virtual = self.plan.scenario.time == Time::Virtual;
            let looks_often = condition.needs_polling() || is_virtual || may_be_said_otherwise;
            let pause = match looks_often || after_the_end.has_begun() {
                true => INTERVAL,
                false => TICK,
            };
            self.observer.waiting(condition, started.elapsed())?;
            rest = self.rest();
            let fell_asleep = Instant::now();
            let came = self.pump(pause.min(deadline))?;
            let slept = fell_asleep.elapsed().min(pause);
            rest = rest.filter(|_| !came);
            after_the_end.look(!came && self.all_have_ended(), slept);
            let all_wait = may_be_said_otherwise && !came && self.has_its_input();
            while_all_wait.look(all_wait && self.all_rest(), slept);
            let asks = may_be_said_otherwise && rest.is_some() && self.is_asked(condition);
            while_it_asks.look(asks, slept);
            let may_be_deadlock = self.plan.patience.is_some() && !came;
            in_deadlock.look(may_be_deadlock && self.is_deadlock(), slept);
        }
    }

    /// Whether a prompt is waited for, and the program reads already, behind more than what has been found: what it asks is
    /// asked in other words, and no time is to pass over it.
    fn is_asked(&self, condition: &Condition) -> bool {
        let is_prompt = matches!(condition, Condition::Terminal(text) if !text.ends_with('\n'));
        let program = self.present();
        let inside = |(pid, trace): (i32, &Trace)| trace.inside(pid);
        let call = program.pid(1).zip(program.trace.as_ref());
        let reads = call.and_then(inside).is_some_and(|call| call == "read(0)");
        is_prompt && reads && program.terminal.says_more()
    }

    fn takes_other_words(&self) -> bool {
        let is_done = |entry: &Entry| {
            matches!(
                entry.whose().1,
                Entry::Typed { .. } | Entry::ClosedStdin | Entry::Signalled { .. }
            )
        };
        match self.plan.takes_other_words {
            OtherWords::Never => false,
            OtherWords::AtFirst => !self.state.entries.iter().any(is_done),
            OtherWords::Always => true,
        }
    }

    /// Whether the program makes so many calls that it will meet their cap: its sleeps may have been injected away.
    fn goes_on_and_on(&self) -> bool {
        let check = self.limit_check.as_ref();
        check.is_some_and(|check| check.is_half_way(&self.state.programs[0]))
    }

    /// Whether all that was typed has reached the program, as its echo tells.
    pub(crate) fn has_its_input(&self) -> bool {
        self.present().echo.is_empty()
    }

    /// The rest that the program is in, in virtual time: nobody goes on by himself, all that was typed has reached it, and
    /// the shell has told of each end that the trace tells.
    pub(crate) fn rest(&self) -> Option<u64> {
        let program = &self.state.programs[0];
        let has_ended = |pid: &i32| program.trace.as_ref().is_some_and(|it| it.has_ended(*pid));
        let mut started = program.started.iter();
        let is_untold = started.any(|pid| has_ended(pid) && !program.ended.contains(pid));
        let rest = program.tracer.as_ref().and_then(Tracer::rest);
        rest.filter(|_| program.echo.is_empty() && !is_untold)
    }

    /// How much virtual time has passed.
    pub(crate) fn time_passed(&self) -> Duration {
        let tracer = self.state.programs[0].tracer.as_ref();
        tracer.map_or(Duration::ZERO, Tracer::time_passed)
    }

    /// Lets virtual time pass, if nobody has gone on since that rest.
    pub(crate) fn let_time_pass(&self, rest: u64) {
        let tracer = self.state.programs[0].tracer.iter();
        tracer.for_each(|tracer| tracer.let_time_pass(rest));
    }

    fn in_vain(&mut self, condition: &Condition, waited: Duration, standstill: bool) -> Error {
        let (seconds, seen) = (waited.as_secs_f64(), self.state.description());
        let awaited = condition.say(Language::of_errors());
        let message = match standstill {
            true => run::waited_and_all_ended(seconds, awaited, &seen),
            false => run::waited(seconds, awaited, &seen),
        };
        let awaited = match &self.present().name {
            Some(companion) => Awaited::With(companion.clone(), condition.clone()),
            None => Awaited::Condition(condition.clone()),
        };
        let unreached = Unreached {
            awaited,
            standstill,
            message,
        };
        unreached.into()
    }
}

//! A run and its start; what may happen in it is in `acts`, how it ends in `end`.

use std::fs::File;
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

use crate::project::program_of_labscope;
use crate::run::io::poll::Wires;
use crate::run::limits::Meter;
use crate::run::netns;
use crate::run::netns::Turn;
use crate::run::runner::{Observer, Runner};
use crate::run::setup;
use crate::run::shell::Job;
use crate::run::state::program::Party;
use crate::run::state::run_state::Seen;
use crate::run::stop::Stop;
use crate::run::transcript::{Album, Entry};
use crate::run::workdir::Scratch;
use crate::scenario::condition::Event;
use crate::scenario::{Scenario, Wiring, pid};
use crate::trace::Trace;

/// How long the shell may take to start a program, and to put everything away.
pub(crate) const BACKSTAGE: Duration = Duration::from_secs(20);

/// How long a run waits for others to leave the network they have to share.
const QUEUE: Duration = Duration::from_secs(600);

/// How often an observer is told that the run is waiting.
pub(crate) const TICK: Duration = Duration::from_millis(100);

/// More output than this is a flood.
const FLOOD: usize = 16 << 20;

/// A run in progress; dropping it kills everything in it.
pub struct Session<'a> {
    pub(crate) scenario: Scenario,
    pub(crate) wires: Wires,
    pub(crate) seen: Seen,
    pub(crate) reaper: Child,
    pub(crate) stdin_file: Option<File>,
    pub(crate) observer: Box<dyn Observer + 'a>,
    told: usize,
    /// What was taken of the lab, then of its companions.
    pub(crate) albums: Vec<Album>,
    /// Whom the present step concerns: the lab (0) or a companion.
    pub(crate) place: usize,
    /// Watches over the caps, from the moment when the program runs.
    pub(crate) meter: Option<Meter>,
    pub(crate) lenient: bool,
    pub(crate) patience: Duration,
    pub(crate) stopped: Option<Stop>,
    scratch: Scratch,
    _turn: Option<Turn>,
}

impl<'a> Session<'a> {
    pub(crate) fn start(mut runner: Runner<'a>) -> Result<Session<'a>> {
        let own_network = runner.scenario.network && netns::can_be_had(&program_of_labscope()?);
        let turn = match runner.scenario.network && !own_network {
            true => Some(wait_for_turn(runner.observer.as_mut())?),
            false => None,
        };
        let stage = setup::set(&runner, own_network)?;
        let parties = parties(&runner, &stage.programs);
        let mut session = Session {
            albums: parties.iter().map(|_| Album::default()).collect(),
            scenario: runner.scenario,
            wires: stage.wires,
            seen: Seen::new(parties),
            reaper: stage.reaper,
            stdin_file: stage.stdin_file,
            observer: runner.observer,
            told: 0,
            place: 0,
            meter: None,
            lenient: runner.lenient,
            patience: runner.patience.unwrap_or(Duration::MAX),
            stopped: None,
            scratch: stage.scratch,
            _turn: turn,
        };
        if session._turn.is_some() {
            session.note(Entry::SharedNetwork)?;
        }
        for companion in session.scenario.companions.clone() {
            if let Some(event) = companion.ready {
                session.start_companion(&companion.name)?;
                session.with(&companion.name, |session| session.await_event(&event))?;
            }
        }
        session.fill_in_pids()?;
        match session.start_program() {
            // so quickly? the steps will meet it again
            Err(error) if runner.limits.is_some() && error.is::<Stop>() => {}
            started => started?,
        }
        session.meter = runner.limits.map(Meter::new);
        Ok(session)
    }

    /// Puts the numbers of companions that run by now into the arguments of the lab, which its job reads when it starts.
    fn fill_in_pids(&self) -> Result<()> {
        let pid = |name: &str, process: usize| {
            let mut parties = self.seen.parties.iter();
            let companion = parties.find(|party| party.name.as_deref() == Some(name))?;
            companion.pids.get(process.checked_sub(1)?).copied()
        };
        let filled = |arg: &String| {
            pid::fill_in(arg, pid).with_context(|| format!("{arg:?}: there is no such process"))
        };
        let file = self.scratch.path("job.toml");
        let args: Result<_> = self.scenario.args.iter().map(filled).collect();
        let job = Job {
            args: args?,
            ..Job::read(&file)?
        };
        job.write(&file)
    }

    /// Starts the program of the present place on its terminal; returns when it runs.
    pub(crate) fn start_program(&mut self) -> Result<()> {
        let line = self.line_of_shell()?;
        let party = &mut self.seen.parties[self.place];
        if party.started.len() > party.ended.len() {
            bail!("it runs already");
        }
        (party.executed, party.status) = (false, None);
        self.note(Entry::Started)?;
        self.wires.tell(line, "!")?;
        self.wait_until_it_runs()
    }

    /// The connection of the shell, which may take a moment to call.
    fn line_of_shell(&mut self) -> Result<usize> {
        let started = Instant::now();
        let mut quiet = false;
        loop {
            if let Some(line) = self.seen.parties[self.place].line {
                return Ok(line);
            }
            if started.elapsed() > BACKSTAGE || self.wires.all_closed(quiet) {
                return Err(self.not_started());
            }
            quiet = !self.pump(TICK)?;
        }
    }

    /// Waits until the program of the present place runs.
    fn wait_until_it_runs(&mut self) -> Result<()> {
        let started = Instant::now();
        loop {
            let quiet = !self.pump(TICK)?;
            let party = &self.seen.parties[self.place];
            if party.is_running() {
                self.wires.release(self.place);
                return Ok(());
            }
            let tracer_failed = party.trace.is_some() && party.status.is_some() && quiet;
            if tracer_failed || started.elapsed() > BACKSTAGE || self.wires.all_closed(quiet) {
                return Err(self.not_started());
            }
        }
    }

    fn not_started(&self) -> anyhow::Error {
        let party = &self.seen.parties[self.place];
        let shown = String::from_utf8_lossy(&party.terminal.bytes);
        let shown = shown.trim_end().replace("\r\n", "; ");
        match party.trace {
            Some(_) => anyhow!(
                "strace did not start the program; it said: {shown} \
                 (if it may not trace here, `make doctor` says what to allow)"
            ),
            None => anyhow!("the program did not start; on the terminal: {shown}"),
        }
    }

    /// Takes what comes within `timeout`; false when nothing came.
    pub(crate) fn pump(&mut self, timeout: Duration) -> Result<bool> {
        let arrivals = self.wires.poll(timeout)?;
        for (source, bytes) in &arrivals {
            self.seen.take(*source, bytes);
        }
        if let Some(line) = self.seen.reaper_line.take() {
            self.wires.set_reaper(line)?;
        }
        self.seen.check_shell()?;
        self.check_caps()?;
        self.tell()?;
        Ok(!arrivals.is_empty())
    }

    /// Whether too much has come: of a run without limits, a flood.
    fn check_caps(&mut self) -> Result<()> {
        if self.seen.ending {
            return Ok(());
        }
        if let Some(meter) = &mut self.meter
            && let Some(cap) = meter.cap(&self.seen.parties[0])
        {
            return Err(Stop::Cap(cap).into());
        }
        let printed = self.seen.parties.iter().map(Party::printed_bytes);
        if printed.sum::<usize>() > FLOOD {
            bail!("the program floods its output: more than {FLOOD} bytes");
        }
        Ok(())
    }

    /// Tells the observer what is new.
    fn tell(&mut self) -> Result<()> {
        while let Some(entry) = self.seen.entries.get(self.told) {
            self.told += 1;
            self.observer.entry(entry)?;
        }
        Ok(())
    }

    pub(crate) fn note(&mut self, entry: Entry) -> Result<()> {
        self.seen.enter(self.place, entry);
        self.tell()
    }
}

/// What is going to be seen, of whom.
fn parties(runner: &Runner<'_>, programs: &[String]) -> Vec<Party> {
    let is_stream = |wiring: &Wiring| matches!(wiring, Wiring::Pipe | Wiring::File);
    let trace = |traced: bool, place: usize| traced.then(|| Trace::of(&programs[place]));
    let scenario = &runner.scenario;
    let stdout = is_stream(&scenario.stdout);
    let mut parties = vec![Party::new(None, trace(runner.traced, 0), stdout)];
    for (companion, place) in scenario.companions.iter().zip(1..) {
        let stdout = is_stream(&companion.stdout);
        let trace = trace(companion.trace, place);
        parties.push(Party::new(Some(&companion.name), trace, stdout));
    }
    parties
}

/// Waits until no other run uses the network of the machine.
fn wait_for_turn(observer: &mut dyn Observer) -> Result<Turn> {
    let turn = Turn::open()?;
    let started = Instant::now();
    while !turn.is_mine()? {
        if started.elapsed() > QUEUE {
            bail!("other runs did not leave the network within {QUEUE:?}");
        }
        observer.waiting(&Event::Network, started.elapsed())?;
        std::thread::sleep(netns::TURN); // a lock cannot be polled
    }
    Ok(turn)
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

//! A run, step by step, and back.

use std::collections::HashSet;
use std::path::Path;
use std::time::Duration;

use anyhow::Result;

use crate::control::{Event, Machine, Performed, Settings, Standing};
use crate::step::recording::Recording;
use crate::timeline::Timeline;

/// A run, and the steps that led to where it is.
pub struct Session {
    pub(super) machine: Machine,
    /// The name of its program.
    program: String,
    pub(super) events: Vec<Event>,
    pub(super) recording: Recording,
    /// Whose calls would wait: that was tried, and nothing has touched since what they wait for.
    pub(super) waiting: HashSet<usize>,
}

/// What came of letting a process go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It has made its call.
    Made,
    /// Its call waits: nothing has changed.
    Waits,
    /// It sleeps until then; time passes when nobody else can go on, and this one can.
    AfterOthers { until: Duration, other: usize },
    /// It is stopped, has ended, or waits for the child of its vfork.
    Cannot,
    /// There is no such process.
    Unknown,
}

impl Session {
    /// A run that has not made a step yet.
    pub fn new(settings: Settings) -> Result<Session> {
        let settings = Settings {
            tells_arguments: true,
            ..settings
        };
        let program = settings.program.file_name().unwrap_or_default();
        let program = program.to_string_lossy().into_owned();
        let mut session = Session {
            program,
            machine: Machine::new(settings)?,
            events: Vec::new(),
            recording: Recording::default(),
            waiting: HashSet::new(),
        };
        session.begin()?;
        Ok(session)
    }

    fn begin(&mut self) -> Result<()> {
        self.events.clear();
        self.waiting.clear();
        self.machine.restart()?;
        self.recording = Recording::begin(&self.machine, &self.program);
        Ok(())
    }

    /// The steps so far: the numbers of the processes, in order of appearance.
    pub fn steps(&self) -> Vec<usize> {
        self.events.iter().map(|event| event.number).collect()
    }

    /// How many processes there have been.
    pub fn processes(&self) -> usize {
        self.machine.len()
    }

    /// The run so far as a timeline.
    pub fn timeline(&self, root: &Path, lab: &str) -> Result<Timeline> {
        self.recording.timeline(root, lab, &self.machine)
    }

    /// The last call that was made, and who made it.
    pub fn last(&self) -> Option<(usize, String)> {
        let event = self.events.last()?;
        Some((
            event.number,
            self.machine.with_paths(&event.call.to_string()),
        ))
    }

    /// Lets a process make its next call.
    pub fn take(&mut self, number: usize) -> Result<Taken> {
        if number == 0 || number > self.machine.len() {
            return Ok(Taken::Unknown);
        }
        if let Standing::Sleeping { until, .. } = self.machine.standing(number) {
            if let Some(other) = (1..=self.machine.len()).find(|&other| self.is_ready(other)) {
                return Ok(Taken::AfterOthers { until, other });
            }
            self.machine.pass_time()?;
            self.waiting.clear();
        }
        if !self.machine.may_go_on(number) {
            return Ok(match self.machine.standing(number) {
                Standing::Before(_) | Standing::AsleepIn(_) => Taken::Waits,
                Standing::Sleeping { .. } => Taken::Made, // an earlier sleeper goes on first
                _ => Taken::Cannot,
            });
        }
        match self.machine.perform(number)? {
            Performed::Waits => {
                self.waiting.insert(number);
                Ok(Taken::Waits)
            }
            Performed::Done(event) => {
                self.made(*event);
                Ok(Taken::Made)
            }
        }
    }

    fn made(&mut self, event: Event) {
        let touched = |number: &usize| self.machine.is_touched(*number, &event);
        let is_over = !event.exits.is_empty();
        let kept = self
            .waiting
            .iter()
            .filter(|number| !is_over && !touched(number));
        self.waiting = kept.copied().collect();
        self.recording.made(&event, &self.machine);
        self.events.push(event);
    }

    /// Whether a process stands before a call that need not wait, as far as is known.
    pub(super) fn is_ready(&self, number: usize) -> bool {
        let known = self.waiting.contains(&number) || self.machine.would_wait(number);
        self.machine.may_go_on(number) && !known
    }

    /// Goes back to before the last step: the program is run once more, up to there. False at its beginning.
    pub fn back(&mut self) -> Result<bool> {
        let mut steps = self.steps();
        if steps.pop().is_none() {
            return Ok(false);
        }
        self.repeat(&steps).map(|_| true)
    }

    /// Runs the program from its beginning in an order; at an impossible step it stops, and tells which one.
    pub fn repeat(&mut self, steps: &[usize]) -> Result<Option<usize>> {
        if !self.events.is_empty() {
            self.begin()?;
        }
        for (place, &number) in steps.iter().enumerate() {
            match self.machine.take_step(Some(number))? {
                Some(event) if event.number == number => self.made(*event),
                _ => return Ok(Some(place + 1)),
            }
        }
        Ok(None)
    }

    /// Goes on to the end, always with the first who can; false if so many steps did not lead there.
    pub fn run_on(&mut self, most_steps: usize) -> Result<bool> {
        for _ in 0..most_steps {
            if self.machine.cap().is_some() {
                return Ok(false);
            }
            match self.machine.take_step(None)? {
                Some(event) => self.made(*event),
                None => return Ok(true),
            }
        }
        Ok(false)
    }
}

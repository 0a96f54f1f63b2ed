//! Runs one scenario of a program.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::confinement::Means;
use crate::i18n::{failure, run};
use crate::run::limits::Limits;
use crate::run::observer::{NoObserver, Observer};
use crate::run::plan::{Executable, OtherWords, Plan};
use crate::run::session::Session;
use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::trace::tracer::{AfterFork, Look, MakeIsOwn, MakeReadMemory};

/// A scenario, ready to be run with a program.
pub struct Runner<'a> {
    plan: Plan,
    observer: Box<dyn Observer + 'a>,
}

impl<'a> Runner<'a> {
    /// A run of a lab of the project at `root`: of `build/<lab>`, or of `build/traced/<lab>` when traced.
    pub fn new(root: &Path, lab: &str, scenario: &Scenario) -> Runner<'a> {
        let executable = Executable::Lab {
            root: root.to_owned(),
            name: lab.to_owned(),
            folder: None,
        };
        Runner::with(executable, scenario)
    }

    /// A run of any program.
    pub fn for_program(path: impl Into<PathBuf>, scenario: &Scenario) -> Runner<'a> {
        Runner::with(Executable::File(path.into()), scenario)
    }

    fn with(executable: Executable, scenario: &Scenario) -> Runner<'a> {
        let plan = Plan {
            executable,
            traced: scenario.is_traced(),
            scenario: scenario.clone(),
            after_fork: AfterFork::Either,
            is_own: None,
            read_memory: None,
            look: None,
            limits: None,
            confined: None,
            folder_is_tmp: false,
            lenient: false,
            takes_other_words: OtherWords::Never,
            patience: None,
            companions: None,
        };
        let observer = Box::new(NoObserver);
        Runner { plan, observer }
    }

    /// Takes the lab and its companions from this folder instead.
    pub fn programs(mut self, in_folder: impl Into<PathBuf>) -> Runner<'a> {
        if let Executable::Lab { folder, .. } = &mut self.plan.executable {
            *folder = Some(in_folder.into());
        }
        self
    }

    /// Traces the run even if the scenario does not ask for it.
    pub fn traced(mut self) -> Runner<'a> {
        self.plan.traced = true;
        self
    }

    /// Traces the run, and lets the child or the parent go on first after each fork: the other one goes on when that
    /// has made a call, waits in one, or has ended. `is_own` tells which calls count; none: all.
    pub fn after_fork(mut self, who: AfterFork, is_own: Option<MakeIsOwn>) -> Runner<'a> {
        (self.plan.after_fork, self.plan.is_own) = (who, is_own);
        self.traced()
    }

    /// Traces the run, and reads the memory of processes that have forked.
    pub fn read_memory(mut self, reader: MakeReadMemory) -> Runner<'a> {
        self.plan.read_memory = Some(reader);
        self.traced()
    }

    /// Traces the run, and lets `look` see each process before each of its calls.
    pub fn look(mut self, look: Look) -> Runner<'a> {
        self.plan.look = Some(look);
        self.traced()
    }

    /// Stops a program that meets a cap, and traces the run: the tracer counts, and halts whoever forks without end.
    pub fn limits(mut self, limits: Limits) -> Runner<'a> {
        self.plan.limits = Some(limits);
        self.traced()
    }

    /// The program is not trusted: it, and all in its run, sees and reaches its own room alone.
    pub fn confined(mut self, by: Means) -> Runner<'a> {
        self.plan.confined = Some(by);
        self
    }

    /// One that is confined in namespaces finds the run's folder at `/tmp`, and begins outside of it.
    pub fn folder_is_tmp(mut self) -> Runner<'a> {
        self.plan.folder_is_tmp = true;
        self
    }

    /// Goes on where a text is awaited and does not come, once every process waits for somebody else, or at the deadline
    /// if one sleeps for a time: the program may have said it in other words.
    pub fn take_other_words(mut self) -> Runner<'a> {
        self.plan.takes_other_words = OtherWords::Always;
        self
    }

    /// The same, before anything is typed: what comes then is known not to be what the scenario awaits.
    pub fn take_other_words_at_first(mut self) -> Runner<'a> {
        self.plan.takes_other_words = OtherWords::AtFirst;
        self
    }

    /// A step that comes to nothing ends the run as [`Transcript::stopped`] tells; it is no error.
    pub fn lenient(mut self) -> Runner<'a> {
        self.plan.lenient = true;
        self
    }

    /// Waits at most so long for anything, whatever the scenario says, and not in a deadlock.
    pub fn patience(mut self, at_most: Duration) -> Runner<'a> {
        self.plan.patience = Some(at_most);
        self
    }

    /// Takes the companions that are labs from this folder.
    pub fn companions(mut self, in_folder: impl Into<PathBuf>) -> Runner<'a> {
        self.plan.companions = Some(in_folder.into());
        self
    }

    /// Tells `observer` everything while it happens.
    pub fn observe(mut self, observer: impl Observer + 'a) -> Runner<'a> {
        self.observer = Box::new(observer);
        self
    }

    /// Starts the program; returns when it runs.
    pub fn start(self) -> Result<Session<'a>> {
        let path = self.plan.path();
        let what = format!("{} ({})", path.display(), self.plan.scenario.name);
        Session::start(self.plan, self.observer).with_context(|| failure::cannot_start(what))
    }

    /// Runs the whole scenario.
    pub fn run(self) -> Result<Transcript> {
        let name = self.plan.scenario.name.clone();
        let steps = self.plan.scenario.steps.clone();
        let mut session = self.start()?;
        for (index, step) in steps.iter().enumerate() {
            if let Err(error) = session.step(step) {
                let stopped = session.stop(error, index);
                return stopped.with_context(|| run::at_step(&name, index + 1, steps.len()));
            }
        }
        let ended = match session.await_end() {
            Ok(()) => session.kill(),
            Err(error) => session.stop(error, steps.len()),
        };
        ended.with_context(|| run::after_the_last_step(&name))
    }
}

//! One run of one scenario.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::run::limits::Limits;
use crate::run::session::Session;
use crate::run::transcript::{Entry, Transcript};
use crate::scenario::condition::Condition;
use crate::scenario::{Scenario, Step};

/// Who watches a run while it happens; an error ends the run (and everything in it is cleaned up).
pub trait Observer {
    /// Something has happened.
    fn entry(&mut self, _entry: &Entry) -> Result<()> {
        Ok(())
    }

    /// Whether a step may be taken; asked again and again until it may.
    fn may_step(&mut self, _step: &Step) -> Result<bool> {
        Ok(true)
    }

    /// Whether a run that has to be ended from outside may be ended now; asked again and again.
    fn may_end(&mut self) -> Result<bool> {
        Ok(true)
    }

    /// The run is still waiting; called several times a second.
    fn waiting(&mut self, _event: &Condition, _since: Duration) -> Result<()> {
        Ok(())
    }
}

/// The observer that looks away.
struct Nobody;

impl Observer for Nobody {}

/// The error of an observer that has seen enough: the run ends, and it is nobody's fault.
#[derive(Debug)]
pub struct Quit;

impl fmt::Display for Quit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ended on request")
    }
}

impl std::error::Error for Quit {}

/// A scenario, ready to be run with a program.
pub struct Runner<'a> {
    pub(crate) program: Program,
    pub(crate) scenario: Scenario,
    pub(crate) traced: bool,
    pub(crate) trace_options: Vec<String>,
    pub(crate) limits: Option<Limits>,
    pub(crate) lenient: bool,
    pub(crate) patience: Option<Duration>,
    pub(crate) companions: Option<PathBuf>,
    pub(crate) observer: Box<dyn Observer + 'a>,
}

/// Which file is run.
pub(crate) enum Program {
    /// A lab, from `build/` or `build/traced/` of the project, or from the folder given.
    Lab {
        root: PathBuf,
        name: String,
        folder: Option<PathBuf>,
    },
    /// Any program; its companions lie beside it.
    File(PathBuf),
}

impl Program {
    /// The file to run.
    pub(crate) fn path(&self, traced: bool) -> PathBuf {
        match self {
            Program::File(path) => path.clone(),
            Program::Lab { root, name, folder } => {
                let folder = folder.clone().unwrap_or_else(|| {
                    if traced {
                        root.join("build").join("traced")
                    } else {
                        root.join("build")
                    }
                });
                folder.join(name)
            }
        }
    }
}

impl<'a> Runner<'a> {
    /// A run of a lab of the project at `root`: of `build/<lab>`, or of `build/traced/<lab>` when traced.
    pub fn new(root: &Path, lab: &str, scenario: &Scenario) -> Runner<'a> {
        let program = Program::Lab {
            root: root.to_owned(),
            name: lab.to_owned(),
            folder: None,
        };
        Runner::with(program, scenario)
    }

    /// A run of any program.
    pub fn for_program(path: impl Into<PathBuf>, scenario: &Scenario) -> Runner<'a> {
        Runner::with(Program::File(path.into()), scenario)
    }

    fn with(program: Program, scenario: &Scenario) -> Runner<'a> {
        Runner {
            program,
            traced: scenario.is_traced(),
            scenario: scenario.clone(),
            trace_options: Vec::new(),
            limits: None,
            lenient: false,
            patience: None,
            companions: None,
            observer: Box::new(Nobody),
        }
    }

    /// Takes the lab and its companions from this folder instead.
    pub fn programs(mut self, in_folder: impl Into<PathBuf>) -> Runner<'a> {
        if let Program::Lab { folder, .. } = &mut self.program {
            *folder = Some(in_folder.into());
        }
        self
    }

    /// Traces the run even if the scenario does not ask for it.
    pub fn traced(mut self) -> Runner<'a> {
        self.traced = true;
        self
    }

    /// Hands strace further options (`-k`, `--inject=…`), and so traces the run.
    pub fn trace_options(mut self, options: &[&str]) -> Runner<'a> {
        self.trace_options
            .extend(options.iter().map(|&option| option.to_owned()));
        self.traced()
    }

    /// Stops a program that meets a cap, and traces the run: the tracer counts, and halts whoever forks without end.
    pub fn limits(mut self, limits: Limits) -> Runner<'a> {
        self.limits = Some(limits);
        self.traced()
    }

    /// A step that comes to nothing ends the run as [`Transcript::stopped`] tells; it is no error.
    pub fn lenient(mut self) -> Runner<'a> {
        self.lenient = true;
        self
    }

    /// Waits at most so long for anything, whatever the scenario says.
    pub fn patience(mut self, at_most: Duration) -> Runner<'a> {
        self.patience = Some(at_most);
        self
    }

    /// Takes the companions that are labs from this folder.
    pub fn companions(mut self, in_folder: impl Into<PathBuf>) -> Runner<'a> {
        self.companions = Some(in_folder.into());
        self
    }

    /// Tells `observer` everything while it happens.
    pub fn observe(mut self, observer: impl Observer + 'a) -> Runner<'a> {
        self.observer = Box::new(observer);
        self
    }

    /// Starts the program; returns when it runs.
    pub fn start(self) -> Result<Session<'a>> {
        let what = format!(
            "{} ({})",
            self.program.path(self.traced).display(),
            self.scenario.name
        );
        Session::start(self).with_context(|| format!("cannot start {what}"))
    }

    /// Runs the whole scenario.
    pub fn run(self) -> Result<Transcript> {
        let name = self.scenario.name.clone();
        let steps = self.scenario.steps.clone();
        let mut session = self.start()?;
        for (place, step) in steps.iter().enumerate() {
            if let Err(error) = session.step(step) {
                return session.stop(error, place).with_context(|| {
                    format!("scenario {name:?}, step {} of {}", place + 1, steps.len())
                });
            }
        }
        let ended = match session.await_end() {
            Ok(()) => session.kill(),
            Err(error) => session.stop(error, steps.len()),
        };
        ended.with_context(|| format!("scenario {name:?}, after the last step"))
    }
}

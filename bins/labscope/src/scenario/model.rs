//! A scenario: one way to exercise a lab.

use std::time::Duration;

use anyhow::{Context, Result};
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::{Text, failure};
use crate::scenario::companion::{Companion, Played};
use crate::scenario::difference::Difference;
use crate::scenario::gap::Gap;
use crate::scenario::head::Head;
use crate::scenario::step::Step;
use crate::scenario::task::Change;
use crate::scenario::toml::one_of;
use crate::scenario::wiring::Wiring;
use crate::text::nearest::nearest;

/// How a run ends after its last step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum End {
    /// The runner waits for process 1 to end by itself.
    #[default]
    Wait,
    /// The run is over: what is left is killed, and that is no error.
    Kill,
}

impl<'de> Deserialize<'de> for End {
    fn deserialize(value: &mut Value<'de>) -> Result<End, DeserError> {
        one_of(value, &[("wait", End::Wait), ("kill", End::Kill)])
    }
}

/// By which clock the program's sleeps end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Time {
    /// That of the machine.
    #[default]
    Real,
    /// One that stands while anybody can go on, and then leaps to the end of the sleep that ends first.
    Virtual,
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize(value: &mut Value<'de>) -> Result<Time, DeserError> {
        one_of(value, &[("real", Time::Real), ("virtual", Time::Virtual)])
    }
}

/// Scenarios that are shown although the tour leaves them out.
const ALSO_SHOWN: [&str; 2] = ["tty", "pipe"];

/// One way to exercise a lab.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenario {
    pub name: String,
    pub title: Text,
    pub args: Vec<String>,
    pub stdin: Wiring,
    pub stdout: Wiring,
    /// The content of the stdin file; or what is written into the stdin pipe at once, before it is closed.
    pub input: Option<String>,
    /// Programs that must lie beside the lab.
    pub needs: Vec<String>,
    /// Whether the run is traced in any case; see [`Scenario::is_traced`].
    pub trace: bool,
    /// Handed to strace, each as `--inject=…`.
    pub inject: Vec<String>,
    /// The deadline of each await and of the end; 10 s unless the file says otherwise.
    pub timeout: Option<Duration>,
    pub time: Time,
    /// Whether the run has a network of its own, with nothing in it but `lo`.
    pub network: bool,
    /// Whether the run has System V objects of its own, at first none.
    pub ipc: bool,
    /// Programs that run beside the lab, each on a terminal of its own.
    pub companions: Vec<Companion>,
    pub tour: bool,
    /// Whether the study pages show it as a run, if the file says so.
    pub shown: Option<bool>,
    /// The question of the fault drill: here something fails, and what will the program do?
    pub fault: Option<Text>,
    pub steps: Vec<Step>,
    pub end: End,
}

impl Scenario {
    /// Whether the study pages show it as a run, and the quiz asks about it.
    pub fn is_shown(&self) -> bool {
        let is_usual = self.tour || ALSO_SHOWN.contains(&self.name.as_str());
        self.shown.unwrap_or(is_usual)
    }

    /// What plays: the lab itself, or a companion; one that is started again may have a number behind its name.
    pub fn played(&self, lab: &str, who: Option<&str>) -> Companion {
        let is_called = |one: &&Companion, name: &str| match name.strip_prefix(one.name.as_str()) {
            Some("") => true,
            Some(rest) => rest
                .strip_prefix('-')
                .is_some_and(|number| number.parse::<usize>().is_ok()),
            None => false,
        };
        let mut companions = self.companions.iter();
        match who {
            Some(name) => companions
                .find(|one| is_called(one, name))
                .cloned()
                .unwrap_or_else(|| Companion::named(name, Played::Lab(String::new()))),
            None => Companion {
                args: self.args.clone(),
                stdin: self.stdin.clone(),
                stdout: self.stdout.clone(),
                input: self.input.clone(),
                ..Companion::named("", Played::Lab(lab.to_owned()))
            },
        }
    }

    /// A scenario built in code; everything else as a file that names nothing would have it.
    pub fn named(name: &str) -> Scenario {
        Scenario {
            name: name.to_owned(),
            ..Scenario::default()
        }
    }

    /// The deadline of each await.
    pub fn deadline(&self) -> Duration {
        self.timeout.unwrap_or(Duration::from_secs(10))
    }

    /// Whether the run is traced: asked for, or implied by virtual time, an injection or a step that awaits a call.
    pub fn is_traced(&self) -> bool {
        let awaits_call =
            |step: &Step| matches!(step, Step::Await { condition, .. } if condition.needs_trace());
        let is_virtual = self.time == Time::Virtual;
        self.trace || is_virtual || !self.inject.is_empty() || self.steps.iter().any(awaits_call)
    }
}

/// A task that can be checked: a student's program is held against the solution.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Task {
    pub name: String,
    /// In which the two must do the same: some of the lab's, and the task's own.
    pub scenarios: Vec<Scenario>,
    /// In the order in which they are asked for.
    pub changes: Vec<Change>,
}

impl Task {
    /// Whether it is checked in Rust, too.
    pub fn is_in_rust(&self) -> bool {
        self.changes.iter().any(|change| change.rust.is_some())
    }

    /// Its changes of the C program, or of the lab's Rust.
    pub fn changes_of(&self, in_rust: bool) -> Vec<Change> {
        let changes = self.changes.iter();
        match in_rust {
            true => changes.filter_map(Change::in_rust).collect(),
            false => changes.filter(|it| it.is_in_c()).cloned().collect(),
        }
    }
}

/// A whole scenario file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scenarios {
    pub lab: Option<Head>,
    pub scenarios: Vec<Scenario>,
    pub differences: Vec<Difference>,
    /// In the order in which they are filled in.
    pub gaps: Vec<Gap>,
    pub tasks: Vec<Task>,
}

impl Scenarios {
    /// The scenario of that name.
    pub fn get(&self, name: &str) -> Option<&Scenario> {
        self.scenarios.iter().find(|scenario| scenario.name == name)
    }

    /// The task of that name.
    pub fn task(&self, lab: &str, name: &str) -> Result<&Task> {
        let found = self.tasks.iter().find(|task| task.name == name);
        found.with_context(|| {
            let names = self.tasks.iter().map(|one| one.name.as_str());
            let near = nearest(name, names.clone()).unwrap_or_default();
            failure::no_task(lab, name, near, &names.collect::<Vec<_>>().join(", "))
        })
    }

    /// The one whose picture a command names for this lab, or else its scenario file.
    pub fn pictured(&self, lab: &str, name: Option<&str>) -> Result<&Scenario> {
        let by_file = || self.lab.as_ref()?.picture.as_deref();
        self.chosen(lab, name.or_else(by_file))
    }

    /// The one that a command names for this lab, or the first one.
    pub fn chosen(&self, lab: &str, name: Option<&str>) -> Result<&Scenario> {
        let found = match name {
            Some(name) => self.get(name),
            None => self.scenarios.first(),
        };
        found.with_context(|| {
            let names = self.scenarios.iter().map(|one| one.name.as_str());
            let name = name.unwrap_or_default();
            let near = nearest(name, names.clone()).unwrap_or_default();
            failure::no_scenario(lab, name, near, &names.collect::<Vec<_>>().join(", "))
        })
    }
}

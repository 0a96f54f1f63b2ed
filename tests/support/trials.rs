//! Tests that are made from data: one a lab, or one a lab and scenario, each with a name to call it by,
//! `lab::scenario::promise`. A failure tells what it is about and the commands that show it.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;
use std::thread;

use labscope::Room;
use labscope::scenario::Scenario;
use libtest_mimic::{Arguments, Trial};

use super::{labs, root, scenarios_of, traced, unoptimised};

/// How many run at once on each processor unless `--test-threads` says otherwise: they sleep half of the time,
/// and more would only be late for the deadlines of their scenarios.
const AT_ONCE: usize = 4;

/// What a trial is about.
#[derive(Clone, Debug)]
pub struct Subject {
    pub lab: String,
    pub scenario: Option<String>,
}

/// What a check may give back: nothing (it panics then), or all that is not as promised.
pub trait Findings {
    fn findings(self) -> Vec<String>;
}

impl Findings for () {
    fn findings(self) -> Vec<String> {
        Vec::new()
    }
}

impl Findings for Vec<String> {
    fn findings(self) -> Vec<String> {
        self
    }
}

impl Subject {
    /// A lab as a whole.
    pub fn lab(lab: &str) -> Subject {
        Subject {
            lab: lab.to_owned(),
            scenario: None,
        }
    }

    /// A lab in one scenario.
    pub fn scenario(lab: &str, scenario: &str) -> Subject {
        Subject {
            lab: lab.to_owned(),
            scenario: Some(scenario.to_owned()),
        }
    }

    /// A trial of one promise; `shown_by` is the command that shows it to a person.
    pub fn trial<F: Findings>(
        &self,
        promise: &str,
        shown_by: impl Into<String>,
        check: impl FnOnce(&Subject) -> F + Send + 'static,
    ) -> Trial {
        let subject = self.clone();
        let scenario = self.scenario.iter().map(|name| format!("{name}::"));
        let name = format!("{}::{}{promise}", self.lab, scenario.collect::<String>());
        let (full_name, shown_by) = (name.clone(), shown_by.into());
        Trial::test(name, move || {
            let found = caught(|| check(&subject).findings());
            match found.is_empty() {
                true => Ok(()),
                false => Err(subject.tell(&full_name, &shown_by, &found).into()),
            }
        })
    }

    fn tell(&self, name: &str, shown_by: &str, found: &[String]) -> String {
        let scenario = self.scenario.iter();
        let scenario: String = scenario.map(|name| format!("scenario: {name}\n")).collect();
        format!(
            "lab:      {}\n{scenario}see it:   {shown_by}\nagain:    cargo test --test {} -- --exact {name}\n\n{}",
            self.lab,
            env!("CARGO_CRATE_NAME"),
            found.join("\n")
        )
    }
}

/// One trial of a promise for each lab; `shown_by` has `{lab}` for its name, `{room}` for its folder.
pub fn each_lab<F: Findings + 'static>(
    promise: &str,
    shown_by: &str,
    check: fn(&str) -> F,
) -> Vec<Trial> {
    trials_of(&labs(), promise, shown_by, check)
}

/// The same for some labs.
pub fn trials_of<F: Findings + 'static>(
    labs: &[impl AsRef<str>],
    promise: &str,
    shown_by: &str,
    check: fn(&str) -> F,
) -> Vec<Trial> {
    let labs = labs.iter().map(AsRef::as_ref);
    labs.map(|lab: &str| {
        let mut shown_by = shown_by.replace("{lab}", lab);
        if shown_by.contains("{room}") {
            let room = Room::of(root(), lab).folder;
            let room = room.strip_prefix(root()).unwrap_or(&room);
            shown_by = shown_by.replace("{room}", &room.to_string_lossy());
        }
        Subject::lab(lab).trial(promise, shown_by, move |subject| check(&subject.lab))
    })
    .collect()
}

/// Every lab in every scenario of its room.
pub fn scenarios() -> Vec<(Subject, Scenario)> {
    let of = |lab: String| {
        let scenarios = scenarios_of(&lab).scenarios.iter().cloned();
        scenarios.map(move |scenario| (Subject::scenario(&lab, &scenario.name), scenario))
    };
    labs().into_iter().flat_map(of).collect()
}

/// A promise of the timeline of every scenario of the tour.
pub fn trials_of_timelines(promise: &str, check: fn(&str, &Scenario) -> Vec<String>) -> Vec<Trial> {
    let shown = scenarios().into_iter();
    let shown = shown.filter(|(_, scenario)| scenario.tour);
    let trial = |(subject, scenario): (Subject, Scenario)| {
        let shown_by = format!("make timeline-{} SCENARIO={}", subject.lab, scenario.name);
        subject.trial(promise, shown_by, move |subject| {
            traced(&subject.lab);
            unoptimised(&subject.lab);
            check(&subject.lab, &scenario)
        })
    };
    shown.map(trial).collect()
}

/// A text as a part of a name.
pub fn name_of(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("_")
}

/// Runs the trials as the arguments of cargo test say.
pub fn run(trials: Vec<Trial>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    let processors = thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(AT_ONCE * processors);
    keep_panics();
    libtest_mimic::run(&arguments, trials).exit_code()
}

thread_local! {
    /// What the trial of this thread said when it panicked; none outside of trials.
    static SAID: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// Has panics of trials told with the trial, and not in the middle of others.
fn keep_panics() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |what| {
        let is_kept = SAID.with_borrow_mut(|said| {
            let said = said.as_mut()?;
            said.push(what.to_string());
            Some(())
        });
        if is_kept.is_none() {
            usual(what);
        }
    }));
}

/// What a check found, or how it panicked.
fn caught(check: impl FnOnce() -> Vec<String>) -> Vec<String> {
    SAID.set(Some(Vec::new()));
    let found = panic::catch_unwind(AssertUnwindSafe(check));
    let said = SAID.take().unwrap_or_default();
    found.unwrap_or(said)
}

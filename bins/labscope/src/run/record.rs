//! The run behind a timeline: the lab and its companions, all of them traced.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::confinement::Means;
use crate::project::Room;
use crate::run::limits::Limits;
use crate::run::observer::Observer;
use crate::run::runner::Runner;
use crate::run::transcript::Transcript;
use crate::scenario::condition::Condition;
use crate::scenario::{Scenario, Step};
use crate::source;
use crate::trace::tracer::{AfterFork, Look};

/// In which orders after fork a scenario is recorded. With companions it is recorded as it comes: whom a server serves
/// tells more than who of its processes goes on first.
pub fn orders(scenario: &Scenario) -> &'static [AfterFork] {
    match scenario.companions.is_empty() {
        true => &[AfterFork::Child, AfterFork::Parent],
        false => &[AfterFork::Either],
    }
}

/// Runs a scenario of a lab with a tracer for each program in it; the lab's own tells the stack of each call.
pub fn record(
    root: &Path,
    lab: &str,
    scenario: &Scenario,
    first: AfterFork,
    look: Option<Look>,
) -> Result<Transcript> {
    let programs = programs(root, lab);
    let runner = Runner::new(root, lab, &all_traced(scenario))
        .programs(&programs)
        .companions(root.join("build").join("traced"))
        .read_memory(source::reader(programs))
        .after_fork(first, None);
    let runner = match look {
        Some(look) => runner.look(look),
        None => runner,
    };
    runner.observe(Typist::default()).run()
}

/// The same with a C program in the place of the lab, called like it; `confined`: by what, if it is not trusted.
pub fn record_program(
    root: &Path,
    program: &Path,
    scenario: &Scenario,
    confined: Option<Means>,
) -> Result<Transcript> {
    let runner = Runner::for_program(program, &all_traced(scenario))
        .companions(root.join("build").join("traced"))
        .limits(Limits::default())
        .take_other_words()
        .lenient();
    let runner = match confined {
        Some(means) => runner.confined(means),
        None => runner,
    };
    let folder = program.parent().unwrap_or(Path::new(".")).to_owned();
    let runner = runner.read_memory(source::reader(folder));
    runner.observe(Typist::default()).run()
}

/// The folder that a lab is taken from.
pub fn programs(root: &Path, lab: &str) -> PathBuf {
    let build = root.join("build");
    let unoptimised = build.join("debug");
    match is_drawn_unoptimised(root, lab) && unoptimised.join(lab).is_file() {
        true => unoptimised,
        false => build.join("traced"),
    }
}

/// Whether the run of a lab is that of its unoptimised copy: it forks, and in that copy's memory each variable has a place.
/// The copy makes the same calls, but takes longer: a lab that measures time is left as it is.
pub fn is_drawn_unoptimised(root: &Path, lab: &str) -> bool {
    let source = fs::read_to_string(Room::of(root, lab).source(lab, "rs")).unwrap_or_default();
    source.contains("fork()") && !source.contains("clock_gettime")
}

/// How long passes before a key: long enough to see that somebody waits for it.
const PAUSE: Duration = Duration::from_millis(300);

/// Types no faster than a person.
#[derive(Default)]
struct Typist {
    since: Option<Instant>,
}

impl Observer for Typist {
    fn may_step(&mut self, step: &Step) -> Result<bool> {
        if !types(step) {
            return Ok(true);
        }
        let since = *self.since.get_or_insert_with(Instant::now);
        let may = since.elapsed() >= PAUSE;
        if may {
            self.since = None;
        }
        Ok(may)
    }
}

fn types(step: &Step) -> bool {
    match step {
        Step::Type { .. } => true,
        Step::With { step, .. } => types(step),
        _ => false,
    }
}

/// The scenario with every companion traced. A traced one can be started only once,
/// so one that is started again and again becomes several: `client`, `client-2`, …
fn all_traced(scenario: &Scenario) -> Scenario {
    let mut scenario = scenario.clone();
    let mut started: HashMap<String, usize> = HashMap::new();
    for companion in &mut scenario.companions {
        companion.trace = true;
        if companion.ready.is_some() {
            started.insert(companion.name.clone(), 1);
        }
    }
    for step in &mut scenario.steps {
        match step {
            Step::Start(name) => {
                let times = started.entry(name.clone()).or_default();
                *times += 1;
                let again = copy_name(name, *times);
                let original = scenario.companions.iter().find(|one| one.name == *name);
                if let (2.., Some(original)) = (*times, original) {
                    let mut copy = original.clone();
                    (copy.name, copy.ready) = (again.clone(), None);
                    scenario.companions.push(copy);
                }
                *name = again;
            }
            Step::With { companion, step } => {
                let times = started.get(companion).copied().unwrap_or(1);
                *companion = copy_name(companion, times);
                renumber(step, times - 1);
            }
            _ => {}
        }
    }
    scenario
}

fn copy_name(name: &str, times: usize) -> String {
    match times {
        0 | 1 => name.to_owned(),
        times => format!("{name}-{times}"),
    }
}

/// Process n of a companion that was started again is the first process of the copy.
fn renumber(step: &mut Step, earlier: usize) {
    let process = match step {
        Step::Signal { process, .. } => process,
        Step::Await {
            condition:
                Condition::State { process, .. }
                | Condition::Name { process, .. }
                | Condition::Parent { process, .. }
                | Condition::Adopted { process }
                | Condition::OwnSession { process }
                | Condition::NoTerminal { process }
                | Condition::Exit { process }
                | Condition::Entered { process, .. }
                | Condition::Finished { process, .. },
            ..
        } => process,
        _ => return,
    };
    *process = process.saturating_sub(earlier).max(1);
}

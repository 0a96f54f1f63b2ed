//! The runs behind a comparison.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::order::{self, Order, Shown};
use super::story::{Story, stories};
use super::text::{Names, Text};
use crate::attribution::{Attribution, Site};
use crate::strace::Trace;
use crate::{Limits, Runner, Scenario, Stop, Transcript};

/// Which program is run.
#[derive(Clone, Debug)]
pub enum Program {
    /// The lab of the project.
    Lab { root: PathBuf, name: String },
    /// A C program, called like its lab; companions come from the project at `root`.
    C { root: PathBuf, path: PathBuf },
}

/// One run, read.
pub struct Run {
    pub transcript: Transcript,
    pub sites: Vec<Site>,
    pub stories: Vec<Story>,
    /// What the numbers of this run stand for.
    pub names: Names,
    pub shown: Shown,
}

/// How often a run is repeated that came out in another order than was asked for.
const ATTEMPTS: usize = 50;

/// The same where the program does not get through the scenario anyway.
const FEW: usize = 10;

/// How long a C program is waited for where it is known to part from the lab for good.
const PATIENCE: Duration = Duration::from_secs(4);

/// Twins that loop without end are stopped after so many calls.
const CALLS: usize = 4000;

impl Program {
    fn runner(&self, scenario: &Scenario, hopeless: bool) -> Runner<'static> {
        match self {
            // Limited too: both have the same environment then.
            Program::Lab { root, name } => {
                Runner::new(root, name, scenario).limits(Limits::default())
            }
            Program::C { root, path } => {
                let runner = Runner::for_program(path, scenario)
                    .companions(root.join("build"))
                    .limits(Limits {
                        calls: CALLS,
                        ..Limits::default()
                    });
                if hopeless {
                    runner.patience(PATIENCE)
                } else {
                    runner
                }
            }
        }
    }

    /// Where this program and those that it may become lie.
    fn folder(&self) -> Result<PathBuf> {
        match self {
            Program::Lab { root, .. } => Ok(root.join("build").join("traced")),
            Program::C { path, .. } => {
                let folder = path.parent().map(Path::to_owned);
                folder.with_context(|| format!("{} lies in no folder", path.display()))
            }
        }
    }

    /// One run. `hopeless`: some of the scenario's events are known not to come about.
    fn run(&self, scenario: &Scenario, hopeless: bool, injections: &[String]) -> Result<Run> {
        let mut scenario = scenario.clone();
        if matches!(self, Program::C { .. }) {
            scenario.inject = scenario
                .inject
                .iter()
                .map(|inject| for_libc(inject))
                .collect();
        }
        let mut options = vec!["-k".to_owned()];
        for inject in injections {
            options.extend(["-e".to_owned(), format!("inject={inject}")]);
        }
        let options: Vec<&str> = options.iter().map(String::as_str).collect();
        let transcript = self
            .runner(&scenario, hopeless)
            .lenient()
            .trace_options(&options)
            .run()?;
        let Some(trace) = &transcript.trace else {
            bail!("the run was not traced")
        };
        let sites = Attribution::new(&self.folder()?)?.sites(trace);
        let (stories, names) = stories(trace, &sites);
        let shown = Shown::of(trace, &stories, &order::held_back(injections));
        Ok(Run {
            sites,
            stories,
            names,
            shown,
            transcript,
        })
    }

    /// Runs in both orders after fork, which the trace proves; one run if nobody forks, or if it led nowhere.
    pub fn runs(&self, scenario: &Scenario, hopeless: bool) -> Result<Runs> {
        let first = self.run(scenario, hopeless, &[])?;
        let mut runs = Runs::default();
        let has_met_a_cap = matches!(first.transcript.stopped, Some(Stop::Cap(_) | Stop::Shell));
        let is_lost = first.transcript.stopped.is_some() && !hopeless;
        if first.shown == Shown::NoFork || has_met_a_cap || is_lost {
            let orders = [Order::NoFork, Order::ChildFirst, Order::ParentFirst];
            let order = orders.into_iter().find(|&order| first.shown.fits(order));
            runs.done.push((order.unwrap_or(Order::NoFork), first));
            return Ok(runs);
        }
        let begin_with = children_begin_with(&first);
        let attempts = if first.transcript.stopped.is_some() {
            FEW
        } else {
            ATTEMPTS
        };
        let mut first = Some(first);
        for order in [Order::ChildFirst, Order::ParentFirst] {
            let mut found = first.take_if(|run| run.shown.fits(order));
            for attempt in 0..attempts {
                if found.is_some() {
                    break;
                }
                let injections = order::injections(order, &begin_with, &scenario.inject, attempt);
                found = Some(self.run(scenario, hopeless, &injections)?)
                    .filter(|run| run.shown.fits(order));
            }
            match found {
                Some(run) => runs.done.push((order, run)),
                None => runs.missing.push(order),
            }
        }
        Ok(runs)
    }
}

/// The runs of a program in one scenario.
#[derive(Default)]
pub struct Runs {
    pub done: Vec<(Order, Run)>,
    /// Orders that never came about.
    pub missing: Vec<Order>,
}

impl Runs {
    /// How many digits the pids had.
    pub fn digits(&self) -> BTreeSet<usize> {
        let pids = self
            .done
            .iter()
            .flat_map(|(_, run)| run.stories.iter().map(|story| story.pid));
        pids.map(|pid| pid.to_string().len()).collect()
    }
}

impl Run {
    /// What came out, with names for its numbers.
    pub fn text(&self, bytes: &[u8]) -> Text {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        Text::new(&text, &self.names)
    }
}

/// The names of the calls with which children begin.
fn children_begin_with(run: &Run) -> Vec<String> {
    let Some(trace) = &run.transcript.trace else {
        return Vec::new();
    };
    let children = run.stories.iter().filter(|story| story.path.len() > 1);
    let first = |trace: &Trace, pid: i32| trace.calls_of(pid).next().map(|call| call.name.clone());
    let mut names: Vec<String> = children
        .filter_map(|story| first(trace, story.pid))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// glibc's fork is the clone system call.
fn for_libc(inject: &str) -> String {
    match inject.strip_prefix("fork:") {
        Some(rest) => format!("clone:{rest}"),
        None => inject.to_owned(),
    }
}

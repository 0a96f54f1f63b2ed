//! The runs behind a comparison.

use std::collections::BTreeSet;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::{ProcessCalls, processes};
use crate::facts::fork_order::{self, ObservedOrder, Order};
use crate::run::limits::{Cap, Limits};
use crate::run::runner::Runner;
use crate::run::stop::Stop;
use crate::run::stop::before_the_start;
use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::source::{Attribution, Site};

/// Which program is run.
#[derive(Clone, Debug)]
pub enum ComparedProgram {
    /// The lab of the project.
    Lab { root: PathBuf, name: String },
    /// A C program, called like its lab; companions come from the project at `root`.
    C { root: PathBuf, path: PathBuf },
}

/// One run, read.
pub struct ProgramRun {
    pub transcript: Transcript,
    pub sites: Vec<Site>,
    pub processes: Vec<ProcessCalls>,
    /// What the numbers of this run stand for.
    pub names: Aliases,
    pub shown: ObservedOrder,
}

/// How often a run is repeated that came out in another order than was asked for.
const ATTEMPTS: usize = 50;

/// The same where the program does not get through the scenario anyway.
const FEW: usize = 10;

/// How long a C program is waited for where it is known to part from the lab for good.
const PATIENCE: Duration = Duration::from_secs(4);

/// A program that spins is stopped after so much processor time, long before what a scenario waits for is
/// given up: no lab needs a tenth of it.
const SPIN: Duration = Duration::from_secs(1);

/// Twins that loop without end are stopped after so many calls.
const CALLS: usize = 4000;

/// What strace is asked for.
struct StraceOptions {
    /// The stack of each call.
    stacks: bool,
    injections: Vec<String>,
}

/// What the numbers of the companions' processes stand for.
fn others(transcript: &Transcript) -> Aliases {
    let companions = transcript.companions.iter();
    let numbered = companions.flat_map(|(name, part)| {
        let pids = part.pids.iter().zip(1..);
        pids.map(move |(pid, number)| (pid.to_string(), format!("<{name} {number}>")))
    });
    numbered.collect()
}

impl ComparedProgram {
    fn runner(&self, scenario: &Scenario, hopeless: bool) -> Runner<'static> {
        match self {
            // Limited too: both have the same environment then.
            ComparedProgram::Lab { root, name } => {
                Runner::new(root, name, scenario).limits(Limits::default())
            }
            ComparedProgram::C { root, path } => {
                let runner = Runner::for_program(path, scenario).companions(root.join("build"));
                let runner = runner.limits(Limits {
                    calls: CALLS,
                    processor: SPIN,
                    ..Limits::default()
                });
                match hopeless {
                    true => runner.patience(PATIENCE),
                    false => runner,
                }
            }
        }
    }

    /// Where this program and those that it may become lie.
    fn folder(&self) -> Result<PathBuf> {
        match self {
            ComparedProgram::Lab { root, .. } => Ok(root.join("build").join("traced")),
            ComparedProgram::C { path, .. } => {
                let folder = path.parent().map(Path::to_owned);
                folder.with_context(|| format!("{} lies in no folder", path.display()))
            }
        }
    }

    /// What strace injects for the scenario's sake.
    fn injections(&self, scenario: &Scenario) -> Vec<String> {
        let kept = fork_order::without_delays(&scenario.inject).into_iter();
        match self {
            ComparedProgram::Lab { .. } => kept.collect(),
            ComparedProgram::C { .. } => kept.map(for_libc).collect(),
        }
    }

    /// One run. `hopeless`: some of the scenario's events are known not to come about.
    fn run(&self, scenario: &Scenario, hopeless: bool, way: StraceOptions) -> Result<ProgramRun> {
        let mut scenario = scenario.clone();
        scenario.inject = way.injections;
        let options = Vec::from_iter(way.stacks.then_some("-k"));
        let transcript = self
            .runner(&scenario, hopeless)
            .lenient()
            .trace_options(&options)
            .run()?;
        let Some(trace) = &transcript.trace else {
            bail!("the run was not traced")
        };
        let sites = Attribution::new(&self.folder()?)?.sites(trace);
        let (processes, names) = processes(trace, &sites, others(&transcript));
        let requests = processes.iter().flat_map(|process| &process.calls);
        let own: HashSet<usize> = requests.map(|request| request.index).collect();
        let shown = ObservedOrder::of(trace, |index| own.contains(&index), &scenario.inject);
        Ok(ProgramRun {
            sites,
            processes,
            names,
            shown,
            transcript,
        })
    }

    /// Runs in both orders after fork, which the trace proves; one run if nobody forks, or if it led nowhere.
    pub fn runs(&self, scenario: &Scenario, hopeless: bool) -> Result<ProgramRuns> {
        let mut runs = ProgramRuns::default();
        let taken = self.injections(scenario);
        let way = StraceOptions {
            stacks: true,
            injections: taken.clone(),
        };
        let first = match self.run(scenario, hopeless, way) {
            Ok(first) => first,
            Err(error) => {
                runs.unstarted = Some(before_the_start(&error).ok_or(error)?);
                return Ok(runs);
            }
        };
        let spins = first.transcript.stopped == Some(Stop::Cap(Cap::Processor));
        let has_met_a_cap =
            matches!(first.transcript.stopped, Some(Stop::Cap(_) | Stop::Shell)) && !spins;
        let is_lost = first.transcript.stopped.is_some() && !hopeless;
        if first.shown == ObservedOrder::NoFork || has_met_a_cap || is_lost {
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
                let injections = fork_order::injections(order, &begin_with, &taken, attempt);
                // Where nothing holds the child back, a stack read of the parent at its fork would. A lab
                // needs none to be compared: it has no libc whose calls would have to be told apart.
                let stacks = injections != taken || matches!(self, ComparedProgram::C { .. });
                found = Some(self.run(scenario, hopeless, StraceOptions { stacks, injections })?)
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
pub struct ProgramRuns {
    pub done: Vec<(Order, ProgramRun)>,
    /// Orders that never came about.
    pub missing: Vec<Order>,
    /// Why there is none: in some scenarios the program runs twice, and the first has to listen already.
    pub unstarted: Option<Stop>,
}

impl ProgramRuns {
    /// Whether a process has a pid of more digits in one run than in the other.
    pub fn differ_in_digits(&self, other: &ProgramRuns) -> bool {
        let digits = |process: &ProcessCalls| process.pid.to_string().len();
        self.done
            .iter()
            .zip(&other.done)
            .any(|((_, one), (_, other))| {
                one.processes.iter().any(|process| {
                    let same = other
                        .processes
                        .iter()
                        .find(|other| other.path == process.path);
                    same.is_some_and(|other| digits(other) != digits(process))
                })
            })
    }
}

impl ProgramRun {
    /// What came out, with names for its numbers.
    pub fn text(&self, bytes: &[u8]) -> AliasedText {
        let text = String::from_utf8_lossy(bytes).replace("\r\n", "\n");
        AliasedText::new(&text, &self.names)
    }

    /// What the kernel calls a request.
    pub fn call<'a>(&'a self, request: &'a NormalizedCall) -> &'a str {
        let trace = self.transcript.trace.as_ref();
        let call = trace.and_then(|trace| trace.calls.get(request.index));
        call.map_or(&request.name, |call| &call.name)
    }

    /// The file name of the program that made a request: another one after exec.
    pub fn program(&self, request: &NormalizedCall) -> Option<&str> {
        self.sites.get(request.index)?.program.as_deref()
    }
}

/// The names of the calls with which children begin, and which hold no parent back that goes on with the same.
fn children_begin_with(run: &ProgramRun) -> Vec<String> {
    let Some(trace) = &run.transcript.trace else {
        return Vec::new();
    };
    let mut names = BTreeSet::new();
    for (fork, call) in trace.calls.iter().enumerate() {
        let child = call.child().filter(|_| !call.setup);
        let after = || trace.calls[fork + 1..].iter();
        let first = |pid: i32| after().find(|call| call.pid == pid);
        let Some(begin) = child.and_then(first) else {
            continue;
        };
        let mut before = trace.calls[..fork].iter();
        let is_known = before.any(|other| other.pid == call.pid && other.name == begin.name);
        if is_known || first(call.pid).is_none_or(|next| next.name != begin.name) {
            names.insert(begin.name.clone());
        }
    }
    names.into_iter().collect()
}

/// glibc's fork is the clone system call.
fn for_libc(inject: String) -> String {
    match inject.strip_prefix("fork:") {
        Some(rest) => format!("clone:{rest}"),
        None => inject,
    }
}

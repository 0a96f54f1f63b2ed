//! What came of comparing a program with the lab in one scenario.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context, Result};

use crate::compare::align::pair;
use crate::compare::alignment::{AlignedRow, Alignment, Relation};
use crate::compare::declared::reworded_child;
use crate::compare::equivalents::{in_terminal_too, is_one as is_idiom};
use crate::compare::habits;
use crate::compare::mismatch::{Mismatch, Side, Unrecorded};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::numbering::number_as_in;
use crate::compare::places;
use crate::compare::process_calls::{Member, ProcessCalls};
use crate::compare::record::{ComparedProgram, ProgramRun, ProgramRuns};
use crate::facts::fork_order::Order;
use crate::i18n::run;
use crate::run::{Cap, Stop};
use crate::scenario::{Difference, Scenario, Wiring};
use crate::source::libc_calls::Kind;
use crate::submission::CompileError;

/// So many processes that only one of the two has are told, and as often what such ones say in other words.
const MOST_ALONE: usize = 8;

/// A scenario, compared in every order after fork.
pub struct ScenarioResult {
    pub lab: String,
    pub scenario: Scenario,
    /// The differences that may occur in it.
    pub differences: Vec<Difference>,
    pub run_pairs: Vec<RunPair>,
    /// Runs that could not be recorded as they were asked for.
    pub unrecorded: Vec<Unrecorded>,
    /// Which of the two could not be started.
    unstarted: Vec<Mismatch>,
}

/// One run of each, in the same order after fork.
pub struct RunPair {
    pub order: Order,
    pub c: Arc<ProgramRun>,
    pub lab: Arc<ProgramRun>,
    pub pairs: Vec<ProcessPair>,
    /// Where the two part without its being declared.
    pub mismatches: Vec<Mismatch>,
}

/// A process of the C program and the same process of the lab.
pub struct ProcessPair {
    pub c: Option<ProcessCalls>,
    pub lab: Option<ProcessCalls>,
    /// None where one of them has no counterpart.
    pub alignment: Option<Alignment>,
}

/// What came of a student's file.
pub enum SubmissionResult {
    /// It does not compile.
    Refused(CompileError),
    Compared {
        /// What the compiler said.
        messages: String,
        outcomes: Vec<ScenarioResult>,
    },
}

impl SubmissionResult {
    pub fn outcomes(&self) -> &[ScenarioResult] {
        match self {
            SubmissionResult::Refused(_) => &[],
            SubmissionResult::Compared { outcomes, .. } => outcomes,
        }
    }

    /// What the compiler said.
    pub fn messages(&self) -> &str {
        match self {
            SubmissionResult::Refused(refused) => refused.messages(),
            SubmissionResult::Compared { messages, .. } => messages,
        }
    }

    /// Whether it compiles and departs from the lab nowhere. A textbook's mistake that it has mended is no fault.
    pub fn passes(&self) -> bool {
        let faithful = |outcome: &ScenarioResult| {
            outcome.is_recorded() && outcome.mismatches().next().is_none()
        };
        matches!(self, SubmissionResult::Compared { .. }) && self.outcomes().iter().all(faithful)
    }
}

impl ScenarioResult {
    /// Runs both and compares. `differences` are those of the whole file.
    pub fn of(
        lab_name: &str,
        scenario: &Scenario,
        differences: &[Difference],
        c: &ComparedProgram,
        lab: &ComparedProgram,
    ) -> Result<ScenarioResult> {
        let concerned = differences
            .iter()
            .filter(|one| one.concerns(&scenario.name))
            .filter(|one| scenario.stdout != Wiring::Terminal || in_terminal_too(one));
        let library = c.library();
        let mut differences = habits::with_library(library, concerned.cloned().collect());
        if let Some(library) = library {
            let own = differences.iter_mut();
            own.for_each(|one| habits::in_words_of(library, one));
            differences.extend(habits::of(library, &scenario.stdout));
        }
        let hopeless = differences.iter().any(|one| one.last && !one.variant);
        let (of_c, of_lab) = runs(scenario, hopeless, c, lab)?;
        let mut outcome = ScenarioResult {
            lab: lab_name.to_owned(),
            scenario: scenario.clone(),
            differences,
            run_pairs: Vec::new(),
            unrecorded: [of_c.unrecorded(Side::C), of_lab.unrecorded(Side::Lab)].concat(),
            unstarted: Vec::new(),
        };
        let of_c_stopped = of_c.unstarted.into_iter();
        let of_c_stopped = of_c_stopped.map(|stop| Mismatch::Stopped(stop, Vec::new()));
        let of_lab_stopped = of_lab.unstarted.into_iter().map(Mismatch::LabStopped);
        outcome.unstarted.extend(of_c_stopped.chain(of_lab_stopped));
        // A program that forks where the other does not is compared in its first order.
        let any = of_c.done.len() == 1 || of_lab.done.len() == 1;
        let mut of_lab: Vec<_> = of_lab.done.into_iter().map(Some).collect();
        for (order, run) in of_c.done {
            let fits = |other: &Option<(Order, Arc<ProgramRun>)>| {
                other
                    .as_ref()
                    .is_some_and(|(other, _)| *other == order || any)
            };
            let place = of_lab.iter().position(fits);
            if let Some((_, other)) = place.and_then(|place| of_lab[place].take()) {
                outcome
                    .run_pairs
                    .push(RunPair::of(order, run, other, &outcome.differences));
            }
        }
        Ok(outcome)
    }

    /// The declared differences that occurred, in the order of the file.
    pub fn declared(&self) -> Vec<&Difference> {
        let rows = self.run_pairs.iter().flat_map(RunPair::rows);
        let places = rows.filter_map(|row| match row.relation {
            Relation::Declared(place) => Some(place),
            _ => None,
        });
        let places: BTreeSet<usize> = places.collect();
        let occurring = places.into_iter().map(|place| &self.differences[place]);
        occurring.collect()
    }

    /// The declared differences that did not occur, although they should.
    pub fn missing(&self) -> Vec<&Difference> {
        let occurred = self.declared();
        let all = self.differences.iter().filter(|one| !one.variant);
        all.filter(|one| occurred.iter().all(|other| other.name != one.name))
            .collect()
    }

    /// Where the two part without its being declared.
    pub fn mismatches(&self) -> impl Iterator<Item = &Mismatch> {
        let parted = self
            .run_pairs
            .iter()
            .flat_map(|run_pair| &run_pair.mismatches);
        parted.chain(&self.unstarted)
    }

    /// Where they part in more than wording.
    pub fn departures(&self) -> impl Iterator<Item = &Mismatch> {
        self.mismatches().filter(|one| !one.is_wording())
    }

    /// Whether all runs came about as they were asked for.
    pub fn is_recorded(&self) -> bool {
        self.unrecorded.is_empty()
    }

    /// Whether the calls of the C program have no lines.
    pub fn lacks_lines(&self) -> bool {
        self.run_pairs
            .iter()
            .any(|run_pair| !run_pair.c.has_lines())
    }

    /// Whether the lab is its C program here, but for what is declared; and that all does occur.
    pub fn is_faithful(&self) -> bool {
        self.is_recorded() && self.mismatches().next().is_none() && self.missing().is_empty()
    }

    /// The run to look at: that in which the two part, else that in which most source lines make a call.
    pub fn shown(&self) -> Option<&RunPair> {
        let parts = |run_pair: &&RunPair| !run_pair.mismatches.is_empty();
        let parting = self.run_pairs.iter().find(parts);
        // Of several, max_by_key gives the last.
        let most = || self.run_pairs.iter().rev().max_by_key(|one| one.lines());
        parting.or_else(most)
    }

    /// What libc did in the C program's first run, by purpose and call.
    pub fn ledger(&self) -> BTreeMap<Kind, BTreeMap<&str, usize>> {
        let mut ledger: BTreeMap<Kind, BTreeMap<&str, usize>> = BTreeMap::new();
        let Some(RunPair { c, .. }) = self.run_pairs.first() else {
            return ledger;
        };
        for (kind, request) in c.processes.iter().flat_map(|process| &process.ledger) {
            let calls = ledger.entry(*kind).or_default();
            *calls.entry(c.call(request)).or_default() += 1;
        }
        ledger
    }
}

/// The runs of both, with pids of as many digits: a longer pid moves what fits into a buffer.
fn runs(
    scenario: &Scenario,
    hopeless: bool,
    c: &ComparedProgram,
    lab: &ComparedProgram,
) -> Result<(ProgramRuns, ProgramRuns)> {
    let of_c = || c.runs(scenario, hopeless).with_context(run::c_cannot_run);
    let (mut done, mut again) = (of_c()?, 0);
    loop {
        let fits = |of_lab: &ProgramRuns| !done.differ_in_digits(of_lab);
        let of_lab = lab.recorded(scenario, fits);
        let of_lab = of_lab.with_context(run::lab_cannot_run)?;
        if fits(&of_lab) || again == 5 {
            return Ok((done, of_lab));
        }
        (done, again) = (of_c()?, again + 1);
    }
}

impl RunPair {
    fn of(
        order: Order,
        c: Arc<ProgramRun>,
        lab: Arc<ProgramRun>,
        differences: &[Difference],
    ) -> RunPair {
        let mut of_c = c.processes.clone();
        number_as_in(&lab.processes, &mut of_c);
        let mut of_lab = lab.processes.clone();
        habits::inherit(&mut of_c);
        habits::inherit(&mut of_lab);
        let mut pairs = pairs(of_c, &of_lab, differences);
        if c.transcript.stopped == Some(Stop::Cap(Cap::Processor)) {
            pairs.iter_mut().for_each(ProcessPair::comes_no_further);
        }
        let mut run_pair = RunPair {
            order,
            c,
            lab,
            pairs,
            mismatches: Vec::new(),
        };
        run_pair.mismatches = run_pair.find_mismatches(differences);
        run_pair
    }

    /// How many source lines make a call in it.
    fn lines(&self) -> usize {
        let of_both = [&self.c, &self.lab].into_iter().enumerate();
        let lines = of_both.flat_map(|(side, run)| {
            let calls = run.processes.iter().flat_map(|process| &process.calls);
            calls.filter_map(move |call| Some((side, call.line.as_ref()?.line)))
        });
        lines.collect::<BTreeSet<_>>().len()
    }

    /// All rows of all processes.
    fn rows(&self) -> impl Iterator<Item = &AlignedRow> {
        let pairings = self.pairs.iter().filter_map(|pair| pair.alignment.as_ref());
        pairings.flat_map(|alignment| &alignment.rows)
    }

    /// Whether some process is not compared to its end.
    fn goes_own_way(&self) -> bool {
        self.pairs.iter().any(|pair| pair.goes_own_way())
    }

    fn find_mismatches(&self, differences: &[Difference]) -> Vec<Mismatch> {
        let mut found: Vec<Mismatch> = self
            .pairs
            .iter()
            .flat_map(|pair| pair.mismatches(self, differences))
            .collect();
        if !self.goes_own_way() {
            let left = &self.c.transcript.left;
            let of_c = self.c.processes.iter();
            let halts = || of_c.filter_map(|one| places::waits(one, left)).collect();
            let stopped = self.c.transcript.stopped.clone();
            found.extend(stopped.map(|stop| Mismatch::Stopped(stop, halts())));
            if found.is_empty() {
                found.extend(self.outputs());
            }
        }
        found.extend(
            self.lab
                .transcript
                .stopped
                .clone()
                .map(Mismatch::LabStopped),
        );
        found.sort_by_key(Mismatch::rank);
        let (mut alone, mut reworded) = (0, 0);
        found.retain(|one| {
            let count = match one {
                Mismatch::OnlyTheC { .. } | Mismatch::OnlyTheLab { .. } => &mut alone,
                Mismatch::Wording { process, .. } if !self.lab.has(process) => &mut reworded,
                _ => return true,
            };
            *count += 1;
            *count <= MOST_ALONE
        });
        found
    }

    /// What a process without a counterpart prints in other words, if it is declared, or follows from where its parent
    /// departs; none if it is neither.
    fn explains(
        &self,
        child: &ProcessPair,
        differences: &[Difference],
    ) -> Option<Vec<(usize, String)>> {
        let parent = child.path().split_last().map(|(_, parent)| parent);
        let mut pairs = self.pairs.iter();
        let parent = pairs.find(|pair| Some(pair.path()) == parent)?;
        let follows = || Some(Vec::new());
        let Some(alignment) = &parent.alignment else {
            return follows(); // that one is told
        };
        let Some(process) = child.c.as_ref().or(child.lab.as_ref()) else {
            return follows();
        };
        let born = format!("= <{}>", process.number());
        let made = |process: &Option<ProcessCalls>, index: Option<usize>| {
            let call = process
                .as_ref()
                .and_then(|process| process.calls.get(index?));
            let is_it = |call: &NormalizedCall| !call.returned || call.to_string().ends_with(&born);
            call.is_some_and(|call| call.name == "fork" && is_it(call))
        };
        let mut rows = alignment.rows.iter();
        let birth = rows.find(|row| made(&parent.c, row.c) || made(&parent.lab, row.lab));
        match birth.map(|row| row.relation) {
            Some(Relation::Declared(place)) => {
                let idioms = child.c.is_some() && differences.iter().any(is_idiom);
                reworded_child(&differences[place], process, idioms)
            }
            _ if parent.departs() => follows(),
            _ => None,
        }
    }

    /// Where one process writes alone, what came out is compared as a whole too.
    fn outputs(&self) -> Vec<Mismatch> {
        let (c, lab) = (&self.c, &self.lab);
        let alone =
            |run: &ProgramRun| matches!(run.processes.as_slice(), [process] if !process.is_open());
        if !alone(c) || !alone(lab) || self.has_declared() {
            return Vec::new();
        }
        let mut found = Vec::new();
        let (left, right) = (
            c.text(&c.transcript.terminal),
            lab.text(&lab.transcript.terminal),
        );
        if !left.alike(&right) {
            found.push(Mismatch::Terminal {
                c: left.to_string(),
                lab: right.to_string(),
            });
        }
        let stdout = |run: &ProgramRun| {
            run.transcript
                .stdout
                .as_deref()
                .map(|bytes| run.text(bytes))
        };
        if let (Some(left), Some(right)) = (stdout(c), stdout(lab))
            && !left.alike(&right)
        {
            found.push(Mismatch::Stdout {
                c: left.to_string(),
                lab: right.to_string(),
            });
        }
        let offset = |run: &ProgramRun| run.transcript.stdin_offset.unwrap_or(0);
        if offset(c) != offset(lab) {
            found.push(Mismatch::Offset {
                c: offset(c),
                lab: offset(lab),
            });
        }
        found
    }

    /// Whether a declared difference occurs: then the whole may differ too.
    fn has_declared(&self) -> bool {
        self.rows()
            .any(|row| matches!(row.relation, Relation::Declared(_)))
    }
}

fn pairs(
    c: Vec<ProcessCalls>,
    lab: &[ProcessCalls],
    differences: &[Difference],
) -> Vec<ProcessPair> {
    let alone = |process: &&ProcessCalls| c.iter().all(|other| other.path != process.path);
    let alone: Vec<ProcessCalls> = lab.iter().filter(alone).cloned().collect();
    let alone = alone.into_iter().map(|process| ProcessPair {
        c: None,
        lab: Some(process),
        alignment: None,
    });
    let of_c = c.into_iter().map(|process| {
        let counterpart = lab.iter().find(|other| other.path == process.path);
        ProcessPair {
            alignment: counterpart.map(|other| pair(&process, other, differences)),
            c: Some(process),
            lab: counterpart.cloned(),
        }
    });
    let mut pairs: Vec<ProcessPair> = of_c.chain(alone).collect();
    pairs.sort_by(|one, other| one.path().cmp(other.path()));
    pairs
}

impl ProcessPair {
    /// Line by line; a process without a counterpart stands alone, and is not compared.
    pub fn rows(&self) -> Vec<AlignedRow> {
        if let Some(alignment) = &self.alignment {
            return alignment.rows.clone();
        }
        let count = |process: &Option<ProcessCalls>| {
            process.as_ref().map_or(0, |process| process.calls.len())
        };
        let of_c = (0..count(&self.c)).map(|index| (Some(index), None));
        let of_lab = (0..count(&self.lab)).map(|index| (None, Some(index)));
        let row = |(c, lab)| AlignedRow {
            c,
            lab,
            relation: Relation::Uncompared,
        };
        of_c.chain(of_lab).map(row).collect()
    }

    pub fn path(&self) -> &[Member] {
        let process = self.c.as_ref().or(self.lab.as_ref());
        process
            .map(|process| process.path.as_slice())
            .unwrap_or_default()
    }

    /// Of a process that used the processor until it was stopped: it would not have come to what the lab calls next.
    fn comes_no_further(&mut self) {
        let (Some(c), Some(alignment)) = (&self.c, &mut self.alignment) else {
            return;
        };
        let spins = c.is_open() && c.calls.last().is_none_or(|call| call.returned);
        let mut rows = alignment.rows.iter_mut();
        let next = rows.find(|row| row.relation == Relation::Beyond);
        if let Some(row) = next.filter(|row| spins && row.c.is_none()) {
            row.relation = Relation::Mismatch;
        }
    }

    fn goes_own_way(&self) -> bool {
        self.alignment
            .as_ref()
            .is_some_and(|alignment| alignment.free)
    }

    /// Where the two processes part, a mismatch a place.
    fn mismatches(&self, run_pair: &RunPair, differences: &[Difference]) -> Vec<Mismatch> {
        let Some(process) = self.c.as_ref().or(self.lab.as_ref()) else {
            return Vec::new();
        };
        let process = process.number();
        let (Some(c), Some(lab), Some(alignment)) = (&self.c, &self.lab, &self.alignment) else {
            let only = match self.c {
                Some(_) => Mismatch::OnlyTheC { process },
                None => Mismatch::OnlyTheLab { process },
            };
            return match (run_pair.explains(self, differences), &self.c) {
                (Some(reworded), Some(c)) => places::reworded(c, reworded),
                (Some(_), None) => Vec::new(),
                (None, _) => vec![only],
            };
        };
        places::mismatches(&process, (c, lab), alignment, differences)
    }

    fn departs(&self) -> bool {
        let rows = self.alignment.iter().flat_map(|alignment| &alignment.rows);
        rows.into_iter()
            .any(|row| row.relation == Relation::Mismatch)
    }
}

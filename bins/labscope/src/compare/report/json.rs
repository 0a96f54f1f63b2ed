//! A comparison for programs: one JSON object a scenario.

use std::path::Path;

use serde::Serialize;

use crate::compare::align::Relation;
use crate::compare::process_calls::{ProcessCalls, ProcessEnd};
use crate::compare::record::ProgramRun;
use crate::compare::result::{ProcessPair, RunPair, ScenarioResult, SubmissionResult};
use crate::facts::fork_order::Order;
use crate::i18n::Language;
use crate::source::libc_calls::Kind;

#[derive(Serialize)]
pub struct OfScenario<'a> {
    lab: &'a str,
    scenario: &'a str,
    faithful: bool,
    departures: Vec<String>,
    not_recorded: Vec<String>,
    declared: Vec<&'a str>,
    missing: Vec<&'a str>,
    trials: Vec<OfRunPair>,
    ledger: Vec<Entry<'a>>,
}

/// A student's file: what the compiler said, and its scenarios.
#[derive(Serialize)]
pub struct OfSubmission<'a> {
    file: String,
    compiles: bool,
    passes: bool,
    compiler: &'a str,
    refused: Option<String>,
    scenarios: Vec<OfScenario<'a>>,
}

impl<'a> OfSubmission<'a> {
    pub fn new(file: &Path, examined: &'a SubmissionResult) -> OfSubmission<'a> {
        let refused = match examined {
            SubmissionResult::Refused(refused) => Some(refused.say(Language::En)),
            SubmissionResult::Compared { .. } => None,
        };
        OfSubmission {
            file: file.display().to_string(),
            compiles: refused.is_none(),
            passes: examined.passes(),
            compiler: examined.messages(),
            refused,
            scenarios: examined.outcomes().iter().map(OfScenario::new).collect(),
        }
    }
}

#[derive(Serialize)]
struct Entry<'a> {
    kind: Kind,
    call: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct OfRunPair {
    order: Order,
    c: Output,
    lab: Output,
    processes: Vec<OfProcess>,
}

#[derive(Serialize)]
struct Output {
    terminal: String,
    stdout: Option<String>,
    stopped: Option<String>,
}

#[derive(Serialize)]
struct OfProcess {
    process: String,
    c_end: Option<String>,
    lab_end: Option<String>,
    rows: Vec<OfRow>,
}

#[derive(Serialize)]
struct OfRow {
    relation: &'static str,
    c: Option<OfCall>,
    lab: Option<OfCall>,
}

#[derive(Serialize)]
struct OfCall {
    call: String,
    line: Option<u32>,
}

impl<'a> OfScenario<'a> {
    pub fn new(outcome: &'a ScenarioResult) -> OfScenario<'a> {
        OfScenario {
            lab: &outcome.lab,
            scenario: &outcome.scenario.name,
            faithful: outcome.is_faithful(),
            departures: outcome
                .mismatches()
                .map(|one| one.say(Language::En))
                .collect(),
            not_recorded: outcome
                .unrecorded
                .iter()
                .map(|one| one.say(Language::En))
                .collect(),
            declared: outcome
                .declared()
                .into_iter()
                .map(|one| one.name.as_str())
                .collect(),
            missing: outcome
                .missing()
                .into_iter()
                .map(|one| one.name.as_str())
                .collect(),
            trials: outcome.run_pairs.iter().map(of_run_pair).collect(),
            ledger: entries(outcome),
        }
    }
}

fn entries(outcome: &ScenarioResult) -> Vec<Entry<'_>> {
    let ledger = outcome.ledger().into_iter();
    ledger
        .flat_map(|(kind, calls)| {
            calls
                .into_iter()
                .map(move |(call, count)| Entry { kind, call, count })
        })
        .collect()
}

fn of_run_pair(run_pair: &RunPair) -> OfRunPair {
    let output = |run: &ProgramRun| Output {
        terminal: run.text(&run.transcript.terminal).to_string(),
        stdout: run
            .transcript
            .stdout
            .as_deref()
            .map(|bytes| run.text(bytes).to_string()),
        stopped: run.transcript.stopped.as_ref().map(ToString::to_string),
    };
    OfRunPair {
        order: run_pair.order,
        c: output(&run_pair.c),
        lab: output(&run_pair.lab),
        processes: run_pair.pairs.iter().map(of_process).collect(),
    }
}

fn of_process(pair: &ProcessPair) -> OfProcess {
    let process = pair.c.as_ref().or(pair.lab.as_ref());
    let end = |process: &Option<ProcessCalls>| process.as_ref().map(|process| end(&process.end));
    let call = |process: &Option<ProcessCalls>, index: Option<usize>| {
        let request = process.as_ref()?.calls.get(index?)?;
        let line = request.line.as_ref().map(|line| line.line);
        Some(OfCall {
            call: request.text.to_string(),
            line,
        })
    };
    let rows = pair
        .alignment
        .iter()
        .flat_map(|alignment| &alignment.rows)
        .map(|row| OfRow {
            relation: relation(row.relation),
            c: call(&pair.c, row.c),
            lab: call(&pair.lab, row.lab),
        });
    OfProcess {
        process: process.map(ProcessCalls::number).unwrap_or_default(),
        c_end: end(&pair.c),
        lab_end: end(&pair.lab),
        rows: rows.collect(),
    }
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Same => "same",
        Relation::Declared(_) => "declared",
        Relation::Mismatch => "departure",
        Relation::Beyond => "beyond",
        Relation::Uncompared => "uncompared",
    }
}

fn end(end: &ProcessEnd) -> String {
    match end {
        ProcessEnd::Exited(status) => format!("exited {status}"),
        ProcessEnd::Killed(signal) => format!("died {signal}"),
        ProcessEnd::Cut => "cut".to_owned(),
    }
}

//! A comparison for programs: one JSON object a scenario.

use std::path::Path;

use jzon::{JsonValue, object};

use crate::compare::alignment::Relation;
use crate::compare::process_calls::{ProcessCalls, ProcessEnd};
use crate::compare::record::ProgramRun;
use crate::compare::report::FileVerdict;
use crate::compare::result::{ProcessPair, RunPair, ScenarioResult, SubmissionResult};
use crate::facts::fork_order::Order;
use crate::i18n::Language;
use crate::scenario::Difference;

/// A student's file: what the compiler said, and its scenarios.
pub fn submission(file: &Path, examined: &SubmissionResult) -> JsonValue {
    let refused = match examined {
        SubmissionResult::Refused(refused) => Some(refused.say(Language::En)),
        SubmissionResult::Compared { .. } => None,
    };
    object! {
        file: file.display().to_string(),
        compiles: refused.is_none(),
        verdict: FileVerdict::of(examined).name(),
        passes: examined.passes(),
        compiler: examined.messages(),
        refused: refused,
        scenarios: list(examined.outcomes().iter().map(scenario)),
    }
}

/// What came of comparing in one scenario.
pub fn scenario(outcome: &ScenarioResult) -> JsonValue {
    let names = |found: Vec<&Difference>| list(found.iter().map(|one| one.name.as_str()));
    let entries = outcome.ledger().into_iter().flat_map(|(kind, calls)| {
        let calls = calls.into_iter();
        calls.map(move |(call, count)| {
            let kind = kind.name();
            object! { kind: kind, call: call, count: count }
        })
    });
    let wording = outcome.mismatches().filter(|one| one.is_wording());
    object! {
        lab: outcome.lab.as_str(),
        scenario: outcome.scenario.name.as_str(),
        verdict: FileVerdict::of_scenario(outcome).name(),
        faithful: outcome.is_faithful(),
        departures: list(outcome.departures().map(|one| one.say(Language::En))),
        wording: list(wording.map(|one| one.say(Language::En))),
        not_recorded: list(outcome.unrecorded.iter().map(|one| one.say(Language::En))),
        declared: names(outcome.declared()),
        missing: names(outcome.missing()),
        trials: list(outcome.run_pairs.iter().map(run_pair)),
        ledger: list(entries),
    }
}

fn list<T: Into<JsonValue>>(values: impl Iterator<Item = T>) -> JsonValue {
    values.collect::<Vec<T>>().into()
}

fn run_pair(pair: &RunPair) -> JsonValue {
    object! {
        order: name_of_order(pair.order),
        c: output(&pair.c),
        lab: output(&pair.lab),
        processes: list(pair.pairs.iter().map(process)),
    }
}

fn output(run: &ProgramRun) -> JsonValue {
    let text = |bytes: &[u8]| run.text(bytes).to_string();
    object! {
        terminal: text(&run.transcript.terminal),
        stdout: run.transcript.stdout.as_deref().map(text),
        stopped: run.transcript.stopped.as_ref().map(ToString::to_string),
    }
}

fn process(pair: &ProcessPair) -> JsonValue {
    let process = pair.c.as_ref().or(pair.lab.as_ref());
    let end = |process: &Option<ProcessCalls>| process.as_ref().map(|process| end(&process.end));
    let call = |process: &Option<ProcessCalls>, index: Option<usize>| {
        let request = process.as_ref()?.calls.get(index?)?;
        let line = request.line.as_ref();
        let file = line.and_then(|line| line.file.file_name());
        let file = file.map(|name| name.to_string_lossy().into_owned());
        let line = line.map(|line| line.line);
        Some(object! { call: request.to_string(), line: line, file: file })
    };
    let rows = pair.alignment.iter().flat_map(|alignment| &alignment.rows);
    let rows = rows.map(|row| {
        object! {
            relation: relation(row.relation),
            c: call(&pair.c, row.c),
            lab: call(&pair.lab, row.lab),
        }
    });
    object! {
        process: process.map(ProcessCalls::number).unwrap_or_default(),
        c_end: end(&pair.c),
        lab_end: end(&pair.lab),
        rows: list(rows),
    }
}

fn name_of_order(order: Order) -> &'static str {
    match order {
        Order::NoFork => "no-fork",
        Order::ChildFirst => "child-first",
        Order::ParentFirst => "parent-first",
    }
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Same => "same",
        Relation::Declared(_) => "declared",
        Relation::Wording => "wording",
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

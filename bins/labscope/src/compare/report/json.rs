//! A comparison for programs: one JSON object a scenario.

use std::path::Path;

use serde::Serialize;

use crate::compare::align::Relation;
use crate::compare::process_calls::{End, Story};
use crate::compare::record::Run;
use crate::compare::result::{Examined, Outcome, Pair, Trial};
use crate::facts::fork_order::Order;
use crate::i18n::Language;
use crate::source::libc_calls::Kind;

#[derive(Serialize)]
pub struct OfScenario<'a> {
    lab: &'a str,
    scenario: &'a str,
    faithful: bool,
    departures: Vec<String>,
    declared: Vec<&'a str>,
    missing: Vec<&'a str>,
    trials: Vec<OfTrial>,
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
    pub fn new(file: &Path, examined: &'a Examined) -> OfSubmission<'a> {
        let refused = match examined {
            Examined::Refused(refused) => Some(refused.to_string()),
            Examined::Compared { .. } => None,
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
struct OfTrial {
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
    pub fn new(outcome: &'a Outcome) -> OfScenario<'a> {
        OfScenario {
            lab: &outcome.lab,
            scenario: &outcome.scenario.name,
            faithful: outcome.is_faithful(),
            departures: outcome
                .departures()
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
            trials: outcome.trials.iter().map(of_trial).collect(),
            ledger: entries(outcome),
        }
    }
}

fn entries(outcome: &Outcome) -> Vec<Entry<'_>> {
    let ledger = outcome.ledger().into_iter();
    ledger
        .flat_map(|(kind, calls)| {
            calls
                .into_iter()
                .map(move |(call, count)| Entry { kind, call, count })
        })
        .collect()
}

fn of_trial(trial: &Trial) -> OfTrial {
    let output = |run: &Run| Output {
        terminal: run.text(&run.transcript.terminal).to_string(),
        stdout: run
            .transcript
            .stdout
            .as_deref()
            .map(|bytes| run.text(bytes).to_string()),
        stopped: run.transcript.stopped.as_ref().map(ToString::to_string),
    };
    OfTrial {
        order: trial.order,
        c: output(&trial.c),
        lab: output(&trial.lab),
        processes: trial.pairs.iter().map(of_process).collect(),
    }
}

fn of_process(pair: &Pair) -> OfProcess {
    let story = pair.c.as_ref().or(pair.lab.as_ref());
    let end = |story: &Option<Story>| story.as_ref().map(|story| end(&story.end));
    let call = |story: &Option<Story>, index: Option<usize>| {
        let request = story.as_ref()?.requests.get(index?)?;
        let line = request.line.as_ref().map(|line| line.line);
        Some(OfCall {
            call: request.text.to_string(),
            line,
        })
    };
    let rows = pair
        .pairing
        .iter()
        .flat_map(|pairing| &pairing.rows)
        .map(|row| OfRow {
            relation: relation(row.relation),
            c: call(&pair.c, row.c),
            lab: call(&pair.lab, row.lab),
        });
    OfProcess {
        process: story.map(Story::number).unwrap_or_default(),
        c_end: end(&pair.c),
        lab_end: end(&pair.lab),
        rows: rows.collect(),
    }
}

fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Same => "same",
        Relation::Declared(_) => "declared",
        Relation::Departure => "departure",
        Relation::Beyond => "beyond",
        Relation::Uncompared => "uncompared",
    }
}

fn end(end: &End) -> String {
    match end {
        End::Exited(status) => format!("exited {status}"),
        End::Died(signal) => format!("died {signal}"),
        End::Cut => "cut".to_owned(),
    }
}

//! From which line of the Rust each call of a run came, and which line of the C made the same call.

use std::collections::HashMap;

use labscope::compare::{NormalizedCall, ProcessCalls, ProcessPair, RunPair, ScenarioResult};
use labscope::timeline::StepKind;
use labscope::trace::Call;
use labscope::trace::syscall::WRITES;

use crate::pairs::{LinePairs, line_of};
use crate::record::{Recorded, ShownRun};
use crate::rows::{is_of_one_kind, request, rows};

/// A call of a run in words, and the lines of both programs that made it.
pub struct CallLines {
    pub text: String,
    /// What it asked, if the kernel fills none of its arguments in.
    at_entry: Option<String>,
    pub c: Option<u32>,
    pub rust: Option<u32>,
}

impl CallLines {
    /// The call at such a step; none where what is known then is less: that it is in it.
    pub fn say(&self, kind: &StepKind) -> Option<String> {
        match kind {
            StepKind::Enters(_) => self.at_entry.clone(),
            _ => Some(self.text.clone()),
        }
    }
}

/// So far ahead a call is looked for where two runs of one program differ.
const REACH: usize = 12;

/// The calls of a shown run, by their places in its trace.
pub fn lines(recorded: &Recorded, pairs: &LinePairs, run: &ShownRun) -> HashMap<usize, CallLines> {
    let mut outcomes = recorded.outcomes.iter();
    let outcome = outcomes.find(|one| one.scenario.name == run.scenario.name);
    let compared = outcome.and_then(|outcome| Some((outcome, compared(outcome, run)?)));
    let mut lines = HashMap::new();
    for process in &run.run.processes {
        let of_c = compared.map_or_else(HashMap::new, |(outcome, compared)| {
            answers(outcome, compared, process)
        });
        let libc = process.ledger.iter().map(|(_, call)| call);
        for call in process.calls.iter().chain(libc) {
            let (program, line) = line_of(&run.run, call);
            let rust = line.filter(|_| program == Some(recorded.lab.as_str()));
            let answer = of_c.get(&call.index).copied();
            let trace = run.run.transcript.trace.as_ref();
            let traced = trace.and_then(|trace| trace.calls.get(call.index));
            let is_told = traced.is_some_and(|it| it.is(WRITES) || it.is_sleep());
            let found = CallLines {
                text: told(call, traced),
                at_entry: is_told.then(|| call.asked().to_string()),
                c: answer.or_else(|| rust.and_then(|line| pairs.only_c(line))),
                rust,
            };
            lines.insert(call.index, found);
        }
    }
    lines
}

/// The call with what it returned in this run: where runs are compared, pids have names, and of a write it says whether
/// all was written.
fn told(call: &NormalizedCall, traced: Option<&Call>) -> String {
    let result = traced.and_then(|traced| traced.result.as_ref());
    match (call.to_string().rsplit_once(") = "), result) {
        (Some((asked, _)), Some(result)) => format!("{asked}) = {}", result.unexplained()),
        _ => call.to_string(),
    }
}

/// The comparison in the order of that run.
fn compared<'a>(outcome: &'a ScenarioResult, run: &ShownRun) -> Option<&'a RunPair> {
    let mut pairs = outcome.run_pairs.iter();
    let of_order = pairs.find(|pair| Some(pair.order) == run.order);
    of_order.or_else(|| outcome.shown())
}

/// The line of the C for each call of a process, by the same call of the same process in the run that was compared.
fn answers(
    outcome: &ScenarioResult,
    compared: &RunPair,
    process: &ProcessCalls,
) -> HashMap<usize, u32> {
    let same = |pair: &&ProcessPair| {
        pair.lab
            .as_ref()
            .is_some_and(|lab| lab.path == process.path)
    };
    let Some(pair) = compared.pairs.iter().find(same) else {
        return HashMap::new();
    };
    let lab = pair.lab.as_ref().map_or(&[][..], |lab| &lab.calls);
    let rows = rows(pair, &outcome.differences);
    let (mut answers, mut from) = (HashMap::new(), 0);
    for call in &process.calls {
        let ahead = lab.iter().enumerate().skip(from).take(REACH);
        let found = ahead.clone().find(|(_, other)| is_same(call, other));
        let Some((place, _)) = found else { continue };
        from = place + 1;
        let mut rows = rows.iter();
        let row = rows.find(|row| row.lab == Some(place) && is_of_one_kind(pair, row));
        let of_c = row.and_then(|row| request(&pair.c, row.c));
        let line = of_c.map(|of_c| line_of(&compared.c, of_c));
        if let Some((Some(program), Some(line))) = line
            && program == outcome.lab
        {
            answers.insert(call.index, line);
        }
    }
    answers
}

fn is_same(one: &NormalizedCall, other: &NormalizedCall) -> bool {
    let line = |call: &NormalizedCall| call.line.as_ref().map(|line| line.line);
    one.name == other.name && line(one) == line(other)
}

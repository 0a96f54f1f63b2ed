//! The system calls of both programs, side by side, process by process.

mod items;
mod row;

use std::collections::HashSet;

use labscope::compare::{ProcessCalls, ProcessPair, ProgramRun, RunPair, ScenarioResult};
use labscope::i18n::process;
use maud::{Markup, html};

use crate::edition::Edition;
use crate::words;
use items::items;
use row::RowWriter;

/// All processes of a scenario, in a part of the page that can be closed.
pub fn html(outcome: &ScenarioResult, edition: &Edition) -> Markup {
    let Some(run_pair) = outcome.shown() else {
        return Markup::default();
    };
    let (shown, more) = shown(&run_pair.pairs);
    let language = edition.language;
    let order = run_pair.order.say(language);
    let title = words::side_by_side(language, run_pair.pairs.len(), order);
    html! {
        details.sides {
            summary { (title) }
            @for pair in &shown { (table(outcome, run_pair, pair, edition)) }
            @if more > 0 { p.more { (words::processes_more(language, more)) } }
        }
    }
}

/// The processes without those that have no counterpart and do what another one does; and how many these are.
fn shown(pairs: &[ProcessPair]) -> (Vec<&ProcessPair>, usize) {
    let (mut said, mut shown) = (HashSet::new(), Vec::new());
    for pair in pairs {
        let processes = [&pair.c, &pair.lab].into_iter().flatten();
        let calls = processes.flat_map(|process| &process.calls);
        let calls = calls.map(|one| (&one.name, one.line.as_ref().map(|line| line.line)));
        if pair.alignment.is_some() || said.insert(calls.collect::<Vec<_>>()) {
            shown.push(pair);
        }
    }
    let more = pairs.len() - shown.len();
    (shown, more)
}

fn table(
    outcome: &ScenarioResult,
    run_pair: &RunPair,
    pair: &ProcessPair,
    edition: &Edition,
) -> Markup {
    let language = edition.language;
    let rows = RowWriter {
        edition,
        outcome,
        run_pair,
        pair,
    };
    let (run, process) = match &pair.c {
        Some(process) => (&run_pair.c, Some(process)),
        None => (&run_pair.lab, pair.lab.as_ref()),
    };
    let number = process.map(ProcessCalls::number).unwrap_or_default();
    let programs = process
        .map(|process| programs(run, process))
        .unwrap_or_default();
    let end = |process: &Option<ProcessCalls>| {
        let end = process.as_ref().map(|process| process.end.say(language));
        end.unwrap_or_default()
    };
    html! {
        div.wide tabindex="0" {
            table.sides {
                caption { (process::process(language, number)) " " (programs) }
                thead { tr {
                    @for column in words::columns(language) { th scope="col" { (column) } }
                } }
                tbody {
                    @for item in items(pair, &outcome.differences) { (rows.html(&item)) "\n" }
                    tr.end { td {} td { (end(&pair.c)) } td { (end(&pair.lab)) } td {} }
                }
            }
        }
    }
}

/// The programs that a process ran, one after the other.
fn programs(run: &ProgramRun, process: &ProcessCalls) -> String {
    let names = process.calls.iter().filter_map(|one| run.program(one));
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    names.join(" → ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use labscope::compare::{Alignment, Member, NormalizedCall, ProcessEnd};

    #[test]
    fn processes_that_only_one_program_has_are_shown_once() {
        let process = |name: &str| ProcessCalls {
            path: vec![Member::Child(1)],
            pid: 10,
            thread: 10,
            calls: vec![NormalizedCall::written(name, &[], Some("0"))],
            ledger: Vec::new(),
            signals: Vec::new(),
            died_of: None,
            end: ProcessEnd::Exited(0),
            halt: Vec::new(),
            source: None,
        };
        let lonely = |name: &str| ProcessPair {
            c: Some(process(name)),
            lab: None,
            alignment: None,
        };
        let paired = || ProcessPair {
            lab: Some(process("execve")),
            alignment: Some(Alignment {
                rows: Vec::new(),
                free: false,
                ends_differ: false,
            }),
            ..lonely("execve")
        };
        let pairs = ["execve", "execve", "write", "execve"].map(lonely);
        let pairs: Vec<ProcessPair> = pairs.into_iter().chain([paired(), paired()]).collect();
        let (shown, more) = shown(&pairs);
        assert_eq!((shown.len(), more), (4, 2));
    }
}

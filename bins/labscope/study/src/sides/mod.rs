//! The system calls of both programs, side by side, process by process.

mod items;
mod row;

use std::collections::HashMap;

use labscope::compare::{
    Alignment, ProcessCalls, ProcessPair, ProgramRun, Relation, RunPair, ScenarioResult,
};
use labscope::i18n::process;
use maud::{Markup, html};

use crate::edition::Edition;
use crate::words;
use items::items;
use row::RowWriter;

/// So many calls at the beginning of a process are worth a reference.
const BEGINNING: usize = 6;

/// All processes of a scenario, in a part of the page that can be closed. What a process calls at its beginning as it
/// does in the first scenario of all is only counted.
pub fn html(outcome: &ScenarioResult, first: &ScenarioResult, edition: &Edition) -> Markup {
    let Some(run_pair) = outcome.shown() else {
        return Markup::default();
    };
    let is_first = outcome.scenario.name == first.scenario.name;
    let first = first.shown().filter(|_| !is_first).map(|run| (first, run));
    let (shown, more) = shown(&run_pair.pairs);
    let language = edition.language;
    let order = run_pair.order.say(language);
    let title = words::side_by_side(language, run_pair.pairs.len(), order);
    html! {
        details.sides {
            summary { (title) }
            @for pair in &shown { (table(outcome, run_pair, pair, first, edition)) }
            @if more > 0 { p.more { (words::processes_more(language, more)) } }
        }
    }
}

/// Of processes that do the same, so many are shown.
const ALIKE: usize = 2;

/// The processes without those that do what others do: of those without a counterpart one is shown. And how many are not.
fn shown(pairs: &[ProcessPair]) -> (Vec<&ProcessPair>, usize) {
    let (mut said, mut shown) = (HashMap::new(), Vec::new());
    for pair in pairs {
        let is_same = |alignment: &Alignment| {
            let mut rows = alignment.rows.iter();
            !alignment.ends_differ && rows.all(|row| row.relation == Relation::Same)
        };
        let most = match &pair.alignment {
            Some(alignment) if is_same(alignment) => ALIKE,
            Some(_) => usize::MAX,
            None => 1,
        };
        let processes = [&pair.c, &pair.lab].into_iter().flatten();
        let calls = processes.flat_map(|process| &process.calls);
        let calls = calls.map(|one| (&one.name, one.line.as_ref().map(|line| line.line)));
        let mut calls: Vec<_> = calls.collect();
        calls.dedup(); // once more in a loop is nothing else
        let count = said.entry((pair.alignment.is_some(), calls)).or_insert(0);
        *count += 1;
        if *count <= most {
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
    first: Option<(&ScenarioResult, &RunPair)>,
    edition: &Edition,
) -> Markup {
    let language = edition.language;
    let rows = rows(outcome, run_pair, pair, edition);
    let known = first.and_then(|(first, run_pair)| {
        let path = |pair: &ProcessPair| Some(pair.lab.as_ref()?.path.clone());
        let mut pairs = run_pair.pairs.iter();
        let pair = pairs.find(|one| path(one).is_some() && path(one) == path(pair))?;
        Some((first, self::rows(first, run_pair, pair, edition)))
    });
    let alike = known.as_ref().map_or(0, |(_, known)| {
        let both = rows.iter().zip(known);
        both.take_while(|(one, other)| one.0 == other.0).count()
    });
    let like = known.filter(|_| alike >= BEGINNING);
    let alike = like.as_ref().map_or(0, |_| alike);
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
                    @if let Some((first, _)) = like {
                        tr.more { td {} td colspan="2" {
                            a href={ "#run-" (first.scenario.name) } { (words::as_in(language, alike, &first.scenario.name)) }
                        } td {} }
                    }
                    @for row in &rows[alike..] { (row) "\n" }
                    tr.end { td {} td { (end(&pair.c)) } td { (end(&pair.lab)) } td {} }
                }
            }
        }
    }
}

/// The rows of a process.
fn rows(
    outcome: &ScenarioResult,
    run_pair: &RunPair,
    pair: &ProcessPair,
    edition: &Edition,
) -> Vec<Markup> {
    let writer = RowWriter {
        edition,
        outcome,
        run_pair,
        pair,
    };
    let items = items(pair, &outcome.differences);
    items.iter().map(|item| writer.html(item)).collect()
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
    use labscope::compare::{AlignedRow, Alignment, Member, NormalizedCall, ProcessEnd};

    #[test]
    fn of_processes_that_do_the_same_some_are_shown() {
        let process = |name: &str| ProcessCalls {
            path: vec![Member::Child(1)],
            pid: 10,
            thread: 10,
            calls: vec![NormalizedCall::written(name, &[], Some("0"))],
            ledger: Vec::new(),
            signals: Vec::new(),
            died_of: None,
            is_ended_by_another: false,
            end: ProcessEnd::Exited(0),
            halt: Vec::new(),
            source: None,
            inherited: None,
            unwritten: None,
        };
        let lonely = |name: &str| ProcessPair {
            c: Some(process(name)),
            lab: None,
            alignment: None,
        };
        let paired = |relation: Relation| ProcessPair {
            lab: Some(process("execve")),
            alignment: Some(Alignment {
                meant: Default::default(),
                rows: vec![AlignedRow {
                    c: Some(0),
                    lab: Some(0),
                    relation,
                }],
                free: false,
                ends_differ: false,
            }),
            ..lonely("execve")
        };
        let pairs = ["execve", "execve", "write", "execve"].map(lonely);
        let same = (0..5).map(|_| paired(Relation::Same));
        let other = (0..3).map(|_| paired(Relation::Declared(0)));
        let pairs: Vec<ProcessPair> = pairs.into_iter().chain(other).chain(same).collect();
        let (shown, more) = shown(&pairs);
        // Two that only one program has, each of those that are no whole counterparts.
        assert_eq!((shown.len(), more), (2 + 3, 2 + 5), "{more}");
    }
}

//! The system calls of both programs, side by side, process by process.

mod items;
mod row;

use std::collections::HashSet;

use labscope::compare::{Outcome, Pair, Run, Story, Trial};
use labscope::i18n::Language;
use maud::{Markup, html};

use crate::edition::Edition;
use items::items;
use row::Rows;

/// All processes of a scenario, in a part of the page that can be closed.
pub fn html(outcome: &Outcome, edition: &Edition) -> Markup {
    // The order in which the two part, if they do; the other one reads the same.
    let trials = &outcome.trials;
    let parting = trials.iter().find(|trial| !trial.departures.is_empty());
    let Some(trial) = parting.or(trials.first()) else {
        return Markup::default();
    };
    let (shown, more) = shown(&trial.pairs);
    html! {
        details.sides {
            summary { (title(trial, edition.words)) }
            @for pair in &shown { (table(outcome, trial, pair, edition)) }
            @if more > 0 { p.more { (like_these(more, edition.words)) } }
        }
    }
}

/// The processes without those that have no counterpart and do what another one does; and how many these are.
fn shown(pairs: &[Pair]) -> (Vec<&Pair>, usize) {
    let (mut said, mut shown) = (HashSet::new(), Vec::new());
    for pair in pairs {
        let stories = [&pair.c, &pair.lab].into_iter().flatten();
        let calls = stories.flat_map(|story| &story.requests);
        let calls = calls.map(|one| (&one.name, one.line.as_ref().map(|line| line.line)));
        if pair.pairing.is_some() || said.insert(calls.collect::<Vec<_>>()) {
            shown.push(pair);
        }
    }
    let more = pairs.len() - shown.len();
    (shown, more)
}

fn like_these(count: usize, words: Language) -> String {
    match (words, count) {
        (Language::En, 1) => "… and 1 more process like these".to_owned(),
        (Language::En, _) => format!("… and {count} more processes like these"),
        (Language::Ko, _) => format!("… 이와 같은 프로세스 {count}개 더"),
    }
}

fn title(trial: &Trial, words: Language) -> String {
    let count = trial.pairs.len();
    let order = trial.order.say(words);
    let order = order.map_or(String::new(), |order| format!(", {order}"));
    match (words, count) {
        (Language::En, 1) => format!("System calls, side by side (1 process{order})"),
        (Language::En, _) => format!("System calls, side by side ({count} processes{order})"),
        (Language::Ko, _) => format!("나란히 본 시스템 콜 (프로세스 {count}개{order})"),
    }
}

fn table(outcome: &Outcome, trial: &Trial, pair: &Pair, edition: &Edition) -> Markup {
    let words = edition.words;
    let rows = Rows {
        edition,
        outcome,
        trial,
        pair,
    };
    let (run, story) = match &pair.c {
        Some(story) => (&trial.c, Some(story)),
        None => (&trial.lab, pair.lab.as_ref()),
    };
    let number = story.map(Story::number).unwrap_or_default();
    let programs = story.map(|story| programs(run, story)).unwrap_or_default();
    let end = |story: &Option<Story>| {
        let end = story.as_ref().map(|story| story.end.say(words));
        end.unwrap_or_default()
    };
    html! {
        div.wide tabindex="0" {
            table.sides {
                caption { (words.pick("process", "프로세스")) " " (number) " " (programs) }
                thead { tr {
                    th scope="col" { (words.pick("C line", "C 줄")) }
                    th scope="col" { (words.pick("C call", "C의 호출")) }
                    th scope="col" { (words.pick("Rust call", "Rust의 호출")) }
                    th scope="col" { (words.pick("Rust line", "Rust 줄")) }
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
fn programs(run: &Run, story: &Story) -> String {
    let names = story.requests.iter().filter_map(|one| run.program(one));
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    names.join(" → ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use labscope::compare::{Doubt, End, Names, Pairing, Request, Text};

    #[test]
    fn processes_that_only_one_program_has_are_shown_once() {
        let story = |name: &str| Story {
            path: vec![1],
            pid: 10,
            requests: vec![Request {
                text: Text::new(name, &Names::new()),
                words: Vec::new(),
                name: name.to_owned(),
                returned: true,
                doubt: Doubt::Nothing,
                line: None,
                index: 0,
            }],
            ledger: Vec::new(),
            end: End::Exited(0),
        };
        let lonely = |name: &str| Pair {
            c: Some(story(name)),
            lab: None,
            pairing: None,
        };
        let paired = || Pair {
            lab: Some(story("execve")),
            pairing: Some(Pairing {
                rows: Vec::new(),
                free: false,
                ends_differ: false,
            }),
            ..lonely("execve")
        };
        let pairs = ["execve", "execve", "write", "execve"].map(lonely);
        let pairs: Vec<Pair> = pairs.into_iter().chain([paired(), paired()]).collect();
        let (shown, more) = shown(&pairs);
        assert_eq!((shown.len(), more), (4, 2));
    }
}

//! The system calls of both programs, side by side, process by process.

mod items;
mod row;

use labscope::compare::{Outcome, Pair, Run, Story, Trial};
use labscope::scenario::Language;
use labscope::tour::Words;
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
    html! {
        details.sides {
            summary { (title(trial, edition.words)) }
            @for pair in &trial.pairs { (table(outcome, trial, pair, edition)) }
        }
    }
}

fn title(trial: &Trial, words: Words) -> String {
    let count = trial.pairs.len();
    let order = trial.order.say(words.0);
    let order = order.map_or(String::new(), |order| format!(", {order}"));
    match (words.0, count) {
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
        let end = story.as_ref().map(|story| story.end.say(words.0));
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
                    @for item in items(pair) { (rows.html(&item)) "\n" }
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

//! What libc did for the C program, beside the lab's nothing.

use labscope::compare::ScenarioResult;
use labscope::i18n::Language;
use labscope::i18n::libc::times;
use labscope::source::libc_calls::Kind;
use maud::{Markup, html};

use crate::record::Recorded;
use crate::words;

/// How many calls libc made on its own in the C program, and in the lab.
pub fn totals(outcome: &ScenarioResult) -> (usize, usize) {
    let of_c = outcome
        .ledger()
        .values()
        .flat_map(|calls| calls.values())
        .sum();
    (of_c, of_lab(outcome, None))
}

/// The calls in the lab's own ledger: of one kind, or all.
fn of_lab(outcome: &ScenarioResult, kind: Option<Kind>) -> usize {
    let processes = outcome
        .run_pairs
        .first()
        .into_iter()
        .flat_map(|run_pair| &run_pair.lab.processes);
    let calls = processes.flat_map(|process| &process.ledger);
    calls
        .filter(|(one, _)| kind.is_none_or(|kind| *one == kind))
        .count()
}

/// The table of one scenario, the first.
pub fn section(recorded: &Recorded, language: Language) -> Markup {
    html! {
        section #ledger {
            h2 { (words::libc_adds(language)) }
            @if let Some(outcome) = recorded.outcomes.first() { (table(outcome, language)) }
        }
    }
}

fn table(outcome: &ScenarioResult, language: Language) -> Markup {
    let ledger = outcome.ledger();
    let (of_c, none) = totals(outcome);
    let caption = words::libc_calls(language, &outcome.scenario.name);
    html! {
        div.wide tabindex="0" {
            table.ledger {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (words::what_for(language)) }
                    th scope="col" { (words::calls(language)) }
                    th.number scope="col" { "C" }
                    th.number scope="col" { "Rust" }
                } }
                tbody {
                    @for kind in Kind::ALL {
                        @if let Some(calls) = ledger.get(&kind) {
                            tr {
                                th scope="row" { (kind.purpose(language)) }
                                td { @for (place, (name, count)) in calls.iter().enumerate() {
                                    @if place > 0 { ", " } code { (times(name, *count)) }
                                } }
                                td.number { (calls.values().sum::<usize>()) }
                                td.number { (of_lab(outcome, Some(kind))) }
                            }
                        }
                    }
                }
                tfoot { tr {
                    th scope="row" colspan="2" { (words::total(language)) }
                    td.number { (of_c) }
                    td.number { (none) }
                } }
            }
        }
    }
}

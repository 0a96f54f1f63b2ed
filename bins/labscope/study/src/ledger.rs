//! What libc did for the C program, beside the lab's nothing.

use labscope::compare::ScenarioResult;
use labscope::i18n::Language;
use labscope::source::libc_calls::Kind;
use maud::{Markup, html};

use crate::calls::times;
use crate::record::Recorded;

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
pub fn section(recorded: &Recorded, words: Language) -> Markup {
    html! {
        section #ledger {
            h2 { (words.pick("What libc adds", "libc가 더하는 일")) }
            @if let Some(outcome) = recorded.outcomes.first() { (table(outcome, words)) }
        }
    }
}

fn table(outcome: &ScenarioResult, words: Language) -> Markup {
    let ledger = outcome.ledger();
    let (of_c, none) = totals(outcome);
    let name = &outcome.scenario.name;
    let caption = match words {
        Language::En => {
            format!("System calls that no line of the program asks for, in the scenario {name}")
        }
        Language::Ko => format!("프로그램의 어느 줄도 요청하지 않은 시스템 콜(시나리오 {name})"),
    };
    html! {
        div.wide tabindex="0" {
            table.ledger {
                caption { (caption) }
                thead { tr {
                    th scope="col" { (words.pick("What for", "용도")) }
                    th scope="col" { (words.pick("Calls", "시스템 콜")) }
                    th.number scope="col" { "C" }
                    th.number scope="col" { "Rust" }
                } }
                tbody {
                    @for kind in Kind::ALL {
                        @if let Some(calls) = ledger.get(&kind) {
                            tr {
                                th scope="row" { (kind.purpose(words)) }
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
                    th scope="row" colspan="2" { (words.pick("total", "합계")) }
                    td.number { (of_c) }
                    td.number { (none) }
                } }
            }
        }
    }
}

//! Whether the lab is its C program, in words.

use labscope::compare::ScenarioResult;
use labscope::compare::report::Verdict;
use labscope::i18n::Language;
use maud::{Markup, html};

/// The verdict. A declared difference that did not occur is a difference too.
fn verdict(outcome: &ScenarioResult) -> Verdict {
    match outcome.is_faithful() {
        true => outcome.verdict(),
        false => Verdict::Different,
    }
}

/// The class of a verdict in the style sheet.
pub fn class(outcome: &ScenarioResult) -> &'static str {
    match verdict(outcome) {
        Verdict::Same => "same",
        Verdict::Declared => "declared",
        Verdict::Different => "different",
    }
}

/// The verdict, with the orders after fork in which it was found.
pub fn line(outcome: &ScenarioResult, words: Language) -> String {
    let verdict = verdict(outcome).say(words);
    format!("{verdict}{}", outcome.orders(words))
}

/// The verdict with its reasons: where the two part, and what is declared.
pub fn html(outcome: &ScenarioResult, words: Language) -> Markup {
    let mut mismatches = outcome.reasons(words);
    let missing = words.pick(
        "declared, but it did not occur",
        "밝혀 두었으나 일어나지 않은 차이",
    );
    mismatches.extend(
        outcome
            .missing()
            .iter()
            .map(|one| format!("{missing}: {}", one.name)),
    );
    html! {
        p.verdict.(class(outcome)) {
            (line(outcome, words))
            @for name in declared(outcome) { " " a.why href={ "#difference-" (name) } { (name) } }
        }
        @if !mismatches.is_empty() {
            ul.departures { @for text in mismatches { li { (text) } } }
        }
    }
}

/// The names of the declared differences that occurred, each once.
pub fn declared(outcome: &ScenarioResult) -> Vec<&str> {
    let mut names = Vec::new();
    for difference in outcome.declared() {
        if !names.contains(&difference.name.as_str()) {
            names.push(&difference.name);
        }
    }
    names
}

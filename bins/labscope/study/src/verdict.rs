//! Whether the lab is its C program, in words.

use labscope::compare::ScenarioResult;
use labscope::compare::report::Verdict;
use labscope::i18n::{Language, compare};
use maud::{Markup, html};

/// The verdict. A declared difference that did not occur is a difference too.
fn verdict(outcome: &ScenarioResult) -> Verdict {
    match outcome.missing().is_empty() {
        true => outcome.verdict(),
        false => Verdict::Different,
    }
}

/// The class of a verdict in the style sheet.
pub fn class(outcome: &ScenarioResult) -> &'static str {
    match verdict(outcome) {
        Verdict::Same => "same",
        Verdict::Declared => "declared",
        Verdict::Wording | Verdict::Different | Verdict::NotRecorded => "different",
    }
}

/// The verdict, with the orders after fork in which it was found.
pub fn line(outcome: &ScenarioResult, language: Language) -> String {
    let verdict = verdict(outcome).say(language);
    format!("{verdict}{}", outcome.orders(language))
}

/// The verdict with its reasons: where the two part, and what is declared.
pub fn html(outcome: &ScenarioResult, language: Language) -> Markup {
    let mut mismatches = outcome.reasons(language);
    let missing = outcome.missing().into_iter();
    mismatches.extend(missing.map(|one| compare::did_not_occur(language, &one.name)));
    html! {
        p.verdict.(class(outcome)) {
            (line(outcome, language))
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

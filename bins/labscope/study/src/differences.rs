//! What the lab does differently on purpose, and why.

use labscope::i18n::Language;
use labscope::scenario::Difference;
use labscope::text::shorten;
use maud::{Markup, html};

use crate::record::Recorded;
use crate::words;

/// One declared difference: all its forms, and the scenarios in which it occurred.
struct Declared<'a> {
    name: &'a str,
    forms: Vec<&'a Difference>,
    scenarios: Vec<&'a str>,
}

fn declared(recorded: &Recorded) -> Vec<Declared<'_>> {
    let mut found: Vec<Declared> = Vec::new();
    for outcome in &recorded.outcomes {
        for form in outcome.declared() {
            let place = found.iter().position(|one| one.name == form.name);
            let place = place.unwrap_or_else(|| {
                found.push(Declared {
                    name: &form.name,
                    forms: Vec::new(),
                    scenarios: Vec::new(),
                });
                found.len() - 1
            });
            let one = &mut found[place];
            if !one.forms.contains(&form) {
                one.forms.push(form);
            }
            let name = outcome.scenario.name.as_str();
            if one.scenarios.last() != Some(&name) {
                one.scenarios.push(name);
            }
        }
    }
    found
}

/// The list of them, or the word that there are none.
pub fn section(recorded: &Recorded, language: Language) -> Markup {
    let declared = declared(recorded);
    html! {
        section #differences {
            h2 { (words::declared_differences(language)) }
            @if recorded.different().next().is_some() {
                p { (words::differs_otherwise(language)) }
            } @else if declared.is_empty() {
                p { (words::no_difference(language)) }
            }
            @if !declared.is_empty() {
                p { (words::on_purpose(language)) }
                dl.differences { @for one in &declared { (item(one, recorded.outcomes.len(), language)) "\n" } }
            }
        }
    }
}

fn item(one: &Declared, all: usize, language: Language) -> Markup {
    let mut reasons: Vec<&str> = one
        .forms
        .iter()
        .map(|form| form.reason.get(language))
        .collect();
    reasons.dedup();
    let calls = |of: fn(&Difference) -> &[String]| -> Vec<&String> {
        one.forms.iter().flat_map(|&form| of(form)).collect()
    };
    let sides = [
        ("C", calls(|form| &form.c)),
        ("Rust", calls(|form| &form.lab)),
    ];
    html! {
        dt id={ "difference-" (one.name) } { (one.name) }
        @for reason in reasons { dd { (reason) } }
        @for (side, calls) in &sides {
            @if !calls.is_empty() {
                dd.pattern { (side) ": " @for (place, call) in calls.iter().enumerate() {
                    @if place > 0 { br; } code { (shorten::call(call)) }
                } }
            }
        }
        @if one.forms.iter().any(|form| form.last) {
            dd { (words::goes_own_way(language)) }
        }
        dd.scenarios {
            @if one.scenarios.len() == all {
                (words::in_every_scenario(language))
            } @else {
                (words::in_scenarios(language))
                @for name in &one.scenarios { " " a href={ "#run-" (name) } { (name) } }
            }
        }
    }
}

//! What the lab does differently on purpose, and why.

use labscope::i18n::Language;
use labscope::scenario::Difference;
use maud::{Markup, html};

use crate::calls::shortened;
use crate::record::Recorded;

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
pub fn section(recorded: &Recorded, words: Language) -> Markup {
    let declared = declared(recorded);
    html! {
        section #differences {
            h2 { (words.pick("Declared differences", "밝혀 둔 차이")) }
            @if recorded.different().next().is_some() {
                p { (words.pick(
                    "C and Rust also differ otherwise than declared: see the scenarios.",
                    "밝혀 둔 것과 다른 차이가 있다. 시나리오에서 볼 수 있다.",
                )) }
            } @else if declared.is_empty() {
                p { (words.pick(
                    "None: in every scenario the lab makes the calls of the C program, with the same arguments and results.",
                    "없음. 모든 시나리오에서 실습은 C 프로그램과 같은 시스템 콜을 같은 인자로 부르고 같은 결과를 얻는다.",
                )) }
            }
            @if !declared.is_empty() {
                p { (words.pick(
                    "What the lab does otherwise on purpose, and why. In the calls a * stands for anything, and <same> for what is the same in both.",
                    "실습이 일부러 달리하는 것과 그 까닭이다. 시스템 콜의 *는 무엇이든 될 수 있고, <same>은 양쪽에서 같은 것을 가리킨다.",
                )) }
                dl.differences { @for one in &declared { (item(one, recorded.outcomes.len(), words)) "\n" } }
            }
        }
    }
}

fn item(one: &Declared, all: usize, words: Language) -> Markup {
    let mut reasons: Vec<&str> = one
        .forms
        .iter()
        .map(|form| form.reason.get(words))
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
                    @if place > 0 { br; } code { (shortened(call)) }
                } }
            }
        }
        @if one.forms.iter().any(|form| form.rest) {
            dd { (words.pick(
                "From there on the two processes go their own ways, and their calls are not compared.",
                "그 뒤로는 두 프로세스가 서로 다른 길을 가므로 시스템 콜을 비교하지 않는다.",
            )) }
        }
        dd.scenarios {
            @if one.scenarios.len() == all {
                (words.pick("in every scenario", "모든 시나리오에서"))
            } @else {
                (words.pick("in:", "시나리오:"))
                @for name in &one.scenarios { " " a href={ "#run-" (name) } { (name) } }
            }
        }
    }
}

//! The questions of a page: what will the lab do? They stand before the guide tells, and the recorded runs answer them.

use labscope::i18n::Language;
use labscope::i18n::quiz as say;
use labscope::quiz::{Answer, Question, Reason, RecordedRun, done, questions};
use labscope::scenario::Scenario;
use maud::{Markup, html};
use serde_json::json;

use crate::record::{Recorded, ShownRun};
use crate::steps::{self, Places};
use crate::words;

/// All questions about a lab; what has been asked of one scenario is not asked of the next.
pub fn section(recorded: &Recorded, language: Language) -> Markup {
    let mut known: Vec<Question> = Vec::new();
    html! {
        section.quiz #quiz data-lab=(recorded.lab) data-words=(of_script(language)) aria-labelledby="quiz-title" {
            h3 #quiz-title { (words::predict_first(language)) }
            p { (words::how_to_predict(language)) }
            @for outcome in &recorded.outcomes {
                (of_scenario(&outcome.scenario, &recorded.runs_of(&outcome.scenario.name), &mut known, language)) "\n"
            }
            div.score hidden {
                p role="status" {}
                button type="button" { (words::start_again(language)) }
            }
        }
    }
}

/// Sentences that the script fills in.
fn of_script(language: Language) -> String {
    json!({
        "right": say::right(language), "wrong": say::wrong(language, "{answer}"),
        "number": words::a_number(language), "choice": words::a_choice(language),
        "order": words::an_order(language), "line": words::a_line(language),
        "score": words::score(language, "{right}", "{asked}", "{all}"),
        "kept": words::kept_here(language), "lost": words::kept_nowhere(language),
    })
    .to_string()
}

fn of_scenario(
    scenario: &Scenario,
    runs: &[&ShownRun],
    known: &mut Vec<Question>,
    language: Language,
) -> Markup {
    let recorded: Vec<RecordedRun> = runs.iter().map(|run| recorded_run(run)).collect();
    let mut asked = questions(&recorded, language);
    asked.retain(|(_, one)| known.iter().all(|other| !other.asks_the_same(one)));
    known.extend(asked.iter().map(|(_, one)| one.clone()));
    if asked.is_empty() {
        return Markup::default();
    }
    let done = done(scenario, language);
    html! {
        div.asked {
            @if done.is_empty() {
                p { (words::nothing_is_done(language)) }
            } @else {
                p { (say::done_to_it(language)) }
                ul { @for line in done { li { (line) } } }
            }
            @for (place, question) in &asked {
                (one(&scenario.name, question, runs[*place], language)) "\n"
            }
        }
    }
}

/// A run, as it is asked about.
pub fn recorded_run(run: &ShownRun) -> RecordedRun<'_> {
    RecordedRun {
        order: run.order,
        transcript: &run.run.transcript,
        sites: &run.run.sites,
    }
}

/// A question with its input, and with its answer closed.
fn one(scenario: &str, question: &Question, run: &ShownRun, language: Language) -> Markup {
    let order = question.order.and_then(|order| order.say(language));
    let of = question.order.map(|order| format!(".{order:?}"));
    let name = format!("{scenario}.{}{}", question.kind, of.unwrap_or_default());
    let places = Places::of(run);
    html! {
        div.question data-key=(name) data-kind=(kind(&question.answer)) data-right=(question.answer.typed()) {
            fieldset {
                legend {
                    @if let Some(order) = order { em { (say::after_fork(language, order)) } ". " }
                    (question.text)
                }
                (input(&question.answer, &name, language))
                " " button type="button" hidden { (words::check(language)) }
            }
            p.told role="status" {}
            details {
                summary { (words::answer(language)) }
                (told(&question.answer))
                ul { @for reason in &question.why { li { (why(reason, &places, language)) } } }
            }
        }
    }
}

fn kind(answer: &Answer) -> &'static str {
    match answer {
        Answer::Number(_) => "number",
        Answer::Choice { .. } => "choice",
        Answer::Order { .. } => "order",
        Answer::Line(_) => "line",
    }
}

fn input(answer: &Answer, name: &str, language: Language) -> Markup {
    let options = answer.options();
    html! {
        @match answer {
            Answer::Number(_) => label {
                (words::number(language)) " " input type="text" inputmode="numeric" size="6" autocomplete="off";
            },
            Answer::Choice { .. } => {
                @for (number, option) in (1..).zip(options) {
                    label.option { input type="radio" name=(name) value=(number); " " span { (option) } }
                }
            },
            Answer::Order { .. } => {
                @for option in options {
                    label.option {
                        select aria-label={ (words::place_of(language)) " " (option) } {
                            option value="" { "–" }
                            @for place in 1..=options.len() { option { (place) } }
                        }
                        " " code { (option) }
                    }
                }
            },
            Answer::Line(_) => label {
                (words::line(language)) " "
                input.code type="text" size="32" autocomplete="off" autocapitalize="off" spellcheck="false";
            },
        }
    }
}

fn told(answer: &Answer) -> Markup {
    html! {
        @match answer {
            Answer::Number(_) | Answer::Choice { .. } => p { strong { (answer.told()) } },
            Answer::Line(line) => p { code { (line) } },
            Answer::Order { options, right } => ol {
                @for option in right.iter().filter_map(|&place| options.get(place)) { li { code { (option) } } }
            },
        }
    }
}

/// A call that decides, with the step of the run in which it is made.
fn why(reason: &Reason, places: &Places, language: Language) -> Markup {
    let step = reason.call.and_then(|call| places.of_call(call));
    html! {
        (reason.text)
        @if let Some(step) = step {
            " " a href={ "#" (steps::address(places.run, step)) } { (words::step(language, step + 1)) }
        }
    }
}

//! What a scenario does to a lab; not its title, which may tell what comes of it.

use crate::i18n::Language;
use crate::i18n::quiz as words;
use crate::scenario::{Companion, Condition, Played, Scenario, Step, Wiring};
use crate::text::visible::visible;

/// The lines of it.
pub fn done(scenario: &Scenario, language: Language) -> Vec<String> {
    let beside = scenario.companions.iter().filter(|one| one.ready.is_some());
    let mut lines: Vec<String> = beside
        .map(|one| words::runs_already(language, &program(one)))
        .collect();
    if !scenario.args.is_empty() {
        lines.push(words::with_arguments(language, &scenario.args.join(" ")));
    }
    match scenario.stdout {
        Wiring::Pipe => lines.push(words::in_a_pipe(language).to_owned()),
        Wiring::File => lines.push(words::in_a_file(language).to_owned()),
        _ => {}
    }
    if let Some(input) = &scenario.input {
        lines.push(words::input(language, &format!("{input:?}")));
    }
    if !scenario.inject.is_empty() {
        lines.push(words::injected(language, &scenario.inject.join(", ")));
    }
    lines.extend(
        scenario
            .steps
            .iter()
            .filter_map(|step| step_done(scenario, step, language)),
    );
    lines
}

/// What a companion runs.
fn program(companion: &Companion) -> String {
    match &companion.played {
        Played::Lab(lab) => lab.clone(),
        Played::Program(path) => path.clone(),
    }
}

fn step_done(scenario: &Scenario, step: &Step, language: Language) -> Option<String> {
    Some(match step {
        Step::Type { bytes, .. } => {
            let typed = visible(&String::from_utf8_lossy(bytes));
            words::typed(language, &format!("{typed:?}"))
        }
        // Other conditions would tell what comes of it.
        Step::Await {
            condition: condition @ (Condition::Terminal(_) | Condition::Stream(_)),
            ..
        } => words::awaited(language, &condition.say(language)),
        Step::Signal { signal, process } => words::signalled(language, signal.as_str(), *process),
        Step::Start(name) => {
            words::started(language, name, &program(&scenario.played("", Some(name))))
        }
        Step::With { companion, step } if !matches!(**step, Step::Await { .. }) => {
            let done = step_done(scenario, step, language)?;
            format!("{companion}: {done}")
        }
        Step::CloseStdin => words::end_of_input(language).to_owned(),
        _ => return None,
    })
}

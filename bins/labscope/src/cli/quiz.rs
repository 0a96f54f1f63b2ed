//! `labscope quiz`: what will a lab do? Questions whose answers are read off its recorded runs.

use std::path::Path;

use anyhow::Result;

use crate::i18n::Language;
use crate::i18n::quiz as words;
use crate::project::Room;
use crate::quiz::{Question, Score, ask, questions};
use crate::run::record::{programs, record};
use crate::scenario::{self, Condition, Scenario, Step, Wiring};
use crate::source::Attribution;
use crate::text::screen::{Screen, Style};
use crate::text::visible::visible;
use crate::trace::tracer::AfterFork;

/// Asks about the scenarios of the tour, or about one; false if an answer was wrong.
pub fn run(root: &Path, lab: &str, scenario: Option<&str>, language: Language) -> Result<bool> {
    let scenarios = scenario::load(root, lab)?;
    let asked: Vec<&Scenario> = match scenario {
        Some(name) => vec![scenarios.chosen(lab, Some(name))?],
        None => scenarios.scenarios.iter().filter(|one| one.tour).collect(),
    };
    let attribution = Attribution::new(&programs(root, lab))?;
    let room = Room::of(root, lab);
    let files = ["c", "rs"].map(|kind| room.source(lab, kind));
    let files = files.map(|file| {
        file.strip_prefix(root)
            .unwrap_or(&file)
            .display()
            .to_string()
    });
    let mut screen = Screen::stdout();
    screen.paragraph(
        Style::Said,
        "",
        "",
        &words::introduction(language, lab, &files.join(", ")),
    )?;
    let mut score = Score::default();
    let mut input = std::io::stdin().lock();
    let mut known: Vec<Question> = Vec::new();
    for scenario in asked {
        let transcript = record(root, lab, scenario, AfterFork::Either, None)?;
        let sites = transcript
            .trace
            .as_ref()
            .map(|trace| attribution.sites(trace));
        let mut questions = questions(&transcript, &sites.unwrap_or_default(), language);
        let is_new = |one: &Question| known.iter().all(|other| !one.asks_the_same(other));
        questions.retain(is_new);
        known.extend(questions.iter().cloned());
        if questions.is_empty() {
            continue;
        }
        screen.line(Style::Plain, "")?;
        screen.line(Style::Said, words::done_to_it(language))?;
        for line in done(scenario, language) {
            screen.paragraph(Style::Plain, "  ", "    ", &line)?;
        }
        if ask(&questions, &mut input, &mut score, language)?.is_none() {
            break;
        }
    }
    screen.line(Style::Plain, "")?;
    screen.line(
        Style::Marked,
        &words::score(language, score.right, score.asked),
    )?;
    Ok(score.right == score.asked)
}

/// What a scenario does to the lab; not its title, which may tell what comes of it.
fn done(scenario: &Scenario, language: Language) -> Vec<String> {
    let mut lines = Vec::new();
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
            .filter_map(|step| step_done(step, language)),
    );
    lines
}

fn step_done(step: &Step, language: Language) -> Option<String> {
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
        Step::CloseStdin => words::end_of_input(language).to_owned(),
        _ => return None,
    })
}

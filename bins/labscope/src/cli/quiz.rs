//! `labscope quiz`: what will a lab do? Questions whose answers are read off its recorded runs.

use std::path::Path;

use anyhow::Result;

use crate::compare::ProgramRun;
use crate::facts::fork_order::Order;
use crate::i18n::Language;
use crate::i18n::quiz as words;
use crate::project::Room;
use crate::quiz::{Question, RecordedRun, Score, ask, done, questions};
use crate::run::record::{orders, programs, record};
use crate::scenario::{self, Scenario};
use crate::source::Attribution;
use crate::text::screen::{Screen, Style};

/// Asks about the scenarios that the study pages show, or about one. A wrong answer is no failure.
pub fn run(root: &Path, lab: &str, scenario: Option<&str>, language: Language) -> Result<()> {
    let scenarios = scenario::load(root, lab)?;
    let asked: Vec<&Scenario> = match scenario {
        Some(name) => vec![scenarios.chosen(lab, Some(name))?],
        None => scenarios
            .scenarios
            .iter()
            .filter(|one| one.is_shown())
            .collect(),
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
        let runs = recorded(root, lab, scenario, &attribution)?;
        let runs: Vec<RecordedRun> = runs
            .iter()
            .map(|(order, run)| RecordedRun {
                order: *order,
                transcript: &run.transcript,
                sites: &run.sites,
            })
            .collect();
        let questions = questions(&runs, language).into_iter();
        let mut questions: Vec<Question> = questions.map(|(_, question)| question).collect();
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
    )
}

/// The runs of a scenario, in each order after fork that the lab can have.
fn recorded(
    root: &Path,
    lab: &str,
    scenario: &Scenario,
    attribution: &Attribution,
) -> Result<Vec<(Option<Order>, ProgramRun)>> {
    let mut runs: Vec<(Option<Order>, ProgramRun)> = Vec::new();
    for &first in orders(scenario) {
        let run = ProgramRun::of(record(root, lab, scenario, first, None)?, attribution)?;
        let order = Order::asked(first).filter(|&order| run.shown.fits(order));
        if runs.is_empty() || order.is_some() {
            runs.push((order, run));
        }
    }
    Ok(runs)
}

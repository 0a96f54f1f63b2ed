//! The deck: a slide a lab, with the C, the questions, and the picture of the answer.

use std::collections::BTreeSet;

use anyhow::Result;
use labscope::exercise::Exercise;
use labscope::i18n::Language;
use labscope::quiz::{Answer, Question, questions};
use labscope::{scenario, timeline};
use maud::{Markup, PreEscaped, html};

use crate::edition::Edition;
use crate::frame::document;
use crate::highlight;
use crate::listing;
use crate::quiz::recorded_run;
use crate::record::{Recorded, ShownRun};
use crate::words;

/// How many characters of a line of C stand beside each other before it is broken.
const WIDTH: usize = 78;

/// How many lines of C can be read from the last row of a lecture room.
const LINES: usize = 46;

/// How many questions a slide has at most.
const QUESTIONS: usize = 3;

/// The name of the deck's page.
pub const DECK: &str = "index";

/// The deck in one language.
pub fn page(recorded: &[Recorded], edition: &Edition) -> Result<Markup> {
    let language = edition.language;
    let slides: Result<Vec<Markup>> = recorded.iter().map(|lab| slide(lab, edition)).collect();
    let body = html! {
        body.deck {
            main {
                section.slide.title #title {
                    h1 { (words::deck(language)) }
                    p { "rawlabs" }
                    p.keys { (words::keys_of_deck(language)) }
                }
                @for slide in slides? { (slide) "\n" }
            }
        }
    };
    let title = format!("{} · rawlabs", words::deck(language));
    let styles = ["study.css", "slides.css"];
    Ok(document(&title, language, &styles, &["slides.js"], body))
}

fn slide(recorded: &Recorded, edition: &Edition) -> Result<Markup> {
    let (lab, language) = (recorded.lab.as_str(), edition.language);
    let head = scenario::load(edition.root, lab)?.lab.unwrap_or_default();
    let run = recorded.shown.first();
    let asked = run.map_or_else(Vec::new, |run| questions(&[recorded_run(run)], language));
    Ok(html! {
        section.slide id=(lab) {
            header {
                h2 { (lab) ".c" }
                p { (head.slide.get(language)) }
            }
            (code(lab, edition)?)
            div.beside {
                @if let Some(run) = run { p.scenario { (run.scenario.title.get(language)) } }
                ol { @for (_, question) in asked.iter().take(QUESTIONS) { (ask(question)) } }
                div.answer {
                    p.watch { (with_code(head.watch.get(language))) }
                    @if let Some(run) = run { (picture(run, language)) }
                }
            }
        }
    })
}

/// The question; its answer is among what it may be, or stands behind it.
fn ask(question: &Question) -> Markup {
    html! {
        li {
            (question.text)
            @if !question.answer.options().is_empty() {
                ul {
                    @for (place, option) in question.answer.options().iter().enumerate() {
                        li.right[is_right(&question.answer, place)] { (option) }
                    }
                }
            }
            @if !matches!(question.answer, Answer::Choice { .. }) {
                " " b.answer { (question.answer.told()) }
            }
        }
    }
}

fn is_right(answer: &Answer, place: usize) -> bool {
    matches!(answer, Answer::Choice { right, .. } if *right == place)
}

/// A text in which what is code stands between backticks.
fn with_code(text: &str) -> Markup {
    html! {
        @for (place, piece) in text.split('`').enumerate() {
            @if place % 2 == 1 { code { (piece) } } @else { (piece) }
        }
    }
}

fn picture(run: &ShownRun, language: Language) -> Markup {
    let drawn = timeline::svg::draw(&run.timeline, language).inline();
    html! { figure { (PreEscaped(drawn)) } }
}

/// The program, without what stands above it; of one that no slide holds, the pieces that are its lesson.
fn code(lab: &str, edition: &Edition) -> Result<Markup> {
    let lines = edition.program(lab, "c")?;
    let whole: BTreeSet<usize> = (listing::head(&lines)..lines.len()).collect();
    let shown = match rows(&lines, &whole) > LINES {
        true => pieces(&lines, &Exercise::of(edition.root, lab)?),
        false => whole,
    };
    let is_cut =
        |line: usize| line > 0 && !shown.contains(&(line - 1)) && shown.first() != Some(&line);
    Ok(html! {
        pre style={ "--lines:" (rows(&lines, &shown)) } {
            code {
                @for &line in &shown {
                    @if is_cut(line) { span.line { span.c { "…" } } }
                    span.line { (listing::tokens(&lines[line])) }
                }
            }
        }
    })
}

/// The lines that a student writes, as many as there is room for, and of those around them what there is room for too.
fn pieces(lines: &[highlight::Line], exercise: &Exercise) -> BTreeSet<usize> {
    let mut regions: Vec<_> = exercise.regions.iter().map(|it| it.lines.clone()).collect();
    regions.sort_by_key(|lines| lines.start);
    let mut shown: BTreeSet<usize> = BTreeSet::new();
    for region in regions {
        let more: BTreeSet<usize> = shown.iter().copied().chain(region).collect();
        if !shown.is_empty() && rows(lines, &more) > LINES {
            break;
        }
        shown = more;
    }
    loop {
        let after = shown.iter().map(|line| line + 1);
        let before = shown.iter().filter_map(|line| line.checked_sub(1));
        let around = before
            .chain(after)
            .filter(|line| (listing::head(lines)..lines.len()).contains(line));
        let more: BTreeSet<usize> = shown.iter().copied().chain(around).collect();
        if more == shown || rows(lines, &more) > LINES {
            return shown;
        }
        shown = more;
    }
}

/// How many rows these lines take, and a row for each place where lines are left out.
fn rows(lines: &[highlight::Line], shown: &BTreeSet<usize>) -> usize {
    let length = |line: usize| {
        let tokens = lines[line].iter();
        tokens
            .map(|token| token.text.chars().count())
            .sum::<usize>()
    };
    let neighbours = shown.iter().zip(shown.iter().skip(1));
    let cuts = neighbours.filter(|(one, next)| **next != *one + 1).count();
    let rows = shown
        .iter()
        .map(|&line| length(line).div_ceil(WIDTH).max(1));
    rows.sum::<usize>() + cuts
}

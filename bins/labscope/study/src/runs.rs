//! The recorded runs of a lab: what was to be seen, the timeline, the calls; and the list of all scenarios.

use labscope::Room;
use labscope::compare::ScenarioResult;
use labscope::i18n::Language;
use labscope::timeline;
use labscope::timeline::svg::{PANELS, Picture};
use labscope::tour::RunShown;
use maud::{Markup, PreEscaped, html};

use crate::edition::Edition;
use crate::record::{Recorded, ShownRun};
use crate::words;
use crate::{sides, steps, transcript, verdict};

/// The runs that are shown as they went.
pub fn section(recorded: &Recorded, edition: &Edition) -> Markup {
    let language = edition.language;
    let shown = |outcome: &ScenarioResult| recorded.runs_of(&outcome.scenario.name);
    let outcomes = recorded.outcomes_in_order();
    let drawn = Drawn::of(recorded, edition);
    html! {
        section #runs {
            h2 { (words::recorded_runs(language)) }
            p { (words::how_recorded(language)) }
            @for outcome in outcomes {
                @let runs = shown(outcome);
                @if !runs.is_empty() { (article(outcome, &recorded.outcomes[0], &runs, &drawn, edition)) "\n" }
            }
        }
    }
}

fn article(
    outcome: &ScenarioResult,
    first: &ScenarioResult,
    runs: &[&ShownRun],
    drawn: &Drawn,
    edition: &Edition,
) -> Markup {
    let (scenario, language) = (&outcome.scenario, edition.language);
    html! {
        article.run id={ "run-" (scenario.name) } {
            h3 { (scenario.name) " " small { (scenario.title.get(language)) } }
            (verdict::html(outcome, language))
            @if let Some(run) = runs.first() { (seen(&outcome.lab, run, drawn, language)) }
            @for run in runs.iter().skip(1) { (other_order(run, drawn, language)) }
            (sides::html(outcome, first, edition))
        }
    }
}

fn seen(lab: &str, run: &ShownRun, drawn: &Drawn, language: Language) -> Markup {
    let shown = RunShown {
        lab: lab.to_owned(),
        scenario: run.scenario.clone(),
        language,
    };
    html! {
        (transcript::html(&shown, &run.run.transcript))
        (picture(run, drawn, language))
    }
}

/// A larger picture of the other order is left out: a page is to weigh 400 kB at most.
const OTHER_ORDER: usize = 48 << 10;

/// So much may the pictures and listings of a page weigh together, if they have tables.
const WITH_TABLES: usize = 208 << 10;

/// As a listing, a program weighs so many times as much as in its file.
const LISTING: usize = 4;

/// How the pictures of a page are drawn. If there are many or large ones beside long programs, they have no tables of
/// descriptors: those of every step are beside the listings.
struct Drawn {
    has_tables: bool,
}

impl Drawn {
    fn of(recorded: &Recorded, edition: &Edition) -> Drawn {
        let whole = Drawn { has_tables: true };
        let runs = recorded.outcomes.iter();
        let runs = runs.filter_map(|one| recorded.runs_of(&one.scenario.name).first().copied());
        let pictures: usize = runs.map(|run| whole.weight(run)).sum();
        let room = Room::of(edition.root, &recorded.lab);
        let programs = ["c", "rs"].map(|extension| room.source(&recorded.lab, extension));
        let programs = programs.iter().filter_map(|path| path.metadata().ok());
        let listings: u64 = programs.map(|file| file.len()).sum();
        Drawn {
            has_tables: pictures + LISTING * listings as usize <= WITH_TABLES,
        }
    }

    fn picture(&self, run: &ShownRun, language: Language) -> Picture {
        let draw = match self.has_tables {
            true => timeline::svg::draw,
            false => timeline::svg::draw_without_tables,
        };
        draw(&run.timeline, language)
    }

    fn weight(&self, run: &ShownRun) -> usize {
        self.picture(run, Language::En).inline().len() // both languages show the same
    }
}

/// The same scenario in the other order after fork.
fn other_order(run: &ShownRun, drawn: &Drawn, language: Language) -> Markup {
    let is_small = drawn.weight(run) <= OTHER_ORDER;
    let order = run.order.and_then(|order| order.say(language));
    html! {
        @if let (Some(order), true) = (order, is_small) {
            details.order {
                summary { (words::timeline(language, order)) }
                (picture(run, drawn, language))
            }
        }
    }
}

fn picture(run: &ShownRun, drawn: &Drawn, language: Language) -> Markup {
    let label = words::timeline(language, run.scenario.title.get(language));
    let id = format!("timeline-{}", steps::id(run));
    let picture = drawn.picture(run, language);
    let svg = picture.inline();
    // Pages of both languages are made alike.
    let is_long = drawn.picture(run, Language::En).width > ON_PAPER;
    html! {
        figure.timeline data-run=(steps::id(run)) tabindex="0" role="region" aria-label=(label) {
            @if is_long {
                div.whole { (PreEscaped(svg.replacen("<svg ", &format!("<svg id=\"{id}\" "), 1))) }
                (rows(run, &picture, &id, language))
            } @else { (PreEscaped(svg)) }
        }
    }
}

/// So wide a picture can be read on paper; a wider one is printed in rows.
const ON_PAPER: f64 = 1100.0;

/// So high is what stands above the axis, and on a page above the picture as well.
const TITLE: f64 = 56.0;

/// The same picture for paper: its lanes in rows one below the other, each with the lanes' names, then its panels.
fn rows(run: &ShownRun, drawn: &Picture, id: &str, language: Language) -> Markup {
    let places = timeline::svg::Places::of(&run.timeline, language);
    let (left, bottom) = (places.left().floor(), places.bottom().ceil());
    let rows = drawn.rows((left, bottom), ON_PAPER - left);
    let longest = rows
        .iter()
        .map(|(from, to)| to - from)
        .fold(0.0, f64::max)
        .ceil();
    let whole = format!("#{id}");
    html! {
        div.rows aria-hidden="true" {
            @for (from, to) in rows {
                @let (top, from, width) = (TITLE, from.round(), (to - from).round());
                @let height = bottom - top;
                svg.timeline viewBox={ "0 0 " (left + longest) " " (height) } {
                    svg width=(left) height=(height) viewBox={ "0 " (top) " " (left) " " (height) } { use href=(whole) {} }
                    svg x=(left) width=(width) height=(height) viewBox={ (from) " " (top) " " (width) " " (height) } { use href=(whole) {} }
                }
            }
            svg.timeline viewBox={ "0 " (bottom) " " (PANELS + 32.0) " " (drawn.height - bottom) } { use href=(whole) {} }
        }
    }
}

/// Every scenario with its verdict; and the calls of those that are not shown as a run.
pub fn scenarios(recorded: &Recorded, edition: &Edition) -> Markup {
    let language = edition.language;
    let outcomes = &recorded.outcomes;
    let drawn = Drawn::of(recorded, edition);
    html! {
        section #scenarios {
            h2 { (words::all_scenarios(language)) }
            div.wide tabindex="0" {
                table.scenarios {
                    caption { (words::every_scenario_was_run(language)) }
                    thead { tr {
                        th scope="col" { (words::scenario(language)) }
                        th scope="col" { (words::what_happens(language)) }
                        th scope="col" { (words::c_and_rust(language)) }
                    } }
                    tbody {
                        @for outcome in outcomes { (row(outcome, language)) "\n" }
                    }
                }
            }
            @for outcome in outcomes {
                @if recorded.runs_of(&outcome.scenario.name).is_empty() {
                    (article(outcome, &recorded.outcomes[0], &[], &drawn, edition)) "\n"
                }
            }
        }
    }
}

fn row(outcome: &ScenarioResult, language: Language) -> Markup {
    let name = &outcome.scenario.name;
    html! {
        tr.(verdict::class(outcome)) {
            th scope="row" { a href={ "#run-" (name) } { (name) } }
            td { (outcome.scenario.title.get(language)) }
            td {
                (verdict::line(outcome, language))
                @for name in verdict::declared(outcome) {
                    " " a.why href={ "#difference-" (name) } { (name) }
                }
            }
        }
    }
}

//! The page of a lab.

use anyhow::Result;
use labscope::i18n::Language;
use maud::{Markup, html};

use crate::edition::Edition;
use crate::frame::Frame;
use crate::guide::Guide;
use crate::listing::listing;
use crate::pairs::{LineId, LinePairs};
use crate::record::Recorded;
use crate::words;
use crate::{differences, ledger, quiz, runs, stepper, steps};

/// The whole page.
pub fn page(recorded: &Recorded, edition: &Edition) -> Result<Markup> {
    let (lab, language) = (recorded.lab.as_str(), edition.language);
    let guide = Guide::of(lab, edition)?;
    let main = html! {
        h1 { (lab) }
        p.lead { (guide.lead) }
        (contents(&guide, language))
        (program(recorded, &guide, edition)?)
        (runs::section(recorded, edition))
        (runs::scenarios(recorded, edition))
        (ledger::section(recorded, language))
        (differences::section(recorded, language))
    };
    let skip = words::skip_to_program(language);
    let frame = Frame {
        name: lab,
        class: "lab",
        skip: ("#program", skip),
    };
    Ok(frame.around(main, edition))
}

/// The parts of the page, then those of its guide.
fn contents(guide: &Guide, language: Language) -> Markup {
    let sections = [
        ("quiz", words::predict_first(language)),
        ("program", words::program(language)),
        ("runs", words::runs(language)),
        ("scenarios", words::scenarios(language)),
        ("ledger", words::libc_adds(language)),
        ("differences", words::differences(language)),
    ];
    let parts = guide.parts.iter();
    let parts = parts.map(|(id, heading)| (*id, heading.as_str()));
    html! {
        nav.contents aria-label=(words::on_this_page(language)) {
            @for (id, heading) in sections.into_iter().chain(parts) {
                a href={ "#" (id) } { (heading) } " "
            }
        }
    }
}

/// C, Rust and guide beside each other.
fn program(recorded: &Recorded, guide: &Guide, edition: &Edition) -> Result<Markup> {
    let (lab, language) = (recorded.lab.as_str(), edition.language);
    let pairs = LinePairs::of(&recorded.outcomes);
    let (c, rust) = (edition.program(lab, "c")?, edition.program(lab, "rs")?);
    Ok(html! {
        section.columns #program data-show="c" {
            div.tabs hidden {
                button type="button" data-tab="c" { "C" } " "
                button type="button" data-tab="rust" { "Rust" } " "
                button type="button" data-tab="guide" { (words::guide(language)) } " "
                button type="button" data-tab="run" { (steps::words::run(language)) }
            }
            (stepper::controls(language))
            section.listing #c aria-labelledby="c-title" {
                h2 #c-title { "C " small { (lab) ".c" (words::comments_are_english(language)) } }
                (listing(&c, "c", LineId::C, &pairs))
            }
            section.listing #rust aria-labelledby="rust-title" {
                h2 #rust-title { "Rust " small { (lab) ".rs" (words::comments_are_english(language)) } }
                (listing(&rust, "rust", LineId::Rust, &pairs))
            }
            section.guide #guide aria-labelledby="guide-title" {
                h2 #guide-title { (words::guide(language)) }
                (quiz::section(recorded, language))
                (guide.body)
            }
            (stepper::panels(language))
        }
        section #strip hidden aria-hidden="true" {}
        (steps::data(recorded, &pairs, language))
    })
}

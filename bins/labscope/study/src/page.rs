//! The page of a lab.

use anyhow::Result;
use labscope::i18n::Language;
use maud::{Markup, html};

use crate::edition::Edition;
use crate::frame::Frame;
use crate::guide::{Guide, PARTS};
use crate::listing::listing;
use crate::pairs::{LineId, LinePairs};
use crate::record::Recorded;
use crate::{differences, ledger, runs};

/// The whole page.
pub fn page(recorded: &Recorded, edition: &Edition) -> Result<Markup> {
    let (lab, words) = (recorded.lab.as_str(), edition.words);
    let guide = edition.guide(lab)?;
    let main = html! {
        h1 { (lab) }
        p.lead { (guide.lead) }
        (contents(&guide, words))
        (program(recorded, &guide, edition)?)
        (runs::section(recorded, edition))
        (runs::scenarios(recorded, edition))
        (ledger::section(recorded, words))
        (differences::section(recorded, words))
    };
    let skip = words.pick("Skip to the program", "프로그램으로 건너뛰기");
    let frame = Frame {
        name: lab,
        class: "lab",
        skip: ("#program", skip),
    };
    Ok(frame.around(main, edition))
}

/// The parts of the page, then those of its guide.
fn contents(guide: &Guide, words: Language) -> Markup {
    let sections = [
        ("program", words.pick("Program", "프로그램")),
        ("runs", words.pick("Runs", "실행")),
        ("scenarios", words.pick("Scenarios", "시나리오")),
        ("ledger", words.pick("What libc adds", "libc가 더하는 일")),
        ("differences", words.pick("Differences", "차이")),
    ];
    let parts = guide.parts.iter().map(String::as_str);
    let parts = PARTS.into_iter().zip(parts);
    html! {
        nav.contents aria-label=(words.pick("On this page", "이 페이지에서")) {
            @for (id, heading) in sections.into_iter().chain(parts) {
                a href={ "#" (id) } { (heading) } " "
            }
        }
    }
}

/// C, Rust and guide beside each other.
fn program(recorded: &Recorded, guide: &Guide, edition: &Edition) -> Result<Markup> {
    let (lab, words) = (recorded.lab.as_str(), edition.words);
    let pairs = LinePairs::of(&recorded.outcomes);
    let (c, rust) = (edition.program(lab, "c")?, edition.program(lab, "rs")?);
    Ok(html! {
        section.columns #program data-show="c" {
            div.tabs hidden {
                button type="button" data-tab="c" { "C" } " "
                button type="button" data-tab="rust" { "Rust" } " "
                button type="button" data-tab="guide" { (words.pick("Guide", "안내")) }
            }
            section.listing #c aria-labelledby="c-title" {
                h2 #c-title { "C " small { (lab) ".c" } }
                (listing(&c, "c", LineId::C, &pairs))
            }
            section.listing #rust aria-labelledby="rust-title" {
                h2 #rust-title { "Rust " small { (lab) ".rs" } }
                (listing(&rust, "rust", LineId::Rust, &pairs))
            }
            section.guide #guide aria-labelledby="guide-title" {
                h2 #guide-title { (words.pick("Guide", "안내")) }
                (guide.body)
            }
        }
    })
}

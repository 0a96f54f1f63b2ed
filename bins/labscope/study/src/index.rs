//! The first page: all labs, what libc adds to them, and how to use the pages.

use anyhow::{Context, Result};
use labscope::i18n::{Language, failure};
use maud::{Markup, html};

use crate::edition::Edition;
use crate::frame::Frame;
use crate::guide::Guide;
use crate::ledger;
use crate::record::Recorded;
use crate::verdict;
use crate::words;

/// What the index says of a lab.
struct Entry<'a> {
    recorded: &'a Recorded,
    guide: Guide,
    /// The size of the program, in bytes.
    size: u64,
}

/// The whole page.
pub fn page(recorded: &[Recorded], edition: &Edition) -> Result<Markup> {
    let language = edition.language;
    let mut entries = Vec::new();
    for one in recorded {
        let program = edition.root.join("build").join(&one.lab);
        let found = program.metadata();
        let found = found.with_context(|| failure::cannot_find(program.display()))?;
        entries.push(Entry {
            recorded: one,
            guide: Guide::of(&one.lab, edition)?,
            size: found.len(),
        });
    }
    let main = html! {
        h1 { "rawlabs" }
        p.lead { (words::project(language)) }
        (labs(&entries, edition))
        (added(&entries, edition))
        (help(language))
    };
    let skip = words::skip_to_labs(language);
    let frame = Frame {
        name: "index",
        class: "index",
        skip: ("#labs", skip),
    };
    Ok(frame.around(main, edition))
}

fn labs(entries: &[Entry], edition: &Edition) -> Markup {
    let language = edition.language;
    html! {
        section #labs {
            h2 { (words::labs_in_order(language)) }
            ol.labs {
                @for entry in entries {
                    li {
                        h3 {
                            a href=(edition.page(&entry.recorded.lab)) { (entry.recorded.lab) }
                            " " small { (entry.guide.slide) }
                        }
                        p { (entry.guide.lead) }
                        p.facts { (entry.facts(language)) }
                    }
                }
            }
        }
    }
}

impl Entry<'_> {
    fn facts(&self, language: Language) -> Markup {
        let classes: Vec<&str> = self.recorded.outcomes.iter().map(verdict::class).collect();
        let count = |class: &str| classes.iter().filter(|one| **one == class).count();
        let text = words::size_and_scenarios(language, self.size, classes.len());
        let kinds = [
            ("same", words::same as fn(Language, usize) -> String),
            ("declared", words::with_differences),
            ("different", words::different),
        ];
        let some = kinds.into_iter().filter(|(class, _)| count(class) > 0);
        let some = some.map(|(class, say)| (class, say(language, count(class))));
        html! {
            (text)
            @for (place, (class, said)) in some.enumerate() {
                @if place > 0 { ", " }
                @if class == "different" { strong.different { (said) } } @else { (said) }
            }
        }
    }
}

fn added(entries: &[Entry], edition: &Edition) -> Markup {
    let language = edition.language;
    html! {
        section #ledger {
            h2 { (words::libc_adds(language)) }
            div.wide tabindex="0" {
                table.ledger {
                    caption { (words::libc_calls_of_labs(language)) }
                    thead { tr {
                        th scope="col" { (words::lab(language)) }
                        th.number scope="col" { (words::c_with_libc(language)) }
                        th.number scope="col" { "Rust" }
                    } }
                    tbody { @for entry in entries { (row(entry, edition)) "\n" } }
                }
            }
        }
    }
}

fn row(entry: &Entry, edition: &Edition) -> Markup {
    let (of_c, of_lab) = entry
        .recorded
        .outcomes
        .first()
        .map(ledger::totals)
        .unwrap_or_default();
    let lab = &entry.recorded.lab;
    html! {
        tr {
            th scope="row" { a href={ (edition.page(lab)) "#ledger" } { (lab) } }
            td.number { (of_c) }
            td.number { (of_lab) }
        }
    }
}

fn help(language: Language) -> Markup {
    html! {
        section #use {
            h2 { (words::how_to_use(language)) }
            @for line in words::help(language) { p { (line) } }
        }
    }
}

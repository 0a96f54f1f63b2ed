//! The ladder as a page: the tables, the curves, and the numbers to hold.

use labscope::Language;
use labscope::i18n::ladder as words;
use maud::{DOCTYPE, PreEscaped, html};

use crate::ladder::{picture, promises, table};
use crate::report::Report;

const STYLE: &str = include_str!("page.css");

/// A whole document; the other language is a link away.
pub fn of(report: &Report, language: Language) -> String {
    let (tag, other_tag, other) = match language {
        Language::En => ("en", "ko", Language::Ko),
        Language::Ko => ("ko", "en", Language::En),
    };
    let machine = &report.machine;
    let page = html! {
        (DOCTYPE)
        html lang=(tag) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (words::title(language)) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                nav { a href=(file_name(other)) hreflang=(other_tag) lang=(other_tag) { (words::title(other)) } }
                h1 { (words::title(language)) }
                p { (words::about(language)) }
                p.machine {
                    (machine.cpu) ", " (machine.cores) " × CPU, " (machine.memory_mb) " MB, Linux " (machine.kernel)
                    ", " (machine.libc) ", " (machine.rustc) ", " (machine.cc)
                }
                figure { (PreEscaped(picture::draw(&report.ladder, language).svg())) }
                @for table in table::tables(&report.ladder, language) {
                    h2 { (table.title) }
                    div.wide tabindex="0" { table {
                        thead { tr { th scope="col" { (words::server(language)) } @for head in &table.heads { th scope="col" { (head) } } } }
                        tbody { @for row in &table.rows { tr {
                            th scope="row" { (row.server) @if let Some(remark) = &row.remark { small { (remark) } } }
                            @for cell in &row.cells { td { (cell) } }
                        } } }
                    } }
                }
                h2 { (words::promises(language)) }
                ul { @for hold in promises::check(&report.ladder) { li {
                    (hold.what) ": "
                    @match hold.measured { Some(measured) => { (format!("{measured:.2}")) } None => "-" }
                    " (" (if hold.relation == "<=" { "≤" } else { "≥" }) " " (hold.limit) ")"
                    @if let Some(floor) = hold.floor { "; " (words::its_calls_alone(language)) ": " (format!("{floor:.2}")) }
                } } }
                @if !report.notes.is_empty() {
                    h2 { (words::missing(language)) }
                    ul { @for note in &report.notes { li { (note) } } }
                }
            }
        }
    };
    page.into_string()
}

pub fn file_name(language: Language) -> &'static str {
    match language {
        Language::En => "ladder.html",
        Language::Ko => "ladder.ko.html",
    }
}

//! Code on a page: the two listings beside each other, and blocks in a guide.

use maud::{Markup, html};

use crate::highlight;
use crate::pairs::{LineId, LinePairs};

/// A block of code.
pub fn block(lines: &[highlight::Line]) -> Markup {
    html! { pre tabindex="0" { code { @for line in lines { (tokens(line)) "\n" } } } }
}

/// A file with numbered lines; those that made calls know their counterparts.
pub fn listing(
    lines: &[highlight::Line],
    side: &str,
    line: fn(u32) -> LineId,
    pairs: &LinePairs,
) -> Markup {
    html! {
        ol.code data-side=(side) {
            @for (number, tokens) in (1..).zip(lines) {
                (row(line(number), number, tokens, pairs)) "\n"
            }
        }
    }
}

fn row(line: LineId, number: u32, code: &highlight::Line, pairs: &LinePairs) -> Markup {
    let with = pairs.with(line).map(|lines| {
        let lines: Vec<String> = lines.iter().map(LineId::to_string).collect();
        lines.join(" ")
    });
    html! {
        @if let Some(with) = with {
            li id=(line) value=(number) class="calls" data-with=(with) tabindex="-1" { code { (tokens(code)) } }
        } @else {
            li id=(line) value=(number) { code { (tokens(code)) } }
        }
    }
}

fn tokens(line: &highlight::Line) -> Markup {
    html! {
        @for token in line {
            @match token.class {
                Some(class) => span class=(class) { (token.text) },
                None => (token.text),
            }
        }
    }
}

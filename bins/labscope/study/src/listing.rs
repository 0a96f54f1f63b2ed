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
    let head = head(lines);
    let head = (head > 0).then(|| head.to_string());
    html! {
        ol.code data-side=(side) data-head=[head] {
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
    // A line that is broken goes on further right than it begins.
    let class = indent(code).map(|columns| format!("in{columns}"));
    html! {
        @if let Some(with) = with {
            li id=(line) value=(number) class="calls" data-with=(with) { code class=[&class] { (whole(code)) } }
        } @else {
            li id=(line) value=(number) { code class=[class] { (whole(code)) } }
        }
    }
}

/// So far to the right the first word of a line may end and still have room in a narrow listing.
const NARROW: usize = 32;

/// A line; its first word is broken rather than put below the spaces before it, if it is too long to stand beside them.
fn whole(line: &highlight::Line) -> Markup {
    let text: String = line.iter().map(|token| token.text.as_str()).collect();
    let columns = text.len() - text.trim_start_matches(' ').len();
    let word = text.split_whitespace().next().unwrap_or_default();
    let [first, rest @ ..] = line.as_slice() else {
        return tokens(line);
    };
    let after = first.text.trim_start_matches(' ');
    let is_apart = first.text.len() - after.len() == columns;
    if columns == 0 || !is_apart || columns + word.chars().count() <= NARROW {
        return tokens(line);
    }
    let mut first = first.clone();
    first.text = after.to_owned();
    html! { span.in { (" ".repeat(columns)) } (tokens(&[&[first], rest].concat())) }
}

/// The rules of the style sheet for lines that begin with spaces.
pub fn indents() -> String {
    let rule = |columns| format!(".in{columns} {{ --in: {columns}ch; }}\n");
    (1..=DEEPEST).map(rule).collect()
}

/// No line of a lab begins with more spaces.
const DEEPEST: usize = 48;

/// How many spaces a line begins with, if any.
fn indent(line: &highlight::Line) -> Option<usize> {
    let text: String = line.iter().map(|token| token.text.as_str()).collect();
    let columns = text.len() - text.trim_start_matches(' ').len();
    (columns > 0).then_some(columns.min(DEEPEST))
}

/// How many lines at the beginning hold only comments and what is included; the empty ones behind them count too.
pub fn head(lines: &[highlight::Line]) -> usize {
    let is_head = |line: &&highlight::Line| {
        let text: String = line.iter().map(|token| token.text.as_str()).collect();
        let text = text.trim();
        let is_comment = line
            .iter()
            .all(|token| token.class == Some("c") || token.text.trim().is_empty());
        let begins = ["#include", "#define _", "#![", "use "];
        is_comment || begins.iter().any(|begin| text.starts_with(begin))
    };
    lines.iter().take_while(is_head).count()
}

/// The tokens of a line.
pub fn tokens(line: &highlight::Line) -> Markup {
    html! {
        @for token in line {
            @match token.class {
                Some(class) => span class=(class) { (token.text) },
                None => (token.text),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::highlight::Highlighter;

    fn lines(text: &str, language: &str) -> Vec<highlight::Line> {
        let lines = Highlighter::new().and_then(|one| one.lines(text, language));
        lines.expect("lines")
    }

    #[test]
    fn the_head_ends_where_the_program_begins() {
        let c = lines(
            "/*\n * a\n */\n#include <stdio.h>\n\nint main(void)\n{ /* b */\n",
            "c",
        );
        assert_eq!(head(&c), 5);
        let rust = lines(
            "//! a\n#![no_std]\n\nuse rawlabs::printf;\n\nrawlabs::main!(main);\n",
            "rs",
        );
        assert_eq!(head(&rust), 5);
        assert_eq!(head(&lines("int a;\n", "c")), 0);
    }
}

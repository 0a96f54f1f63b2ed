//! The parts of a run as they stand on a page.

use labscope::scenario::Channel;
use labscope::tour::Words;
use maud::{Markup, html};

use super::{Part, Piece};

/// The parts; `lab` is named where other programs have terminals of their own.
pub fn html(parts: &[Part], lab: &str, words: Words) -> Markup {
    let is_other = |part: &Part| match part {
        Part::Started { who, .. } | Part::Shown { who, .. } | Part::Table { who, .. } => {
            who.is_some()
        }
        _ => false,
    };
    let alone = !parts.iter().any(is_other);
    let name = |who: &Option<String>| match who {
        None if alone => None,
        None => Some(lab.to_owned()),
        Some(who) => Some(who.clone()),
    };
    html! {
        div.transcript {
            @for part in parts {
                @match part {
                    Part::Said(text) => p.said { (text) },
                    Part::Started { who, line, wiring } => {
                        (label(name(who)))
                        p.started {
                            kbd { "$ " (line) }
                            @if !wiring.is_empty() { " " small { (wiring) } }
                        }
                    },
                    Part::Shown { who, on, pieces } => {
                        (label(name(who)))
                        @if *on == Channel::Pipe {
                            p.who { (words.pick("through standard output:", "표준 출력으로:")) }
                        }
                        (shown(pieces))
                    },
                    Part::Table { who, lines } => { (label(name(who))) (table(lines)) },
                    Part::Done { text, keys } => p.done {
                        (text) @if !keys.is_empty() { " " kbd { (keys) } }
                    },
                    Part::Ended(text) => p.ended { (text) },
                }
                "\n"
            }
        }
    }
}

fn label(name: Option<String>) -> Markup {
    html! { @if let Some(name) = name { p.who { (name) } } }
}

fn shown(pieces: &[Piece]) -> Markup {
    html! {
        pre.terminal tabindex="0" {
            samp {
                @for piece in pieces {
                    @match piece {
                        Piece::Printed(bytes) => (printable(bytes)),
                        Piece::Typed(keys) => kbd { (keys) },
                    }
                }
            }
        }
    }
}

fn table(lines: &[(String, bool)]) -> Markup {
    html! {
        pre.table tabindex="0" {
            @for (line, marked) in lines {
                @if *marked { mark { (line) } } @else { (line) }
                "\n"
            }
        }
    }
}

/// What was printed; control characters are shown, not obeyed.
pub fn printable(bytes: &[u8]) -> String {
    let mut text = String::new();
    for character in String::from_utf8_lossy(bytes).chars() {
        match character {
            '\r' => {}
            '\n' => text.push('\n'),
            '\t' => text.push_str("    "),
            c if (c as u32) < 0x20 || c == '\u{7f}' => {
                text.push('^');
                text.push(char::from((c as u8 & 0x7f) ^ 0x40));
            }
            c if c.is_control() => text.push_str(&format!("\\x{:02x}", u32::from(c))),
            c => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown() {
        assert_eq!(printable(b"a\r\nb\t\x03\x1b[1m\x7f"), "a\nb    ^C^[[1m^?");
        assert_eq!(printable("한\u{9b}".as_bytes()), "한\\x9b");
        assert_eq!(printable(b"\xff"), "\u{fffd}");
    }
}

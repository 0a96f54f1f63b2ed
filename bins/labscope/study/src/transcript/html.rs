//! The parts of a run as they stand on a page.

use labscope::i18n::Language;
use labscope::scenario::Channel;
use maud::{Markup, html};

use super::{Part, Piece};

/// The parts. Where several programs have terminals of their own, each is named where it comes in; the lab is `lab`.
pub fn html(parts: &[Part], lab: &str, words: Language) -> Markup {
    let alone = parts
        .iter()
        .all(|part| matches!(owner(part), None | Some(None)));
    let mut last = None;
    html! {
        div.transcript {
            @for part in parts {
                @if let Some(who) = owner(part).filter(|_| !alone) {
                    @if last.replace(who) != Some(who) { p.who { (who.unwrap_or(lab)) } }
                }
                @match part {
                    Part::Said(text) => p.said { (text) },
                    Part::Started { line, wiring, .. } => p.started {
                        kbd { "$ " (line) }
                        @if !wiring.is_empty() { " " small { (wiring) } }
                    },
                    Part::Shown { on, pieces, .. } => {
                        @if *on == Channel::Pipe {
                            p.who { (words.pick("through standard output:", "표준 출력으로:")) }
                        }
                        (shown(pieces))
                    },
                    Part::Table { lines, .. } => (table(lines)),
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

/// Whose terminal or table this is, if it is one: the lab's or a companion's.
fn owner(part: &Part) -> Option<Option<&str>> {
    match part {
        Part::Started { who, .. } | Part::Shown { who, .. } | Part::Table { who, .. } => {
            Some(who.as_deref())
        }
        Part::Said(_) | Part::Done { .. } | Part::Ended(_) => None,
    }
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

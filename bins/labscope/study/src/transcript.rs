//! A run as it went, on a page: what was said, started, typed and printed, in order.

use labscope::i18n::{Language, process};
use labscope::scenario::Channel;
use labscope::text::visible::visible;
use labscope::tour::{Part, RunShown};
use labscope::{Entry, Transcript};
use maud::{Markup, html};

use crate::fold::folded;
use crate::words;

/// A part of the run, and the companion to which it happened.
type Owned<'a> = (Option<&'a str>, Part);

/// The run. Where several programs have terminals of their own, each is named where it comes in.
pub fn html(run: &RunShown, transcript: &Transcript) -> Markup {
    let parts = parts(run, transcript);
    let alone = parts
        .iter()
        .all(|(who, part)| !is_named(part) || who.is_none());
    let mut last = None;
    html! {
        div.transcript {
            @for stretch in parts.chunk_by(|one, other| terminal(one).is_some_and(|one| Some(one) == terminal(other))) {
                @let (who, part) = &stretch[0];
                @if !alone && is_named(part) && last.replace(*who) != Some(*who) {
                    p.who { (who.unwrap_or(&run.lab)) }
                }
                @match terminal(&stretch[0]) {
                    Some((_, on)) => (screen(on, stretch, run.language)),
                    None => (alone_standing(*who, part)),
                }
                "\n"
            }
        }
    }
}

/// All that happened; of the ends of echoed lines only those behind which a terminal would go on.
fn parts<'a>(run: &RunShown, transcript: &'a Transcript) -> Vec<Owned<'a>> {
    let mut parts: Vec<Owned> = Vec::new();
    for part in transcript
        .entries
        .iter()
        .filter_map(|entry: &Entry| run.part(entry))
    {
        if part.1 != Part::EchoedLineEnd || parts.last().and_then(terminal) == terminal(&part) {
            parts.push(part);
        }
    }
    parts.extend(run.end(transcript).into_iter().map(|part| (None, part)));
    parts
}

/// Whose terminal or pipe shows this, if one does.
fn terminal<'a>((who, part): &Owned<'a>) -> Option<(Option<&'a str>, Channel)> {
    match part {
        Part::Typed(_) | Part::EchoedLineEnd => Some((*who, Channel::Terminal)),
        Part::Printed { on, .. } => Some((*who, *on)),
        _ => None,
    }
}

/// Whether its owner is named before it; the others name theirs themselves.
fn is_named(part: &Part) -> bool {
    let shown = terminal(&(None, part.clone())).is_some();
    shown || matches!(part, Part::Started { .. } | Part::Drawn(_))
}

fn alone_standing(who: Option<&str>, part: &Part) -> Markup {
    html! {
        @match part {
            Part::Said(text) => p.said { (text) },
            Part::Remark(text) => p.said { (text) },
            Part::Started { line, wiring, input } => p.started {
                kbd { "$ " (line) }
                @for text in [Some(wiring), input.as_ref()].into_iter().flatten().filter(|text| !text.is_empty()) {
                    " " small { (text) }
                }
            },
            Part::Drawn(lines) => pre.table tabindex="0" {
                @for (line, marked) in lines {
                    @if *marked { mark { (line) } } @else { (line) }
                    "\n"
                }
            },
            Part::Piped { text, keys } => p.done {
                (process::of(who, text)) @if !keys.is_empty() { " " kbd { (keys) } }
            },
            Part::Signalled { process, command } => p.done { (process) ": " kbd { (command) } },
            Part::Ended(text) | Part::Left(text) => p.ended { (text) },
            Part::Typed(_) | Part::EchoedLineEnd | Part::Printed { .. } => {},
        }
    }
}

/// What stands on a terminal, or came through a pipe.
fn screen(on: Channel, parts: &[Owned], language: Language) -> Markup {
    let is_typed = |(_, part): &Owned| matches!(part, Part::Typed(_));
    html! {
        @if on == Channel::Pipe { p.who { (words::through_standard_output(language)) } }
        pre.terminal tabindex="0" {
            samp {
                // A character may come in two parts.
                @for stretch in parts.chunk_by(|one, other| !is_typed(one) && !is_typed(other)) {
                    @match &stretch[0].1 {
                        Part::Typed(keys) => kbd { (keys) },
                        _ => (folded(&visible(&String::from_utf8_lossy(&printed(stretch))), language)),
                    }
                }
            }
        }
    }
}

/// The bytes of these parts; an echoed line ends unless it has ended already.
fn printed(parts: &[Owned]) -> Vec<u8> {
    let mut printed = Vec::new();
    for (_, part) in parts {
        match part {
            Part::Printed { bytes, .. } => printed.extend(bytes),
            Part::EchoedLineEnd if !printed.ends_with(b"\n") => printed.push(b'\n'),
            _ => {}
        }
    }
    printed
}

#[cfg(test)]
mod tests;

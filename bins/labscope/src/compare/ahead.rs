//! Text that the C writes out before the lab does: fflush behind a prompt, or behind each line of a log.
//!
//! The lab keeps it in its buffer meanwhile. That is the same as long as nobody gets a copy of the buffer, and it is not
//! lost: by fork the text would come twice, after exec never.

use crate::compare::equivalents::{FLUSHES, PROMPT, place_of};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::is_read_by_people;
use crate::scenario::Difference;

/// What the C has written and the lab has not.
pub struct Ahead {
    /// The idiom by which it may; none if there is no student.
    place: Option<usize>,
    /// Whether it may be whole lines.
    lines: bool,
    text: String,
}

impl Ahead {
    pub fn new(differences: &[Difference]) -> Ahead {
        let flushes = place_of(differences, FLUSHES);
        Ahead {
            place: flushes.or_else(|| place_of(differences, PROMPT)),
            lines: flushes.is_some(),
            text: String::new(),
        }
    }

    /// The idiom, and how many of the next calls of each it explains, if one of them writes earlier or what came earlier.
    pub fn step(
        &mut self,
        left: &[NormalizedCall],
        (lab, right): (&ProcessCalls, &[NormalizedCall]),
    ) -> Option<(usize, usize, usize)> {
        let place = self.place?;
        let due = right.first().and_then(text_to_stdout);
        let due = due.filter(|_| !self.text.is_empty());
        if let Some(rest) = due.as_ref().and_then(|due| self.text.strip_prefix(due)) {
            self.text = rest.to_owned();
            return Some((place, 0, 1));
        }
        let call = left.first()?;
        let text = self.text.clone() + &text_to_stdout(call)?;
        if due.as_ref() == Some(&text) {
            self.text.clear();
            return Some((place, 1, 1));
        }
        let end = right.iter().position(copies_or_loses);
        let whole = written(&right[..end.unwrap_or(right.len())], text.len());
        let may_be_kept = self.lines || due.is_some() || !text.contains("\\n");
        let is_kept = may_be_kept && whole.starts_with(&text);
        // The lab was ended before it wrote what is in its buffer.
        let may_be_lost = self.lines && call.is_flush && end.is_none() && lab.is_open();
        let is_lost = may_be_lost && text.starts_with(&whole);
        if !(is_kept || is_lost) {
            return None;
        }
        self.text = text;
        Some((place, 1, 0))
    }

    /// Where the two part, nothing is known any more.
    pub fn forget(&mut self) {
        self.text.clear();
    }
}

/// What a call writes to standard output, if it writes all of it.
fn text_to_stdout(call: &NormalizedCall) -> Option<String> {
    let is_it = is_read_by_people(call) && call.words[0].to_string() == "1";
    let text = call.words.get(1)?;
    (is_it && call.came_back_with("all")).then(|| text.inside().to_string())
}

/// What the calls write to standard output, until it is as much as that.
fn written(calls: &[NormalizedCall], enough: usize) -> String {
    let mut texts = calls.iter().filter_map(text_to_stdout);
    let mut whole = String::new();
    while whole.len() < enough
        && let Some(text) = texts.next()
    {
        whole += &text;
    }
    whole
}

/// What becomes of a buffer: a process more has it, or a program that knows nothing of it comes in its place.
fn copies_or_loses(call: &NormalizedCall) -> bool {
    ["fork", "execve"].contains(&call.name.as_str())
}

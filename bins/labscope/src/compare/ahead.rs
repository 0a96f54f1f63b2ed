//! Text that the C writes out before the lab does: fflush behind a prompt, or behind each line of a log.
//!
//! The lab keeps it in its buffer meanwhile. That is the same as long as nobody gets a copy of the buffer, and it is not
//! lost: by fork the text would come twice, after exec never. Where the lab is ended before it writes, what waits in its
//! buffer is known from its memory. In a declared difference the text may be another one, as that says.

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::declared::{Rest, described};
use crate::compare::equivalents::{
    self, FLUSHES, PROMPT, TELLS, in_other_words, is_error_told, place_of,
};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::is_read_by_people;
use crate::scenario::Difference;

/// In so many pieces the C may write what is one text in the lab.
const MOST: usize = 16;

/// What the C has written and the lab has not.
pub struct Ahead<'a> {
    differences: &'a [Difference],
    /// The idiom by which it may; none if there is no student.
    place: Option<usize>,
    /// Whether it may be whole lines.
    lines: bool,
    text: String,
    /// The idiom by which an error is told on standard error that the lab prints, and the last one.
    tells: Option<usize>,
    told: String,
    declared: Option<DeclaredText>,
}

/// What the lab will write, or has in its buffer, in other words that are declared.
struct DeclaredText {
    place: usize,
    /// How many of the pieces in which the C writes it are to come.
    pieces: usize,
}

impl Ahead<'_> {
    pub fn new(differences: &[Difference]) -> Ahead<'_> {
        let flushes = place_of(differences, FLUSHES);
        Ahead {
            differences,
            place: flushes.or_else(|| place_of(differences, PROMPT)),
            lines: flushes.is_some(),
            text: String::new(),
            tells: place_of(differences, TELLS),
            told: String::new(),
            declared: None,
        }
    }

    /// The idiom, and how many of the next calls of each it explains, if one of them writes earlier or what came earlier.
    pub fn step(
        &mut self,
        (c, left): (&ProcessCalls, &[NormalizedCall]),
        (lab, right): (&ProcessCalls, &[NormalizedCall]),
    ) -> Option<(usize, usize, usize)> {
        let place = self.place?;
        if self.declared.is_some() {
            return self.go_on(place, left, right);
        }
        let due = right.first().and_then(text_to_stdout);
        if due.as_ref().is_some_and(|due| self.has_been_told(due)) {
            self.forget();
            return Some((self.tells?, 0, 1));
        }
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
        let writes = writes_of(lab, right, call.is_flush);
        let may_be_kept = self.lines || due.is_some() || !text.contains("\\n");
        let is_kept = written(&writes, text.len()).starts_with(&text);
        if may_be_kept && (is_kept || (call.is_flush && is_among(&text, lab))) {
            self.text = text;
            return Some((place, 1, 0));
        }
        // A text that is under way has been compared as it is.
        let next = writes.first().filter(|_| self.text.is_empty())?;
        self.declared = self.declared_text((c, left), (lab, next));
        self.declared.is_some().then_some((place, 1, 0))
    }

    /// An error is told on standard error.
    pub fn tells(&mut self, call: &NormalizedCall) {
        self.told = call.words[1].inside().to_string();
    }

    /// Whether what the lab prints is what came earlier, and behind it that error, without its reason.
    fn has_been_told(&self, due: &str) -> bool {
        let error = due.strip_prefix(&self.text);
        error.is_some_and(|error| is_error_told(&self.told, error))
    }

    /// The next step of a text that is declared.
    fn go_on(
        &mut self,
        place: usize,
        left: &[NormalizedCall],
        right: &[NormalizedCall],
    ) -> Option<(usize, usize, usize)> {
        let known = self.declared.as_mut()?;
        let writes =
            |calls: &[NormalizedCall]| calls.first().is_some_and(|it| text_to_stdout(it).is_some());
        let step = match (known.pieces, writes(left), writes(right)) {
            (0, _, true) => Some((known.place, 0, 1)),
            (1, true, true) => Some((known.place, 1, 1)),
            (1.., true, _) => Some((place, 1, 0)),
            _ => None,
        };
        let (_, of_c, of_lab) = step?;
        known.pieces -= of_c;
        if of_lab > 0 {
            self.declared = None;
        }
        step
    }

    /// The difference by which the C says, from its next call on, what the lab will write; it has made the first piece.
    fn declared_text(
        &self,
        (c, left): (&ProcessCalls, &[NormalizedCall]),
        (lab, next): (&ProcessCalls, &NormalizedCall),
    ) -> Option<DeclaredText> {
        let until = left.iter().position(copies_or_loses);
        let left = &left[..until.unwrap_or(left.len())];
        let of_c = left.iter().filter(|call| text_to_stdout(call).is_some());
        let of_c: Vec<NormalizedCall> = of_c.take(MOST).cloned().collect();
        let one = of_c.first().map(|first| (1, first.clone())).into_iter();
        let mut whole = one.chain(in_other_words(&of_c, usize::MAX));
        whole.find_map(|(pieces, text)| {
            let may_be_kept = self.lines || !text_to_stdout(&text)?.contains("\\n");
            let says = |one: &Difference| says_one_text(one, (c, &text), (lab, next));
            let place = self.differences.iter().position(says);
            place.filter(|_| may_be_kept).map(|place| DeclaredText {
                place,
                pieces: pieces - 1,
            })
        })
    }

    /// Whether the C writes out another text than waited in the lab's buffer when that was ended: it has not gone further, for
    /// the one is no beginning of the other.
    pub fn contradicts(&self, left: &[NormalizedCall], lab: &ProcessCalls) -> bool {
        let call = left.first().filter(|call| call.is_flush);
        let text = call
            .filter(|_| self.place.is_some())
            .and_then(text_to_stdout);
        let (Some(text), Some(waiting)) = (text, &lab.unwritten) else {
            return false;
        };
        let (text, kept) = (self.text.clone() + &text, waiting.text.inside().to_string());
        match waiting.is_shared {
            true => lines(&text).len() <= lines(&kept).len() && !is_among(&text, lab),
            false => !kept.starts_with(&text) && !text.starts_with(&kept),
        }
    }

    /// Where the two part, nothing is known any more.
    pub fn forget(&mut self) {
        self.text.clear();
        self.told.clear();
        self.declared = None;
    }
}

/// Whether a difference is about one text of both, and these are the texts.
fn says_one_text(
    difference: &Difference,
    (c, text): (&ProcessCalls, &NormalizedCall),
    (lab, other): (&ProcessCalls, &NormalizedCall),
) -> bool {
    let rest = |process, call| Rest {
        process,
        calls: std::slice::from_ref(call),
        idioms: false,
        words: false,
    };
    let is_one_text = difference.c.len() == 1 && difference.lab.len() == 1;
    is_one_text
        && !difference.last
        && !equivalents::is_one(difference)
        && described(difference, rest(c, text), rest(lab, other)).is_some()
}

/// What a call writes to standard output, if it writes all of it; or nothing, for there is no room, as when it is written later.
fn text_to_stdout(call: &NormalizedCall) -> Option<String> {
    let is_it = is_read_by_people(call) && call.words[0].to_string() == "1";
    let text = call.words.get(1)?;
    let is_whole = call.came_back_with("all") || call.came_back_with("-1 ENOSPC");
    (is_it && is_whole).then(|| text.inside().to_string())
}

/// What the lab writes to standard output before anybody gets a copy of its buffer or it is lost; and, where the C has written
/// by fflush, what waited in the buffer when the lab was ended from outside.
fn writes_of(lab: &ProcessCalls, right: &[NormalizedCall], is_flush: bool) -> Vec<NormalizedCall> {
    let end = right.iter().position(copies_or_loses);
    let calls = right[..end.unwrap_or(right.len())].iter();
    let mut writes: Vec<NormalizedCall> = calls
        .filter(|call| text_to_stdout(call).is_some())
        .cloned()
        .collect();
    let waiting = lab.unwritten.as_ref();
    if let Some(waiting) = waiting.filter(|_| is_flush && end.is_none()) {
        let call = NormalizedCall::written("write", &["1", ""], Some("all"));
        let to = AliasedText::new("1", &Aliases::new());
        let result = call.result.clone();
        writes.push(call.in_place("write", &[to, waiting.text.clone()], result));
    }
    writes
}

/// Whether the lines wait, in that order, among those of other threads.
fn is_among(text: &str, lab: &ProcessCalls) -> bool {
    let waiting = lab.unwritten.as_ref().filter(|waiting| waiting.is_shared);
    let waiting = waiting.map(|waiting| waiting.text.inside().to_string());
    let mut all = waiting.iter().flat_map(|text| lines(text));
    waiting.is_some() && lines(text).into_iter().all(|line| all.any(|it| it == line))
}

/// The lines of a text as it is told, each with its end.
fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive("\\n").collect()
}

/// What these calls write, until it is as much as that.
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

//! What a C library does otherwise than glibc, whose stdio the labs have: a row a habit, and each excuses what it names.
//!
//! Where text is written out is a library's business, but not what: all that a process prints is laid beside all that the
//! lab prints, and a child begins with what its parent had not written out yet. On a terminal a line's end is a write in
//! every library, so each stays in its place; only what has no end yet may come later.

use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::{Member, ProcessCalls};
use crate::i18n::{Language, Text, habit};
use crate::scenario::{Difference, Wiring};
use crate::source::Library;

/// How many of the next calls of the C and of the lab a habit explains, by themselves.
type Fits = fn(&[NormalizedCall], &[NormalizedCall]) -> Option<(usize, usize)>;

/// What is said of it.
type Reason = fn(Language) -> &'static str;

/// Where it occurs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Anywhere,
    Terminal,
    Elsewhere,
}

const MUSL: [(&str, Where, Fits, Reason); 5] = [
    ("musl-asks", Where::Anywhere, asks, habit::musl_asks),
    ("musl-room", Where::Anywhere, room, habit::musl_room),
    ("musl-words", Where::Anywhere, words, habit::musl_words),
    (PROMPT, Where::Terminal, never, habit::musl_prompt),
    (BUFFER, Where::Elsewhere, never, habit::musl_buffer),
];

/// A line without an end is not written out before the program reads.
const PROMPT: &str = "musl-prompt";

/// The first line is written at once, where stdout is no terminal, and later a smaller buffer.
const BUFFER: &str = "musl-buffer";

/// The words of an error, in glibc and in musl.
const ERRORS: [(&str, &str); 5] = [
    ("Success", "No error information"),
    ("Too many open files", "No file descriptors available"),
    ("Address already in use", "Address in use"),
    ("Cannot allocate memory", "Out of memory"),
    ("Transport endpoint is not connected", "Socket not connected"),
];

/// The habits of a library, as differences that are told like a lab's own.
pub fn of(library: Library, stdout: &Wiring) -> impl Iterator<Item = Difference> {
    let place = match stdout {
        Wiring::Terminal => Where::Terminal,
        _ => Where::Elsewhere,
    };
    let rows = MUSL.iter().filter(move |_| library == Library::Musl);
    let rows = rows.filter(move |(_, at, ..)| [Where::Anywhere, place].contains(at));
    rows.map(|(name, _, _, reason)| Difference {
        name: (*name).to_owned(),
        variant: true,
        reason: Text {
            en: reason(Language::En).to_owned(),
            ko: reason(Language::Ko).to_owned(),
        },
        ..Difference::default()
    })
}

/// Whether it is one of these, and no lab's own: that names its calls.
pub fn is_one(difference: &Difference) -> bool {
    let names_calls = !difference.c.is_empty() || !difference.lab.is_empty();
    !names_calls && MUSL.iter().any(|(name, ..)| *name == difference.name)
}

/// A declared difference where the C's words for an error are those of this library.
pub fn in_words_of(library: Library, difference: &mut Difference) {
    if library == Library::Musl {
        difference.c.iter_mut().for_each(|call| *call = in_musl(call));
    }
}

fn in_musl(text: &str) -> String {
    let replaced = |text: String, (glibc, musl): &(&str, &str)| {
        text.replace(&format!(": {glibc}\\n"), &format!(": {musl}\\n"))
    };
    ERRORS.iter().fold(text.to_owned(), replaced)
}

/// The first of these differences that is a habit which needs no other calls, and is what stands here.
pub fn find(
    differences: &[Difference],
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> Option<(usize, usize, usize)> {
    let habits = differences.iter().enumerate();
    let mut habits = habits.filter(|(_, known)| is_one(known));
    habits.find_map(|(place, known)| {
        let (_, _, fits, _) = MUSL.iter().find(|(name, ..)| *name == known.name)?;
        let (of_c, of_lab) = fits(c, lab)?;
        Some((place, of_c, of_lab))
    })
}

/// All that the process prints counts.
fn never(_: &[NormalizedCall], _: &[NormalizedCall]) -> Option<(usize, usize)> {
    None
}

/// What stdio asks about its own streams, once, where it pleases.
fn asks(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    if c.first().is_some_and(asks_for_width) {
        return Some((1, 0));
    }
    let other = lab.first()?;
    let [first, second] = [0, 1].map(|place| word(other, place));
    let asks = match other.name.as_str() {
        "fstat" => true,
        "ioctl" => second == "TCGETS",
        _ => false,
    };
    (asks && other.by_stdio && ["0", "1"].contains(&first.as_str())).then_some((0, 1))
}

/// How wide the terminal is, if it is one.
pub fn asks_for_width(call: &NormalizedCall) -> bool {
    call.name == "ioctl" && call.by_stdio && word(call, 0) == "1" && word(call, 1) == "TIOCGWINSZ"
}

/// The same bytes into its smaller buffer.
fn room(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = (c.first()?, lab.first()?);
    let reads = [one, other].iter().all(|call| call.name == "read" && call.by_stdio);
    let same = |place: usize| word(one, place) == word(other, place);
    let is_result = result(one) == result(other);
    (reads && same(0) && same(1) && word(one, 2) == "1024" && is_result).then_some((1, 1))
}

/// The same error in its own words.
fn words(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = (c.first()?, lab.first()?);
    let is_write = |call: &NormalizedCall| call.name == "write" && word(call, 0) == "2";
    let same = one.by_stdio && is_write(one) && is_write(other);
    let text = word(other, 1);
    let in_musl = in_musl(&text);
    let is_result = result(one) == result(other);
    (same && is_result && in_musl != text && word(one, 1) == in_musl).then_some((1, 1))
}

fn word(call: &NormalizedCall, place: usize) -> String {
    let word = call.words.get(place);
    word.map(ToString::to_string).unwrap_or_default()
}

/// What the call returned, as it is told.
fn result(call: &NormalizedCall) -> Option<String> {
    call.result.as_ref().map(ToString::to_string)
}

/// What a call of stdio has written to standard output, if it wrote all of it.
fn printed(call: &NormalizedCall) -> Option<String> {
    let is_it = call.name == "write" && call.by_stdio && word(call, 0) == "1";
    let text = call.words.get(1)?.inside();
    (is_it && call.came_back_with("all")).then(|| text.to_string())
}

/// Gives each process what those that it descends from had written out when it was made.
pub fn inherit(processes: &mut [ProcessCalls]) {
    for at in 0..processes.len() {
        let process = &processes[at];
        let Some((Member::Child(_), path)) = process.path.split_last() else {
            continue;
        };
        let born = format!("<{}>", process.number());
        let parent = processes.iter().find(|other| other.path == path);
        let inherited = parent.and_then(|parent| {
            let is_birth = |call: &NormalizedCall| call.name == "fork" && call.came_back_with(&born);
            let birth = parent.calls.iter().position(is_birth)?;
            let written = parent.calls[..birth].iter().filter_map(printed);
            Some(parent.inherited.clone() + &written.collect::<String>())
        });
        processes[at].inherited = inherited.unwrap_or_default();
    }
}

/// All that one process prints, and how much of it stands before each of its calls.
struct Print {
    text: String,
    before: Vec<usize>,
}

impl Print {
    fn of(process: &ProcessCalls) -> Print {
        let mut print = Print {
            text: process.inherited.clone(),
            before: vec![process.inherited.len()],
        };
        for call in &process.calls {
            print.text += &printed(call).unwrap_or_default();
            print.before.push(print.text.len());
        }
        let waiting = process.unwritten.as_ref().filter(|_| process.is_open());
        print.text += &waiting.map_or_else(String::new, |it| it.text.inside().to_string());
        print
    }
}

/// What two processes print.
pub struct Prints {
    /// The habit by which it may be written elsewhere; none if the library is glibc.
    place: Option<usize>,
    on_terminal: bool,
    c: Print,
    lab: Print,
    /// So far both are the same.
    agree: usize,
    is_open: [bool; 2],
}

impl Prints {
    pub fn new(differences: &[Difference], c: &ProcessCalls, lab: &ProcessCalls) -> Prints {
        let mut habits = differences.iter();
        let place = habits.position(|one| is_one(one) && [PROMPT, BUFFER].contains(&&*one.name));
        let [of_c, of_lab] = match place {
            Some(_) => [c, lab].map(Print::of),
            None => [c, lab].map(|_| Print {
                text: String::new(),
                before: Vec::new(),
            }),
        };
        let both = of_c.text.chars().zip(of_lab.text.chars());
        let alike = both.take_while(|(one, other)| one == other);
        Prints {
            place,
            on_terminal: place.is_some_and(|place| differences[place].name == PROMPT),
            agree: alike.map(|(one, _)| one.len_utf8()).sum(),
            c: of_c,
            lab: of_lab,
            is_open: [c.is_open(), lab.is_open()],
        }
    }

    /// The habit, and how many of the next calls of each it explains: these are the calls at `i` and `j`.
    pub fn step(
        &self,
        (i, left): (usize, &[NormalizedCall]),
        (j, right): (usize, &[NormalizedCall]),
    ) -> Option<(usize, usize, usize)> {
        let place = self.place?;
        let next = |calls: &[NormalizedCall]| calls.first().and_then(printed);
        let (of_c, of_lab) = (next(left), next(right));
        let step = match self.on_terminal {
            true => self.on_terminal((i, left, &of_c), (j, &of_lab)),
            false if of_c.is_some() && self.is_known(&self.c, i, 1) => Some((1, 0)),
            false if of_lab.is_some() && self.is_known(&self.lab, j, 0) => Some((0, 1)),
            false => None,
        };
        step.map(|(of_c, of_lab)| (place, of_c, of_lab))
    }

    /// Whether what is printed up to the end of this call both print; who was ended from outside may have come less far.
    fn is_known(&self, print: &Print, at: usize, other: usize) -> bool {
        let texts = [&self.c.text, &self.lab.text];
        let goes_further = self.is_open[other] && self.agree == texts[other].len();
        print.before[at + 1] <= self.agree || goes_further
    }

    fn on_terminal(
        &self,
        (i, left, of_c): (usize, &[NormalizedCall], &Option<String>),
        (j, of_lab): (usize, &Option<String>),
    ) -> Option<(usize, usize)> {
        let [end_of_c, end_of_lab] = [self.c.before[i..].get(1), self.lab.before[j..].get(1)];
        let is_same = |end: usize| end <= self.agree;
        match (of_c, of_lab) {
            (Some(_), Some(_)) if end_of_c == end_of_lab => {
                end_of_c.filter(|end| is_same(**end)).map(|_| (1, 1))
            }
            (Some(_), None) => {
                let mut behind = left[1..].iter();
                let ends = behind.all(|call| ["lseek", "exit"].contains(&&*call.name));
                let is_due = end_of_c == self.lab.before.get(j);
                (ends && is_due && end_of_c.is_some_and(|end| is_same(*end))).then_some((1, 0))
            }
            (_, Some(text)) => {
                let has_end = text.ends_with("\\n");
                (!has_end && end_of_lab.is_some_and(|end| is_same(*end))).then_some((0, 1))
            }
            (None, None) => None,
        }
    }
}

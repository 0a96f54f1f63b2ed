//! What a C library does otherwise than glibc, whose stdio the labs have: a row a habit, and each excuses what it names.
//!
//! Where text is written out is a library's business, but not what: all that a process prints is laid beside all that the
//! lab prints, and a child begins with what its parent had not written out yet. On a terminal a line's end is a write in
//! every library, so each stays in its place; only what has no end yet may come later, in the line that it begins.

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::equivalents::{self, Row, asks_for_width, by_themselves_never, find_in};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::{Member, ProcessCalls};
use crate::compare::words::{result, word};
use crate::i18n::habit;
use crate::scenario::{Difference, Wiring};
use crate::source::Library;

/// Of the last two, all that the process prints counts.
const MUSL: [Row; 8] = [
    ("musl-asks", asks, habit::musl_asks),
    ("musl-room", room, habit::musl_room),
    ("musl-folder", folder, habit::musl_folder),
    ("musl-words", words, habit::musl_words),
    ("musl-mask", mask, habit::musl_mask),
    ("musl-backlog", backlog, habit::musl_backlog),
    (PROMPT, by_themselves_never, habit::musl_prompt),
    (BUFFER, by_themselves_never, habit::musl_buffer),
];

/// On a terminal a line without an end is not written out before the program reads.
const PROMPT: &str = "musl-prompt";

/// Elsewhere the first line is written at once, and later a smaller buffer.
const BUFFER: &str = "musl-buffer";

/// How large its buffers are.
const ROOM: usize = 1024;

/// How much its readdir takes at once, and how much glibc's.
const ENTRIES: [&str; 2] = ["2048", "32768"];

/// The words of an error, in glibc and in musl.
const ERRORS: [(&str, &str); 7] = [
    ("Success", "No error information"),
    ("Input/output error", "I/O error"),
    ("Operation not supported", "Not supported"),
    ("Too many open files", "No file descriptors available"),
    ("Address already in use", "Address in use"),
    ("Cannot allocate memory", "Out of memory"),
    (
        "Transport endpoint is not connected",
        "Socket not connected",
    ),
];

/// The habits of a library, as differences that are told like a lab's own.
pub fn of(library: Library, stdout: &Wiring) -> impl Iterator<Item = Difference> {
    let elsewhere = match stdout {
        Wiring::Terminal => BUFFER,
        _ => PROMPT,
    };
    let rows = MUSL.iter().filter(move |_| library == Library::Musl);
    let rows = rows.filter(move |(name, ..)| *name != elsewhere);
    rows.map(equivalents::difference)
}

/// Whether it is one of these.
pub fn is_one(difference: &Difference) -> bool {
    equivalents::row(&MUSL, difference).is_some()
}

/// What is declared of programs with this library: a difference that is told of it stands in the place of those of its name.
pub fn with_library(library: Option<Library>, all: Vec<Difference>) -> Vec<Difference> {
    let name = library.map_or("", Library::name);
    let is_own = |one: &Difference| !one.library.is_empty() && one.library == name;
    let own: Vec<String> = all
        .iter()
        .filter(|one| is_own(one))
        .map(|one| one.name.clone())
        .collect();
    let is_there =
        |one: &Difference| is_own(one) || (one.library.is_empty() && !own.contains(&one.name));
    all.into_iter().filter(is_there).collect()
}

/// A declared difference where the C's words for an error are those of this library.
pub fn in_words_of(library: Library, difference: &mut Difference) {
    if library == Library::Musl {
        difference
            .c
            .iter_mut()
            .for_each(|call| *call = in_musl(call));
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
    find_in(&MUSL, differences, c, lab)
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

/// The same bytes into its smaller buffer.
fn room(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = (c.first()?, lab.first()?);
    let reads = [one, other]
        .iter()
        .all(|call| call.name == "read" && call.by_stdio);
    let same = |place: usize| word(one, place) == word(other, place);
    let is_result = result(one) == result(other);
    (reads && same(0) && same(1) && word(one, 2) == ROOM.to_string() && is_result).then_some((1, 1))
}

/// A folder that its opendir opens, and the same entries in a smaller buffer.
fn folder(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = (c.first()?, lab.first()?);
    let [flags, of_lab] = [one, other].map(|call| word(call, 2));
    let is_it = |name: &str| one.name == name && other.name == name;
    let opens = is_it("openat") && flags.ends_with("|O_DIRECTORY") && {
        word(one, 1) == word(other, 1) && flags == of_lab.replace("O_NONBLOCK|", "")
    };
    let reads = is_it("getdents64") && [&*flags, &*of_lab] == ENTRIES;
    let same = word(one, 0) == word(other, 0) && result(one) == result(other);
    (same && (opens || reads)).then_some((1, 1))
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

/// Its signal(3) names the signal itself not among those that wait while the handler runs: that waits without it.
fn mask(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = (c.first()?, lab.first()?);
    let is_it = |call: &NormalizedCall| call.name == "rt_sigaction";
    let [signal, of_lab] = [one, other].map(|call| word(call, 0));
    let own = format!("[{}]", signal.trim_start_matches("SIG"));
    let without = word(other, 1).replace(&format!("sa_mask={own}"), "sa_mask=[]");
    let same = is_it(one) && is_it(other) && signal == of_lab && result(one) == result(other);
    (same && without != word(other, 1) && word(one, 1) == without).then_some((1, 1))
}

/// Its SOMAXCONN.
fn backlog(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let (one, other) = (c.first()?, lab.first()?);
    let is_it =
        |call: &NormalizedCall, length: &str| call.name == "listen" && word(call, 1) == length;
    let same = word(one, 0) == word(other, 0) && result(one) == result(other);
    (same && is_it(one, "128") && is_it(other, "4096")).then_some((1, 1))
}

/// What a call of stdio has written to standard output, if it wrote all of it, or it has been refused for good.
fn printed(call: &NormalizedCall) -> Option<AliasedText> {
    let is_it = call.name == "write" && call.by_stdio && word(call, 0) == "1";
    let is_whole = call.came_back_with("all") || is_refused(call);
    (is_it && is_whole).then(|| call.words.get(1).map(AliasedText::inside))?
}

/// Whether a process prints in vain; none if it has not come to printing.
fn prints_in_vain(process: &ProcessCalls) -> Option<bool> {
    let mut writes = process.calls.iter().filter(|call| printed(call).is_some());
    writes.next().map(is_refused)
}

/// Whether the device is full, or the descriptor closed.
fn is_refused(call: &NormalizedCall) -> bool {
    let mut errors = ["-1 ENOSPC", "-1 EBADF"].into_iter();
    errors.any(|error| call.came_back_with(error))
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
            let is_birth =
                |call: &NormalizedCall| call.name == "fork" && call.came_back_with(&born);
            let birth = parent.calls.iter().position(is_birth)?;
            let written = parent.calls[..birth].iter().filter_map(printed);
            Some(Print::joined(
                parent.inherited.clone().into_iter().chain(written),
            ))
        });
        processes[at].inherited = inherited;
    }
}

/// All that one process prints, and how much of it stands before each of its calls.
struct Print {
    text: AliasedText,
    /// The same as it is written, and its numbers that have a name.
    raw: String,
    names: Aliases,
    before: Vec<usize>,
    /// Each piece with the call that writes it; what waits in the buffer comes behind all calls.
    pieces: Vec<(usize, AliasedText)>,
    /// How much has been printed when all of it was written out: by fflush, at the end, or as the first line.
    flushed: Vec<usize>,
}

impl Print {
    fn of(process: &ProcessCalls) -> Print {
        let inherited = process.inherited.clone();
        let mut length = inherited.as_ref().map_or(0, |text| raw(text).len());
        let (mut before, mut flushed) = (vec![length], Vec::new());
        for (at, call) in process.calls.iter().enumerate() {
            let text = printed(call).map(|text| raw(&text)).unwrap_or_default();
            let is_first = length == 0 && text.ends_with("\\n");
            length += text.len();
            before.push(length);
            let is_all = call.is_flush || is_first || is_end(&process.calls[at + 1..]);
            flushed.extend(is_all.then_some(length));
        }
        let waiting = process.unwritten.as_ref().filter(|_| process.is_open());
        let waiting = waiting.map(|waiting| (process.calls.len(), waiting.text.inside()));
        let calls = process.calls.iter().enumerate();
        let written = calls.filter_map(|(at, call)| Some((at, printed(call)?)));
        let pieces: Vec<(usize, AliasedText)> = written.chain(waiting).collect();
        let texts = pieces.iter().map(|(_, text)| text.clone());
        let text = Print::joined(inherited.into_iter().chain(texts));
        Print {
            raw: raw(&text),
            names: text.names().collect(),
            text,
            before,
            pieces,
            flushed,
        }
    }

    /// The line that has no end yet before the call at a place, as far as it is written out.
    fn line(&self, at: usize) -> AliasedText {
        let written = &self.raw[..self.before[at]];
        let start = written.rfind("\\n").map_or(0, |end| end + 2);
        AliasedText::new(&written[start..], &self.names)
    }

    /// What is printed next, and by which call.
    fn next(&self, at: usize) -> Option<&(usize, AliasedText)> {
        let gone = self.pieces.partition_point(|(place, _)| *place < at);
        self.pieces.get(gone)
    }

    /// One text, in which a number may have come in two pieces.
    fn joined(parts: impl Iterator<Item = AliasedText>) -> AliasedText {
        let parts: Vec<AliasedText> = parts.collect();
        let names = parts.iter().flat_map(AliasedText::names).collect();
        AliasedText::new(&parts.iter().map(raw).collect::<String>(), &names)
    }
}

/// Whether a process does no more than end.
fn is_end(calls: &[NormalizedCall]) -> bool {
    let mut names = calls.iter().map(|call| call.name.as_str());
    !calls.is_empty() && names.all(|name| ["lseek", "exit"].contains(&name))
}

/// A text with its numbers.
fn raw(text: &AliasedText) -> String {
    let [_, raw] = text.as_declared();
    raw
}

/// What two processes print.
pub struct Prints {
    /// The habit by which it may be written elsewhere.
    place: usize,
    on_terminal: bool,
    c: Print,
    lab: Print,
    /// So far both are the same.
    agree: usize,
    is_open: [bool; 2],
}

impl Prints {
    /// None if the library is glibc.
    pub fn new(differences: &[Difference], c: &ProcessCalls, lab: &ProcessCalls) -> Option<Prints> {
        let mut habits = differences.iter();
        let place = habits.position(|one| is_one(one) && [PROMPT, BUFFER].contains(&&*one.name));
        if let (Some(one), Some(other)) = (prints_in_vain(c), prints_in_vain(lab))
            && one != other
        {
            return None;
        }
        let [c_prints, lab_prints] = [c, lab].map(|process| place.map(|_| Print::of(process)));
        let (of_c, of_lab) = (c_prints?, lab_prints?);
        Some(Prints {
            place: place?,
            on_terminal: differences[place?].name == PROMPT,
            agree: of_c.text.common(&of_lab.text),
            c: of_c,
            lab: of_lab,
            is_open: [c.is_open(), lab.is_open()],
        })
    }

    /// The habit, and how many of the next calls of each it explains: these are the calls at `i` and `j`.
    pub fn step(
        &self,
        (i, left): (usize, &[NormalizedCall]),
        (j, right): (usize, &[NormalizedCall]),
    ) -> Option<(usize, usize, usize)> {
        let prints = |calls: &[NormalizedCall]| calls.first().and_then(printed).is_some();
        let step = match self.on_terminal {
            true => self.on_terminal((i, left), (j, right)),
            false if prints(left) && self.is_due(i, left) && self.is_known(0, i) => Some((1, 0)),
            false if prints(right) && self.is_flushed(j, right) && self.is_known(1, j) => {
                Some((0, 1))
            }
            false => None,
        };
        step.map(|(of_c, of_lab)| (self.place, of_c, of_lab))
    }

    /// Whether musl writes out by itself here: the first line that anybody prints, a buffer that is full, or all that is
    /// left at the end. What fflush writes, the lab has to write too.
    fn is_due(&self, at: usize, left: &[NormalizedCall]) -> bool {
        let Some((call, behind)) = left.split_first() else {
            return false;
        };
        let text = call
            .argument(1)
            .text()
            .map(|text| text.bytes)
            .unwrap_or_default();
        let is_first = self.c.before[at] == 0 && text.ends_with(b"\n");
        let is_full = text.len() > ROOM;
        match call.is_flush {
            true => self.lab.flushed.contains(&self.c.before[at + 1]),
            false => is_first || is_full || is_end(behind),
        }
    }

    /// Whether what the lab writes by fflush the C has written out too.
    fn is_flushed(&self, at: usize, right: &[NormalizedCall]) -> bool {
        let is_flush = right.first().is_some_and(|call| call.is_flush);
        !is_flush || self.c.flushed.contains(&self.lab.before[at + 1])
    }

    /// Whether both print what is printed up to the end of this call, of the C or of the lab, to the end where it is the last;
    /// who was ended from outside may have come less far.
    fn is_known(&self, side: usize, at: usize) -> bool {
        let (own, other) = match side {
            0 => (&self.c, &self.lab),
            _ => (&self.lab, &self.c),
        };
        let goes_further = self.is_open[1 - side] && self.agree == other.raw.len();
        let end = own.before[at + 1];
        let is_short = end == own.raw.len() && end < other.raw.len() && !self.is_open[side];
        (end <= self.agree && !is_short) || goes_further
    }

    /// The same on a terminal: what the lab has written the C writes now, or what the lab writes comes later in the C.
    fn on_terminal(
        &self,
        (i, left): (usize, &[NormalizedCall]),
        (j, right): (usize, &[NormalizedCall]),
    ) -> Option<(usize, usize)> {
        let (at, next) = self.c.next(i)?;
        let rest = |waiting: Option<AliasedText>| behind(next, &waiting?);
        // What fflush writes alone the program writes there, not its library.
        let by_flush = left.get(at - i).is_some_and(|call| call.is_flush);
        let is_now = *at == i && !left.is_empty() && !by_flush;
        if is_now && rest(self.waiting(i, j)).is_some_and(|rest| rest.is_empty()) {
            return Some((1, 0));
        }
        let call = right.first()?;
        let is_asked = !raw(&printed(call)?).ends_with("\\n") && !call.is_flush;
        let rest = rest(self.waiting(i, j + 1).filter(|_| is_asked))?;
        (!by_flush || !rest.is_empty()).then_some((0, 1))
    }

    /// What the lab has written of the line that both are in, and the C has not: it lies in its buffer.
    fn waiting(&self, i: usize, j: usize) -> Option<AliasedText> {
        let waiting = behind(&self.lab.line(j), &self.c.line(i))?;
        (!waiting.is_empty()).then_some(waiting)
    }

    /// The next print of the C, and where it stands, without what comes late in it: what the lab has written before.
    pub fn next(&self, i: usize, j: usize, calls: &[NormalizedCall]) -> Option<Late> {
        let (at, text) = self.c.next(i).filter(|_| self.on_terminal)?;
        let call = calls.get(*at)?;
        let rest = self
            .waiting(i, j)
            .and_then(|waiting| behind(text, &waiting));
        let mut words = call.words.clone();
        if let Some(rest) = &rest {
            let names = rest.names().collect();
            words[1] = AliasedText::new(&format!("\"{}\"", raw(rest)), &names);
        }
        Some(Late {
            at: *at,
            call: call.in_place("write", &words, call.result.clone()),
            place: rest.map(|_| self.place),
        })
    }
}

/// A print of the C as it is beside the lab's.
pub struct Late {
    pub at: usize,
    pub call: NormalizedCall,
    /// The habit by which something comes late in it, if it does.
    pub place: Option<usize>,
}

/// What stands in a text behind its beginning, if it begins so: a number may have the same name.
fn behind(text: &AliasedText, beginning: &AliasedText) -> Option<AliasedText> {
    let length = raw(beginning).len();
    let begins = text.common(beginning) == length;
    begins.then(|| AliasedText::new(&raw(text)[length..], &text.names().collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_musls_that_lacks_the_signal_alone_and_a_backlog_that_is_its_somaxconn() {
        let action = |mask: &str, flags: &str| {
            let action = format!("{{sa_handler=function, sa_mask=[{mask}], sa_flags={flags}}}");
            [NormalizedCall::written(
                "rt_sigaction",
                &["SIGINT", &action],
                Some("0"),
            )]
        };
        let lab = action("INT", "SA_RESTART");
        assert_eq!(mask(&action("", "SA_RESTART"), &lab), Some((1, 1)));
        for other in [action("", "0"), action("TERM", "SA_RESTART")] {
            assert_eq!(mask(&other, &lab), None);
        }
        assert_eq!(mask(&action("", "0"), &action("TERM", "0")), None);
        let listen = |length| [NormalizedCall::written("listen", &["3", length], Some("0"))];
        assert_eq!(backlog(&listen("128"), &listen("4096")), Some((1, 1)));
        assert_eq!(backlog(&listen("5"), &listen("4096")), None);
        assert_eq!(backlog(&listen("128"), &listen("5")), None);
    }

    #[test]
    fn a_folder_is_opened_in_musls_way_and_read_into_its_buffer() {
        let call = |name: &str, words: &[&str], result: &str| {
            [NormalizedCall::written(name, words, Some(result))]
        };
        let open = |path, flags| call("openat", &["AT_FDCWD", path, flags], "3");
        let lab = open(".", "O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY");
        let musl = open(".", "O_RDONLY|O_CLOEXEC|O_DIRECTORY");
        assert_eq!(folder(&musl, &lab), Some((1, 1)));
        assert_eq!(folder(&open(".", "O_RDONLY|O_DIRECTORY"), &lab), None);
        assert_eq!(
            folder(&open("..", "O_RDONLY|O_CLOEXEC|O_DIRECTORY"), &lab),
            None
        );
        let read = |size, result| call("getdents64", &["3", "ptr", size], result);
        assert_eq!(
            folder(&read("2048", "80"), &read("32768", "80")),
            Some((1, 1))
        );
        assert_eq!(folder(&read("2048", "80"), &read("32768", "56")), None);
        assert_eq!(folder(&read("1024", "80"), &read("32768", "80")), None);
    }
}

//! What has been seen of the lab, or of one companion: each has a terminal, a shell and processes of its own.

use std::collections::VecDeque;

use crate::proc::descriptors::Holder;
use crate::proc::process::Process;
use crate::run::transcript::{Entry, Status};
use crate::scenario::Channel;
use crate::text::alike::{are_enough, in_common, telling};
use crate::trace::Trace;
use crate::trace::tracer::Tracer;

/// What a program has printed, and how far it has been matched.
#[derive(Debug, Default)]
pub struct Printed {
    pub bytes: Vec<u8>,
    matched: usize,
}

impl Printed {
    /// Whether `wanted` has come after the last match; if so, that is the last match now.
    pub fn take(&mut self, wanted: &[u8]) -> bool {
        let rest = &self.bytes[self.matched..];
        match rest
            .windows(wanted.len().max(1))
            .position(|window| window == wanted)
        {
            Some(index) => {
                self.matched += index + wanted.len();
                true
            }
            None => false,
        }
    }

    /// Whether more than blanks has come after the last match.
    pub fn says_more(&self) -> bool {
        !self.bytes[self.matched..].trim_ascii().is_empty()
    }

    /// Whether lines have ended after the last match that say in other words what `wanted` says, whose lines have numbers:
    /// the same numbers, among similar words; if so, they are the last match now.
    pub fn take_in_other_words(&mut self, wanted: &[u8]) -> bool {
        let Some(wanted) = wanted.strip_suffix(b"\n") else {
            return false;
        };
        let wanted: Vec<_> = wanted.split(|&byte| byte == b'\n').map(Words::of).collect();
        let rest = &self.bytes[self.matched..];
        let lines = rest.split_inclusive(|&byte| byte == b'\n');
        let lines: Vec<&[u8]> = lines.filter(|line| line.ends_with(b"\n")).collect();
        let own: Vec<Words> = lines.iter().map(|line| Words::of(line)).collect();
        let says_it = |own: &[Words]| wanted.iter().zip(own).all(|(one, other)| one.is_in(other));
        let Some(first) = own.windows(wanted.len()).position(says_it) else {
            return false;
        };
        let taken = lines.iter().take(first + wanted.len());
        self.matched += taken.map(|line| line.len()).sum::<usize>();
        true
    }
}

/// A line, read for what it says.
struct Words {
    numbers: Vec<String>,
    letters: String,
}

impl Words {
    fn of(line: &[u8]) -> Words {
        let text = String::from_utf8_lossy(line);
        let numbers = text.split(|c: char| !c.is_ascii_digit());
        let numbers = numbers.filter(|number| !number.is_empty());
        let letters = text.chars().filter(|c| c.is_alphabetic());
        Words {
            numbers: numbers.map(str::to_owned).collect(),
            letters: telling(letters.flat_map(char::to_lowercase)),
        }
    }

    /// Whether another line says the same numbers, among words similar to the shorter of both.
    fn is_in(&self, other: &Words) -> bool {
        let letters = [&self.letters, &other.letters].map(|letters| letters.chars().count());
        let common = in_common(&self.letters, &other.letters);
        let is_similar = are_enough(common, letters[0].min(letters[1]));
        !self.numbers.is_empty() && self.numbers == other.numbers && is_similar
    }
}

/// Everything seen of the lab or of one companion.
#[derive(Debug, Default)]
pub struct ProgramState {
    /// The name of a companion; none for the lab.
    pub name: Option<String>,
    pub terminal: Printed,
    pub stdout: Option<Printed>,
    pub trace: Option<Trace>,
    pub tracer: Option<Tracer>,
    /// The job that waits for a tracer, and its connection.
    pub waits: Option<(i32, usize)>,
    pub shell: Option<i32>,
    /// The shell's connection.
    pub connection: Option<usize>,
    /// Its processes in order of appearance.
    pub pids: Vec<i32>,
    /// How process 1 ended; of a companion that was started again, the process started last.
    pub status: Option<Status>,
    /// Those of its processes that the shell started and that have ended.
    pub ended: Vec<i32>,
    /// Those of its processes that the shell started.
    pub started: Vec<i32>,
    /// The job has become the program.
    pub executed: bool,
    /// What the terminal is expected to echo.
    pub echo: VecDeque<u8>,
    /// The process tables that the scenario took.
    pub tables: Vec<Vec<Process>>,
    /// The pictures of descriptor tables that it took.
    pub descriptors: Vec<Vec<Holder>>,
    calls_entered: usize,
    /// The calls that have not come back.
    inside: Vec<usize>,
    notices_told: usize,
}

impl ProgramState {
    /// Nothing seen yet; says what there will be to see.
    pub fn new(name: Option<&str>, trace: Option<Trace>, stdout: bool) -> ProgramState {
        ProgramState {
            name: name.map(str::to_owned),
            trace,
            stdout: stdout.then(Printed::default),
            ..ProgramState::default()
        }
    }

    /// Whether the program runs (or has run).
    pub fn is_running(&self) -> bool {
        self.executed && self.trace.as_ref().is_none_or(Trace::is_ready)
    }

    /// How much has come out.
    pub fn printed_bytes(&self) -> usize {
        let stdout = self.stdout.as_ref();
        self.terminal.bytes.len() + stdout.map_or(0, |stdout| stdout.bytes.len())
    }

    /// Takes what standard output carried as a pipe or a file.
    pub fn streamed(&mut self, bytes: &[u8]) -> Vec<Entry> {
        let stdout = self.stdout.get_or_insert_default();
        stdout.bytes.extend_from_slice(bytes);
        vec![Entry::Printed {
            bytes: bytes.to_vec(),
            on: Channel::Pipe,
        }]
    }

    /// Takes what the terminal showed, and tells the echo of what was typed from what was printed.
    pub fn printed(&mut self, bytes: &[u8]) -> Vec<Entry> {
        self.terminal.bytes.extend_from_slice(bytes);
        let expected: Vec<u8> = self.echo.iter().copied().collect();
        let whole = (!expected.is_empty())
            .then(|| {
                bytes
                    .windows(expected.len())
                    .position(|window| window == expected)
            })
            .flatten();
        let common = bytes
            .iter()
            .zip(&expected)
            .take_while(|(one, other)| one == other)
            .count();
        let (start, length) = match whole {
            Some(start) => (start, expected.len()),
            None if common == bytes.len() => (0, common), // the rest of the echo is still to come
            None => (0, 0),
        };
        self.echo.drain(..length);
        let (before, rest) = bytes.split_at(start);
        let (echo, after) = rest.split_at(length);
        let pieces = [(before, false), (echo, true), (after, false)];
        let pieces = pieces.into_iter().filter(|(bytes, _)| !bytes.is_empty());
        pieces
            .map(|(bytes, is_echo)| piece(bytes, is_echo))
            .collect()
    }

    /// Notes that the trace has come to its end.
    pub fn trace_ended(&mut self) -> Vec<Entry> {
        let entries = self.traced();
        if let Some(trace) = &mut self.trace {
            trace.end();
        }
        entries
    }

    /// Takes what the tracer has told.
    pub fn traced(&mut self) -> Vec<Entry> {
        let Some(trace) = &mut self.trace else {
            return Vec::new();
        };
        let mut entries = Vec::new();
        let records = self.tracer.as_ref().map(Tracer::records);
        for record in records.into_iter().flatten() {
            trace.take(record);
            let is_back = |index: &mut usize| trace.calls[*index].returned_at.is_some();
            entries.extend(self.inside.extract_if(.., is_back).map(Entry::Returned));
            let entered = self.calls_entered..trace.calls.len();
            let entered = entered.filter(|&index| !trace.calls[index].setup);
            for index in entered {
                self.inside.push(index);
                entries.push(Entry::Call(index));
            }
            entries.extend((self.notices_told..trace.notices.len()).map(Entry::Notice));
            (self.calls_entered, self.notices_told) = (trace.calls.len(), trace.notices.len());
        }
        if trace.is_ready() {
            let known = trace.pids.iter().filter(|pid| !self.pids.contains(pid));
            let known: Vec<i32> = known.copied().collect();
            self.pids.extend(known);
        }
        entries
    }
}

fn piece(bytes: &[u8], is_echo: bool) -> Entry {
    let bytes = bytes.to_vec();
    if is_echo {
        Entry::Echoed(bytes)
    } else {
        Entry::Printed {
            bytes,
            on: Channel::Terminal,
        }
    }
}

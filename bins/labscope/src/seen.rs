//! What the runner has seen of a run so far.

use std::collections::VecDeque;

use anyhow::Result;

use crate::scenario::Channel;
use crate::strace::Trace;
use crate::transcript::{Entry, Status};
use crate::wires::Source;

/// Text that grows, and how far it has been matched.
#[derive(Debug, Default)]
pub struct Text {
    pub bytes: Vec<u8>,
    matched: usize,
}

impl Text {
    /// Whether `wanted` has come after the last match; if so, that is the last match now.
    pub fn take(&mut self, wanted: &[u8]) -> bool {
        let rest = &self.bytes[self.matched..];
        match rest
            .windows(wanted.len().max(1))
            .position(|window| window == wanted)
        {
            Some(place) => {
                self.matched += place + wanted.len();
                true
            }
            None => false,
        }
    }
}

/// One connection of the shell's processes, and the words not yet complete.
#[derive(Debug, Default)]
struct Caller {
    is_job: bool,
    partial: Vec<u8>,
}

/// Everything seen.
#[derive(Debug, Default)]
pub struct Seen {
    pub terminal: Text,
    pub stdout: Option<Text>,
    pub trace: Option<Trace>,
    pub entries: Vec<Entry>,
    pub reaper: Option<i32>,
    pub reaper_line: Option<usize>,
    pub shell: Option<i32>,
    /// The lab's processes in order of appearance.
    pub pids: Vec<i32>,
    pub reaped: Vec<(i32, Status)>,
    pub status: Option<Status>,
    /// The job has become the lab (or the tracer).
    pub executed: bool,
    /// What went wrong in the shell.
    pub error: Option<String>,
    /// The reaper has been told to clear everything away.
    pub ending: bool,
    callers: Vec<Caller>,
    /// What the terminal is expected to echo.
    pub echo: VecDeque<u8>,
    calls_entered: usize,
}

impl Seen {
    /// Nothing seen yet; says what there will be to see.
    pub fn new(trace: Option<Trace>, stdout: Option<Text>) -> Seen {
        Seen {
            trace,
            stdout,
            ..Seen::default()
        }
    }

    /// Takes what has come from one source (nothing means: its end).
    pub fn take(&mut self, source: Source, bytes: &[u8]) {
        match source {
            Source::Terminal if !bytes.is_empty() => {
                self.terminal.bytes.extend_from_slice(bytes);
                self.printed(bytes);
            }
            Source::Stdout if !bytes.is_empty() => {
                self.stdout
                    .get_or_insert_default()
                    .bytes
                    .extend_from_slice(bytes);
                self.entries.push(Entry::Printed {
                    bytes: bytes.to_vec(),
                    on: Channel::Pipe,
                });
            }
            Source::Trace => self.traced(bytes),
            Source::Line(line) => self.said(line, bytes),
            Source::Terminal | Source::Stdout => {}
        }
    }

    /// Tells the echo of what was typed from what the lab printed.
    fn printed(&mut self, bytes: &[u8]) {
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
        for (bytes, is_echo) in [(before, false), (echo, true), (after, false)] {
            match (bytes.is_empty(), is_echo) {
                (true, _) => {}
                (false, true) => self.entries.push(Entry::Echoed(bytes.to_vec())),
                (false, false) => {
                    self.entries.push(Entry::Printed {
                        bytes: bytes.to_vec(),
                        on: Channel::Terminal,
                    });
                }
            }
        }
    }

    fn traced(&mut self, bytes: &[u8]) {
        let Some(trace) = &mut self.trace else { return };
        if bytes.is_empty() {
            trace.end();
        } else {
            trace.feed(bytes);
        }
        for (index, call) in trace.calls.iter().enumerate().skip(self.calls_entered) {
            if !call.setup {
                self.entries.push(Entry::Call(index));
            }
        }
        self.calls_entered = trace.calls.len();
        if trace.is_ready() {
            let known = trace.pids.iter().filter(|pid| !self.pids.contains(pid));
            let known: Vec<i32> = known.copied().collect();
            self.pids.extend(known);
        }
    }

    /// A message of one of the shell's processes.
    fn said(&mut self, line: usize, bytes: &[u8]) {
        if self.callers.len() <= line {
            self.callers.resize_with(line + 1, Caller::default);
        }
        if bytes.is_empty() {
            self.executed |= self.callers[line].is_job && self.error.is_none();
            if !self.callers[line].is_job && !self.ending && self.error.is_none() {
                self.error = Some("the shell has died: was it killed from outside?".into());
            }
        }
        self.callers[line].partial.extend_from_slice(bytes);
        while let Some(end) = self.callers[line]
            .partial
            .iter()
            .position(|&byte| byte == b'\n')
        {
            let text: Vec<u8> = self.callers[line].partial.drain(..=end).collect();
            self.message(line, String::from_utf8_lossy(&text).trim_end());
        }
    }

    fn message(&mut self, line: usize, text: &str) {
        let words: Vec<&str> = text.split(' ').collect();
        let pid = words.get(1).and_then(|word| word.parse().ok());
        match (words[0], pid, &words[1..]) {
            ("reaper", Some(pid), _) => (self.reaper, self.reaper_line) = (Some(pid), Some(line)),
            ("shell", Some(pid), _) => self.shell = Some(pid),
            ("job", Some(pid), _) => {
                self.callers[line].is_job = true;
                if !self.pids.contains(&pid) {
                    self.pids.insert(0, pid); // the trace may have been quicker
                }
            }
            ("ended", Some(pid), [_, how, number]) => {
                if let Some(status) = Status::from_words(how, number) {
                    self.reaped.push((pid, status));
                    if !self.ending {
                        self.status = Some(status);
                        self.entries.push(Entry::Ended(status));
                    }
                }
            }
            ("reaped", Some(pid), [_, how, number]) => {
                self.reaped
                    .extend(Status::from_words(how, number).map(|status| (pid, status)));
            }
            _ => self.error = Some(text.trim_start_matches("error ").to_owned()),
        }
    }

    /// What went wrong in the shell, as an error.
    pub fn check_shell(&self) -> Result<()> {
        match &self.error {
            Some(error) => Err(anyhow::anyhow!("{error}")),
            None => Ok(()),
        }
    }
}

//! The trace of a whole run.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::call::Call;
use crate::line::{Happening, Line, parse};
use crate::stack::StackFrame;
use crate::tracer::Holding;

/// Something that is not a call: a signal delivered, a process ended, at a place among the calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub pid: i32,
    /// The thread it happened to; the pid itself, in a process with one thread.
    pub thread: i32,
    pub what: Happening,
    /// How many calls had been entered before it.
    pub after: usize,
    /// The place of its line among all lines.
    pub line: usize,
    pub time: Option<f64>,
    /// Where a signal hit, innermost frame first.
    pub stack: Arc<[StackFrame]>,
}

/// What a process held at a moment, read from its memory.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub pid: i32,
    /// The place of the latest call of the thread that was stopped; none: it had made none.
    pub call: Option<usize>,
    /// At the return of fork in the parent, at its beginning in the child.
    pub is_at_fork: bool,
    pub what: Holding,
}

/// The trace of a whole run, fed piece by piece as strace writes it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Every call, in order of entry.
    pub calls: Vec<Call>,
    /// Signals and ends.
    pub notices: Vec<Notice>,
    /// What processes held that have forked or come of a fork, in order of time; of runs in which somebody reads it.
    pub readings: Vec<Reading>,
    /// Processes in order of appearance.
    pub pids: Vec<i32>,
    /// Lines that could not be read.
    pub unread: Vec<String>,
    /// How many calls and notices had been read when whoever watched ended the run.
    pub watched: Option<(usize, usize)>,
    pub(super) lines: usize,
    /// The line that has begun but not ended.
    pub(super) tail: Vec<u8>,
    /// The call that each living thread entered last.
    pub(super) latest: BTreeMap<i32, usize>,
    /// The process of each thread that does not lead one.
    pub(super) threads: BTreeMap<i32, i32>,
    /// Which thread a clone has made, by its place among the calls; it need not have returned.
    pub(super) made: BTreeMap<usize, i32>,
    pub(super) seen: BTreeSet<i32>,
    pub(super) owner: Owner,
    pub(super) program: Option<String>,
    pub(super) ready: bool,
}

/// To whom the stack lines belong that come next.
#[derive(Clone, Copy, Debug, Default)]
pub enum Owner {
    #[default]
    Nobody,
    Call(usize),
    Notice(usize),
}

/// How much of a line that has not ended is looked at: a name and first arguments.
const HEAD: usize = 4096;

impl Trace {
    /// A trace whose set-up ends with the execve of `program`.
    pub fn of(program: &str) -> Trace {
        Trace {
            program: Some(program.to_owned()),
            ..Trace::default()
        }
    }

    /// Takes the next bytes; they may end anywhere.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            let (line, rest) = (&bytes[..end], &bytes[end + 1..]);
            if self.tail.is_empty() {
                self.line(&String::from_utf8_lossy(line));
            } else {
                self.tail.extend_from_slice(line);
                let whole = std::mem::take(&mut self.tail);
                self.line(&String::from_utf8_lossy(&whole));
            }
            bytes = rest;
        }
        self.tail.extend_from_slice(bytes);
    }

    /// No more will come: of a line that was cut off, what is certain is kept.
    pub fn end(&mut self) {
        let rest = std::mem::take(&mut self.tail);
        if !rest.is_empty() {
            self.cut_line(&String::from_utf8_lossy(&rest));
        }
    }

    /// Whether the program itself runs: its execve has returned.
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// Whoever watches ends the run now: what has been read by then was so.
    pub fn end_watching(&mut self) {
        let begun = usize::from(self.unfinished_line().is_some());
        self.watched = Some((self.calls.len() + begun, self.notices.len()));
    }

    /// A call that blocks is written without the end of its line: its process, name and arguments.
    pub(super) fn unfinished_line(&self) -> Option<(i32, String, String)> {
        let text = String::from_utf8_lossy(&self.tail[..self.tail.len().min(HEAD)]);
        match parse(&text)? {
            Line {
                pid,
                what: Happening::Begun { name, args } | Happening::Call { name, args, .. },
                ..
            } => Some((self.process_of(pid), name, args)),
            _ => None,
        }
    }

    /// The threads of a process but for its first, in order of creation: who made each, and its number.
    pub fn threads_made(&self, pid: i32) -> impl Iterator<Item = (&Call, i32)> {
        let made = self
            .made
            .iter()
            .map(|(&clone, &thread)| (&self.calls[clone], thread));
        made.filter(move |(clone, _)| clone.pid == pid)
    }

    pub(super) fn process_of(&self, thread: i32) -> i32 {
        self.threads.get(&thread).copied().unwrap_or(thread)
    }
}

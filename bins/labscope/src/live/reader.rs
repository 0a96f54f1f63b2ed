//! A trace read while it is written: each call told as soon as all is known about it.
//!
//! The stack of a call follows its line, that of an exit even the line of the process's end.
//! So a call is held until the next line that is no part of a stack, or until its stack tells enough.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Result;

use crate::facts::process_tree::ProcessTree;
use crate::live::events::{Event, Mark};
use crate::live::source_lines::Origins;
use crate::trace::{Call, Happening, Line, Trace, parse};

/// A call that takes longer than this is told before it is over, in seconds.
const PATIENCE: f64 = 0.05;

/// How long a stack may take to be written, in seconds: strace may have to wait for a processor.
const STACK: f64 = 2.0;

/// How much of a line that has not ended is looked at.
const HEAD: usize = 4096;

/// A call or a notice of the trace, by its place.
#[derive(Clone, Copy)]
enum Item {
    Call(usize),
    Notice(usize),
}

/// The state of reading.
pub struct Live {
    pub(super) trace: Trace,
    pub tree: ProcessTree,
    /// How many of its processes have been told.
    pub(super) born: usize,
    pub(super) origins: Origins,
    /// The line that has begun.
    tail: Vec<u8>,
    /// When the first line was written.
    pub(super) start: Option<f64>,
    /// Complete but for stack lines that may follow.
    pending: Vec<Item>,
    /// Since when the writer has paused with them.
    held_since: Option<f64>,
    /// The call of each thread that is not complete.
    pub(super) open: HashMap<i32, usize>,
    /// Those of them that have been told.
    pub(super) told: HashSet<i32>,
    /// What a signal broke off in each thread, to go on later.
    pub(super) broken_off: HashMap<i32, Mark>,
    pub(super) events: Vec<Event>,
    /// The latest time of the day that is known: a line's, or that of a pause.
    pub(super) now: f64,
    /// Nothing more will come.
    pub(super) is_over: bool,
}

impl Live {
    /// `program` is what strace was told to run, `programs` the folder it lies in.
    pub fn new(program: &str, programs: &Path) -> Result<Live> {
        Ok(Live {
            trace: Trace::of(program),
            tree: ProcessTree::default(),
            born: 0,
            origins: Origins::new(programs)?,
            tail: Vec::new(),
            start: None,
            pending: Vec::new(),
            held_since: None,
            open: HashMap::new(),
            told: HashSet::new(),
            broken_off: HashMap::new(),
            events: Vec::new(),
            now: 0.0,
            is_over: false,
        })
    }

    /// Takes the next bytes; they may end anywhere.
    pub fn feed(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|&byte| byte == b'\n') {
            self.tail.extend_from_slice(&bytes[..=end]);
            let line = std::mem::take(&mut self.tail);
            self.line(&line);
            bytes = &bytes[end + 1..];
        }
        self.tail.extend_from_slice(bytes);
    }

    /// The writer pauses at this time of the day: what it has written is complete, and some calls block.
    /// Whether there is something of which that is not yet certain.
    pub fn pause(&mut self, now: f64) -> bool {
        self.now = self.now.max(now);
        let is_held = !self.settle_known(now);
        let mut may_block = is_held;
        let mut blocked: Vec<usize> = self.open.values().copied().collect();
        blocked.sort_unstable();
        for index in blocked {
            let call = &self.trace.calls[index];
            let Some(time) = call.time else { continue };
            // One that cannot wait is only slow: it is told when it has returned.
            if call.result.is_some() || self.told.contains(&call.thread) || !call.can_wait() {
                continue;
            }
            if now - time < PATIENCE {
                may_block = true;
                continue;
            }
            let call = call.clone();
            self.tell_blocked(&call);
        }
        if let Some(line) = self.unfinished_line()
            && let Happening::Begun { name, args } = line.what
            && let Some(time) = line.time
            && !self.told.contains(&line.pid)
        {
            let call = Call {
                time: line.time,
                ..Call::entered(line.pid, line.pid, name, args)
            };
            if now - time < PATIENCE {
                return true;
            }
            if call.can_wait() {
                self.tell_blocked(&call);
            }
        }
        may_block || self.uncertain().is_some()
    }

    /// Lines of strace that could not be read.
    pub fn unread(&self) -> &[String] {
        &self.trace.unread
    }

    /// The line that has begun, if that much of it is there.
    fn unfinished_line(&self) -> Option<Line> {
        let head = &self.tail[..self.tail.len().min(HEAD)];
        parse(&String::from_utf8_lossy(head))
    }

    /// Tells what is pending, if all that matters of it is there; false if more has to come.
    fn settle_known(&mut self, now: f64) -> bool {
        let calls = self.pending.iter().filter_map(|item| match *item {
            Item::Call(index) => Some(&self.trace.calls[index]),
            Item::Notice(_) => None,
        });
        let mut calls = calls.filter(|call| !call.is_cut_off());
        let is_known = self.pending.is_empty()
            || self.unfinished_line().is_some()
            || calls.all(|call| self.origins.is_known(call));
        let since = *self.held_since.get_or_insert(now);
        if is_known || now - since > STACK {
            self.settle();
            return true;
        }
        false
    }

    /// Nothing more will come: it is this time of the day.
    pub fn end(&mut self, now: f64) {
        self.now = self.now.max(now);
        self.is_over = true;
        self.trace.end();
        self.settle();
        let mut left: Vec<usize> = self.open.drain().map(|(_, index)| index).collect();
        left.sort_unstable();
        for index in left {
            self.tell_call(index, None);
        }
    }

    fn line(&mut self, line: &[u8]) {
        let (calls, notices) = (self.trace.calls.len(), self.trace.notices.len());
        let is_frame = line.starts_with(b" > ");
        if !is_frame {
            self.settle();
        }
        self.trace.feed(line);
        if is_frame {
            return;
        }
        let Some(line) = parse(&String::from_utf8_lossy(line)) else {
            return;
        };
        self.now = self.now.max(line.time.unwrap_or_default());
        let thread = line.pid;
        if self.trace.notices.len() > notices {
            // A signal, or the end: what the call has to do with it is known now.
            if let Some(index) = self.open.get(&thread).copied()
                && (self.trace.calls[index].result.is_some()
                    || self.trace.notices[notices].what.is_end())
            {
                self.open.remove(&thread);
                self.pending.push(Item::Call(index));
            }
            self.pending.push(Item::Notice(notices));
            return;
        }
        if let Some(call) = self.trace.calls.get(calls) {
            self.tree.entered(calls, call);
        }
        if self.trace.calls.len() > calls
            && let Some(left) = self.open.insert(thread, calls)
        {
            self.pending.push(Item::Call(left));
        }
        let index = self.open.get(&thread).copied();
        if let Some(index) = index.filter(|&index| self.trace.calls[index].has_returned()) {
            self.open.remove(&thread);
            self.pending.push(Item::Call(index));
        }
    }

    /// No stack line can follow any more.
    fn settle(&mut self) {
        self.held_since = None;
        let items = std::mem::take(&mut self.pending);
        for (place, item) in items.iter().enumerate() {
            match *item {
                Item::Call(index) => {
                    let signal = match items.get(place + 1) {
                        Some(&Item::Notice(notice)) => Some(notice),
                        _ => None,
                    };
                    self.tell_call(index, signal);
                }
                Item::Notice(index) => self.tell_notice(index),
            }
        }
    }
}

//! What `strace -f` writes, read: calls per process, signals, ends, and the bytes each process wrote.
//!
//! Nothing here guesses: a line that cannot be read is kept in [`Trace::unread`], and never a reason to panic.

mod call;
mod line;
mod query;
mod quoted;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

pub use call::{Call, same_request};
pub use line::{Happening, Line, parse};
pub use quoted::{first_string, readable, strings};

/// Something that is not a call: a signal delivered, a process ended, at a place among the calls.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    pub pid: i32,
    pub what: Happening,
    /// How many calls had been entered before it.
    pub after: usize,
    pub time: Option<f64>,
}

/// The trace of a whole run, fed piece by piece as strace writes it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Every call, in order of entry.
    pub calls: Vec<Call>,
    /// Signals and ends.
    pub notices: Vec<Notice>,
    /// Processes in order of appearance.
    pub pids: Vec<i32>,
    /// Lines that could not be read.
    pub unread: Vec<String>,
    lines: usize,
    tail: Vec<u8>,
    open: HashMap<i32, usize>,
    threads: HashMap<i32, i32>,
    last_call: Option<usize>,
    program: Option<String>,
    ready: bool,
}

impl Trace {
    /// A trace whose set-up ends with the execve of `program`.
    pub fn of(program: &str) -> Trace {
        Trace {
            program: Some(program.to_owned()),
            ..Trace::default()
        }
    }

    /// Takes the next bytes; they may end anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(bytes);
        while let Some(end) = self.tail.iter().position(|&byte| byte == b'\n') {
            let line: Vec<u8> = self.tail.drain(..=end).collect();
            self.line(String::from_utf8_lossy(&line[..end]).as_ref());
        }
    }

    /// No more will come: what was cut off is read as far as it goes.
    pub fn end(&mut self) {
        let rest = std::mem::take(&mut self.tail);
        if !rest.is_empty() {
            self.line(String::from_utf8_lossy(&rest).as_ref());
        }
    }

    /// Whether the program itself runs: its execve has returned.
    pub fn is_ready(&self) -> bool {
        self.ready
    }

    /// A call that blocks is written without the end of its line: its process, name and arguments.
    fn unfinished_line(&self) -> Option<(i32, String, String)> {
        let text = String::from_utf8_lossy(&self.tail);
        match parse(&text)? {
            Line {
                pid,
                what: Happening::Begun { name, args } | Happening::Call { name, args, .. },
                ..
            } => Some((self.process_of(pid), name, args)),
            _ => None,
        }
    }

    fn process_of(&self, thread: i32) -> i32 {
        self.threads.get(&thread).copied().unwrap_or(thread)
    }

    fn line(&mut self, text: &str) {
        self.lines += 1;
        if let Some(frame) = text.strip_prefix(" > ") {
            if let Some(call) = self.last_call.and_then(|index| self.calls.get_mut(index)) {
                call.stack.push(frame.to_owned());
            }
            return;
        }
        let Some(Line {
            pid: thread,
            time,
            what,
        }) = parse(text)
        else {
            return self.unread.push(text.to_owned());
        };
        let pid = self.process_of(thread);
        if !self.pids.contains(&pid) {
            self.pids.push(pid);
        }
        match what {
            Happening::Call { name, args, result } => {
                let index = self.enter(pid, name, args, time);
                self.finish(index, result);
            }
            Happening::Begun { name, args } => {
                let index = self.enter(pid, name, args, time);
                self.open.insert(thread, index);
            }
            Happening::Resumed { name, rest } => self.resume(thread, &name, &rest, text),
            other => {
                if other.is_end() {
                    self.open.remove(&thread);
                }
                self.notices.push(Notice {
                    pid,
                    what: other,
                    after: self.calls.len(),
                    time,
                });
            }
        }
    }

    fn enter(&mut self, pid: i32, name: String, args: String, time: Option<f64>) -> usize {
        let setup = !self.ready && self.program.is_some();
        let (result, returned_at, stack) = (None, None, Vec::new());
        self.calls.push(Call {
            pid,
            name,
            args,
            result,
            time,
            returned_at,
            setup,
            stack,
        });
        self.calls.len() - 1
    }

    fn resume(&mut self, thread: i32, name: &str, rest: &str, text: &str) {
        let index = self
            .open
            .remove(&thread)
            .filter(|&index| self.calls[index].name == name);
        let Some(index) = index else {
            return self.unread.push(text.to_owned());
        };
        let whole = format!("{}{}", self.calls[index].args, rest);
        match line::split_call(&whole) {
            Some((args, result)) => {
                self.calls[index].args = args;
                self.finish(index, result);
            }
            None => {
                self.calls[index].args = line::without_marks(&whole).to_owned();
                self.open.insert(thread, index);
            }
        }
    }

    fn finish(&mut self, index: usize, result: String) {
        let call = &mut self.calls[index];
        call.result = Some(result);
        call.returned_at = Some(self.lines);
        self.last_call = Some(index);
        if call.name == "execve" && call.value() == Some(0) && !self.ready {
            let path = first_string(&call.args).map(|string| string.bytes);
            self.ready = path.as_deref() == self.program.as_deref().map(str::as_bytes);
        }
        let call = &self.calls[index];
        if call.is_fork()
            && let Some(child) = call
                .value()
                .filter(|&pid| pid > 0)
                .and_then(|pid| i32::try_from(pid).ok())
        {
            if call.args.contains("CLONE_THREAD") {
                self.threads.insert(child, call.pid);
                self.pids.retain(|&pid| pid != child);
            } else if !self.pids.contains(&child) {
                self.pids.push(child);
            }
        }
    }
}

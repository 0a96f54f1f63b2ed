//! How a trace grows: line by line, each thread's calls followed from entry to return.

use std::sync::Arc;

use crate::line::{Happening, Line, end_of_arguments, parse, split_call, without_marks};
use crate::stack::StackFrame;
use crate::tracer::{Event, Record};
use crate::{Call, Notice, Owner, Reading, Trace};

impl Trace {
    pub(super) fn line(&mut self, text: &str) {
        self.lines += 1;
        if let Some(frame) = text.strip_prefix(" > ") {
            return self.frame(frame, text);
        }
        self.owner = Owner::Nobody;
        match parse(text) {
            Some(line) => self.follow(line, text),
            None => self.unread.push(text.to_owned()),
        }
    }

    /// A line without its end: a number at its end may lack digits, so that a call in it counts as not returned.
    pub(super) fn cut_line(&mut self, text: &str) {
        let Some(mut line) = parse(text) else {
            return self.line(text);
        };
        line.what = match line.what {
            Happening::Call { name, args, .. } => Happening::Begun { name, args },
            Happening::Begun { name, args } => Happening::Begun {
                name,
                args: args[..end_of_arguments(&args).unwrap_or(args.len())].to_owned(),
            },
            Happening::Resumed { name, rest } => Happening::Resumed {
                name,
                rest: rest[..end_of_arguments(&rest).unwrap_or(rest.len())].to_owned(),
            },
            other => other,
        };
        self.lines += 1;
        self.follow(line, text);
    }

    fn frame(&mut self, frame: &str, text: &str) {
        let stack = match self.owner {
            Owner::Call(index) => &mut self.calls[index].stack,
            Owner::Notice(index) => &mut self.notices[index].stack,
            Owner::Nobody => return self.unread.push(text.to_owned()),
        };
        let read = StackFrame::read(frame);
        *stack = stack.iter().cloned().chain([read]).collect();
    }

    fn follow(&mut self, line: Line, text: &str) {
        let thread = line.pid;
        self.appear(self.process_of(thread));
        match line.what {
            Happening::Call { name, args, result } => {
                let index = self.enter(thread, name, args, line.time);
                self.finish(index, result);
            }
            Happening::Begun { name, args } => {
                self.enter(thread, name, args, line.time);
            }
            Happening::Resumed { name, rest } => {
                self.resume((thread, line.time), &name, &rest, text);
            }
            what => self.notice(thread, what, line.time),
        }
    }

    /// Takes what the tracer tells.
    pub fn take(&mut self, record: Record) {
        self.lines += 1;
        let Record { thread, time, what } = record;
        self.appear(self.process_of(thread));
        match what {
            Event::Entered { name, args, stack } => {
                let index = self.enter(thread, name.into_owned(), args, Some(time));
                self.calls[index].stack = stack;
            }
            Event::Returned { args, result } => {
                let Some(&index) = self.latest.get(&thread) else {
                    return;
                };
                self.calls[index].args = args.into();
                self.calls[index].resumed = Some(time);
                self.finish(index, result);
            }
            Event::NewThread(child) => {
                if let Some(&clone) = self.latest.get(&thread) {
                    self.adopt(child, clone);
                }
            }
            Event::Read { is_at_fork, what } => self.readings.push(Reading {
                pid: self.process_of(thread),
                call: self.latest.get(&thread).copied(),
                is_at_fork,
                what,
            }),
            Event::Notice { what, stack } => {
                let index = self.notices.len();
                self.notice(thread, what, Some(time));
                self.notices[index].stack = stack;
            }
        }
        self.owner = Owner::Nobody;
    }

    fn notice(&mut self, thread: i32, what: Happening, time: Option<f64>) {
        let pid = self.process_of(thread);
        self.owner = Owner::Notice(self.notices.len());
        match what {
            Happening::Superseded { by } => self.supersede(thread, by),
            Happening::Exited { .. } | Happening::Killed { .. } => self.bury(thread),
            _ => {}
        }
        self.notices.push(Notice {
            pid,
            thread,
            what,
            after: self.calls.len(),
            line: self.lines,
            time,
            stack: Arc::default(),
        });
    }

    fn appear(&mut self, pid: i32) {
        if self.seen.insert(pid) {
            self.pids.push(pid);
        }
    }

    fn enter(&mut self, thread: i32, name: String, args: String, time: Option<f64>) -> usize {
        let index = self.calls.len();
        let resumes = self.resumed_by(thread, &args);
        self.calls.push(Call {
            time,
            entered_at: self.lines,
            setup: !self.ready && self.program.is_some(),
            resumes,
            ..Call::entered(self.process_of(thread), thread, name, args)
        });
        self.latest.insert(thread, index);
        index
    }

    /// Strace names the call that goes on, but after a second signal only says `restart_syscall`.
    fn resumed_by(&self, thread: i32, args: &str) -> Option<String> {
        let rest = args.strip_prefix("<... resuming interrupted ")?;
        let (interrupted, _) = rest.split_once(" ...>")?;
        let before = self.latest.get(&thread).map(|&index| &self.calls[index]);
        match before.and_then(|call| call.resumes.as_ref()) {
            Some(first) if interrupted == "restart_syscall" => Some(first.clone()),
            _ => Some(interrupted.to_owned()),
        }
    }

    fn resume(&mut self, whose: (i32, Option<f64>), name: &str, rest: &str, text: &str) {
        let (thread, time) = whose;
        let open = self.latest.get(&thread).copied().filter(|&index| {
            let call = &self.calls[index];
            call.result.is_none() && call.name == name
        });
        let Some(index) = open else {
            return self.unread.push(text.to_owned());
        };
        self.calls[index].resumed = time;
        let args = format!("{}{rest}", self.calls[index].args);
        match split_call(&args) {
            Some((whole, result)) => {
                self.calls[index].args = whole.into();
                self.finish(index, result);
            }
            None => self.calls[index].args = without_marks(&args).to_owned().into(),
        }
    }

    fn finish(&mut self, index: usize, result: String) {
        self.owner = Owner::Call(index);
        let call = &mut self.calls[index];
        call.result = Some(result.into());
        call.returned_at = Some(self.lines);
        if let Some(path) = call.executed().filter(|_| !self.ready) {
            self.ready = self.program.as_deref().map(str::as_bytes) == Some(&path);
        }
        let call = &self.calls[index];
        let child = call.value().filter(|&child| child > 0);
        let child = child.and_then(|child| i32::try_from(child).ok());
        match child.filter(|_| call.is_fork() && !call.is_injected()) {
            Some(child) if call.args.has("CLONE_THREAD") => self.adopt(child, index),
            Some(child) => {
                self.threads.remove(&child);
                self.appear(child);
            }
            None => {}
        }
    }

    /// A thread may have come before the line that tells who started it, and may even have ended, or started others.
    fn adopt(&mut self, thread: i32, clone: usize) {
        let pid = self.calls[clone].pid;
        self.made.insert(clone, thread);
        let calls = self.calls[clone + 1..].iter_mut();
        for call in calls.filter(|call| call.pid == thread) {
            call.pid = pid;
        }
        let mut lives = true;
        let latest_first = self.notices.iter_mut().rev();
        let since = latest_first.take_while(|notice| notice.after > clone);
        for notice in since.filter(|notice| notice.pid == thread) {
            notice.pid = pid;
            lives &= notice.thread != thread || !notice.what.is_end();
        }
        let started = self.threads.values_mut();
        started
            .filter(|leader| **leader == thread)
            .for_each(|leader| *leader = pid);
        if lives {
            self.threads.insert(thread, pid);
        }
        if self.seen.remove(&thread) {
            self.pids.retain(|&pid| pid != thread);
        }
    }

    /// The other thread's execve goes on under the number of the first one, which is no more.
    fn supersede(&mut self, first: i32, by: i32) {
        self.bury(first);
        self.owner = Owner::Nobody;
        self.threads.remove(&by);
        if let Some(execve) = self.latest.remove(&by) {
            self.latest.insert(first, execve);
        }
    }

    /// A thread ended; the stack that follows is that of the exit (or execve) it ended in.
    fn bury(&mut self, thread: i32) {
        self.threads.remove(&thread);
        let Some(index) = self.latest.remove(&thread) else {
            return;
        };
        let call = &mut self.calls[index];
        if !call.has_returned() {
            call.ended_inside = true;
            if call.stack.is_empty() {
                self.owner = Owner::Call(index);
            }
        }
    }
}

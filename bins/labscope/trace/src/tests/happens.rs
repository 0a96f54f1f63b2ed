//! What can happen in a made-up run, each told to the paper and noted as known.

use std::sync::Arc;

use crate::tests::model::{Entered, Kind, State, Thread, World};
use crate::tests::outcome::Outcome;
use crate::tests::sample::Arguments;
use crate::{Call, Happening, Notice, StackFrame};

impl World {
    pub(super) fn begin(&mut self, tid: i32, pid: i32) {
        self.threads.push(Thread {
            tid,
            pid,
            state: State::Running,
            latest: 0,
            captured: Vec::new(),
            doom: None,
        });
    }

    pub(super) fn start_child(&mut self, who: usize) {
        let pid = self.threads[who].pid;
        if let State::Inside(Entered {
            child: Some((child, there @ false, kind)),
            ..
        }) = &mut self.threads[who].state
        {
            *there = true;
            let (child, kind) = (*child, *kind);
            self.begin(child, if kind == Kind::Thread { pid } else { child });
        }
    }

    /// Who started a thread is known only when its clone has returned: no process ends here before that.
    pub(super) fn may_end(&self, pid: i32) -> bool {
        let starts = |thread: &Thread| {
            matches!(
                &thread.state,
                State::Inside(Entered {
                    child: Some((_, true, Kind::Thread)),
                    ..
                })
            )
        };
        !self
            .threads
            .iter()
            .any(|thread| thread.pid == pid && starts(thread))
    }

    pub(super) fn doom(&mut self, pid: i32, how: Happening) {
        for thread in self.threads.iter_mut().filter(|thread| thread.pid == pid) {
            thread.doom = Some(how.clone());
        }
    }

    pub(super) fn appear(&mut self, pid: i32) {
        if !self.known.pids.contains(&pid) {
            self.known.pids.push(pid);
        }
    }

    pub(super) fn enter(
        &mut self,
        who: usize,
        name: &str,
        arguments: Arguments,
        child: Option<(i32, bool, Kind)>,
    ) {
        let (pid, thread) = (self.threads[who].pid, self.threads[who].tid);
        self.appear(pid);
        let time = self.paper.leader(thread);
        self.paper.put(&format!("{name}({}", arguments.before));
        self.threads[who].latest = self.known.calls.len();
        self.known.calls.push(Call {
            pid,
            thread,
            name: name.to_owned(),
            args: arguments.before.clone().into(),
            result: None,
            time,
            resumed: None,
            entered_at: self.paper.lines,
            returned_at: None,
            setup: false,
            stack: Arc::default(),
            resumes: arguments.resumes.clone(),
            ended_inside: false,
        });
        self.known
            .meanings
            .push((Outcome::default(), arguments.strings_before.clone()));
        self.threads[who].state = State::Inside(Entered { arguments, child });
    }

    pub(super) fn leave(&mut self, who: usize, made: Outcome, frames: Vec<String>) {
        let thread = &mut self.threads[who];
        let State::Inside(entered) = std::mem::replace(&mut thread.state, State::Running) else {
            return;
        };
        let Arguments {
            before,
            after,
            strings_after,
            ..
        } = entered.arguments;
        let call = &mut self.known.calls[thread.latest];
        call.resumed = self.paper.resume(thread.tid, &call.name);
        self.paper.put(&after);
        self.paper.result(&made.text);
        call.args = (before + &after).trim_end().to_owned().into();
        call.result = Some(made.text.clone().into());
        call.returned_at = Some(self.paper.lines);
        call.stack = read(&frames);
        self.paper.frames(&frames);
        let meaning = &mut self.known.meanings[thread.latest];
        meaning.0 = made;
        meaning.1.extend(strings_after);
    }

    /// The call ends with its thread: `= ?`, and what it would have told is missing.
    pub(super) fn cut_off(&mut self, who: usize) {
        let thread = &mut self.threads[who];
        let State::Inside(entered) = std::mem::replace(&mut thread.state, State::Dying) else {
            return;
        };
        let call = &mut self.known.calls[thread.latest];
        call.resumed = self.paper.resume(thread.tid, &call.name);
        if !entered.arguments.after.is_empty() {
            self.paper.put(" <unfinished ...>");
        }
        self.paper.result("?");
        call.args = entered.arguments.before.trim_end().to_owned().into();
        call.result = Some("?".to_owned().into());
        call.returned_at = Some(self.paper.lines);
        self.known.meanings[thread.latest].0.text = "?".to_owned();
    }

    /// The thread is no more: the first one of a process after all others.
    pub(super) fn end(&mut self, who: usize) {
        let thread = &self.threads[who];
        let (pid, tid) = (thread.pid, thread.tid);
        let others = self
            .threads
            .iter()
            .filter(|thread| thread.pid == pid)
            .count()
            > 1;
        let Some(doom) = thread.doom.clone().filter(|_| tid != pid || !others) else {
            return;
        };
        let text = match &doom {
            Happening::Exited { status } => format!("+++ exited with {status} +++"),
            Happening::Killed { signal } if signal == "SIGSEGV" => {
                format!("+++ killed by {signal} (core dumped) +++")
            }
            Happening::Killed { signal } => format!("+++ killed by {signal} +++"),
            other => unreachable!("{other:?} is no end"),
        };
        self.notice(pid, tid, &text, doom, Vec::new());
        let thread = self.threads.remove(who);
        self.freed.extend((tid != pid).then_some(tid));
        self.paper.frames(&thread.captured);
        self.close(&thread);
        if !thread.captured.is_empty() {
            self.known.calls[thread.latest].stack = read(&thread.captured);
        }
    }

    /// Notes that the last call of a thread, if there is one, did not come back to it.
    pub(super) fn close(&mut self, thread: &Thread) {
        let call = &mut self.known.calls[thread.latest];
        call.ended_inside |=
            call.thread == thread.tid && !self.known.meanings[thread.latest].0.returned;
    }

    pub(super) fn notice(
        &mut self,
        pid: i32,
        thread: i32,
        text: &str,
        what: Happening,
        stack: Vec<String>,
    ) {
        self.appear(pid);
        let time = self.paper.notice(thread, text);
        let line = self.paper.lines;
        self.paper.frames(&stack);
        let after = self.known.calls.len();
        self.known.notices.push(Notice {
            pid,
            thread,
            what,
            after,
            line,
            time,
            stack: read(&stack),
        });
    }

    /// An execve succeeds: all other threads end; one that was not the first takes the first one's number.
    ///
    /// The thread is the last one in the list then; false if it cannot be yet.
    pub(super) fn execute(&mut self, who: usize, first_is_cut_off: bool) -> bool {
        let (pid, tid) = (self.threads[who].pid, self.threads[who].tid);
        if !self.may_end(pid) {
            return false;
        }
        let mut caller = self.threads.remove(who);
        self.doom(pid, Happening::Exited { status: 0 });
        while let Some(place) = self
            .threads
            .iter()
            .position(|thread| thread.pid == pid && thread.tid != pid)
        {
            self.end(place);
        }
        if tid != pid {
            let first = self
                .threads
                .iter()
                .position(|thread| thread.tid == pid)
                .expect("the first thread");
            if first_is_cut_off {
                self.cut_off(first);
            }
            let first = self.threads.remove(first);
            self.close(&first);
            self.paper.change_pid(tid, pid);
            let what = Happening::Superseded { by: tid };
            let text = format!("+++ superseded by execve in pid {tid} +++");
            self.notice(pid, pid, &text, what, Vec::new());
            caller.tid = pid;
            self.freed.push(tid);
        }
        self.threads.push(caller);
        true
    }
}

fn read(frames: &[String]) -> Arc<[StackFrame]> {
    frames.iter().map(|frame| StackFrame::read(frame)).collect()
}

//! What a thread of a made-up run does next, chosen at random.

use crate::tests::model::{Kind, State, Thread, World, succeeded};
use crate::tests::outcome::{Outcome, mark, outcome, stack};
use crate::tests::paper::Style;
use crate::tests::random::Random;
use crate::tests::sample::{Arguments, arguments};
use crate::{Call, Happening};

impl World {
    pub(super) fn run(&mut self, who: usize, random: &mut Random) {
        let style = self.paper.style;
        match random.below(100) {
            0..8 => self.signal(who, random),
            8..12 => self.kill(who, random),
            12..22 if self.threads.len() < 6 => self.start(who, random),
            22..26 => self.exit(who, random),
            26..30 => {
                let mut arguments = arguments(random, &style);
                arguments.before = format!("\"/x\", {}{}", arguments.before, arguments.after);
                arguments.strings_before.insert(0, (b"/x".to_vec(), false));
                arguments
                    .strings_before
                    .append(&mut arguments.strings_after);
                arguments.after.clear();
                self.threads[who].captured = stack(random, &style);
                self.enter(who, "execve", arguments, None);
            }
            _ => {
                let name =
                    random.pick(&["read", "wait4", "pause", "restart_syscall", "syscall_0x1c9"]);
                let mut arguments = arguments(random, &style);
                if name == "restart_syscall" {
                    let before = &self.known.calls[self.threads[who].latest];
                    arguments = interrupted(before, self.threads[who].tid, random);
                }
                self.enter(who, name, arguments, None);
                if random.percent(60) {
                    self.go_on(who, random);
                }
            }
        }
    }

    /// fork, vfork, clone, clone3: the child may be seen before the call returns.
    pub(super) fn start(&mut self, who: usize, random: &mut Random) {
        let kind = random.pick(&[Kind::Process, Kind::Process, Kind::Thread]);
        let new = !self.paper.style.space_after_resumed; // clone3 came later than the space went
        let name = match kind {
            Kind::Process => random.pick(&["fork", "vfork", "clone"]),
            Kind::Thread => random.pick(&["clone", if new { "clone3" } else { "clone" }]),
        };
        let child = self.number(random);
        let thread = "CLONE_VM|CLONE_FS|CLONE_SIGHAND|CLONE_THREAD|CLONE_SETTLS";
        let (before, after) = match (name, kind) {
            ("clone3", _) => (
                format!("{{flags={thread}, stack_size=0x7f00}}"),
                format!(" => {{parent_tid=[{child}]}}, 88"),
            ),
            ("clone", Kind::Thread) => (
                format!("child_stack=0x7f00, flags={thread}, "),
                format!("parent_tid=[{child}], tls=0x7f"),
            ),
            ("clone", _) => (
                "child_stack=NULL, flags=SIGCHLD".to_owned(),
                ", child_tidptr=0x7f".to_owned(),
            ),
            _ => Default::default(),
        };
        let arguments = Arguments {
            before,
            after,
            ..Arguments::default()
        };
        self.enter(who, name, arguments, Some((child, false, kind)));
        if random.percent(50) {
            self.start_child(who);
        }
    }

    /// A new number, or that of a thread that is long gone.
    pub(super) fn number(&mut self, random: &mut Random) -> i32 {
        let started = |thread: &Thread| match &thread.state {
            State::Inside(entered) => entered.child.map(|(child, ..)| child),
            _ => None,
        };
        let being_started: Vec<i32> = self.threads.iter().filter_map(started).collect();
        self.next += 1;
        match self.freed.pop() {
            Some(old) if random.percent(30) && !being_started.contains(&old) => old,
            _ => self.next,
        }
    }

    pub(super) fn exit(&mut self, who: usize, random: &mut Random) {
        let thread = &self.threads[who];
        let alone = thread.tid != thread.pid && random.percent(50);
        let status = random.below(4) as i32;
        if !alone && !self.may_end(self.threads[who].pid) {
            return;
        }
        self.threads[who].captured = stack(random, &self.paper.style);
        let arguments = Arguments {
            before: status.to_string(),
            ..Arguments::default()
        };
        self.enter(
            who,
            if alone { "exit" } else { "exit_group" },
            arguments,
            None,
        );
        let doom = Happening::Exited { status };
        match alone {
            true => self.threads[who].doom = Some(doom),
            false => self.doom(self.threads[who].pid, doom),
        }
    }

    pub(super) fn kill(&mut self, who: usize, random: &mut Random) {
        let pid = self.threads[who].pid;
        if self.may_end(pid) {
            let signal = random.pick(&["SIGKILL", "SIGTERM", "SIGSEGV"]).to_owned();
            self.doom(pid, Happening::Killed { signal });
        }
    }

    pub(super) fn signal(&mut self, who: usize, random: &mut Random) {
        let (pid, tid) = (self.threads[who].pid, self.threads[who].tid);
        let frames = stack(random, &self.paper.style);
        let (text, what) = match random.percent(70) {
            true => {
                let name = random.pick(&["SIGCHLD", "SIGRT_3", "SIGCONT"]).to_owned();
                let details = format!("{{si_signo={name}, si_code=SI_USER, si_pid={pid}}}");
                (
                    format!("--- {name} {details} ---"),
                    Happening::Signal {
                        name,
                        details: details.into(),
                    },
                )
            }
            false => {
                let signal = random.pick(&["SIGSTOP", "SIGTSTP"]).to_owned();
                (
                    format!("--- stopped by {signal} ---"),
                    Happening::Stopped { signal },
                )
            }
        };
        self.notice(pid, tid, &text, what, frames);
    }

    /// A call returns.
    pub(super) fn go_on(&mut self, who: usize, random: &mut Random) {
        let style = self.paper.style;
        let State::Inside(entered) = &self.threads[who].state else {
            return;
        };
        let child = entered.child;
        let name = self.known.calls[self.threads[who].latest].name.clone();
        match (name.as_str(), child) {
            ("execve", _) if random.percent(70) => {
                if !self.execute(who, random.percent(50)) {
                    return;
                }
                let who = self.threads.len() - 1;
                let frames = std::mem::take(&mut self.threads[who].captured);
                self.leave(who, succeeded(0), frames);
            }
            ("execve", _) => {
                let frames = std::mem::take(&mut self.threads[who].captured);
                let failed = Outcome {
                    text: "-1 ENOENT (No such file or directory)".to_owned(),
                    value: Some(-1),
                    errno: Some("ENOENT"),
                    returned: true,
                    ..Outcome::default()
                };
                self.leave(who, failed, frames);
            }
            (_, Some((child, there, kind))) if there || random.percent(80) => {
                self.start_child(who);
                if kind == Kind::Process {
                    self.appear(child);
                }
                let frames = stack(random, &style);
                self.leave(who, succeeded(child), frames);
            }
            (_, Some(_)) => {
                // Nothing was started, whatever the result says.
                let mut made = succeeded(99_999);
                while !made.injected {
                    made = succeeded(99_999);
                    mark(
                        &mut made,
                        random,
                        &Style {
                            spent: false,
                            ..style
                        },
                    );
                }
                self.leave(who, made, stack(random, &style));
            }
            _ => {
                let made = outcome(random, &style);
                let frames = match made.text.as_str() {
                    "? <unavailable>" => Vec::new(),
                    _ => stack(random, &style),
                };
                self.leave(who, made, frames);
            }
        }
    }
}

/// The arguments of a restart_syscall; after another one, strace no longer knows what is restarted.
fn interrupted(before: &Call, tid: i32, random: &mut Random) -> Arguments {
    let first = random
        .pick(&["poll", "clock_nanosleep", "futex"])
        .to_owned();
    let (name, first) = match &before.resumes {
        Some(first) if before.thread == tid => ("restart_syscall", first.clone()),
        _ => (first.as_str(), first.clone()),
    };
    Arguments {
        before: format!("<... resuming interrupted {name} ...>"),
        resumes: Some(first.clone()),
        ..Arguments::default()
    }
}

//! The steps of a run as a trace, a millisecond each: from it a timeline can be drawn.

use std::collections::HashMap;
use std::fmt::Write;
use std::path::Path;

use anyhow::Result;
use nix::sys::signal::Signal;

use crate::control::{End, Event, Machine, Standing, ToldCall};
use crate::i18n::step as words;
use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::timeline::{self, Timeline};
use crate::trace::Trace;
use crate::trace::syscall::{SLEEPS, Syscall};

/// A trace in strace's words, as it grows.
#[derive(Default)]
pub struct Recording {
    program: String,
    text: String,
    steps: usize,
    /// Calls that wait, by the number of their process.
    begun: HashMap<usize, ToldCall>,
}

impl Recording {
    /// A program that has just begun.
    pub fn begin(machine: &Machine, program: &str) -> Recording {
        let mut recording = Recording {
            program: format!("./{program}"),
            ..Recording::default()
        };
        for (number, program) in machine.programs() {
            let (pid, _) = machine.pid_and_tid(number);
            let exec = format!("execve(\"./{program}\", [\"./{program}\"], 0x1) = 0 <0.000000>");
            recording.line(pid, 0, &exec);
        }
        recording.begin_waits(machine);
        recording
    }

    /// A step was made.
    pub fn made(&mut self, event: &Event, machine: &Machine) {
        self.steps += 1;
        let (_, tid) = machine.pid_and_tid(event.number);
        self.end_waits(machine, event);
        if !is_asleep(machine, event.number) && event.call.args.is_some() {
            let result = event.call.result.clone().or(Some("?".to_owned()));
            let call = ToldCall {
                result,
                ..event.call.clone()
            };
            match self.begun.remove(&event.number) {
                Some(begun) => self.line(tid, 200, &resumed(&begun, &call)),
                None => self.line(tid, 200, &call.to_string()),
            }
        }
        for (pid, signal) in &event.signals {
            self.line(*pid, 400, &format!("--- {signal} ---"));
        }
        for exit in &event.exits {
            let how = match exit.end {
                Some(End::Exited(status)) => format!("exited with {status}"),
                Some(End::Killed(number)) => format!("killed by {}", name(number)),
                None => continue,
            };
            self.line(exit.pid, 600, &format!("+++ {how} +++"));
        }
        self.begin_waits(machine);
    }

    /// Whoever has come to a call that waits has begun it.
    fn begin_waits(&mut self, machine: &Machine) {
        for number in 1..=machine.len() {
            let (Standing::Before(call)
            | Standing::AsleepIn(call)
            | Standing::Sleeping { call, .. }) = machine.standing(number)
            else {
                continue;
            };
            if is_asleep(machine, number) && !self.begun.contains_key(&number) {
                let (_, tid) = machine.pid_and_tid(number);
                let args = call.args.as_deref().unwrap_or_default();
                self.line(tid, 800, &format!("{}({args} <unfinished ...>", call.name));
                self.begun.insert(number, call);
            }
        }
    }

    /// Sleeps end by themselves.
    fn end_waits(&mut self, machine: &Machine, event: &Event) {
        let begun: Vec<usize> = self.begun.keys().copied().collect();
        for number in begun {
            if number == event.number || is_asleep(machine, number) {
                continue;
            }
            let begun = self.begun.remove(&number).unwrap_or_default();
            if !matches!(machine.standing(number), Standing::Before(_)) {
                continue; // it was killed inside
            }
            let (_, tid) = machine.pid_and_tid(number);
            if Syscall::named(&begun.name).is(SLEEPS) {
                let result = Some("0".to_owned());
                let call = ToldCall {
                    result,
                    ..begun.clone()
                };
                self.line(tid, 100, &resumed(&begun, &call));
            } else {
                self.begun.insert(number, begun); // it has not come back yet
            }
        }
    }

    fn line(&mut self, pid: i32, microseconds: usize, what: &str) {
        let (seconds, milliseconds) = (self.steps / 1000, self.steps % 1000);
        let _ = writeln!(
            self.text,
            "{pid} {seconds}.{milliseconds:03}{microseconds:03} {what}"
        );
    }

    /// The timeline of the run so far.
    pub fn timeline(&self, root: &Path, lab: &str, machine: &Machine) -> Result<Timeline> {
        let mut trace = Trace::of(&self.program);
        trace.feed(self.text.as_bytes());
        trace.end();
        let transcript = Transcript {
            pids: trace.pids.clone(),
            trace: Some(trace),
            terminal: machine.output(),
            ..Transcript::default()
        };
        let mut scenario = Scenario::named("steps");
        scenario.title = words::title();
        timeline::of(root, lab, &scenario, &transcript)
    }
}

fn is_asleep(machine: &Machine, number: usize) -> bool {
    match machine.standing(number) {
        Standing::AsleepIn(_) | Standing::Sleeping { .. } => true,
        Standing::Before(_) => machine.would_wait(number),
        _ => false,
    }
}

/// The rest of a call that had begun.
fn resumed(begun: &ToldCall, whole: &ToldCall) -> String {
    let args = |call: &ToldCall| call.args.clone().unwrap_or_default();
    let (before, all) = (args(begun), args(whole));
    let rest = all.strip_prefix(&before).unwrap_or(&all);
    let result = whole.result.as_deref().unwrap_or("?");
    format!("<... {} resumed>{rest}) = {result}", begun.name)
}

fn name(signal: i32) -> String {
    Signal::try_from(signal).map_or_else(|_| format!("SIG_{signal}"), |it| it.as_str().to_owned())
}

//! Whether a condition has come true, and what there is to see while it has not.

use std::path::Path;

use crate::i18n::{Language, process, run};
use crate::proc::process::{Process, Stat, descriptors};
use crate::proc::sockets::{self, Transport};
use crate::run::state::program::ProgramState;
use crate::run::state::run_state::RunState;
use crate::scenario::condition::Condition;
use crate::trace::{Outcome, Trace};

impl RunState {
    /// Whether a condition has come true for the lab (or a companion).
    ///
    /// `last` remembers the former count of processes: one look at a changing tree may miss somebody.
    pub fn is_true(
        &mut self,
        index: usize,
        condition: &Condition,
        last: &mut Option<usize>,
    ) -> bool {
        let program = &mut self.programs[index];
        match condition {
            Condition::Terminal(text) => program.terminal.take(text.as_bytes()),
            Condition::Stream(text) => {
                let stream = program.stdout.as_mut();
                stream.is_some_and(|stream| stream.take(text.as_bytes()))
            }
            Condition::Processes(count) => {
                let found = self.scan(index);
                let former = last.replace(found.len());
                former == Some(*count)
                    && *last == Some(*count)
                    && self.programs[index].all_known(&found)
            }
            Condition::Listening(port) => self.has_port(index, Transport::Tcp, *port),
            Condition::Bound(port) => self.has_port(index, Transport::Udp, *port),
            Condition::ListeningUnix(name) => {
                let mut pids = self.scan(index).into_iter();
                pids.any(|pid| sockets::listens_at(pid, name))
            }
            Condition::Opened(name) => {
                let mut pids = self.scan(index).into_iter();
                pids.any(|pid| has_open(pid, name))
            }
            Condition::Machine => true,
            Condition::Entered {
                call,
                process,
                count,
            } => program.count(*process, |trace, pid| trace.entered(pid, call)) >= *count,
            Condition::Finished {
                call,
                process,
                count,
            } => program.count(*process, |trace, pid| trace.finished(pid, call)) >= *count,
            Condition::Exit { process } => {
                if self.programs[index].trace.is_none() {
                    self.scan(index);
                }
                self.has_ended(index, *process)
            }
            Condition::State { process, .. }
            | Condition::Name { process, .. }
            | Condition::Parent { process, .. }
            | Condition::Adopted { process }
            | Condition::OwnSession { process }
            | Condition::NoTerminal { process } => {
                self.scan(index);
                let pid = self.programs[index].pid(*process);
                pid.is_some_and(|pid| self.is_so(index, condition, pid).unwrap_or(false))
            }
        }
    }

    /// Whether a text that is waited for has been said in other words.
    pub fn is_said_otherwise(&mut self, index: usize, condition: &Condition) -> bool {
        let program = &mut self.programs[index];
        match condition {
            Condition::Terminal(text) => program.terminal.take_in_other_words(text.as_bytes()),
            _ => false,
        }
    }

    /// Whether a process has the property that a condition names; none if there is no such process.
    fn is_so(&self, index: usize, condition: &Condition, pid: i32) -> Option<bool> {
        let program = &self.programs[index];
        let stat = Stat::read(pid)?;
        Some(match condition {
            Condition::State { state, .. } => program.state(pid) == Some(*state),
            Condition::Name { name, .. } => stat.name == shortened(name),
            Condition::Parent { parent, .. } => Some(stat.ppid) == program.pid(*parent),
            Condition::Adopted { .. } => Some(stat.ppid) == self.reaper,
            Condition::OwnSession { .. } => stat.session == pid,
            Condition::NoTerminal { .. } => stat.terminal == 0,
            _ => false,
        })
    }

    /// What can be seen now, for the message of a deadline that has passed.
    pub fn description(&mut self) -> String {
        let indices = 0..self.programs.len();
        indices.map(|index| self.description_of(index)).collect()
    }

    fn description_of(&mut self, index: usize) -> String {
        let table = self.table(index);
        let program = &self.programs[index];
        let seen = match &program.name {
            Some(name) => run::on_the_terminal_of(name),
            None => run::on_the_terminal(),
        };
        let mut text = format!("{seen}:\n");
        text += &indented(&program.terminal.bytes);
        if let Some(stdout) = &program.stdout {
            text += &format!("{}:\n", run::in_standard_output());
            text += &indented(&stdout.bytes);
        }
        if let Some(status) = program.status {
            let ended = process::process(Language::of_errors(), "1");
            text += &format!("{}\n", status.say(Language::of_errors(), &ended));
        }
        text += &format!("{}:\n", run::processes());
        for process in table {
            let Process {
                number,
                pid,
                ppid,
                session,
                terminal,
                state,
                command,
                ..
            } = process;
            text += &format!(
                "  {number}: pid {pid} ppid {ppid} sid {session} {terminal} {state} {command}\n"
            );
        }
        if let Some(trace) = &program.trace {
            text += &format!("{}:\n", run::last_calls());
            let from = trace.calls.len().saturating_sub(8);
            for call in &trace.calls[from..] {
                let result = call
                    .result
                    .as_ref()
                    .map_or("(not returned)", Outcome::as_str);
                text += &format!("  {} {}({}) = {result}\n", call.pid, call.name, call.args);
            }
        }
        text
    }
}

impl ProgramState {
    /// A count that the trace gives for process n.
    pub fn count(&self, process: usize, count: impl Fn(&Trace, i32) -> usize) -> usize {
        match (&self.trace, self.pid(process)) {
            (Some(trace), Some(pid)) => count(trace, pid),
            _ => 0,
        }
    }
}

/// Whether a process has the file of that name open.
fn has_open(pid: i32, name: &str) -> bool {
    let targets = descriptors(pid).into_iter();
    targets.map(|(_, target)| target).any(|target| {
        Path::new(&target)
            .file_name()
            .is_some_and(|own| own == name)
    })
}

/// The kernel keeps 15 bytes of a name.
fn shortened(name: &str) -> &str {
    name.get(..15).unwrap_or(name)
}

fn indented(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes).replace('\r', "");
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(20);
    lines[from..]
        .iter()
        .map(|line| format!("  | {line}\n"))
        .collect()
}

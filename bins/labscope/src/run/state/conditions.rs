//! Whether a condition has happened yet, and what there is to see when it does not.

use crate::proc::process::{Process, Stat};
use crate::proc::sockets::Transport;
use crate::run::state::program::Party;
use crate::run::state::run_state::Seen;
use crate::scenario::condition::Condition;
use crate::trace::Trace;

impl Seen {
    /// Whether a condition has happened to the lab (or a companion).
    ///
    /// `last` remembers the former count of processes: one look at a changing tree may miss somebody.
    pub fn has_happened(
        &mut self,
        place: usize,
        condition: &Condition,
        last: &mut Option<usize>,
    ) -> bool {
        let party = &mut self.parties[place];
        match condition {
            Condition::Terminal(text) => party.terminal.take(text.as_bytes()),
            Condition::Stream(text) => {
                let stream = party.stdout.as_mut();
                stream.is_some_and(|stream| stream.take(text.as_bytes()))
            }
            Condition::Processes(count) => {
                let found = self.scan(place);
                let former = last.replace(found.len());
                former == Some(*count)
                    && *last == Some(*count)
                    && self.parties[place].all_known(&found)
            }
            Condition::Listening(port) => self.has_port(place, Transport::Tcp, *port),
            Condition::Bound(port) => self.has_port(place, Transport::Udp, *port),
            Condition::Network => true,
            Condition::Entered {
                call,
                process,
                count,
            } => party.count(*process, |trace, pid| trace.entered(pid, call)) >= *count,
            Condition::Finished {
                call,
                process,
                count,
            } => party.count(*process, |trace, pid| trace.finished(pid, call)) >= *count,
            Condition::Exit { process } => {
                self.scan(place);
                self.has_ended(place, *process)
            }
            Condition::State { process, .. }
            | Condition::Name { process, .. }
            | Condition::Parent { process, .. }
            | Condition::Adopted { process }
            | Condition::OwnSession { process }
            | Condition::NoTerminal { process } => {
                self.scan(place);
                let pid = self.parties[place].pid(*process);
                pid.is_some_and(|pid| self.is_so(place, condition, pid).unwrap_or(false))
            }
        }
    }

    /// Whether a process has the property that a condition names; none if there is no such process.
    fn is_so(&self, place: usize, condition: &Condition, pid: i32) -> Option<bool> {
        let party = &self.parties[place];
        let stat = Stat::read(pid)?;
        Some(match condition {
            Condition::State { state, .. } => party.state(pid) == Some(*state),
            Condition::Name { name, .. } => stat.name == shortened(name),
            Condition::Parent { parent, .. } => Some(stat.ppid) == party.pid(*parent),
            Condition::Adopted { .. } => Some(stat.ppid) == self.reaper,
            Condition::OwnSession { .. } => stat.session == pid,
            Condition::NoTerminal { .. } => stat.terminal == 0,
            _ => false,
        })
    }

    /// What can be seen now, for the message of a deadline that has passed.
    pub fn sight(&mut self) -> String {
        let places = 0..self.parties.len();
        places.map(|place| self.sight_of(place)).collect()
    }

    fn sight_of(&mut self, place: usize) -> String {
        let table = self.table(place);
        let party = &self.parties[place];
        let whose = party.name.as_deref();
        let whose = whose.map_or(String::new(), |name| format!(" of {name}"));
        let mut text = format!("seen so far on the terminal{whose}:\n");
        text += &indented(&party.terminal.bytes);
        if let Some(stdout) = &party.stdout {
            text += "in standard output:\n";
            text += &indented(&stdout.bytes);
        }
        if let Some(status) = party.status {
            text += &format!("process 1 has {status}\n");
        }
        text += "processes:\n";
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
        if let Some(trace) = &party.trace {
            text += "last calls:\n";
            let from = trace.calls.len().saturating_sub(8);
            for call in &trace.calls[from..] {
                let result = call.result.as_deref().unwrap_or("(not returned)");
                text += &format!("  {} {}({}) = {result}\n", call.pid, call.name, call.args);
            }
        }
        text
    }
}

impl Party {
    /// A count that the trace gives for process n.
    fn count(&self, process: usize, count: impl Fn(&Trace, i32) -> usize) -> usize {
        match (&self.trace, self.pid(process)) {
            (Some(trace), Some(pid)) => count(trace, pid),
            _ => 0,
        }
    }
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

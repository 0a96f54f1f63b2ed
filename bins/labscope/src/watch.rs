//! Whether an event has happened yet, and what there is to see when it does not.

use crate::event::Event;
use crate::process::{Process, Stat};
use crate::seen::Seen;
use crate::sockets::Transport;
use crate::strace::Trace;

impl Seen {
    /// Whether an event has happened.
    ///
    /// `last` remembers the former count of processes: one look at a changing tree may miss somebody.
    pub fn has_happened(&mut self, event: &Event, last: &mut Option<usize>) -> bool {
        match event {
            Event::Terminal(text) => self.terminal.take(text.as_bytes()),
            Event::Stream(text) => {
                let stream = self.stdout.as_mut();
                stream.is_some_and(|stream| stream.take(text.as_bytes()))
            }
            Event::Processes(count) => {
                let found = self.scan();
                let former = last.replace(found.len());
                former == Some(*count) && *last == Some(*count) && self.all_known(&found)
            }
            Event::Listening(port) => self.has_port(Transport::Tcp, *port),
            Event::Bound(port) => self.has_port(Transport::Udp, *port),
            Event::Entered {
                call,
                process,
                count,
            } => self.calls(*process, |trace, pid| trace.entered(pid, call)) >= *count,
            Event::Finished {
                call,
                process,
                count,
            } => self.calls(*process, |trace, pid| trace.finished(pid, call)) >= *count,
            Event::Exit { process } => {
                self.scan();
                self.has_ended(*process)
            }
            Event::State { process, .. }
            | Event::Name { process, .. }
            | Event::Parent { process, .. }
            | Event::Adopted { process }
            | Event::OwnSession { process }
            | Event::NoTerminal { process } => {
                self.scan();
                let pid = self.pid(*process);
                pid.is_some_and(|pid| self.is_so(event, pid).unwrap_or(false))
            }
        }
    }

    /// Whether a process has the property that an event names; none if there is no such process.
    fn is_so(&self, event: &Event, pid: i32) -> Option<bool> {
        let stat = Stat::read(pid)?;
        Some(match event {
            Event::State { state, .. } => self.state(pid) == Some(*state),
            Event::Name { name, .. } => stat.name == shortened(name),
            Event::Parent { parent, .. } => Some(stat.ppid) == self.pid(*parent),
            Event::Adopted { .. } => Some(stat.ppid) == self.reaper,
            Event::OwnSession { .. } => stat.session == pid,
            Event::NoTerminal { .. } => stat.terminal == 0,
            _ => false,
        })
    }

    /// A count that the trace gives for process n.
    fn calls(&self, process: usize, count: impl Fn(&Trace, i32) -> usize) -> usize {
        match (&self.trace, self.pid(process)) {
            (Some(trace), Some(pid)) => count(trace, pid),
            _ => 0,
        }
    }

    /// What can be seen now, for the message of a deadline that has passed.
    pub fn sight(&mut self) -> String {
        let mut text = String::from("seen so far on the terminal:\n");
        text += &indented(&self.terminal.bytes);
        if let Some(stdout) = &self.stdout {
            text += "in standard output:\n";
            text += &indented(&stdout.bytes);
        }
        if let Some(status) = self.status {
            text += &format!("process 1 has {status}\n");
        }
        text += "processes:\n";
        for process in self.table() {
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
        if let Some(trace) = &self.trace {
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

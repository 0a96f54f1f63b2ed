//! What the runner has seen of a run so far.

use anyhow::Result;

use crate::run::io::source::Source;
use crate::run::state::program::ProgramState;
use crate::run::stop::Stop;
use crate::run::transcript::{Entry, Status};

/// The process of the shell at the other end of a connection, and its message not yet complete.
#[derive(Debug, Default)]
struct Peer {
    /// The lab (0) or the companion whose shell or job it is.
    index: usize,
    is_job: bool,
    partial: Vec<u8>,
}

/// What the runner has seen of all programs of a run.
#[derive(Debug, Default)]
pub struct RunState {
    /// The lab, then its companions.
    pub programs: Vec<ProgramState>,
    pub entries: Vec<Entry>,
    pub reaper: Option<i32>,
    pub reaper_connection: Option<usize>,
    pub reaped: Vec<(i32, Status)>,
    /// What went wrong in the shell.
    pub error: Option<String>,
    /// A shell has died before its time.
    pub shell_died: bool,
    /// The reaper has been told to clear everything away.
    pub ending: bool,
    peers: Vec<Peer>,
}

impl RunState {
    /// Nothing seen yet.
    pub fn new(programs: Vec<ProgramState>) -> RunState {
        RunState {
            programs,
            ..RunState::default()
        }
    }

    /// Takes what has come from one source (nothing means: its end).
    pub fn take(&mut self, source: Source, bytes: &[u8]) {
        match source {
            Source::Terminal(_) | Source::Stdout(_) if bytes.is_empty() => {}
            Source::Terminal(index) => self.entered(index, |program| program.printed(bytes)),
            Source::Stdout(index) => self.entered(index, |program| program.streamed(bytes)),
            Source::Trace(index) if bytes.is_empty() => {
                self.entered(index, ProgramState::trace_ended)
            }
            Source::Trace(_) => {} // only told that there is something
            Source::Connection(connection) => self.said(connection, bytes),
        }
    }

    /// Takes what the tracers tell.
    pub fn take_traces(&mut self) {
        for index in 0..self.programs.len() {
            self.entered(index, ProgramState::traced);
        }
    }

    fn entered(&mut self, index: usize, take: impl FnOnce(&mut ProgramState) -> Vec<Entry>) {
        if let Some(program) = self.programs.get_mut(index) {
            for entry in take(program) {
                self.enter(index, entry);
            }
        }
    }

    /// Notes what has happened, and to whom.
    pub fn enter(&mut self, index: usize, entry: Entry) {
        let name = self
            .programs
            .get(index)
            .and_then(|program| program.name.clone());
        self.entries.push(match name {
            Some(companion) => Entry::With {
                companion,
                entry: Box::new(entry),
            },
            None => entry,
        });
    }

    /// Takes a piece of what a process of the shell says.
    fn said(&mut self, connection: usize, bytes: &[u8]) {
        if self.peers.len() <= connection {
            self.peers.resize_with(connection + 1, Peer::default);
        }
        let peer = &mut self.peers[connection];
        peer.partial.extend_from_slice(bytes);
        let lines = peer.partial.iter().rposition(|&byte| byte == b'\n');
        let lines: Vec<u8> = peer
            .partial
            .drain(..lines.map_or(0, |end| end + 1))
            .collect();
        let Peer { index, is_job, .. } = *peer;
        if bytes.is_empty() && self.error.is_none() {
            self.shell_died |= !is_job && !self.ending;
            if let Some(program) = self.programs.get_mut(index) {
                program.executed |= is_job;
            }
        }
        for line in String::from_utf8_lossy(&lines).lines() {
            self.message(connection, line);
        }
    }

    fn message(&mut self, connection: usize, text: &str) {
        let words: Vec<&str> = text.split(' ').collect();
        let number = |at: usize| words.get(at).and_then(|word| word.parse().ok());
        match (words[0], number(1), &words[1..]) {
            ("reaper", Some(pid), _) => {
                (self.reaper, self.reaper_connection) = (Some(pid), Some(connection));
            }
            (role @ ("shell" | "job"), Some(pid), [_, index]) => {
                let index = index.parse().unwrap_or(usize::MAX);
                self.called(connection, role == "job", pid, index);
            }
            ("waits", Some(pid), _) => {
                let index = self.peers[connection].index;
                if let Some(program) = self.programs.get_mut(index) {
                    program.waits = Some((pid, connection));
                }
            }
            ("ended", Some(pid), [_, how, number]) => {
                if let Some(status) = Status::from_words(how, number) {
                    self.ended(self.peers[connection].index, pid, status);
                }
            }
            ("reaped", Some(pid), [_, how, number]) => {
                let status = Status::from_words(how, number);
                self.reaped.extend(status.map(|status| (pid, status)));
                self.number_late(pid);
            }
            _ => self.error = Some(text.trim_start_matches("error ").to_owned()),
        }
    }

    fn called(&mut self, connection: usize, is_job: bool, pid: i32, index: usize) {
        (self.peers[connection].is_job, self.peers[connection].index) = (is_job, index);
        let Some(program) = self.programs.get_mut(index) else {
            return;
        };
        if is_job {
            if !program.pids.contains(&pid) {
                program.pids.push(pid); // else the trace has been quicker
            }
            program.started.push(pid);
        } else {
            (program.shell, program.connection) = (Some(pid), Some(connection));
        }
    }

    fn ended(&mut self, index: usize, pid: i32, status: Status) {
        self.reaped.push((pid, status));
        if self.ending {
            return;
        }
        if let Some(program) = self.programs.get_mut(index) {
            program.status = Some(status);
            program.ended.push(pid);
        }
        self.enter(index, Entry::Ended(status));
    }

    /// An orphan that came and went between two looks gets its number from the reaper's report.
    fn number_late(&mut self, pid: i32) {
        let [lab] = self.programs.as_mut_slice() else {
            return; // whose it was cannot be told any more
        };
        let is_stranger = lab.trace.is_none() && lab.shell != Some(pid);
        if is_stranger && !self.ending && !lab.pids.contains(&pid) {
            lab.pids.push(pid);
        }
    }

    /// What went wrong in the shell, as an error.
    pub fn check_shell(&self) -> Result<()> {
        match &self.error {
            Some(error) => Err(anyhow::anyhow!("{error}")),
            None if self.shell_died && !self.ending => Err(Stop::Shell.into()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;

    #[test]
    fn a_process_has_one_number_though_the_trace_is_heard_before_the_job() {
        let mut seen = RunState::new(vec![ProgramState::new(
            None,
            Some(Trace::of("./lab")),
            false,
        )]);
        let trace = seen.programs[0].trace.as_mut().expect("a trace");
        trace.feed(b"7 execve(\"./lab\", [], 0x0) = 0\n7 fork() = 8\n");
        seen.take_traces();
        seen.take(Source::Connection(0), b"job 7 0\n");
        assert_eq!(seen.programs[0].pids, [7, 8]);
        assert_eq!(seen.programs[0].started, [7]);
    }

    #[test]
    fn an_orphan_that_nobody_saw_is_numbered_by_the_reapers_report() {
        let mut seen = RunState::new(vec![ProgramState::new(None, None, false)]);
        seen.take(Source::Connection(0), b"shell 5 0\n");
        seen.take(Source::Connection(1), b"job 7 0\n");
        seen.take(Source::Connection(2), b"reaper 4 0\nreaped 9 exited 3\n");
        seen.ending = true;
        seen.take(Source::Connection(2), b"reaped 5 killed 9\n");
        assert_eq!(seen.programs[0].pids, [7, 9]);
        assert_eq!(seen.reaped.len(), 2);
    }
}

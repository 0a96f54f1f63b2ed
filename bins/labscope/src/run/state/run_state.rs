//! What the runner has seen of a run so far.

use anyhow::Result;

use crate::run::io::poll::Source;
use crate::run::state::program::Party;
use crate::run::stop::Stop;
use crate::run::transcript::{Entry, Status};

/// One connection of the shell's processes, and the words not yet complete.
#[derive(Debug, Default)]
struct Caller {
    /// The lab (0) or the companion whose shell or job it is.
    place: usize,
    is_job: bool,
    partial: Vec<u8>,
}

/// Everything seen.
#[derive(Debug, Default)]
pub struct Seen {
    /// The lab, then its companions.
    pub parties: Vec<Party>,
    pub entries: Vec<Entry>,
    pub reaper: Option<i32>,
    pub reaper_line: Option<usize>,
    pub reaped: Vec<(i32, Status)>,
    /// What went wrong in the shell.
    pub error: Option<String>,
    /// A shell has died before its time.
    pub shell_died: bool,
    /// The reaper has been told to clear everything away.
    pub ending: bool,
    callers: Vec<Caller>,
}

impl Seen {
    /// Nothing seen yet.
    pub fn new(parties: Vec<Party>) -> Seen {
        Seen {
            parties,
            ..Seen::default()
        }
    }

    /// Takes what has come from one source (nothing means: its end).
    pub fn take(&mut self, source: Source, bytes: &[u8]) {
        match source {
            Source::Terminal(_) | Source::Stdout(_) if bytes.is_empty() => {}
            Source::Terminal(place) => self.entered(place, |party| party.printed(bytes)),
            Source::Stdout(place) => self.entered(place, |party| party.streamed(bytes)),
            Source::Trace(place) => self.entered(place, |party| party.traced(bytes)),
            Source::Line(line) => self.said(line, bytes),
        }
    }

    fn entered(&mut self, place: usize, take: impl FnOnce(&mut Party) -> Vec<Entry>) {
        if let Some(party) = self.parties.get_mut(place) {
            for entry in take(party) {
                self.enter(place, entry);
            }
        }
    }

    /// Notes what has happened, and to whom.
    pub fn enter(&mut self, place: usize, entry: Entry) {
        let name = self.parties.get(place).and_then(|party| party.name.clone());
        self.entries.push(match name {
            Some(companion) => Entry::With {
                companion,
                entry: Box::new(entry),
            },
            None => entry,
        });
    }

    /// A message of one of the shell's processes.
    fn said(&mut self, line: usize, bytes: &[u8]) {
        if self.callers.len() <= line {
            self.callers.resize_with(line + 1, Caller::default);
        }
        if bytes.is_empty() {
            let Caller { place, is_job, .. } = self.callers[line];
            let fine = self.error.is_none();
            if let Some(party) = self.parties.get_mut(place) {
                party.executed |= is_job && fine;
            }
            if !is_job && !self.ending && fine {
                self.shell_died = true;
            }
        }
        self.callers[line].partial.extend_from_slice(bytes);
        while let Some(end) = self.callers[line]
            .partial
            .iter()
            .position(|&byte| byte == b'\n')
        {
            let text: Vec<u8> = self.callers[line].partial.drain(..=end).collect();
            self.message(line, String::from_utf8_lossy(&text).trim_end());
        }
    }

    fn message(&mut self, line: usize, text: &str) {
        let words: Vec<&str> = text.split(' ').collect();
        let number = |place: usize| words.get(place).and_then(|word| word.parse().ok());
        let pid = number(1);
        match (words[0], pid, &words[1..]) {
            ("reaper", Some(pid), _) => (self.reaper, self.reaper_line) = (Some(pid), Some(line)),
            (role @ ("shell" | "job"), Some(pid), [_, place]) => {
                let place = place.parse().unwrap_or(usize::MAX);
                self.called(line, role == "job", pid, place);
            }
            ("ended", Some(pid), [_, how, number]) => {
                if let Some(status) = Status::from_words(how, number) {
                    self.ended(self.callers[line].place, pid, status);
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

    fn called(&mut self, line: usize, is_job: bool, pid: i32, place: usize) {
        (self.callers[line].is_job, self.callers[line].place) = (is_job, place);
        let Some(party) = self.parties.get_mut(place) else {
            return;
        };
        if is_job {
            if !party.pids.contains(&pid) {
                party.pids.push(pid); // else the trace has been quicker
            }
            party.started.push(pid);
        } else {
            (party.shell, party.line) = (Some(pid), Some(line));
        }
    }

    fn ended(&mut self, place: usize, pid: i32, status: Status) {
        self.reaped.push((pid, status));
        if self.ending {
            return;
        }
        if let Some(party) = self.parties.get_mut(place) {
            party.status = Some(status);
            party.ended.push(pid);
        }
        self.enter(place, Entry::Ended(status));
    }

    /// An orphan that came and went between two looks gets its number from the reaper's report.
    fn number_late(&mut self, pid: i32) {
        let [lab] = self.parties.as_mut_slice() else {
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
        let mut seen = Seen::new(vec![Party::new(None, Some(Trace::of("./lab")), false)]);
        seen.take(
            Source::Trace(0),
            b"7 execve(\"./lab\", [], 0x0) = 0\n7 fork() = 8\n",
        );
        seen.take(Source::Line(0), b"job 7 0\n");
        assert_eq!(seen.parties[0].pids, [7, 8]);
        assert_eq!(seen.parties[0].started, [7]);
    }

    #[test]
    fn an_orphan_that_nobody_saw_is_numbered_by_the_reapers_report() {
        let mut seen = Seen::new(vec![Party::new(None, None, false)]);
        seen.take(Source::Line(0), b"shell 5 0\n");
        seen.take(Source::Line(1), b"job 7 0\n");
        seen.take(Source::Line(2), b"reaper 4 0\nreaped 9 exited 3\n");
        seen.ending = true;
        seen.take(Source::Line(2), b"reaped 5 killed 9\n");
        assert_eq!(seen.parties[0].pids, [7, 9]);
        assert_eq!(seen.reaped.len(), 2);
    }
}

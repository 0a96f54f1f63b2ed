//! What came of a run.

use std::fmt;

use nix::sys::signal::Signal;

use crate::i18n::{Language, Text, process};
use crate::proc::descriptors::Holder;
use crate::proc::process::Process;
use crate::run::stop::Stop;
use crate::scenario::Channel;
use crate::text::encoding;
use crate::trace::Trace;

/// How a process ended, as wait(2) tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Exited(i32),
    /// By the signal of that number.
    Killed(i32),
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Exited(value) => write!(f, "exited {value}"),
            Status::Killed(number) => match Signal::try_from(*number) {
                Ok(signal) => write!(f, "killed by {signal}"),
                Err(_) => write!(f, "killed by signal {number}"),
            },
        }
    }
}

impl Status {
    /// How `who` ended, in one language.
    pub fn say(self, language: Language, who: &str) -> String {
        match self {
            Status::Exited(value) => process::exited(language, who, value),
            Status::Killed(number) => match Signal::try_from(number) {
                Ok(signal) => process::killed(language, who, signal.as_str()),
                Err(_) => process::killed(language, who, &number.to_string()),
            },
        }
    }

    /// Reads `exited 3` or `killed 9`, as the shell and the reaper write it.
    pub(crate) fn from_words(how: &str, number: &str) -> Option<Status> {
        let number = number.parse().ok()?;
        match how {
            "exited" => Some(Status::Exited(number)),
            "killed" => Some(Status::Killed(number)),
            _ => None,
        }
    }
}

/// One thing that happened, in the order in which the runner saw it.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry {
    /// Narration of the scenario.
    Said(Text),
    /// The runner wrote to the terminal's keyboard side, or into the stdin pipe.
    Typed { bytes: Vec<u8>, to: Channel },
    /// The runner closed the stdin pipe.
    ClosedStdin,
    /// The terminal's own echo of what was typed.
    Echoed(Vec<u8>),
    /// What came out: on the terminal, or (`Pipe`) through standard output as a pipe or file.
    Printed { bytes: Vec<u8>, on: Channel },
    /// The program has been started.
    Started,
    /// This run has the network and the System V objects of the machine, none of its own; others wait meanwhile.
    SharedMachine,
    /// It has happened to a companion, not to the lab.
    With {
        companion: String,
        entry: Box<Entry>,
    },
    /// The open descriptors of each process.
    Descriptors(Vec<Holder>),
    /// The process table.
    Table(Vec<Process>),
    /// The scenario sent a signal.
    Signalled {
        signal: Signal,
        process: usize,
        pid: i32,
    },
    /// Process 1 ended.
    Ended(Status),
    /// A process of the lab entered a system call: the index into [`Trace::calls`].
    Call(usize),
    /// That call came back.
    Returned(usize),
    /// A signal, a stop or an end: the index into [`Trace::notices`].
    Notice(usize),
}

impl Entry {
    /// The companion that it happened to, none if it was the lab, and what happened.
    pub fn whose(&self) -> (Option<&str>, &Entry) {
        match self {
            Entry::With { companion, entry } => (Some(companion), entry),
            entry => (None, entry),
        }
    }
}

/// Everything that is known about a run when it is over.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    /// What the terminal showed, the echo included, byte for byte (its line ends are `\r\n`).
    pub terminal: Vec<u8>,
    /// What standard output received where it is a pipe or a file.
    pub stdout: Option<Vec<u8>>,
    /// How process 1 ended; none when the run was ended from outside.
    pub status: Option<Status>,
    /// The processes of the lab in order of appearance: process n is `pids[n - 1]`.
    pub pids: Vec<i32>,
    /// The process tables that the scenario took.
    pub tables: Vec<Vec<Process>>,
    /// The pictures of descriptor tables that the scenario took.
    pub descriptors: Vec<Vec<Holder>>,
    /// The system calls, if the run was traced.
    pub trace: Option<Trace>,
    /// The offset of standard input after the run, where that is a file: there the next program would read on.
    pub stdin_offset: Option<u64>,
    /// What was still alive when process 1 had ended or the run was over, and was then killed.
    pub left: Vec<Process>,
    /// The ends of processes that were reaped in the place of pid 1, and of process 1.
    pub reaped: Vec<(i32, Status)>,
    /// All of it in order of time, the companions' part included.
    pub entries: Vec<Entry>,
    /// Why the run was over before its scenario, if it was; see [`Runner::limits`] and [`Runner::lenient`].
    ///
    /// [`Runner::limits`]: crate::run::runner::Runner::limits
    /// [`Runner::lenient`]: crate::run::runner::Runner::lenient
    pub stopped: Option<Stop>,
    /// The same of each companion, by its name; without `entries` and `reaped`.
    pub companions: Vec<(String, Transcript)>,
}

/// A transcript without what differs from run to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Normalised {
    pub terminal: String,
    pub stdout: Option<String>,
}

impl Transcript {
    /// The program's part, then each companion's with its name.
    pub fn parts(&self) -> impl Iterator<Item = (Option<&str>, &Transcript)> {
        let companions = self.companions.iter();
        let companions = companions.map(|(name, part)| (Some(name.as_str()), part));
        [(None, self)].into_iter().chain(companions)
    }

    /// The part of a companion.
    pub fn companion(&self, name: &str) -> Option<&Transcript> {
        let mut companions = self.companions.iter();
        companions.find_map(|(known, part)| (known == name).then_some(part))
    }

    /// Terminal and standard output with each known pid as `<n>` and CRLF as LF.
    pub fn normalised(&self) -> Normalised {
        Normalised {
            terminal: self.normalise(&self.terminal),
            stdout: self.stdout.as_deref().map(|bytes| self.normalise(bytes)),
        }
    }

    /// A text with each known pid as `<n>` (whole numbers only) and CRLF as LF.
    pub fn normalise(&self, bytes: &[u8]) -> String {
        let text = encoding::text(bytes).replace("\r\n", "\n");
        let mut result = String::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
            let (before, from) = rest.split_at(start);
            let end = from
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(from.len());
            let (digits, after) = from.split_at(end);
            result.push_str(before);
            match self.number_of(digits) {
                Some(number) => result.push_str(&format!("<{number}>")),
                None => result.push_str(digits),
            }
            rest = after;
        }
        result + rest
    }

    fn number_of(&self, digits: &str) -> Option<usize> {
        let pid: i32 = digits.parse().ok().filter(|_| !digits.starts_with('0'))?;
        Some(self.pids.iter().position(|&known| known == pid)? + 1)
    }

    /// The bytes that process n wrote to a descriptor, from its system calls; none if the run was not traced.
    pub fn written(&self, process: usize, descriptor: i32) -> Option<Vec<u8>> {
        let pid = *self.pids.get(process.checked_sub(1)?)?;
        Some(self.trace.as_ref()?.written(pid, descriptor))
    }

    /// The names of the system calls of process n in order; none if the run was not traced.
    pub fn calls(&self, process: usize) -> Option<Vec<&str>> {
        let pid = *self.pids.get(process.checked_sub(1)?)?;
        Some(
            self.trace
                .as_ref()?
                .calls_of(pid)
                .map(|call| call.name.as_str())
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pids_become_numbers_where_they_stand_alone() {
        let transcript = Transcript {
            pids: vec![123, 45],
            ..Transcript::default()
        };
        let text = transcript.normalise(b"123 is the parent of 45;\r\n1234 0123 12 (45) 123");
        assert_eq!(text, "<1> is the parent of <2>;\n1234 0123 12 (<2>) <1>");
    }

    #[test]
    fn a_status_is_told_in_words() {
        assert_eq!(Status::from_words("exited", "3"), Some(Status::Exited(3)));
        assert_eq!(Status::from_words("odd", "3"), None);
        assert_eq!(Status::Exited(3).to_string(), "exited 3");
        assert_eq!(Status::Killed(9).to_string(), "killed by SIGKILL");
        assert_eq!(Status::Killed(40).to_string(), "killed by signal 40");
    }
}

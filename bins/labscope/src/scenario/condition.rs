//! What a scenario can wait for.

use std::fmt;

use crate::i18n::{Language, condition};

/// Something that happens in a run. Processes are numbered in order of appearance; 1 is the lab itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// Text on the terminal, after the text matched last, as expect(1) does it.
    Terminal(String),
    /// Text in standard output where that is a pipe or a file, after the text matched last.
    Stream(String),
    /// A state from /proc: R, S, D, T or Z.
    State { state: char, process: usize },
    /// The name of the program that the process runs (comm).
    Name { name: String, process: usize },
    /// The parent is that process of the run.
    Parent { parent: usize, process: usize },
    /// The process is an orphan: the reaper has adopted it, as pid 1 would.
    Adopted { process: usize },
    /// The process leads a session of its own.
    OwnSession { process: usize },
    /// The process has no controlling terminal.
    NoTerminal { process: usize },
    /// So many processes of the lab exist, zombies included.
    Processes(usize),
    /// The process has ended (it may still be a zombie).
    Exit { process: usize },
    /// A process of the lab listens on this TCP port.
    Listening(u16),
    /// A process of the lab listens on the Unix socket of that name.
    ListeningUnix(String),
    /// No other run uses the machine: where each cannot have namespaces of its own, they take turns.
    Machine,
    /// A process of the lab has bound this UDP port.
    Bound(u16),
    /// A process of the lab has the file of that name open.
    Opened(String),
    /// The process has entered this system call for the `count`-th time.
    Entered {
        call: String,
        process: usize,
        count: usize,
    },
    /// This system call of the process has returned for the `count`-th time.
    Finished {
        call: String,
        process: usize,
        count: usize,
    },
}

impl Condition {
    /// Whether only a tracer can tell of it.
    pub fn needs_trace(&self) -> bool {
        matches!(self, Condition::Entered { .. } | Condition::Finished { .. })
    }

    /// Whether /proc has to be asked again and again, since no descriptor becomes readable.
    pub fn needs_polling(&self) -> bool {
        !matches!(
            self,
            Condition::Terminal(_)
                | Condition::Stream(_)
                | Condition::Entered { .. }
                | Condition::Finished { .. }
        )
    }
}

impl Condition {
    /// What is waited for, as the words after "waiting for".
    pub fn say(&self, language: Language) -> String {
        match self {
            Condition::Terminal(text) => condition::on_terminal(language, text),
            Condition::Stream(text) => condition::in_standard_output(language, text),
            Condition::State { state, process } => condition::in_state(language, *process, *state),
            Condition::Name { name, process } => condition::has_name(language, *process, name),
            Condition::Parent { parent, process } => {
                condition::has_parent(language, *process, *parent)
            }
            Condition::Adopted { process } => condition::adopted(language, *process),
            Condition::OwnSession { process } => condition::leads_session(language, *process),
            Condition::NoTerminal { process } => condition::without_terminal(language, *process),
            Condition::Processes(count) => condition::processes(language, *count),
            Condition::Exit { process } => condition::ends(language, *process),
            Condition::Listening(port) => condition::listens(language, *port),
            Condition::ListeningUnix(name) => condition::listens_at(language, name),
            Condition::Machine => condition::machine_is_free(language),
            Condition::Bound(port) => condition::is_bound(language, *port),
            Condition::Opened(name) => condition::has_open(language, name),
            Condition::Entered {
                call,
                process,
                count,
            } => condition::enters(language, *process, call, *count),
            Condition::Finished {
                call,
                process,
                count,
            } => condition::returns(language, *process, call, *count),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::En))
    }
}

//! What a scenario can wait for.

use std::fmt;

/// Something that happens in a run. Processes are numbered in order of appearance; 1 is the lab itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
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
    /// No other run uses the network: where each cannot have one of its own, they take turns.
    Network,
    /// A process of the lab has bound this UDP port.
    Bound(u16),
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

impl Event {
    /// Whether only a tracer can tell of it.
    pub fn needs_trace(&self) -> bool {
        matches!(self, Event::Entered { .. } | Event::Finished { .. })
    }

    /// Whether /proc has to be asked again and again, since no descriptor becomes readable.
    pub fn needs_polling(&self) -> bool {
        !matches!(
            self,
            Event::Terminal(_) | Event::Stream(_) | Event::Entered { .. } | Event::Finished { .. }
        )
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Event::Terminal(text) => write!(f, "{text:?} on the terminal"),
            Event::Stream(text) => write!(f, "{text:?} in standard output"),
            Event::State { state, process } => write!(f, "process {process} in state {state}"),
            Event::Name { name, process } => write!(f, "process {process} to be called {name}"),
            Event::Parent { parent, process } => {
                write!(f, "process {process} to be a child of {parent}")
            }
            Event::Adopted { process } => {
                write!(f, "process {process} to be adopted by the reaper")
            }
            Event::OwnSession { process } => write!(f, "process {process} to lead its own session"),
            Event::NoTerminal { process } => {
                write!(f, "process {process} to have no controlling terminal")
            }
            Event::Processes(1) => write!(f, "1 process to exist"),
            Event::Processes(count) => write!(f, "{count} processes to exist"),
            Event::Exit { process } => write!(f, "process {process} to end"),
            Event::Listening(port) => write!(f, "a socket listening on TCP port {port}"),
            Event::Network => write!(f, "another run to leave the network"),
            Event::Bound(port) => write!(f, "a socket bound to UDP port {port}"),
            Event::Entered {
                call,
                process,
                count,
            } => {
                write!(f, "process {process} to enter {call}{}", times(*count))
            }
            Event::Finished {
                call,
                process,
                count,
            } => {
                write!(f, "{call} of process {process} to return{}", times(*count))
            }
        }
    }
}

fn times(count: usize) -> String {
    if count == 1 {
        String::new()
    } else {
        format!(" (time {count})")
    }
}

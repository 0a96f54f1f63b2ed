//! What a live trace tells, piece by piece.

use crate::source::Site;
use crate::source::libc_calls::Kind;
use crate::trace::Call;

/// One thing to be told. Processes are numbered in order of appearance, times are seconds since the start.
#[derive(Clone, Debug)]
pub enum Event {
    /// A call has been entered and blocks.
    Blocked(Blocked),
    Made(Box<Made>),
    Note(Note),
}

#[derive(Clone, Debug)]
pub struct Blocked {
    pub process: usize,
    /// When it was entered.
    pub time: f64,
    /// `wait4(-1, `
    pub text: String,
    /// Where it was made, as far as that is known before it returns.
    pub site: Site,
    pub source: Option<String>,
}

/// A call that is over.
#[derive(Clone, Debug)]
pub struct Made {
    pub process: usize,
    pub entered: f64,
    /// When it returned, its process ended in it, or the tracing did.
    pub over: f64,
    /// How long it took, if it returned.
    pub seconds: Option<f64>,
    pub call: Call,
    pub site: Site,
    /// The source line, without the blanks around it.
    pub source: Option<String>,
    /// Why libc made it; none if the program asked for it.
    pub libc: Option<Kind>,
    pub mark: Option<Mark>,
    /// Whether it has been told as [`Event::Blocked`].
    pub was_told: bool,
}

/// What the tracing itself has to do with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Strace's own execve, by which the program starts.
    Strace,
    /// Broken off by a signal that the program does not notice; begun anew at once.
    BrokenOff,
    /// Goes on where such a signal broke it off.
    GoesOn,
    /// Held back, for the order that was asked for.
    HeldBack,
    /// The process was killed inside it: its end, and so its line, is not known.
    KilledInside,
    /// The process was still inside it when the tracing ended.
    StillInside,
}

impl Mark {
    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Mark::Strace => "strace",
            Mark::BrokenOff => "broken-off",
            Mark::GoesOn => "goes-on",
            Mark::HeldBack => "held-back",
            Mark::KilledInside => "killed-inside",
            Mark::StillInside => "still-inside",
        }
    }

    /// Whether an untraced run would not have it like this.
    pub fn is_artefact(self) -> bool {
        !matches!(self, Mark::KilledInside | Mark::StillInside)
    }
}

/// Something that is not a call.
#[derive(Clone, Debug)]
pub struct Note {
    pub process: usize,
    pub time: f64,
    pub what: What,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Born {
        pid: i32,
    },
    Signal {
        name: String,
        /// The process that sent it, if it is one of these.
        from: Option<usize>,
    },
    Stopped {
        signal: String,
    },
    Ended {
        how: End,
        /// Nobody has waited for it yet.
        zombie: bool,
        /// The children that have lost their parent by this.
        orphans: Vec<usize>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    Exited(i32),
    Killed(String),
}

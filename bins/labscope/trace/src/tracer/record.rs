//! What the tracer tells, in the order in which it happened.

use std::borrow::Cow;
use std::sync::Arc;

use crate::line::Happening;
use crate::stack::StackFrame;
use crate::syscall::{EXITS, MAY_WAIT, Syscall, WAITS};
use crate::tracer::reading::Holding;

/// Something that happened to a thread.
#[derive(Debug)]
pub struct Record {
    pub thread: i32,
    /// In seconds since 1970.
    pub time: f64,
    pub what: Event,
}

impl Record {
    /// Whether the thread may make no other call soon: it waits in this one, or has ended, or got a signal.
    pub fn may_be_the_last_for_a_while(&self) -> bool {
        match &self.what {
            Event::Entered { name, .. } => Syscall::named(name).is(WAITS | MAY_WAIT | EXITS),
            Event::Returned { .. } | Event::NewThread(_) | Event::Read { .. } => false,
            Event::Notice { .. } => true,
        }
    }
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// A call is about to be made.
    Entered {
        name: Cow<'static, str>,
        args: String,
        stack: Arc<[StackFrame]>,
    },
    /// The last call entered has come back; `args` are all of its arguments now.
    Returned { args: String, result: String },
    /// The call that the thread is in has made this one, of the same process.
    NewThread(i32),
    /// What its process holds now, at its latest call; at fork, or else when that is its own.
    Read { is_at_fork: bool, what: Holding },
    /// A signal, a stop, an end.
    Notice {
        what: Happening,
        stack: Arc<[StackFrame]>,
    },
}

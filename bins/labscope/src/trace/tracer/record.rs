//! What the tracer tells, in the order in which it happened.

use crate::trace::line::Happening;
use crate::trace::stack::StackFrame;

/// Something that happened to a thread.
#[derive(Debug)]
pub struct Record {
    pub thread: i32,
    /// In seconds since 1970.
    pub time: f64,
    pub what: Event,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// A call is about to be made.
    Entered {
        name: String,
        args: String,
        stack: Vec<StackFrame>,
    },
    /// The last call entered has come back; `args` are all of its arguments now.
    Returned { args: String, result: String },
    /// A signal, a stop, an end.
    Notice {
        what: Happening,
        stack: Vec<StackFrame>,
    },
}

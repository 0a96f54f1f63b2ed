//! What lies in the memory of a stopped process: read by somebody who knows its program, at the stops that tell.

use std::path::Path;

use crate::stack::StackFrame;

/// A function in progress: where it is, and the registers by which its variables are found.
#[derive(Clone, Debug)]
pub struct Activation {
    pub frame: StackFrame,
    /// The instruction that it comes back to, or is at, as it lies in memory.
    pub address: u64,
    pub stack_pointer: u64,
    pub frame_pointer: u64,
    /// The canonical frame address: what the stack pointer was before the function was called.
    pub cfa: u64,
}

/// Why a thread is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment<'a> {
    /// Its process has just become two: it is the parent at the return of fork, or the child at its beginning.
    Fork,
    /// It makes this call, or comes back from it.
    Call(&'a str),
    Signal,
}

/// A stopped thread whose process has forked, or has come of a fork.
#[derive(Debug)]
pub struct Stop<'a> {
    pub thread: i32,
    /// The file of its program.
    pub program: &'a Path,
    pub moment: Moment<'a>,
    /// Innermost first.
    pub stack: &'a [Activation],
}

/// What a process holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holding {
    /// The variables of the functions in progress, innermost first.
    pub variables: Vec<Variable>,
    /// What lies in stdout's buffer.
    pub unwritten: Option<Vec<u8>>,
}

/// A variable with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// The function that it belongs to; none of a variable of the whole program.
    pub function: Option<String>,
    pub name: String,
    /// The line of its declaration, which tells it from others of its name.
    pub declared: u64,
    /// None: the compiler keeps it nowhere.
    pub value: Option<String>,
}

/// Reads what is known of a stopped process; none if there is nothing to be told at this stop.
pub type ReadMemory = Box<dyn Fn(&Stop) -> Option<Holding>>;

/// Makes a [`ReadMemory`] in the thread that asks it.
pub type MakeReadMemory = Box<dyn FnOnce() -> ReadMemory + Send>;

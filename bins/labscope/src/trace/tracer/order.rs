//! Who goes on after fork: the other one is held until the first has made a call of its own.

use std::path::Path;

use crate::trace::stack::StackFrame;

/// Who goes on first after each fork.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterFork {
    /// Whoever the kernel lets.
    #[default]
    Either,
    Child,
    Parent,
}

/// Whether a program itself asks for a call of this name and stack: what libc does in fork decides nothing.
pub type IsOwn = Box<dyn Fn(&Path, &str, &[StackFrame]) -> bool>;

/// Makes an [`IsOwn`] in the thread that asks it.
pub type MakeIsOwn = Box<dyn FnOnce() -> IsOwn + Send>;

/// A thread that waits until another one has made a call.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    pub held: i32,
    pub awaited: i32,
    /// How many calls had been entered when it began: an earlier one does not count.
    pub since: usize,
}

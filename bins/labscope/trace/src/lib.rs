//! The trace of a run: calls per process, signals, ends, and the bytes each process wrote.
//!
//! It comes from the tool's own [`tracer`], or is read off what `strace -f` writes. Of that, nothing is guessed: a line that cannot be read is kept in [`Trace::unread`], and never a reason to panic.

// But for ptrace(2) in tracer/ptrace.rs, as far as nix has no safe call for it.
#![deny(unsafe_code)]

mod args;
mod call;
pub mod decode;
pub mod encoding;
pub mod files;
mod follow;
mod line;
mod model;
mod outcome;
pub mod proc;
mod query;
mod quoted;
mod ready;
mod stack;
pub mod syscall;
#[cfg(test)]
mod tests;
pub mod tracer;

pub use args::{Arg, Args, quoted};
pub use call::{Call, Disposition};
pub use line::{Happening, Line, parse};
pub use model::{Notice, Owner, Reading, Trace};
pub use outcome::Outcome;
pub use quoted::{Quoted, readable};
pub use ready::Ready;
pub use stack::StackFrame;

//! What `strace -f` writes, read: calls per process, signals, ends, and the bytes each process wrote.
//!
//! Nothing here guesses: a line that cannot be read is kept in [`Trace::unread`], and never a reason to panic.

mod args;
mod call;
pub mod decode;
mod follow;
mod line;
mod model;
mod outcome;
mod query;
mod quoted;
pub mod syscall;
#[cfg(test)]
mod tests;

pub use args::{Arg, Args, quoted};
pub use call::{Call, Disposition, same_request};
pub use line::{Happening, Line, parse};
pub(crate) use model::Owner;
pub use model::{Notice, Trace};
pub use outcome::Outcome;
pub use quoted::{Quoted, readable};

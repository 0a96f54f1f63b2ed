//! What `strace -f` writes, read: calls per process, signals, ends, and the bytes each process wrote.
//!
//! Nothing here guesses: a line that cannot be read is kept in [`Trace::unread`], and never a reason to panic.

pub mod args;
mod call;
mod follow;
mod line;
mod model;
mod query;
mod quoted;
#[cfg(test)]
mod tests;

pub use call::{Call, FORKS, same_request};
pub use line::{Happening, Line, parse};
pub(crate) use model::Owner;
pub use model::{Notice, Trace};
pub use quoted::{first_string, readable, strings};

//! One run of one scenario: a program started as a shell would, its conditions awaited, nothing left behind.

pub(crate) mod companion_setup;
mod finish;
pub(crate) mod io;
pub(crate) mod limits;
pub mod netns;
mod programs;
pub mod record;
pub(crate) mod runner;
pub(crate) mod session;
mod setup;
pub mod shell;
mod state;
mod steps;
pub(crate) mod stop;
pub(crate) mod strace_command;
pub(crate) mod transcript;
pub(crate) mod workdir;

pub use limits::{Cap, Limits};
pub use runner::{Observer, Quit, Runner};
pub use session::Session;
pub use stop::{Awaited, Stop};
pub use transcript::{Entry, Normalised, Status, Transcript};

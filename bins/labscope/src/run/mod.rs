//! One run of one scenario: a program started as a shell would, its conditions awaited, nothing left behind.

mod finish;
pub(crate) mod io;
pub(crate) mod limit_check;
pub(crate) mod limits;
pub(crate) mod observer;
pub(crate) mod patience;
mod plan;
pub mod record;
mod rest;
pub(crate) mod runner;
pub(crate) mod scratch;
mod session;
mod setup;
pub mod shell;
mod standard_files;
mod state;
mod steps;
pub(crate) mod stop;
pub(crate) mod transcript;
mod workdir;

pub use limits::{Cap, Limits};
pub use observer::{Observer, Quit};
pub use runner::Runner;
pub use session::Session;
pub use stop::{Awaited, Stop};
pub use transcript::{Entry, Normalised, Status, Transcript};

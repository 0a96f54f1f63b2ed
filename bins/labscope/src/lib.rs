//! Runs a lab as a shell would, and tells what happened to its processes.
//!
//! - [`scenario`]: the files that say how a lab is exercised
//! - [`Runner`]: one run of one scenario, on a real terminal, pipe or file; gives a [`Transcript`]
//! - [`Session`]: the same step by step, for tests that want to look around meanwhile
//! - [`process`]: what /proc tells; [`strace`]: what strace tells
//! - [`submission`]: C files of students, compiled to be run like a lab
//! - [`annotate`]: a lab traced in the user's own terminal, each call with its source line
//! - [`timeline`]: a run as a picture
//! - [`tour`]: all labs shown in order
//! - [`readme`]: the tables of the READMEs, from what the labs say of themselves
//!
//! A run waits for events, each with a deadline, and leaves no process behind, however it ends: see [`shell`].

#![forbid(unsafe_code)]

mod acts;
pub mod annotate;
pub mod attribution;
mod caps;
pub mod compare;
mod crowd;
pub mod descriptor;
mod desk;
mod echo;
mod end;
pub mod event;
mod network;
mod output;
mod party;
pub mod process;
mod project;
pub mod readme;
mod room;
mod runner;
pub mod scenario;
mod scratch;
mod seat;
mod seen;
mod session;
pub mod shell;
mod sockets;
mod stage;
mod stop;
pub mod strace;
pub mod submission;
pub mod timeline;
pub mod tour;
mod tracer;
mod transcript;
mod watch;
mod wires;

pub use caps::{Cap, Limits};
pub use event::Event;
pub use nix::sys::signal::Signal;
pub use project::{Room, labs, program_of_labscope, root_above};
pub use runner::{Observer, Quit, Runner};
pub use scenario::{
    Channel, Companion, End, Language, Played, Scenario, Scenarios, Step, Text, Wiring,
};
pub use session::Session;
pub use stop::{Awaited, Stop};
pub use transcript::{Entry, Normalised, Status, Transcript};

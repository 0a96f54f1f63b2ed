//! Runs a lab as a shell would, and tells what happened to its processes.
//!
//! The folders are layers: each imports only from those above it in this list.
//!
//! - [`i18n`], [`text`]: sentences in English and Korean; the terminal
//! - [`confinement`]: what keeps a program in its room that is not trusted
//! - [`proc`], [`trace`], [`scenario`]: what /proc tells, what a trace tells, how a lab is exercised
//! - [`source`], [`facts`]: the source line of each call; what the calls say about the processes
//! - [`run`]: one run of one scenario, which gives a [`Transcript`]
//! - [`control`]: a run in which one process moves at a time, and the caller says which
//! - [`compare`], [`timeline`]: the lab beside its C program; a run as a picture
//! - [`tour`], [`live`]: all labs shown in order; a lab traced in the user's own terminal
//! - [`exercise`]: a lab as a skeleton that a student fills in
//! - [`orders`], [`step`]: every outcome that a program can have; a run under the reader's hand
//! - [`quiz`]: questions about a run, answered by it
//! - [`fault`]: what the C program and the lab do when something fails
//! - [`beside`]: what programs that people use do at the point that a lab is about
//!
//! A run waits for conditions, each with a deadline, and leaves no process behind, however it ends: see [`run`].

// But for what nix has no safe call for: landlock(7) and capset(2) in confinement/.
#![deny(unsafe_code)]
// The tour does not use all that stands below it.
#![cfg_attr(not(feature = "whole"), allow(dead_code))]

#[cfg(feature = "whole")]
pub mod beside;
pub mod cli;
#[cfg(feature = "whole")]
pub mod compare;
pub mod confinement;
#[cfg(feature = "whole")]
pub mod control;
#[cfg(feature = "whole")]
pub mod exercise;
pub mod facts;
#[cfg(feature = "whole")]
pub mod fault;
pub mod i18n;
#[cfg(feature = "whole")]
pub mod live;
#[cfg(feature = "whole")]
pub mod orders;
mod project;
#[cfg(feature = "whole")]
pub mod quiz;
pub mod run;
pub mod scenario;
pub mod source;
#[cfg(feature = "whole")]
pub mod step;
#[cfg(feature = "whole")]
pub mod submission;
pub mod text;
#[cfg(feature = "whole")]
pub mod timeline;
pub mod tour;

pub extern crate labscope_trace as trace;

pub use i18n::{Language, Text};
pub use labscope_trace::proc;
pub use nix::sys::signal::Signal;
pub use project::{Room, labs, program_of_labscope, root_above};
pub use run::{
    Awaited, Cap, Entry, Limits, Normalised, Observer, Quit, Runner, Session, Status, Stop,
    Transcript,
};
pub use scenario::{
    Channel, Companion, Condition, End, Played, Scenario, Scenarios, Step, Time, Wiring,
};

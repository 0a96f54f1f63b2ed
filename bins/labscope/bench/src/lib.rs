//! What the labs cost, beside the same programs in C, on Rust's std, and on nothing at all.
//!
//! - [`variant`]: the rows; [`columns`]: the columns; [`Report`]: the whole table
//! - [`programs`]: where each row's programs come from
//! - [`structure`], [`launch`], [`repeats`], [`server`] with [`client`], [`memory`], [`growth`]: what is measured, and how
//! - [`creation`]: what a process or a thread costs beside much memory
//! - [`listing`]: `myps` beside `ps -ef`
//! - [`ladder`]: every echo server, and what it costs to serve and to hold connections
//! - [`table`], [`picture`]: how it is shown; [`holds`]: the numbers the project has promised
//! - [`run`]: all of it in order
//!
//! Times mean nothing by themselves on a machine that others use too. So the rows take turns, many times over;
//! a figure is a median with its quartiles, and what counts is its ratio to the lab's in the same run.

#![forbid(unsafe_code)]

mod calls;
mod cells;
pub mod client;
pub mod columns;
pub mod cpu;
pub mod creation;
pub mod creation_picture;
mod creation_table;
pub mod growth;
pub mod holds;
pub mod interrupt;
pub mod ladder;
pub mod launch;
pub mod limits;
pub mod listing;
pub mod machine;
pub mod memory;
pub mod order;
pub mod picture;
pub mod proc;
pub mod programs;
pub mod progress;
pub mod repeats;
pub mod report;
pub mod run;
pub mod server;
mod steps;
pub mod structure;
pub mod table;
pub mod variant;

pub use columns::{COLUMNS, Figure};
pub use programs::Programs;
pub use report::{Report, Row};
pub use variant::Variant;

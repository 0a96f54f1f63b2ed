//! A run as a picture: a lane per process, and what passes between them.
//!
//! Model and picture are apart. The model ([`Timeline`]) holds what the trace says and nothing else;
//! what a run does not show is left out. The picture ([`svg`]) and the exports ([`export`]) are made of the model alone.

mod arrows;
mod build;
mod call_label;
mod clock;
mod descriptors;
mod effects;
pub mod export;
mod fold;
mod fork_memory;
mod lanes;
mod lines;
mod model;
mod open_files;
mod senders;
mod sessions;
mod shared;
mod states;
mod steps;
pub mod svg;
#[cfg(test)]
mod tests;
mod transfers;
mod words;

pub use build::{of, of_lab, of_program};
pub use model::*;

//! What a comparison has to say: on a terminal, of a class, as JSON.

pub mod class;
pub mod gradebook;
pub mod json;
pub mod terminal;
mod verdict;

pub use verdict::{FileVerdict, Verdict};

//! What a comparison has to say: on a terminal, of a class, as JSON.

mod class;
pub mod json;
pub mod terminal;
mod verdict;

pub use verdict::Verdict;

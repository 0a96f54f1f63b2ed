//! Sentences in the two languages of the project.

pub mod language;
pub mod words;

pub use language::{Language, Text};
pub use words::Words;

//! Every sentence of the tool, as a function that gives English or Korean.
//!
//! A file is a subject. A function takes what the sentence is about and knows nothing else, so that this folder
//! imports nothing of the tool; no other file holds Korean, and no sentence is taken apart again.

pub mod condition;
pub mod descriptor;
mod language;
pub mod limit;
pub mod live;
pub mod process;
pub mod scenario;
pub mod timeline;

pub use language::{Language, Text};

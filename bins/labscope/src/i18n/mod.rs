//! Every sentence of the tool, as a function that gives English or Korean.
//!
//! A file is a subject. A function takes what the sentence is about and knows nothing else, so that this folder
//! imports nothing of the tool; no other file holds Korean, and no sentence is taken apart again.

pub mod compare;
pub mod condition;
pub mod descriptor;
pub mod equivalent;
mod language;
pub mod libc;
pub mod limit;
pub mod live;
pub mod mismatch;
pub mod orders;
pub mod process;
pub mod process_table;
pub mod readme;
pub mod scenario;
pub mod submission;
pub mod timeline;
pub mod tour;

pub use language::{Language, Text};

//! The pages to study from: C, Rust and guide beside each other, and the recorded runs of both.
//!
//! - [`record`]: the runs, each compared with the C; some are shown with their timelines
//! - `pairs`: which line of the C answers to which line of the Rust, by the `rows` of those runs
//! - [`highlight`], [`guide`], [`links`]: what is read from the project's files, for an [`edition`] in one language
//! - `page`: a lab's page, with its `listing`, `runs`, `ledger` and `differences`; `index`: the first page; `glossary`: what words mean
//! - `steps`, `stepper`: a run step by step, as data for the script and as parts of the page
//! - `quiz`: the questions before the guide, answered by the recorded runs
//! - [`write()`]: all files; [`write_slides`]: the deck, from one run of each lab ([`record_shown`]) and its `slides`
//!
//! Nothing on a page is kept by hand: what no run has shown is not there.

#![forbid(unsafe_code)]

mod differences;
pub mod edition;
mod fold;
mod frame;
mod glossary;
pub mod guide;
pub mod highlight;
mod index;
mod ledger;
pub mod links;
mod listing;
mod page;
mod pairs;
mod quiz;
mod record;
mod rows;
mod runs;
mod sides;
mod site;
mod slides;
mod stepper;
mod steps;
mod transcript;
mod verdict;
pub mod words;

pub use record::{Recorded, ShownRun, record, record_shown};
pub use site::{LANGUAGES, Written, begin, write, write_slides};

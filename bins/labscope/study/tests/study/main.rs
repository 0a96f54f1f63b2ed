//! The study pages: as files (what belongs together, where links lead, what is well formed), and in a [`browser`].
#![forbid(unsafe_code)]

mod browser;
mod built;
mod form;
mod guides;
mod links;
mod pages;
mod pairing;
mod tags;
mod transcripts;
mod verdicts;

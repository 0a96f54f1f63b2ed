//! The pages as files: what belongs together, where links lead, what is well formed.
#![forbid(unsafe_code)]

#[path = "../built/mod.rs"]
mod built;
mod form;
mod guides;
mod links;
mod pages;
mod pairing;
mod tags;
mod transcripts;
mod verdicts;

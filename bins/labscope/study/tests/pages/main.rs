//! The study pages in a real browser: what a reader sees, points at and presses.
//!
//! With `RAWLABS_SHOTS=folder` the pages are also written there as pictures, to be looked at.
#![forbid(unsafe_code)]

mod bare;
#[path = "../built/mod.rs"]
mod built;
mod chromium;
mod keys;
mod pointing;
mod quiet;
mod shots;
mod study;
mod tab;
mod widths;

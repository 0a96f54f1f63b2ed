//! The pages in a real browser: what a reader sees, points at and presses.
//!
//! With `RAWLABS_SHOTS=folder` they are also written there as pictures, to be looked at.

mod axe;
mod bare;
mod chromium;
mod deck;
mod frames;
mod keys;
mod pointing;
mod quiet;
mod quiz;
mod shots;
mod steps;
mod tab;
mod widths;

//! Text on a terminal.

pub mod screen;

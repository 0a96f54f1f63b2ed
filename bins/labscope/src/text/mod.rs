//! Text on a terminal.

pub mod screen;
pub mod shorten;
pub mod visible;

//! Text on a terminal.

pub mod encoding;
pub mod nearest;
pub mod screen;
pub mod shorten;
pub mod visible;

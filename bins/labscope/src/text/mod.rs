//! Text on a terminal.

pub mod nearest;
pub mod screen;
pub mod shorten;
pub mod visible;

pub use crate::trace::encoding;

//! Text on a terminal and in files.

pub mod alike;
pub mod code;
pub mod colours;
pub mod descriptor;
pub mod file;
pub mod nearest;
pub mod screen;
pub mod shorten;
pub mod visible;

pub use crate::trace::encoding;

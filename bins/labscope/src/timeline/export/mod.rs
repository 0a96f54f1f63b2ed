//! A timeline for other programs.

mod chrome;

pub use chrome::chrome;

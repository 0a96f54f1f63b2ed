//! The commands of the command line that take more than a call.

pub mod arguments;
pub mod attempt;
pub mod beside;
pub mod chosen;
mod class;
pub mod compare;
mod examine;
pub mod gdb;
pub mod orders;
pub mod program;
pub mod quiz;
pub mod readme;
pub mod step;
pub mod timeline;

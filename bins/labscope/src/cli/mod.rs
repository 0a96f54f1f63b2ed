//! The commands of the command line that take more than a call.

pub mod arguments;
pub mod chosen;
pub mod compare;
pub mod orders;
pub mod readme;
pub mod timeline;

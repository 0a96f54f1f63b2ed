//! The commands of the command line that take more than a call.

pub mod arguments;
pub mod start;
pub mod tour;

#[cfg(feature = "whole")]
pub mod attempt;
#[cfg(feature = "whole")]
mod attempt_at_lab;
#[cfg(feature = "whole")]
mod attempt_at_task;
#[cfg(feature = "whole")]
pub mod attempt_in_rust;
#[cfg(feature = "whole")]
mod attempt_result;
#[cfg(feature = "whole")]
pub mod beside;
#[cfg(feature = "whole")]
mod class;
#[cfg(feature = "whole")]
pub mod compare;
#[cfg(feature = "whole")]
mod examine;
#[cfg(feature = "whole")]
pub mod fault;
#[cfg(feature = "whole")]
pub mod gdb;
#[cfg(feature = "whole")]
pub mod orders;
#[cfg(feature = "whole")]
pub mod program;
#[cfg(feature = "whole")]
pub mod quiz;
#[cfg(feature = "whole")]
pub mod readme;
#[cfg(feature = "whole")]
pub mod step;
#[cfg(feature = "whole")]
pub mod timeline;

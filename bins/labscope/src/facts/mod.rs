//! What the calls and signals of a trace say about its processes: one answer each, asked by all.

pub mod fork_order;
pub mod process_tree;
pub mod programs;
pub mod readiness;
pub mod signals;
pub mod stops;
pub mod times;
pub mod waits;

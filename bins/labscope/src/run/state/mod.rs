//! What the runner has seen of a run so far.

mod conditions;
mod processes;
pub(crate) mod program;
pub(crate) mod run_state;

//! The runner's ends of everything that a run reads and writes.

pub(crate) mod echo;
pub(crate) mod endpoint;
pub(crate) mod keyboard;
pub(crate) mod poller;
pub(crate) mod source;
pub(crate) mod terminal;
pub(crate) mod writer;

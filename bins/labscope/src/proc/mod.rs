//! What /proc tells of processes, their descriptors and their sockets.

pub mod descriptors;
pub(crate) mod inherited;
pub mod process;
pub mod segments;
pub(crate) mod sockets;
pub(crate) mod usage;

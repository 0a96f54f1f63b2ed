//! What /proc tells of processes, their descriptors and their sockets.

pub mod descriptors;
pub mod inherited;
pub mod process;
pub mod segments;
pub mod sockets;
pub mod usage;

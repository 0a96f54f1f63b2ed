//! What /proc tells of processes, their descriptors and their sockets; how slow the machine is.

pub mod descriptors;
pub mod inherited;
pub mod process;
pub mod segments;
pub mod sockets;
pub mod speed;
pub mod usage;

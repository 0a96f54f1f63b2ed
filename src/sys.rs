//! The headers under `<sys/…>`.

pub mod epoll;
pub mod ioctl;
pub mod ipc;
pub mod mman;
pub mod prctl;
pub mod select;
pub mod sem;
pub mod shm;
pub mod socket;
pub mod stat;
pub mod timerfd;
pub mod un;
pub mod wait;

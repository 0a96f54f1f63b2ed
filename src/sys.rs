//! The headers under `<sys/…>`.

pub mod ioctl;
pub mod stat;
pub mod wait;

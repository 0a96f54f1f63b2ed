//! The headers under `<sys/…>`.

pub mod ioctl;
pub mod mman;
pub mod prctl;
pub mod socket;
pub mod stat;
pub mod un;
pub mod wait;

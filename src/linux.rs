//! The headers under `<linux/…>`, which belong to the kernel and not to libc.

pub mod futex;

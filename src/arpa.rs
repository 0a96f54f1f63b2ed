//! The headers under `<arpa/…>`.

pub mod inet;

//! The headers under `<netinet/…>`.

pub mod r#in;

//! What standard input or output of a program is.

use toml_span::{DeserError, Deserialize, Value};

/// What standard input or output of the lab is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Wiring {
    /// The terminal.
    #[default]
    Terminal,
    /// A pipe whose other end the runner holds.
    Pipe,
    /// A regular file in the scratch directory.
    File,
    /// No descriptor at all.
    Closed,
    /// Whatever is at that path: `/dev/null`, `/dev/full` …
    Path(String),
}

impl<'de> Deserialize<'de> for Wiring {
    fn deserialize(value: &mut Value<'de>) -> Result<Wiring, DeserError> {
        Ok(match &*value.take_string(None)? {
            "tty" => Wiring::Terminal,
            "pipe" => Wiring::Pipe,
            "file" => Wiring::File,
            "closed" => Wiring::Closed,
            path => Wiring::Path(path.to_owned()),
        })
    }
}

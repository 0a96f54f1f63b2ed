//! What standard input or output of a program is.

use serde::Deserialize;

/// What standard input or output of the lab is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
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

impl From<String> for Wiring {
    fn from(word: String) -> Wiring {
        match word.as_str() {
            "tty" => Wiring::Terminal,
            "pipe" => Wiring::Pipe,
            "file" => Wiring::File,
            "closed" => Wiring::Closed,
            _ => Wiring::Path(word),
        }
    }
}

//! A run as it went: what was said, started, typed and printed, in order.

mod command;
mod html;
mod reader;
#[cfg(test)]
mod tests;

use labscope::scenario::Channel;

pub use html::html;
pub use reader::parts;

/// Something that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The scenario's narration.
    Said(String),
    /// A command line, and what its standard input and output are.
    Started {
        who: Option<String>,
        line: String,
        wiring: String,
    },
    /// What stood on a terminal, or came through a pipe.
    Shown {
        who: Option<String>,
        on: Channel,
        pieces: Vec<Piece>,
    },
    /// Process table or descriptors: its lines, some of which deserve a second look.
    Table {
        who: Option<String>,
        lines: Vec<(String, bool)>,
    },
    /// What the scenario did: a signal, bytes into a pipe, the end of the input.
    Done { text: String, keys: String },
    /// How something ended.
    Ended(String),
}

/// A piece of what a terminal shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Printed(Vec<u8>),
    Typed(String),
}

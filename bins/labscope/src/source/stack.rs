//! What the stack of one call tells about its source.

use crate::source::site::Frame;

/// What a stack tells about the program's own source.
#[derive(Clone, Debug, Default)]
pub(super) struct Stack {
    /// The program's own frames, innermost first.
    pub frames: Vec<Frame>,
    /// The function that the innermost of them called.
    pub callee: Option<String>,
    /// The symbols of the frames further in; of all frames if none is the program's own.
    pub symbols: Vec<String>,
    /// Whether it reaches the program's own code, with or without a line.
    pub is_own: bool,
}

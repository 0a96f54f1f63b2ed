//! Where something came from.

/// Which of the descriptors something came from; a number says which program's: the lab's (0) or a companion's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Terminal(usize),
    Stdout(usize),
    Trace(usize),
    /// A connection, by its place in the order of connecting.
    Connection(usize),
}

/// What came: bytes, or (empty) the end.
pub type Arrival = (Source, Vec<u8>);

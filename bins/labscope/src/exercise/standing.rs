//! What has come of comparing a student's file with the lab.

use crate::submission::CompileError;

/// Where a student's file stands.
pub enum Standing {
    /// In each of so many scenarios.
    Same(usize),
    /// With the gap that the compiler's first error is in, if that is known.
    Refused(CompileError, Option<usize>),
    /// The gap of that number comes next; and what was seen of it, if something was.
    Missing(usize, Option<Seen>),
    /// It differs, and no gap explains it.
    Differs(Seen),
    NotRecorded(String),
}

/// A difference, and the title of the scenario that shows it.
pub struct Seen {
    pub scenario: String,
    pub what: String,
}

//! Which program a process runs.

use crate::trace::Call;

/// Whether an exec has made a process run a program that is no lab: labs are executed by a relative path.
pub fn leaves_the_labs(call: &Call) -> bool {
    call.executed().is_some_and(|path| path.starts_with(b"/"))
}

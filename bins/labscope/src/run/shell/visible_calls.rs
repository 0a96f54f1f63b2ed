//! The system calls before which a traced program stops, and it is decided who goes on: those that are VISIBLE.

use nix::libc;

use crate::confinement::seccomp::Argument;
use crate::trace::decode;
use crate::trace::syscall::{VISIBLE, names};

/// Their numbers, and when they count.
pub fn all() -> Vec<(i64, Option<Argument>)> {
    let numbers = names(VISIBLE).map(|name| Some((decode::number(name)?, condition(name))));
    numbers.flatten().collect()
}

/// When a call counts, if not always.
fn condition(name: &str) -> Option<Argument> {
    match name {
        // Asking for an action changes nothing.
        "rt_sigaction" => Some(Argument::Not { place: 1, value: 0 }),
        // Only what is mapped as shared can be seen by others.
        "mmap" => Some(Argument::HasBits {
            place: 3,
            mask: libc::MAP_SHARED as u64,
        }),
        // Of all that it does: who adopts orphans.
        "prctl" => Some(Argument::Is {
            place: 0,
            value: libc::PR_SET_CHILD_SUBREAPER as u64,
        }),
        _ => None,
    }
}

//! `<sys/prctl.h>`: what a process asks for itself.
#![allow(non_camel_case_types)]

use core::ptr;

use libc::{c_int, c_ulong};
use syscalls::{Errno, Sysno, syscall};

pub use self::operation::*;

/// What [`prctl`] is asked for: in C its first argument, and here with those that belong to it.
#[derive(Debug)]
pub enum operation<'a> {
    /// A signal for the caller when its parent ends, sent when it has another parent; 0 for none. A child by fork
    /// does not inherit it.
    PR_SET_PDEATHSIG(c_int),
    /// Not 0: the caller is a subreaper. Whoever is orphaned among its descendants becomes its child, as it would
    /// become init's. A child by fork does not inherit it.
    PR_SET_CHILD_SUBREAPER(c_int),
    /// Whether the caller is a subreaper, 1 or 0.
    PR_GET_CHILD_SUBREAPER(&'a mut c_int),
}

/// Sets or asks for a property of the calling process.
///
/// `prctl(2)`: `int prctl(int op, ...);`
///
/// One system call. Errors: `EINVAL` no such signal.
pub fn prctl(op: operation) -> Result<c_int, Errno> {
    let (op, argument) = match op {
        PR_SET_PDEATHSIG(sig) => (libc::PR_SET_PDEATHSIG, sig as c_ulong),
        PR_SET_CHILD_SUBREAPER(on) => (libc::PR_SET_CHILD_SUBREAPER, on as c_ulong),
        PR_GET_CHILD_SUBREAPER(on) => (
            libc::PR_GET_CHILD_SUBREAPER,
            ptr::from_mut(on) as usize as c_ulong,
        ),
    };
    // SAFETY: a number, or where the kernel writes one int, for which there is room.
    unsafe { syscall!(Sysno::prctl, op, argument, 0, 0, 0) }.map(|answer| answer as c_int)
}

//! `<stdlib.h>`: ending a process in good order.

use libc::c_int;
pub use libc::{EXIT_FAILURE, EXIT_SUCCESS};

use crate::{stdio, unistd};

/// Ends the process: what waits in stdout's buffer is written, input that was
/// read ahead is offered back, then the parent is told the low 8 bits of `status`.
///
/// `exit(3)`: `noreturn void exit(int status);`
///
/// At most one `write` (stdout) and one `lseek` (stdin), then `exit_group`.
/// Returning from `main` does the same. [`unistd::_exit`], exec and a signal that
/// kills do not: what was in the buffers is lost. A forked child has a *copy* of
/// its parent's buffers and writes that copy out here.
pub fn exit(status: c_int) -> ! {
    stdio::close_all();
    unistd::_exit(status)
}

//! `<sys/wait.h>`: waiting for a child, and reading its status word.
//!
//! ```text
//!   bits     15 … 8        7      6 … 0
//!          +------------+------+-----------+
//!   exit   | exit code  |  0   |     0     |   so status / 256 is the code
//!   signal |     0      | core | signal    |   status / 256 is 0: hides the signal
//!   stop   | signal     |        0x7f      |
//!   cont   |             0xffff            |
//!          +------------+------+-----------+
//! ```
#![allow(non_snake_case)]

use core::ptr;

pub use libc::{WCONTINUED, WNOHANG, WUNTRACED};
use libc::{c_int, pid_t, rusage};
use syscalls::{Errno, Sysno, syscall};

/// Waits for a child to change state, and reaps it if it has ended: until then a
/// dead child stays in the process table as a zombie.
///
/// `wait4(2)`: `pid_t wait4(pid_t pid, int *wstatus, int options, struct rusage *rusage);`
///
/// One system call. `pid` is a child, -1 for any, 0 for any of the caller's
/// process group, less than -1 for any of the group `-pid`. Returns the child's
/// pid, or 0 with `WNOHANG` when none has anything to tell. Errors: `ECHILD` no
/// such child (or SIGCHLD is ignored), `EINTR` a signal handler ran, `EINVAL`
/// unknown options, `ESRCH` for a `pid` of `INT_MIN`.
pub fn wait4<'a>(
    pid: pid_t,
    wstatus: impl Into<Option<&'a mut c_int>>,
    options: c_int,
    rusage: Option<&mut rusage>,
) -> Result<pid_t, Errno> {
    let wstatus = wstatus.into().map_or(ptr::null_mut(), ptr::from_mut);
    let rusage = rusage.map_or(ptr::null_mut(), ptr::from_mut);
    // SAFETY: both are null or point to what the kernel fills in.
    unsafe { syscall!(Sysno::wait4, pid, wstatus, options, rusage) }.map(|pid| pid as pid_t)
}

/// Waits for one particular child (or group).
///
/// `waitpid(2)`, in the manual under section 2, but a library function: `pid_t waitpid(pid_t pid, int *wstatus, int options);`
///
/// Makes one `wait4(pid, wstatus, options, NULL)`; see [`wait4`] for the errors.
pub fn waitpid<'a>(
    pid: pid_t,
    wstatus: impl Into<Option<&'a mut c_int>>,
    options: c_int,
) -> Result<pid_t, Errno> {
    wait4(pid, wstatus, options, None)
}

/// Waits for any one child to end, and reaps it: one child a call.
///
/// `wait(2)`, in the manual under section 2, but a library function: `pid_t wait(int *wstatus);`
///
/// Makes one `wait4(-1, wstatus, 0, NULL)`; see [`wait4`] for the errors.
/// `wait(None)` is C's `wait(NULL)`.
pub fn wait<'a>(wstatus: impl Into<Option<&'a mut c_int>>) -> Result<pid_t, Errno> {
    wait4(-1, wstatus, 0, None)
}

/// Did the child end by `exit`, `_exit` or return from main? `wait(2)`, no system call.
pub const fn WIFEXITED(status: c_int) -> bool {
    WTERMSIG(status) == 0
}

/// The low 8 bits of what the child gave to `exit`. Only if [`WIFEXITED`].
pub const fn WEXITSTATUS(status: c_int) -> c_int {
    (status >> 8) & 0xff
}

/// Was the child ended by a signal?
pub const fn WIFSIGNALED(status: c_int) -> bool {
    WTERMSIG(status) != 0 && WTERMSIG(status) != 0x7f
}

/// The number of the signal that ended the child. Only if [`WIFSIGNALED`].
pub const fn WTERMSIG(status: c_int) -> c_int {
    status & 0x7f
}

/// Is the child stopped? Told only with `WUNTRACED`, or of a traced child.
pub const fn WIFSTOPPED(status: c_int) -> bool {
    status & 0xff == 0x7f
}

/// The number of the signal that stopped the child. Only if [`WIFSTOPPED`].
pub const fn WSTOPSIG(status: c_int) -> c_int {
    WEXITSTATUS(status)
}

/// Was the child continued by SIGCONT? Told only with `WCONTINUED`.
pub const fn WIFCONTINUED(status: c_int) -> bool {
    status == 0xffff
}

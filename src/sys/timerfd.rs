//! `<sys/timerfd.h>`: a timer that is a descriptor, so that it can be waited for among others.
#![allow(non_camel_case_types)]

use core::ptr;

pub use libc::{TFD_NONBLOCK, itimerspec};
use libc::{c_int, clockid_t};
use syscalls::{Errno, Sysno, syscall};

/// Makes a timer, which stands still, and returns its descriptor. A `read` of 8 bytes waits until it has run out and gives how often it has.
///
/// `timerfd_create(2)`: `int timerfd_create(int clockid, int flags);` One system call. Errors: `EMFILE`, `ENFILE`, `EINVAL`, `ENOMEM`.
pub fn timerfd_create(clockid: clockid_t, flags: c_int) -> Result<c_int, Errno> {
    // SAFETY: two numbers.
    unsafe { syscall!(Sysno::timerfd_create, clockid, flags) }.map(|fd| fd as c_int)
}

/// Sets a timer: it runs out after `it_value` and then every `it_interval` (0: once). What it had counted is forgotten.
///
/// `timerfd_settime(2)`: `int timerfd_settime(int fd, int flags, const struct itimerspec *new_value, struct itimerspec *_Nullable old_value);` with NULL for the last.
///
/// One system call. Errors: `EBADF`, `EINVAL` no timer, or nanoseconds outside 0–999,999,999.
pub fn timerfd_settime(fd: c_int, flags: c_int, new_value: &itimerspec) -> Result<(), Errno> {
    let (new, old) = (ptr::from_ref(new_value), ptr::null::<itimerspec>());
    // SAFETY: the kernel reads one itimerspec, and with a null pointer writes none.
    unsafe { syscall!(Sysno::timerfd_settime, fd, flags, new, old) }.map(drop)
}

//! `<time.h>`: clocks.

use core::ptr;

pub use libc::{CLOCK_REALTIME, timespec};
use libc::{c_int, clockid_t};
use syscalls::{Errno, Sysno, syscall};

/// Suspends the process until a time has passed.
///
/// `clock_nanosleep(2)`: `int clock_nanosleep(clockid_t clockid, int flags, const struct timespec *request, struct timespec *remain);`
///
/// One system call. `request` is a span (or, with `TIMER_ABSTIME`, a point in
/// time) in seconds and nanoseconds. Errors: `EINTR` a signal handler ran, and
/// what was left of the span is in `remain`, if there is one; `EINVAL` nanoseconds outside
/// 0–999,999,999 or an unknown clock.
pub fn clock_nanosleep<'a>(
    clockid: clockid_t,
    flags: c_int,
    request: &timespec,
    remain: impl Into<Option<&'a mut timespec>>,
) -> Result<(), Errno> {
    let request: *const timespec = request;
    let remain = remain.into().map_or(ptr::null_mut(), ptr::from_mut);
    // SAFETY: the kernel reads one timespec and may write one; `remain` is null or has room for it.
    unsafe { syscall!(Sysno::clock_nanosleep, clockid, flags, request, remain) }.map(drop)
}

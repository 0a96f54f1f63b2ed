//! `<time.h>`: clocks.

pub use libc::{CLOCK_MONOTONIC, CLOCK_REALTIME, timespec};
use libc::{c_int, clockid_t};
use syscalls::{Errno, Sysno, syscall};

/// Suspends the process until a time has passed.
///
/// `clock_nanosleep(2)`: `int clock_nanosleep(clockid_t clockid, int flags, const struct timespec *request, struct timespec *remain);`
///
/// One system call. `request` is a span (or, with `TIMER_ABSTIME`, a point in
/// time) in seconds and nanoseconds. Errors: `EINTR` a signal handler ran, and
/// what was left of the span is in `remain`; `EINVAL` nanoseconds outside
/// 0–999,999,999 or an unknown clock.
pub fn clock_nanosleep(
    clockid: clockid_t,
    flags: c_int,
    request: &timespec,
    remain: &mut timespec,
) -> Result<(), Errno> {
    // SAFETY: the kernel reads one timespec and may write one; both references are valid for that.
    unsafe {
        syscall!(
            Sysno::clock_nanosleep,
            clockid,
            flags,
            request as *const timespec,
            remain as *mut timespec
        )
    }
    .map(drop)
}

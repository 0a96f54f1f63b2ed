//! `<time.h>`: clocks.

use core::mem::MaybeUninit;
use core::ptr;

pub use libc::{CLOCK_MONOTONIC, CLOCK_REALTIME, timespec};
use libc::{c_int, clockid_t};
use syscalls::{Errno, Sysno, syscall};

/// Reads a clock.
///
/// `clock_gettime(2)`: `int clock_gettime(clockid_t clockid, struct timespec *tp);`
///
/// One system call. (glibc reads a page that the kernel shares with every process instead, `vdso(7)`, and makes
/// none.) Errors: `EINVAL` an unknown clock.
pub fn clock_gettime(clockid: clockid_t) -> Result<timespec, Errno> {
    let mut tp = MaybeUninit::<timespec>::uninit();
    // SAFETY: the kernel writes one timespec, for which there is room.
    unsafe { syscall!(Sysno::clock_gettime, clockid, tp.as_mut_ptr())? };
    // SAFETY: the call succeeded, so the kernel has filled it in.
    Ok(unsafe { tp.assume_init() })
}

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

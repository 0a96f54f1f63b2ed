//! `<sys/ioctl.h>`: the one request that the labs need.

use core::mem::MaybeUninit;

use libc::{TCGETS, c_int, termios};
use syscalls::{Errno, Sysno, syscall};

/// Asks a terminal for its settings, which only a terminal has.
///
/// `ioctl_tty(2)`: `int ioctl(int fd, TCGETS, struct termios *argp);`
///
/// One `ioctl`. Errors: `ENOTTY` not a terminal, `EBADF`.
pub fn tcgets(fd: c_int) -> Result<(), Errno> {
    // The kernel's struct is smaller than libc's, so the latter has room for it.
    let mut argp = MaybeUninit::<termios>::uninit();
    // SAFETY: the kernel writes at most one struct termios, for which there is room; nobody reads it.
    unsafe { syscall!(Sysno::ioctl, fd, TCGETS, argp.as_mut_ptr()) }.map(drop)
}

//! `<sys/stat.h>`: what kind of file a descriptor stands for.

use core::mem::MaybeUninit;

pub use libc::stat;
use libc::{S_IFCHR, S_IFMT, c_int, mode_t};
use syscalls::{Errno, Sysno, syscall};

/// Tells kind, size, device and preferred block size of an open file.
///
/// `fstat(2)`: `int fstat(int fd, struct stat *statbuf);`
///
/// One system call (`newfstatat(fd, "", …, AT_EMPTY_PATH)` in some versions of glibc, 2.36 among them).
/// Errors: `EBADF`.
pub fn fstat(fd: c_int) -> Result<stat, Errno> {
    let mut statbuf = MaybeUninit::<stat>::uninit();
    // SAFETY: the kernel writes one struct stat, for which there is room.
    unsafe { syscall!(Sysno::fstat, fd, statbuf.as_mut_ptr())? };
    // SAFETY: the call succeeded, so the kernel has filled it in.
    Ok(unsafe { statbuf.assume_init() })
}

/// Is it a character device (a terminal, `/dev/null` …)? `inode(7)`, no system call.
#[allow(non_snake_case)]
pub const fn S_ISCHR(mode: mode_t) -> bool {
    mode & S_IFMT == S_IFCHR
}

//! `<sys/stat.h>`: what kind of file a name or a descriptor stands for.

use core::ffi::CStr;
use core::mem::MaybeUninit;

use libc::{AT_FDCWD, S_IFCHR, S_IFMT, c_int, mode_t};
use syscalls::{Errno, Sysno, syscall};

/// What is known of a file; the name of a function as well, as in C.
#[allow(non_camel_case_types)]
pub type stat = libc::stat;

/// Tells kind, owner, size and device of the file of that name.
///
/// `stat(2)`: `int stat(const char *path, struct stat *statbuf);`
///
/// One `newfstatat(AT_FDCWD, path, …, 0)`, as in glibc. Errors: `ENOENT` no such file, `EACCES`, `ENOTDIR` …
pub fn stat(path: &CStr) -> Result<stat, Errno> {
    let mut statbuf = MaybeUninit::<stat>::uninit();
    let room = statbuf.as_mut_ptr();
    // SAFETY: `path` ends with a NUL and is only read; the kernel writes one struct stat, for which there is room.
    unsafe { syscall!(Sysno::newfstatat, AT_FDCWD, path.as_ptr(), room, 0)? };
    // SAFETY: the call succeeded, so the kernel has filled it in.
    Ok(unsafe { statbuf.assume_init() })
}

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

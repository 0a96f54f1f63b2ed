//! `<sys/stat.h>`: what kind of file a name or a descriptor stands for, and files of a kind of their own.

use core::ffi::CStr;
use core::mem::MaybeUninit;

use libc::{AT_FDCWD, S_IFCHR, S_IFIFO, S_IFMT, S_IFSOCK, c_int, mode_t};
use syscalls::{Errno, Sysno, syscall};

use crate::arch::NEWFSTATAT;

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
    unsafe { syscall!(NEWFSTATAT, AT_FDCWD, path.as_ptr(), room, 0)? };
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

/// Makes a FIFO, which is a pipe that has a name: whoever opens that name gets an end of the same pipe.
///
/// `mkfifo(3)`: `int mkfifo(const char *path, mode_t mode);`
///
/// Makes one `mknodat(AT_FDCWD, path, S_IFIFO|mode, 0)`, as glibc does. The umask takes bits away from `mode`. The
/// name stays when nobody has it open any more; what was in the pipe does not.
/// Errors: `EEXIST` the name is taken, whatever by, `ENOENT`, `ENOTDIR`, `EACCES`, `EROFS`, `ENOSPC`, `ENAMETOOLONG`.
pub fn mkfifo(path: &CStr, mode: mode_t) -> Result<(), Errno> {
    // SAFETY: `path` ends with a NUL and is only read.
    unsafe { syscall!(Sysno::mknodat, AT_FDCWD, path.as_ptr(), S_IFIFO | mode, 0) }.map(drop)
}

/// Is it a FIFO, or a pipe without a name? `inode(7)`, no system call.
#[allow(non_snake_case)]
pub const fn S_ISFIFO(mode: mode_t) -> bool {
    mode & S_IFMT == S_IFIFO
}

/// Is it the name of a Unix socket, or a socket? `inode(7)`, no system call.
#[allow(non_snake_case)]
pub const fn S_ISSOCK(mode: mode_t) -> bool {
    mode & S_IFMT == S_IFSOCK
}

/// Is it a character device (a terminal, `/dev/null` …)? `inode(7)`, no system call.
#[allow(non_snake_case)]
pub const fn S_ISCHR(mode: mode_t) -> bool {
    mode & S_IFMT == S_IFCHR
}

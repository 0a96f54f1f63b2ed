//! `<dirent.h>`: reading folders.
#![allow(non_camel_case_types)]

use core::ffi::CStr;

use libc::{O_CLOEXEC, O_DIRECTORY, O_NONBLOCK, O_RDONLY, c_int};
use syscalls::{Errno, Sysno, syscall};

use crate::fcntl::open;
use crate::unistd::close;

/// How many bytes of entries are read at once, as in glibc.
const ROOM: usize = 32768;

/// Where an entry of `getdents64` has its length, two bytes, and its name.
const RECLEN: usize = 16;
const NAME: usize = 19;

/// An open folder, with entries that have been read and not yet been handed out. C's `DIR`.
#[derive(Debug)]
pub struct DIR {
    fd: c_int,
    entries: [u8; ROOM],
    next: usize,
    end: usize,
}

/// One entry of a folder.
#[derive(Clone, Copy, Debug)]
pub struct dirent<'a> {
    /// The name, without the folder.
    pub d_name: &'a CStr,
}

/// Opens a folder.
///
/// `opendir(3)`: `DIR *opendir(const char *name);`
///
/// Makes one `openat` (glibc asks `fstat` besides, how large a buffer should be, and `malloc` for it; here it is a part of the
/// `DIR`). Errors: `ENOENT` no such folder, `ENOTDIR` no folder, `EACCES`, `EMFILE` …
pub fn opendir(name: &CStr) -> Result<DIR, Errno> {
    let fd = open(name, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_DIRECTORY, 0)?;
    Ok(DIR {
        fd,
        entries: [0; ROOM],
        next: 0,
        end: 0,
    })
}

/// The next entry, `.` and `..` among them; `None` at the end of the folder, or if it cannot be read.
///
/// `readdir(3)`: `struct dirent *readdir(DIR *dirp);`
///
/// Makes a `getdents64` when no entry is left; the last one returns none.
pub fn readdir(dirp: &mut DIR) -> Option<dirent<'_>> {
    if dirp.next >= dirp.end {
        (dirp.next, dirp.end) = (0, getdents64(dirp.fd, &mut dirp.entries).unwrap_or(0));
    }
    let entry = dirp.entries.get(dirp.next..dirp.end)?;
    let length = u16::from_ne_bytes(*entry.get(RECLEN..)?.first_chunk()?);
    dirp.next += usize::from(length.max(1)); // the kernel's is never 0
    let d_name = CStr::from_bytes_until_nul(entry.get(NAME..)?).ok()?;
    Some(dirent { d_name })
}

/// The descriptor of an open folder. `dirfd(3)`: `int dirfd(DIR *dirp);` No system call.
pub fn dirfd(dirp: &DIR) -> c_int {
    dirp.fd
}

/// Closes a folder. `closedir(3)`: `int closedir(DIR *dirp);` One `close`.
pub fn closedir(dirp: DIR) -> Result<(), Errno> {
    close(dirp.fd)
}

/// Reads as many entries of an open folder as fit, one after the other; 0 bytes at its end.
///
/// `getdents64(2)`: `ssize_t getdents64(int fd, void dirp[count], size_t count);`
///
/// One system call. Errors: `EBADF`, `ENOTDIR`, `ENOENT` the folder has been removed, `EINVAL` too little room.
pub fn getdents64(fd: c_int, dirp: &mut [u8]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes at most `dirp.len()` bytes, for which there is room.
    unsafe { syscall!(Sysno::getdents64, fd, dirp.as_mut_ptr(), dirp.len()) }
}

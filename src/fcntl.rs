//! `<fcntl.h>`: opening files.

use core::ffi::CStr;

use libc::{AT_FDCWD, c_int, mode_t};
pub use libc::{O_APPEND, O_RDONLY, O_RDWR, O_WRONLY};
use syscalls::{Errno, Sysno, syscall};

/// Opens a file and returns the lowest free descriptor.
///
/// `open(2)`: `int open(const char *path, int flags, mode_t mode);`
///
/// One `openat(AT_FDCWD, …)`, as in glibc. `mode` counts only with `O_CREAT`.
/// Errors: `ENOENT` no such file, `EACCES` not allowed, `EISDIR` a folder opened
/// for writing, `EMFILE` the process has too many descriptors, `EINTR` …
pub fn open(path: &CStr, flags: c_int, mode: mode_t) -> Result<c_int, Errno> {
    // SAFETY: `path` ends with a NUL and is only read.
    unsafe { syscall!(Sysno::openat, AT_FDCWD, path.as_ptr(), flags, mode) }.map(|fd| fd as c_int)
}

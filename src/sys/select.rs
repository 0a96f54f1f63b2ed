//! `<sys/select.h>`: waiting for several descriptors at once, as long as each is below 1024.
#![allow(non_camel_case_types, non_snake_case)]

use core::ptr;

use libc::c_int;
pub use libc::timeval;
use syscalls::{Errno, Sysno, syscall};

use crate::time::timespec;

/// How many descriptors a set has room for: 0 to 1023.
pub const FD_SETSIZE: usize = 1024;
const WORD: usize = u64::BITS as usize;

/// A set of descriptors, a bit each; `fd_set::default()` is empty, C's `FD_ZERO`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(C)]
pub struct fd_set([u64; FD_SETSIZE / WORD]);

/// In which word a descriptor's bit is, and the bit; `None` if the set has no room for it.
fn place(fd: c_int) -> Option<(usize, u64)> {
    let fd = usize::try_from(fd).ok().filter(|fd| *fd < FD_SETSIZE)?;
    Some((fd / WORD, 1 << (fd % WORD)))
}

/// Puts a descriptor into the set. `FD_SET(3)`: `void FD_SET(int fd, fd_set *set);` No system call.
///
/// Errors: `EINVAL` the set has no room for it. C's sets a bit behind the set then, in whatever lies there.
pub fn FD_SET(fd: c_int, set: &mut fd_set) -> Result<(), Errno> {
    let (word, bit) = place(fd).ok_or(Errno::EINVAL)?;
    set.0
        .iter_mut()
        .skip(word)
        .take(1)
        .for_each(|it| *it |= bit);
    Ok(())
}

/// Takes a descriptor out of the set. `FD_CLR(3)`: `void FD_CLR(int fd, fd_set *set);` No system call.
pub fn FD_CLR(fd: c_int, set: &mut fd_set) {
    if let Some((word, bit)) = place(fd) {
        set.0
            .iter_mut()
            .skip(word)
            .take(1)
            .for_each(|it| *it &= !bit);
    }
}

/// Whether a descriptor is in the set. `FD_ISSET(3)`: `int FD_ISSET(int fd, const fd_set *set);` No system call.
pub fn FD_ISSET(fd: c_int, set: &fd_set) -> bool {
    place(fd).is_some_and(|(word, bit)| set.0.get(word).is_some_and(|it| it & bit != 0))
}

/// Waits until a descriptor of a set is ready: until a `read` would not wait (or a `write`, or there is an exception). Only
/// the ready ones stay in the sets. The result is how many they are, 0 when the time is over.
///
/// `select(2)`: `int select(int nfds, fd_set *_Nullable restrict readfds, fd_set *_Nullable restrict writefds, fd_set *_Nullable restrict exceptfds, struct timeval *_Nullable restrict timeout);`
///
/// One system call, `pselect6` as in glibc: newer processors have no other. Only descriptors below `nfds` are looked at.
/// What is left of the time is not told. After an error the sets are as they were, and say nothing of who is ready.
/// Errors: `EINTR` a handler has run, `EBADF` one is not open (unless it lies beyond the largest that the process has
/// had room for: Linux passes over that, and waits), `EINVAL` `nfds` is negative or more than a set has room for
/// (C's kernel goes on behind the set then), or no such time, `ENOMEM`.
pub fn select(
    nfds: c_int,
    readfds: Option<&mut fd_set>,
    writefds: Option<&mut fd_set>,
    exceptfds: Option<&mut fd_set>,
    timeout: Option<&timeval>,
) -> Result<c_int, Errno> {
    if !usize::try_from(nfds).is_ok_and(|nfds| nfds <= FD_SETSIZE) {
        return Err(Errno::EINVAL);
    }
    let set = |set: Option<&mut fd_set>| set.map_or(ptr::null_mut(), ptr::from_mut);
    let (readfds, writefds, exceptfds) = (set(readfds), set(writefds), set(exceptfds));
    let mut timeout = timeout.map(|it| timespec {
        tv_sec: it.tv_sec,
        tv_nsec: it.tv_usec.saturating_mul(1000),
    });
    let timeout = timeout.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
    let no_mask = ptr::null::<u8>();
    // SAFETY: the kernel reads and writes no more of each set than the words of `nfds` bits, and there are as many; it reads the
    // time and writes what is left to our copy. Null stands for what is missing.
    unsafe {
        syscall!(
            Sysno::pselect6,
            nfds,
            readfds,
            writefds,
            exceptfds,
            timeout,
            no_mask
        )
    }
    .map(|count| count as c_int)
}

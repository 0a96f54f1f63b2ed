//! `<sys/epoll.h>`: waiting for several descriptors at once, with a list of them that the kernel keeps.
#![allow(non_camel_case_types)]

use core::mem::size_of;
use core::ptr;

use libc::c_int;
pub use libc::{EPOLL_CTL_ADD, EPOLL_CTL_DEL, EPOLL_CTL_MOD};
use syscalls::{Errno, Sysno, syscall};

use crate::arch;

/// A `read` would not wait.
pub const EPOLLIN: u32 = libc::EPOLLIN as u32;
/// A `write` would not wait.
pub const EPOLLOUT: u32 = libc::EPOLLOUT as u32;
/// Of several lists on which the descriptor is, one is told of an event, and not all.
pub const EPOLLEXCLUSIVE: u32 = libc::EPOLLEXCLUSIVE as u32;

/// For what a descriptor is watched, or is ready, and a number of the caller's that comes back with it.
///
/// On x86_64 its 12 bytes have no gap, so that programs of 32 bits share the form; elsewhere there is one behind `events`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(target_arch = "x86_64", repr(C, packed))]
#[cfg_attr(not(target_arch = "x86_64"), repr(C))]
pub struct epoll_event {
    /// `EPOLLIN` and its like.
    pub events: u32,
    /// C's union `epoll_data_t`, mostly used for the descriptor, `data.fd`.
    pub data: u64,
}
const _: () = assert!(size_of::<epoll_event>() == size_of::<libc::epoll_event>());

/// Makes an empty list of descriptors to watch, and returns a descriptor for it.
///
/// `epoll_create1(2)`: `int epoll_create1(int flags);` One system call. Errors: `EINVAL` no such flag, `EMFILE`, `ENFILE`, `ENOMEM`.
pub fn epoll_create1(flags: c_int) -> Result<c_int, Errno> {
    // SAFETY: a number.
    unsafe { syscall!(Sysno::epoll_create1, flags) }.map(|fd| fd as c_int)
}

/// Puts a descriptor on the list, changes for what it is watched, or takes it off.
///
/// `epoll_ctl(2)`: `int epoll_ctl(int epfd, int op, int fd, struct epoll_event *_Nullable event);`
///
/// One system call. What is on the list is the open file behind the descriptor: it goes with the *last* descriptor for it, also one in
/// another process. Errors: `EEXIST` it is on the list, `ENOENT` it is not, `EPERM` a file or folder, which is always
/// ready, `EBADF`, `EINVAL` no list, or the list itself, `ENOSPC` the user watches too many, `ENOMEM`.
pub fn epoll_ctl(epfd: c_int, op: c_int, fd: c_int, event: &epoll_event) -> Result<(), Errno> {
    // SAFETY: the kernel reads one event.
    unsafe { syscall!(Sysno::epoll_ctl, epfd, op, fd, ptr::from_ref(event)) }.map(drop)
}

/// Waits until a descriptor on the list is ready, or `timeout` milliseconds are over (-1: without end). Fills in the ready ones,
/// as many as there is room for; the result is how many, 0 when the time is over.
///
/// `epoll_wait(2)`: `int epoll_wait(int epfd, struct epoll_event *events, int maxevents, int timeout);`
///
/// One system call. Its cost grows with the ready ones, not with the list. Errors: `EINTR` a handler has run, or the process
/// was stopped and continued, `EBADF`, `EINVAL` no list, or no room.
pub fn epoll_wait(epfd: c_int, events: &mut [epoll_event], timeout: c_int) -> Result<usize, Errno> {
    arch::epoll_wait(epfd, events, timeout)
}

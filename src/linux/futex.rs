//! `<linux/futex.h>`: waiting until a word of memory has changed.

use core::ptr;
use core::sync::atomic::AtomicU32;

use libc::c_int;
pub use libc::{FUTEX_PRIVATE_FLAG, FUTEX_WAIT, FUTEX_WAKE};
use syscalls::{Errno, Sysno, syscall};

/// [`FUTEX_WAIT`]: sleeps while the word is `val`. [`FUTEX_WAKE`]: wakes at most `val` of those who sleep on it, and returns how many.
///
/// `futex(2)`: `long syscall(SYS_futex, uint32_t *uaddr, int futex_op, uint32_t val, const struct timespec *timeout, …);`
/// glibc has no function for it; everything in `<pthread.h>` that waits is made of it.
///
/// One system call, without a timeout. Looking at the word and falling asleep are one step, so no change is slept over. With
/// [`FUTEX_PRIVATE_FLAG`] only threads of this process meet there, and the kernel finds them by the bare address.
/// Errors of waiting: `EAGAIN` the word is another already, `EINTR` a signal handler ran.
pub fn futex(uaddr: &AtomicU32, futex_op: c_int, val: u32) -> Result<usize, Errno> {
    let (word, none) = (uaddr.as_ptr(), ptr::null::<u8>());
    // SAFETY: the kernel reads the word, which is an atomic; without a timeout and a second word there is nothing else to reach.
    unsafe { syscall!(Sysno::futex, word, futex_op, val, none, none, 0) }
}

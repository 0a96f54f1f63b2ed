//! Where the stacks of threads lie, who stands on which, and how one comes back.
//!
//! ```text
//!   one slot                                    the arena: 8192 slots in a row
//!   +-----------------------------+  high       +----+----+----+----+---- - -
//!   | Thread: tid, state, result  |             | 0  | 1  | 2  | 3  |
//!   +-----------------------------+  <- rsp     +----+----+----+----+---- - -
//!   | the stack, growing downward |              never in use: 0 stands for the first thread,
//!   :                             :              whose stack the kernel made at exec
//!   | …                           |
//!   +-----------------------------+
//!   | guard page, no access       |             a stack that has grown too far hits it, and the
//!   +-----------------------------+  low        process ends by SIGSEGV instead of spoiling its neighbour
//! ```
//!
//! A slot is 32 KiB, or two pages where pages may be larger than that: a guard is a whole page of any kernel.
//!
//! The arena is a range of addresses and no memory: a page of it costs something from the moment it is touched. It stays, so a `Thread` may be
//! looked at for ever, also when its thread has ended.

use core::mem::size_of;
use core::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

use syscalls::Errno;

use super::mutex::{
    PTHREAD_MUTEX_INITIALIZER, pthread_mutex_lock, pthread_mutex_t, pthread_mutex_unlock,
};
use crate::arch::LARGEST_PAGE;
use crate::linux::futex::{FUTEX_WAIT, futex};
use crate::sys::mman::{PROT_READ, PROT_WRITE, mprotect, reserve};

const GUARD: usize = LARGEST_PAGE;
const SLOT: usize = if GUARD > 16 * 1024 {
    2 * GUARD
} else {
    32 * 1024
};
const SLOTS: usize = 8192;

/// What is known of a thread. It lies at the top of the stack, and is all zeros before the first use.
#[repr(C, align(16))] // the stack begins below it, and the ABI wants that on a multiple of 16
pub struct Thread {
    /// The kernel writes the thread's id here at its birth, and 0 when it is gone.
    pub tid: AtomicU32,
    /// One of the states of `pthread.rs`.
    pub state: AtomicU32,
    /// What the thread has returned.
    pub result: AtomicUsize,
    /// The next slot on the list of [`FREE`].
    next: AtomicUsize,
}

/// The address of slot 0; 0 before the first `pthread_create`. In a program that creates no thread nothing ever writes
/// it, so the compiler knows that it is 0, and leaves out whatever asks who else is there.
static ARENA: AtomicUsize = AtomicUsize::new(0);

/// How many slots have been used at all.
static USED: AtomicUsize = AtomicUsize::new(0);

/// The slots whose threads are over, the latest first: a list linked by `next`, and 0 is its end.
static FREE: AtomicUsize = AtomicUsize::new(0);

/// One at a time takes a stack. Giving one back needs no lock.
static TAKING: pthread_mutex_t = PTHREAD_MUTEX_INITIALIZER;

/// Whether a thread has ever been created.
#[inline]
pub fn in_use() -> bool {
    ARENA.load(Ordering::Relaxed) != 0
}

/// The slot of the caller: the one that the stack pointer is in. No system call, no register set aside for it.
/// 0 is the first thread (or a handler on a stack of its own, `sigaltstack(2)`, which nothing here asks for).
#[inline]
pub fn current() -> usize {
    let arena = ARENA.load(Ordering::Relaxed);
    if arena == 0 {
        return 0;
    }
    let here = 0u8;
    let offset = (&raw const here as usize).wrapping_sub(arena);
    if offset < SLOTS * SLOT {
        offset / SLOT
    } else {
        0
    }
}

/// What is known of the thread in a slot that is or was in use; of the first thread, nothing.
pub fn thread(slot: usize) -> Option<&'static Thread> {
    if slot == 0 || slot > USED.load(Ordering::Acquire) {
        return None;
    }
    let top = ARENA.load(Ordering::Relaxed) + (slot + 1) * SLOT;
    // SAFETY: the slot has been made accessible and stays so; its upper end is a Thread, of atomics alone, and began as zeros.
    Some(unsafe { &*((top - size_of::<Thread>()) as *const Thread) })
}

/// A stack for a new thread. Errors: those of `mmap` and `mprotect`; `EAGAIN` all slots are in use.
pub fn take() -> Result<&'static Thread, Errno> {
    let _ = pthread_mutex_lock(&TAKING);
    let taken = match take_free() {
        Some(thread) => Ok(thread),
        None => take_new(),
    };
    let _ = pthread_mutex_unlock(&TAKING);
    taken
}

/// One that has been given back. Its thread may still be on its last steps there: then it is waited for.
fn take_free() -> Option<&'static Thread> {
    loop {
        let slot = FREE.load(Ordering::Acquire);
        let thread = thread(slot)?;
        let next = thread.next.load(Ordering::Relaxed);
        // Others only put something in front meanwhile: nobody but us takes.
        let taken = FREE.compare_exchange(slot, next, Ordering::Acquire, Ordering::Relaxed);
        if taken.is_ok() {
            await_end(thread);
            return Some(thread);
        }
    }
}

/// The next slot that nobody has had: all of it but its guard page becomes memory.
fn take_new() -> Result<&'static Thread, Errno> {
    if !in_use() {
        ARENA.store(reserve(SLOTS * SLOT)?, Ordering::Relaxed);
    }
    let slot = USED.load(Ordering::Relaxed) + 1;
    if slot == SLOTS {
        return Err(Errno::EAGAIN);
    }
    let base = ARENA.load(Ordering::Relaxed) + slot * SLOT;
    // SAFETY: these pages are of the arena, and nobody has had the slot.
    unsafe { mprotect(base + GUARD, SLOT - GUARD, PROT_READ | PROT_WRITE)? };
    USED.store(slot, Ordering::Release);
    thread(slot).ok_or(Errno::EAGAIN)
}

/// The thread's stack may be used again as soon as the kernel has written 0 to `tid`. The thread may say so of itself,
/// just before its end: so nobody has to unmap the stack that he stands on, and no clearing up waits for anybody.
pub fn give_back(thread: &'static Thread) {
    let at = thread as *const Thread as usize;
    let slot = (at - ARENA.load(Ordering::Relaxed)) / SLOT;
    let mut first = FREE.load(Ordering::Relaxed);
    loop {
        thread.next.store(first, Ordering::Relaxed);
        match FREE.compare_exchange(first, slot, Ordering::Release, Ordering::Relaxed) {
            Ok(_) => return,
            Err(changed) => first = changed,
        }
    }
}

/// Waits until the kernel has let go of a thread: it writes 0 to `tid` and wakes whoever sleeps there (`CLONE_CHILD_CLEARTID`).
/// That wake is not private, for the kernel cannot know who shares the memory; with `FUTEX_PRIVATE_FLAG` we would sleep in
/// another place than where it wakes, for ever.
pub fn await_end(thread: &Thread) {
    loop {
        match thread.tid.load(Ordering::Acquire) {
            0 => return,
            tid => drop(futex(&thread.tid, FUTEX_WAIT, tid)), // EAGAIN and EINTR: look again
        }
    }
}

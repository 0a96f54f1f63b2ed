//! `<pthread.h>`: several threads in one process.
//!
//! A thread is what `clone(2)` makes if almost nothing is copied: memory, descriptors, working directory and signal handlers are the
//! creator's own, the pid too. It has registers of its own, a stack of its own, and an id, the tid.
//!
//! | | `fork` | `pthread_create` |
//! |---|---|---|
//! | memory | a copy | the same |
//! | descriptors | a copy of the table: each closes its own | one table: closed by one, closed for all |
//! | stack | the copy, at the same address | a new one (`pthread/stacks.rs`) |
//! | ends by | `exit_group`, or a signal, alone | `exit`, alone; `exit_group` or a signal ends all |
//! | its end is told by | SIGCHLD, `wait` | a 0 that the kernel writes to a word, [`pthread_join`] |
//!
//! One clone, two returns, and not on one stack: the new thread cannot go back to where the call was made, for on its stack there is nothing yet.
//! So a stub of a few instructions (`clone_thread` in [`arch`]) leads it into `begin`, which never returns.
//!
//! What glibc does besides, and why it need not be done here: there are no thread-local variables, so no register points at a thread's
//! own block, and signals need not be held back until it is set up; nothing is cancelled and no uid is changed for all threads, so no
//! signal is set aside for that (SIGRT_1); memory comes from nobody's `malloc`, so no arena is made for each thread.
#![allow(non_camel_case_types)]

mod mutex;
pub(crate) mod stacks;

use core::fmt;
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering};

use libc::{
    CLONE_CHILD_CLEARTID, CLONE_FILES, CLONE_FS, CLONE_PARENT_SETTID, CLONE_SIGHAND, CLONE_SYSVSEM,
    CLONE_THREAD, CLONE_VM, c_int,
};
use syscalls::{Errno, Sysno, syscall};

use crate::arch;
use crate::stdio::Printable;
use crate::stdlib::exit;
pub use mutex::*;
use stacks::Thread;

/// The same memory, working directory, descriptors, handlers, process and semaphore undos; and the tid is written when the thread
/// begins, and cleared when it is gone.
const FLAGS: c_int = CLONE_VM
    | CLONE_FS
    | CLONE_FILES
    | CLONE_SIGHAND
    | CLONE_THREAD
    | CLONE_SYSVSEM
    | CLONE_PARENT_SETTID
    | CLONE_CHILD_CLEARTID;

// What may be done with a thread. It is free before its first use and after its last.
const FREE: u32 = 0;
const JOINABLE: u32 = 1;
const DETACHED: u32 = 2;
const ENDED: u32 = 3; // and joinable: its result waits

/// How many threads there are besides the first that was; the last of all to end ends the process.
static OTHERS: AtomicUsize = AtomicUsize::new(0);

/// A thread. It prints as a number, as C's `unsigned long` does: an address in its stack, or 0 for the first thread.
#[derive(Clone, Copy)]
pub struct pthread_t(Option<&'static Thread>);

impl Printable for pthread_t {
    fn print(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0
            .map_or(0, |thread| ptr::from_ref(thread).addr())
            .print(f)
    }
}

impl fmt::Display for pthread_t {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.print(f)
    }
}

/// What a thread runs: C's `void *(*start_routine)(void *)`. Argument and result are numbers here: safe code has nothing
/// else that all threads may share without asking.
pub type start_routine = extern "C" fn(usize) -> usize;

/// Creates a thread, which calls `start_routine(arg)` at once, and ends with what that returns.
///
/// `pthread_create(3)`: `int pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*start_routine)(void *), void *arg);`
///
/// A `clone`; before it an `mprotect` if no stack was left by another thread, and at the very first an `mmap`. glibc's makes
/// `mmap`, `mprotect`, `clone3` between two `rt_sigprocmask`, and in the thread `rseq`, `set_robust_list`, `rt_sigprocmask` and
/// more at its end. Errors: `EAGAIN` too many threads, or no memory.
pub fn pthread_create(start_routine: start_routine, arg: usize) -> Result<pthread_t, Errno> {
    let thread = stacks::take().map_err(|_| Errno::EAGAIN)?;
    thread.state.store(JOINABLE, Ordering::Relaxed);
    OTHERS.fetch_add(1, Ordering::Relaxed);
    // SAFETY: the stack below `thread` is ours and has nobody on it; the word lives as long as the process.
    let answer =
        unsafe { arch::clone_thread(FLAGS, thread, thread.tid.as_ptr(), start_routine, arg) };
    match Errno::from_ret(answer) {
        Ok(_) => Ok(pthread_t(Some(thread))),
        Err(_) => {
            OTHERS.fetch_sub(1, Ordering::Relaxed);
            thread.state.store(FREE, Ordering::Relaxed);
            stacks::give_back(thread);
            Err(Errno::EAGAIN)
        }
    }
}

/// The first function on a new thread's stack, called by [`arch::clone_thread`].
pub(crate) extern "C" fn begin(start_routine: start_routine, arg: usize) -> ! {
    pthread_exit(start_routine(arg))
}

/// Waits until a thread has ended, and returns its result. Each thread can be joined once.
///
/// `pthread_join(3)`: `int pthread_join(pthread_t thread, void **retval);`
///
/// A `futex(FUTEX_WAIT)` if it has not ended yet, else no system call: the kernel has left a 0 in memory, and no zombie.
/// Errors: `EINVAL` detached, or joined by another; `ESRCH` joined already, or the first thread; `EDEADLK` the caller.
pub fn pthread_join(thread: pthread_t) -> Result<usize, Errno> {
    let (thread, state) = state_of(thread)?;
    if stacks::thread(stacks::current()).is_some_and(|own| ptr::eq(own, thread)) {
        return Err(Errno::EDEADLK);
    }
    if state == DETACHED {
        return Err(Errno::EINVAL);
    }
    stacks::await_end(thread);
    let result = thread.result.load(Ordering::Relaxed);
    change(thread, ENDED, FREE).map_err(|_| Errno::EINVAL)?;
    stacks::give_back(thread);
    Ok(result)
}

/// Nobody will join this thread: at its end its stack is free.
///
/// `pthread_detach(3)`: `int pthread_detach(pthread_t thread);`
///
/// No system call. Errors: `EINVAL` detached already; `ESRCH` joined already, or the first thread.
pub fn pthread_detach(thread: pthread_t) -> Result<(), Errno> {
    let (thread, _) = state_of(thread)?;
    if change(thread, JOINABLE, DETACHED).is_ok() {
        return Ok(()); // it will give its stack back itself
    }
    change(thread, ENDED, FREE).map_err(|_| Errno::EINVAL)?;
    stacks::give_back(thread);
    Ok(())
}

/// The calling thread.
///
/// `pthread_self(3)`: `pthread_t pthread_self(void);` No system call: the stack pointer tells (glibc keeps the address in a register, `fs`).
pub fn pthread_self() -> pthread_t {
    pthread_t(stacks::thread(stacks::current()))
}

/// Ends the calling thread, as the return from its `start_routine` does. The process goes on until the last thread has ended.
///
/// `pthread_exit(3)`: `noreturn void pthread_exit(void *retval);`
///
/// One `exit`, which ends a thread and not the process. The last of all does what [`exit`]`(0)` does.
pub fn pthread_exit(retval: usize) -> ! {
    if OTHERS.fetch_sub(1, Ordering::AcqRel) == 0 {
        exit(0)
    }
    if let Some(thread) = stacks::thread(stacks::current()) {
        thread.result.store(retval, Ordering::Relaxed);
        if change(thread, JOINABLE, ENDED).is_err() {
            thread.state.store(FREE, Ordering::Relaxed); // detached: nobody asks for it any more
            stacks::give_back(thread);
        }
    }
    loop {
        // SAFETY: one number. What was ours alone, the stack, nobody uses before the kernel has written 0 to `tid`.
        let _ = unsafe { syscall!(Sysno::exit, 0) };
    }
}

/// A thread that can still be joined or detached, or is detached, and which of these.
fn state_of(thread: pthread_t) -> Result<(&'static Thread, u32), Errno> {
    let thread = thread.0.ok_or(Errno::ESRCH)?;
    match thread.state.load(Ordering::Acquire) {
        FREE => Err(Errno::ESRCH),
        state => Ok((thread, state)),
    }
}

fn change(thread: &Thread, from: u32, to: u32) -> Result<u32, u32> {
    thread
        .state
        .compare_exchange(from, to, Ordering::AcqRel, Ordering::Acquire)
}

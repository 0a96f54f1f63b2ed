//! Mutex and condition variable: a word each, and the kernel only when somebody has to wait.

use core::sync::atomic::{AtomicU32, Ordering};

use syscalls::Errno;

use crate::linux::futex::{FUTEX_PRIVATE_FLAG, FUTEX_WAIT, FUTEX_WAKE, futex};

const FREE: u32 = 0;
const LOCKED: u32 = 1;
/// Locked, and somebody may be asleep waiting for it.
const AWAITED: u32 = 2;

/// A lock that one thread holds at a time. What it protects is for the program to say, as in C.
pub struct pthread_mutex_t(AtomicU32);

/// A mutex that nobody holds, `PTHREAD_MUTEX_INITIALIZER`.
#[allow(clippy::declare_interior_mutable_const)] // each use is a new one, as with C's macro
pub const PTHREAD_MUTEX_INITIALIZER: pthread_mutex_t = pthread_mutex_t(AtomicU32::new(FREE));

/// Takes the mutex, and waits until it is free. Whoever holds it already waits for himself, for ever.
///
/// `pthread_mutex_lock(3)`: `int pthread_mutex_lock(pthread_mutex_t *mutex);`
///
/// No system call if it is free, else a `futex(FUTEX_WAIT)` or several, as in glibc. It never fails.
pub fn pthread_mutex_lock(mutex: &pthread_mutex_t) -> Result<(), Errno> {
    let word = &mutex.0;
    let taken = word.compare_exchange(FREE, LOCKED, Ordering::Acquire, Ordering::Relaxed);
    if taken.is_err() {
        // Whoever has slept takes it as awaited: others may be asleep still, and only this word tells of them.
        while word.swap(AWAITED, Ordering::Acquire) != FREE {
            let _ = futex(word, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, AWAITED);
        }
    }
    Ok(())
}

/// Gives the mutex up. One of those who wait is woken; who takes it next is open, and it is often the caller again.
///
/// `pthread_mutex_unlock(3)`: `int pthread_mutex_unlock(pthread_mutex_t *mutex);`
///
/// No system call if nobody waits, else a `futex(FUTEX_WAKE)`. Errors: `EPERM` nobody holds it (glibc does not look).
pub fn pthread_mutex_unlock(mutex: &pthread_mutex_t) -> Result<(), Errno> {
    match mutex.0.swap(FREE, Ordering::Release) {
        FREE => return Err(Errno::EPERM),
        AWAITED => drop(futex(&mutex.0, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1)),
        _ => {}
    }
    Ok(())
}

/// A place to wait until another thread says that something has changed. It counts how often that was said.
pub struct pthread_cond_t(AtomicU32);

/// A condition variable on which nobody waits, `PTHREAD_COND_INITIALIZER`.
#[allow(clippy::declare_interior_mutable_const)] // as above
pub const PTHREAD_COND_INITIALIZER: pthread_cond_t = pthread_cond_t(AtomicU32::new(0));

/// Gives the mutex up, waits for a signal, and takes the mutex again. It may also return without one: ask again, in a loop,
/// whether what was waited for is so.
///
/// `pthread_cond_wait(3)`: `int pthread_cond_wait(pthread_cond_t *cond, pthread_mutex_t *mutex);`
///
/// A `futex(FUTEX_WAIT)`, and those of the mutex. The count is read while the mutex is held: a signal that comes before we sleep has
/// changed it, and the kernel does not let us sleep. Errors: `EPERM` nobody holds the mutex.
pub fn pthread_cond_wait(cond: &pthread_cond_t, mutex: &pthread_mutex_t) -> Result<(), Errno> {
    let count = cond.0.load(Ordering::Relaxed);
    pthread_mutex_unlock(mutex)?;
    let _ = futex(&cond.0, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, count);
    pthread_mutex_lock(mutex)
}

/// Wakes one thread that waits; nobody remembers a signal for which nobody waited.
///
/// `pthread_cond_signal(3)`: `int pthread_cond_signal(pthread_cond_t *cond);` One `futex(FUTEX_WAKE)`; glibc's makes none if nobody waits.
pub fn pthread_cond_signal(cond: &pthread_cond_t) -> Result<(), Errno> {
    wake(cond, 1)
}

/// Wakes all threads that wait. `pthread_cond_broadcast(3)`: `int pthread_cond_broadcast(pthread_cond_t *cond);` See [`pthread_cond_signal`].
pub fn pthread_cond_broadcast(cond: &pthread_cond_t) -> Result<(), Errno> {
    wake(cond, i32::MAX as u32)
}

fn wake(cond: &pthread_cond_t, how_many: u32) -> Result<(), Errno> {
    cond.0.fetch_add(1, Ordering::Relaxed);
    futex(&cond.0, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, how_many).map(drop)
}

//! `<sys/sem.h>`: sets of numbers that processes wait for, never below zero.

use libc::{IPC_RMID, c_int, key_t};
use syscalls::{Errno, Sysno, syscall};

pub use libc::{SEM_UNDO, SETVAL, sembuf};

/// The set of that key, of `nsems` semaphores or more; its id. With `IPC_CREAT` it is made if there is none, each 0;
/// with `IPC_CREAT | IPC_EXCL` it must be made. The lowest nine bits of `semflg` say who may use it, as of a file.
///
/// `semget(2)`: `int semget(key_t key, int nsems, int semflg);`
///
/// One system call. Errors: `ENOENT` there is none, `EEXIST` there is one, `EINVAL` it has fewer, `EACCES`, `ENOSPC` too many sets, `ENOMEM`.
pub fn semget(key: key_t, nsems: c_int, semflg: c_int) -> Result<c_int, Errno> {
    // SAFETY: numbers.
    unsafe { syscall!(Sysno::semget, key, nsems, semflg) }.map(|id| id as c_int)
}

/// Changes semaphores, all of these at once or none: each is raised or lowered by its `sem_op`. If one would fall below
/// zero, the caller sleeps until it does not.
///
/// `semop(2)`: `int semop(int semid, struct sembuf *sops, size_t nsops);`
///
/// One system call; glibc makes it as `semtimedop(semid, sops, nsops, NULL)`. What is changed with `SEM_UNDO` the kernel takes back when the
/// process ends, however it ends. Errors: `EINTR` a handler has run, or the process was stopped and continued, `EIDRM` removed meanwhile, `EINVAL` no such
/// set, `EFBIG` no such semaphore, `EAGAIN` it would wait, with `IPC_NOWAIT`, `E2BIG`, `EACCES`, `ENOMEM`, `ERANGE`.
pub fn semop(semid: c_int, sops: &[sembuf]) -> Result<(), Errno> {
    // SAFETY: the kernel reads as many of them as there are.
    unsafe { syscall!(Sysno::semop, semid, sops.as_ptr(), sops.len()) }.map(drop)
}

/// Gives a semaphore its value, with `SETVAL`, or removes the set that it is in, with `IPC_RMID`.
///
/// `semctl(2)`: `int semctl(int semid, int semnum, int op, ...);`
///
/// One system call; in C `value` is a union, and only `SETVAL` has it. `SETVAL` wakes whoever can go on now, and forgets the undos that
/// were due for it, in every process. `IPC_RMID` takes effect at once: whoever waits fails with `EIDRM`.
/// Errors: `EINVAL` another `op`, or no such set or semaphore, `EACCES`, `EPERM` neither its owner's nor its maker's, `EIDRM`, `ERANGE` no such value.
pub fn semctl(semid: c_int, semnum: c_int, op: c_int, value: c_int) -> Result<(), Errno> {
    if ![SETVAL, IPC_RMID].contains(&op) {
        return Err(Errno::EINVAL);
    }
    // SAFETY: numbers; for neither operation is the last one an address.
    unsafe { syscall!(Sysno::semctl, semid, semnum, op, value) }.map(drop)
}

//! `<sys/shm.h>`: memory that several processes have at once.

use core::ptr;
use core::sync::atomic::AtomicI32;

use libc::{IPC_RMID, c_int, key_t};
use syscalls::{Errno, Sysno, syscall};

/// The segment of that key, `size` bytes or more; its id. With `IPC_CREAT` it is made if there is none, all zeros;
/// with `IPC_CREAT | IPC_EXCL` it must be made. The lowest nine bits of `shmflg` say who may use it, as of a file.
///
/// `shmget(2)`: `int shmget(key_t key, size_t size, int shmflg);`
///
/// One system call. Nothing is attached yet. Errors: `ENOENT` there is none, `EEXIST` there is one, `EINVAL` it is smaller, or `size` is 0 or
/// beyond the limit, `EACCES`, `ENOSPC` too many segments, `ENOMEM`.
pub fn shmget(key: key_t, size: usize, shmflg: c_int) -> Result<c_int, Errno> {
    // SAFETY: numbers.
    unsafe { syscall!(Sysno::shmget, key, size, shmflg) }.map(|id| id as c_int)
}

/// Attaches a segment: from here on it is memory of this process too. The `int` at its beginning.
///
/// `shmat(2)`: `void *shmat(int shmid, const void *shmaddr, int shmflg);`
///
/// One system call, C's `(int *)shmat(shmid, NULL, 0)`. `load` and `store` with `Relaxed` are one instruction each, as C's `*num` is; whatever other
/// processes do in between, they see whole numbers. It stays attached until exit or exec (`shmdt` is not there: others
/// might still look at the number), also when its key has been removed; a child by fork has it too.
/// Errors: `EINVAL` no such segment, `EACCES`, `EIDRM`, `ENOMEM`.
pub fn shmat(shmid: c_int) -> Result<&'static AtomicI32, Errno> {
    let anywhere = ptr::null::<u8>();
    // SAFETY: the kernel takes addresses that nobody uses.
    let start = unsafe { syscall!(Sysno::shmat, shmid, anywhere, 0)? };
    // SAFETY: a readable and writable page begins there, for a segment is made of whole pages and cannot be cut short; nothing in this
    // library detaches it. Other processes may change it at any time, which is what an atomic number allows.
    Ok(unsafe { AtomicI32::from_ptr(start as *mut i32) })
}

/// Removes a segment: `IPC_RMID`. Its key is free at once; the memory goes when nobody has it attached any more.
///
/// `shmctl(2)`: `int shmctl(int shmid, int op, struct shmid_ds *buf);`
///
/// One system call. Errors: `EINVAL` another `op`, or no such segment, `EPERM` neither its owner's nor its maker's, `EIDRM`.
pub fn shmctl(shmid: c_int, op: c_int) -> Result<(), Errno> {
    if op != IPC_RMID {
        return Err(Errno::EINVAL);
    }
    // SAFETY: numbers; IPC_RMID looks at no memory, and leaves attached what is attached.
    unsafe { syscall!(Sysno::shmctl, shmid, op, ptr::null::<u8>()) }.map(drop)
}

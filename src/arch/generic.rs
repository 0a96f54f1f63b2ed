//! What aarch64 and riscv64 have in common: the calls of Linux's `asm-generic` table, and memory functions without string
//! instructions.
//!
//! Where two calls do the same, these kernels have the newer one only: `fork` is `clone` there, and `dup2` is `dup3`.

use core::ffi::CStr;
use core::ptr;

use libc::{AT_FDCWD, SIGCHLD, c_int, c_uint, itimerval, pollfd, timespec, timeval};
use syscalls::{Errno, Sysno, syscall};

use crate::sys::epoll::epoll_event;

/// `fork(2)`: a `clone` that shares nothing and whose end is told by SIGCHLD; 0 in the child.
pub(crate) fn fork() -> Result<usize, Errno> {
    // SAFETY: the child gets a copy of all memory and goes on from here alone; no other thread exists in it.
    unsafe { syscall!(Sysno::clone, SIGCHLD, 0, 0, 0, 0) }
}

/// `pause(2)`: a `ppoll` for nothing, without end; never succeeds.
pub(crate) fn pause() -> Result<usize, Errno> {
    // SAFETY: null pointers: no descriptor, no time, no mask.
    unsafe { syscall!(Sysno::ppoll, 0, 0, 0, 0, 0) }
}

/// `alarm(2)`: a `setitimer`; what was left is rounded to whole seconds, but not to 0, as the kernel's `alarm` does.
pub(crate) fn alarm(seconds: c_uint) -> Result<usize, Errno> {
    let time = |tv_sec| timeval { tv_sec, tv_usec: 0 };
    let new = itimerval {
        it_interval: time(0),
        it_value: time(seconds.into()),
    };
    let mut old = new;
    // SAFETY: the kernel reads the first struct and writes the second.
    unsafe {
        syscall!(
            Sysno::setitimer,
            libc::ITIMER_REAL,
            ptr::from_ref(&new),
            ptr::from_mut(&mut old)
        )?
    };
    let left = old.it_value;
    let up = left.tv_usec >= 500_000 || left.tv_sec == 0 && left.tv_usec > 0;
    Ok(left.tv_sec as usize + usize::from(up))
}

/// `dup2(2)`: a `dup3`; that refuses two equal numbers, of which `dup2` only asks whether they are open.
pub(crate) fn dup2(oldfd: c_int, newfd: c_int) -> Result<usize, Errno> {
    // SAFETY: numbers; the descriptor table is the kernel's.
    unsafe {
        match oldfd == newfd {
            true => syscall!(Sysno::fcntl, oldfd, libc::F_GETFD).map(|_| newfd as usize),
            false => syscall!(Sysno::dup3, oldfd, newfd, 0),
        }
    }
}

/// `pipe(2)`: a `pipe2` without flags; fills in both descriptors.
pub(crate) fn pipe(pipefd: &mut [c_int; 2]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes two ints, for which `pipefd` has room.
    unsafe { syscall!(Sysno::pipe2, pipefd.as_mut_ptr(), 0) }
}

/// `access(2)`: a `faccessat` of a path that begins here; 0 if it may.
pub(crate) fn access(path: &CStr, mode: c_int) -> Result<usize, Errno> {
    // SAFETY: `path` ends with a NUL and is only read.
    unsafe { syscall!(Sysno::faccessat, AT_FDCWD, path.as_ptr(), mode) }
}

/// `unlink(2)`: an `unlinkat` of a path that begins here; 0 when the name is gone.
pub(crate) fn unlink(path: &CStr) -> Result<usize, Errno> {
    // SAFETY: `path` ends with a NUL and is only read.
    unsafe { syscall!(Sysno::unlinkat, AT_FDCWD, path.as_ptr(), 0) }
}

/// `poll(2)`: a `ppoll`, whose time is a struct, and which leaves the signal mask alone; how many are ready.
pub(crate) fn poll(fds: &mut [pollfd], timeout: c_int) -> Result<usize, Errno> {
    let time = timespec {
        tv_sec: (timeout / 1000).into(),
        tv_nsec: (timeout % 1000 * 1_000_000).into(),
    };
    let time = match timeout {
        0.. => ptr::from_ref(&time),
        _ => ptr::null(), // without end
    };
    // SAFETY: the kernel reads as many of them as there are, and writes their `revents`; the time is null or a struct.
    unsafe { syscall!(Sysno::ppoll, fds.as_mut_ptr(), fds.len(), time, 0, 0) }
}

/// `epoll_wait(2)`: an `epoll_pwait` that leaves the signal mask alone; how many are ready.
pub(crate) fn epoll_wait(
    epfd: c_int,
    events: &mut [epoll_event],
    timeout: c_int,
) -> Result<usize, Errno> {
    let maxevents = c_int::try_from(events.len()).unwrap_or(c_int::MAX);
    // SAFETY: the kernel writes at most `maxevents` of them.
    unsafe {
        syscall!(
            Sysno::epoll_pwait,
            epfd,
            events.as_mut_ptr(),
            maxevents,
            timeout,
            0,
            0
        )
    }
}

/// The memory functions that compiled code may call at any time (and `strlen`, which `CStr` calls). In a C program they are
/// libc's. Each access is volatile: else the compiler would see that a loop is memcpy, and make it a call of itself.
#[cfg(panic = "abort")]
mod memory {
    use core::ptr::{read_volatile, write_volatile};

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
        for i in 0..n {
            // SAFETY: the caller promises n bytes at both.
            unsafe { write_volatile(dest.add(i), read_volatile(src.add(i))) };
        }
        dest
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memmove(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
        if (dest as usize).wrapping_sub(src as usize) >= n {
            // SAFETY: dest does not begin inside src, so copying forward reads each byte before it is overwritten.
            return unsafe { memcpy(dest, src, n) };
        }
        for i in (0..n).rev() {
            // SAFETY: the caller promises n bytes at both; backward, from the last byte.
            unsafe { write_volatile(dest.add(i), read_volatile(src.add(i))) };
        }
        dest
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memset(dest: *mut u8, c: i32, n: usize) -> *mut u8 {
        for i in 0..n {
            // SAFETY: the caller promises n bytes at dest.
            unsafe { write_volatile(dest.add(i), c as u8) };
        }
        dest
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
        for i in 0..n {
            // SAFETY: the caller promises n bytes at both; they are only read.
            let (a, b) = unsafe { (read_volatile(a.add(i)), read_volatile(b.add(i))) };
            if a != b {
                return i32::from(a) - i32::from(b);
            }
        }
        0
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn strlen(s: *const u8) -> usize {
        let mut length = 0;
        // SAFETY: the caller promises a NUL at the end, and no byte behind it is read.
        while unsafe { read_volatile(s.add(length)) } != 0 {
            length += 1;
        }
        length
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
        // SAFETY: the same promise.
        unsafe { memcmp(a, b, n) }
    }
}

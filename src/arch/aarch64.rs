//! aarch64: `svc #0` takes the number in `x8`, arguments in `x0` to `x5`, answers in `x0`, and destroys nothing else.

use core::arch::{asm, naked_asm};

use libc::{CLONE_VFORK, CLONE_VM, SIGCHLD, c_int};
use syscalls::Sysno;

pub(crate) use super::generic::*;
use crate::pthread::stacks::Thread;
use crate::pthread::{begin, start_routine};

/// So large is a page of memory, at most: kernels for this processor have pages of 4, 16 or 64 KiB.
pub(crate) const LARGEST_PAGE: usize = 65536;

/// The first instruction of the process, the linker script's `ENTRY`.
///
/// The kernel jumps here; nothing called us, so there is nowhere to return to.
/// `sp` points at `argc` (the picture is in [`crate::crt0`]).
///
/// # Safety
///
/// For the kernel only: expects the stack as it is when a process begins.
#[cfg(panic = "abort")]
#[unsafe(naked)]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn _start() -> ! {
    naked_asm!(
        ".cfi_startproc",
        ".cfi_undefined x30", // no caller: a stack walker stops here
        "mov x29, #0",        // the outermost frame, by the ABI's convention
        "mov x0, sp", // first argument of `start`: where argc lies, a multiple of 16
        "bl {start}",
        "brk #1", // `start` does not return
        ".cfi_endproc",
        start = sym crate::crt0::start,
    )
}

/// `vfork` (a `clone` that shares memory and suspends the caller) and, in the child, `exit_group`; the answer of the first.
pub(crate) fn vfork_exit(status: c_int) -> usize {
    let answer: usize;
    // SAFETY: the child touches registers only, neither memory nor the stack, and ends; then the caller goes on.
    unsafe {
        asm!(
            "svc #0",
            "cbnz x0, 2f",
            "mov x0, x5",
            "mov x8, #{exit_group}",
            "svc #0", // the child
            "2:",
            exit_group = const Sysno::exit_group as u32,
            inlateout("x8") Sysno::clone as usize => _,
            inlateout("x0") (CLONE_VM | CLONE_VFORK | SIGCHLD) as usize => answer,
            in("x1") 0, // the caller's stack
            in("x2") 0,
            in("x3") 0,
            in("x4") 0,
            in("x5") status as usize, // which clone does not look at
            options(nostack)
        )
    };
    answer
}

/// Makes a thread by `clone(2)`, whose stack begins below `stack`. Answers the creator only: a tid, or -errno. The thread
/// begins with [`begin`](crate::pthread::begin).
///
/// ```text
///   creator's stack          the new thread's, the same registers
///   +----------------+       +------------------+
///   | …              |       | Thread           |  tid …
///   +----------------+ sp    +------------------+  <- sp = stack, a multiple of 16
///                            | begin's own      |
/// ```
///
/// `clone` gives the thread a copy of all registers but `sp` and `x0`. So what it shall do need not be put on its
/// stack: it waits in two registers that the call neither looks at nor changes, `x3` (where thread-local storage would be
/// named) and `x5`.
///
/// # Safety
///
/// The memory below `stack` is there, large enough, and used by nobody else; the word at `tid` lives as long as the thread.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn clone_thread(
    flags: c_int,                 // w0: for clone as well
    stack: *const Thread,         // x1: for clone as well
    tid: *mut u32,                // x2: where to write the tid; and x4: where to clear it
    start_routine: start_routine, // x3
    arg: usize,                   // x4
) -> usize {
    naked_asm!(
        ".cfi_startproc",
        "mov x5, x4",
        "mov x4, x2",
        "mov x8, #{clone}",
        "svc #0",
        "cbz x0, 2f", // here two threads go on
        "ret", // the creator
        ".cfi_undefined x30", // the new thread: nobody has called it
        "2: mov x29, #0",
        "mov x0, x3",
        "mov x1, x5",
        "bl {begin}",
        "brk #1", // `begin` does not return
        ".cfi_endproc",
        clone = const Sysno::clone as u32,
        begin = sym begin,
    )
}

/// What `rt_sigaction(2)` takes on this processor: C's `struct sigaction` with its fields in another order. No restorer is
/// filled in: a handler returns into the vDSO, where the kernel has one of its own.
#[repr(C)]
#[allow(non_camel_case_types)]
pub(crate) struct kernel_sigaction {
    pub handler: usize,
    flags: usize,
    restorer: usize,
    pub mask: u64,
}

impl kernel_sigaction {
    pub fn new(handler: usize, flags: u32, mask: u64) -> Self {
        kernel_sigaction {
            handler,
            flags: flags as usize,
            restorer: 0,
            mask,
        }
    }

    /// The flags as the caller knows them.
    pub fn flags(&self) -> u32 {
        self.flags as u32
    }
}

/// The call of [`stat`](fn@crate::sys::stat::stat), whose name differs between processors' tables.
pub(crate) const NEWFSTATAT: Sysno = Sysno::fstatat;

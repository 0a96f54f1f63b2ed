//! riscv64: `ecall` takes the number in `a7`, arguments in `a0` to `a5`, answers in `a0`, and destroys nothing else.

use core::arch::{asm, naked_asm};

use libc::{CLONE_VFORK, CLONE_VM, SIGCHLD, c_int};
use syscalls::Sysno;

pub(crate) use super::generic::*;
use crate::pthread::stacks::Thread;
use crate::pthread::{begin, start_routine};

/// So large is a page of memory, at most.
pub(crate) const LARGEST_PAGE: usize = 4096;

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
        ".cfi_undefined ra", // no caller: a stack walker stops here
        "li fp, 0", // the outermost frame, by the ABI's convention
        "mv a0, sp", // first argument of `start`: where argc lies, a multiple of 16
        "call {start}",
        "unimp", // `start` does not return
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
            "ecall",
            "bnez a0, 2f",
            "mv a0, a5",
            "li a7, {exit_group}",
            "ecall", // the child
            "2:",
            exit_group = const Sysno::exit_group as u32,
            inlateout("a7") Sysno::clone as usize => _,
            inlateout("a0") (CLONE_VM | CLONE_VFORK | SIGCHLD) as usize => answer,
            in("a1") 0, // the caller's stack
            in("a2") 0,
            in("a3") 0,
            in("a4") 0,
            in("a5") status as usize, // which clone does not look at
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
/// `clone` gives the thread a copy of all registers but `sp` and `a0`. So what it shall do need not be put on its
/// stack: it waits in two registers that the call neither looks at nor changes, `a3` (where thread-local storage would be
/// named) and `a5`.
///
/// # Safety
///
/// The memory below `stack` is there, large enough, and used by nobody else; the word at `tid` lives as long as the thread.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn clone_thread(
    flags: c_int,                 // a0: for clone as well
    stack: *const Thread,         // a1: for clone as well
    tid: *mut u32,                // a2: where to write the tid; and a4: where to clear it
    start_routine: start_routine, // a3
    arg: usize,                   // a4
) -> usize {
    naked_asm!(
        ".cfi_startproc",
        "mv a5, a4",
        "mv a4, a2",
        "li a7, {clone}",
        "ecall",
        "beqz a0, 2f", // here two threads go on
        "ret", // the creator
        ".cfi_undefined ra", // the new thread: nobody has called it
        "2: li fp, 0",
        "mv a0, a3",
        "mv a1, a5",
        "call {begin}",
        "unimp", // `begin` does not return
        ".cfi_endproc",
        clone = const Sysno::clone as u32,
        begin = sym begin,
    )
}

/// What `rt_sigaction(2)` takes on this processor: C's `struct sigaction` with its fields in another order, and without a
/// restorer: a handler returns into the vDSO, where the kernel has one of its own.
#[repr(C)]
#[allow(non_camel_case_types)]
pub(crate) struct kernel_sigaction {
    pub handler: usize,
    flags: usize,
    pub mask: u64,
}

impl kernel_sigaction {
    pub fn new(handler: usize, flags: u32, mask: u64) -> Self {
        kernel_sigaction {
            handler,
            flags: flags as usize,
            mask,
        }
    }

    /// The flags as the caller knows them.
    pub fn flags(&self) -> u32 {
        self.flags as u32
    }
}

/// The call of [`stat`](fn@crate::sys::stat::stat), whose name differs between processors' tables.
pub(crate) const NEWFSTATAT: Sysno = Sysno::newfstatat;

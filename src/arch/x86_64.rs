//! x86_64: `syscall` takes the number in `rax`, arguments in `rdi rsi rdx r10
//! r8 r9`, answers in `rax`, and destroys `rcx` and `r11`.

use core::arch::{asm, naked_asm};
use core::ffi::CStr;

use libc::{c_int, c_uint, pollfd};
use syscalls::{Errno, Sysno, syscall};

use crate::pthread::stacks::Thread;
use crate::pthread::{begin, start_routine};
use crate::sys::epoll::epoll_event;

/// So large is a page of memory, at most.
pub(crate) const LARGEST_PAGE: usize = 4096;

/// The first instruction of the process, the linker script's `ENTRY`.
///
/// The kernel jumps here; nothing called us, so there is nowhere to return to.
/// `rsp` points at `argc` (the picture is in [`crate::crt0`]).
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
        ".cfi_undefined rip", // no caller: a stack walker stops here
        "xor ebp, ebp",       // the outermost frame, by the ABI's convention
        "mov rdi, rsp",       // first argument of `start`: where argc lies
        "and rsp, -16",       // the ABI wants 16-byte alignment at a call
        "call {start}",
        "ud2", // `start` does not return
        ".cfi_endproc",
        start = sym crate::crt0::start,
    )
}

/// Where a signal handler returns to: it asks the kernel to put back the
/// registers that the signal interrupted, by `rt_sigreturn(2)`.
///
/// The kernel has put them on the stack: `rsp` points at C's `ucontext_t`, in which they lie 40 bytes further on. The
/// `.cfi` lines tell that to whoever walks the stack of a handler (strace, gdb), so that it finds what was
/// interrupted; and some know the place by these very bytes instead.
///
/// # Safety
///
/// For the kernel only, by way of the `restorer` field of `rt_sigaction`: expects
/// the signal frame on top of the stack.
#[unsafe(naked)]
pub unsafe extern "C" fn restorer() -> ! {
    naked_asm!(
        ".cfi_startproc",
        ".cfi_signal_frame",
        ".cfi_escape 0x0f, 4, 0x77, 0xa0, 0x01, 0x06", // the frame's end: what rsp + 160 holds, the old rsp
        ".cfi_escape 0x10, 16, 3, 0x77, 0xa8, 0x01",   // rip lies at rsp + 168
        ".cfi_escape 0x10, 6, 3, 0x77, 0xf8, 0x00",    // rbp at rsp + 120
        ".cfi_escape 0x10, 3, 3, 0x77, 0x80, 0x01",    // rbx at rsp + 128
        ".cfi_escape 0x10, 12, 3, 0x77, 0xc8, 0x00",   // r12 to r15 from rsp + 72 on
        ".cfi_escape 0x10, 13, 3, 0x77, 0xd0, 0x00",
        ".cfi_escape 0x10, 14, 3, 0x77, 0xd8, 0x00",
        ".cfi_escape 0x10, 15, 3, 0x77, 0xe0, 0x00",
        "nop", // a return address is looked up one byte before itself; never executed
        "mov rax, {rt_sigreturn}",
        "syscall",
        "ud2",
        ".cfi_endproc",
        rt_sigreturn = const Sysno::rt_sigreturn as u32,
    )
}

/// How far into [`restorer`] its first instruction lies.
const BEHIND_THE_NOP: usize = 1;

/// The calls `vfork` and, in the child, `exit_group`; the answer of the first.
pub(crate) fn vfork_exit(status: c_int) -> usize {
    let answer: usize;
    // SAFETY: the child touches registers only, neither memory nor the stack, and ends; then the caller goes on.
    unsafe {
        asm!(
            "syscall",
            "test rax, rax",
            "jnz 2f",
            "mov eax, {exit_group}",
            "syscall", // the child, whose only argument, the status, has been in edi
            "2:",
            exit_group = const Sysno::exit_group as u32,
            inlateout("rax") Sysno::vfork as usize => answer,
            in("rdi") status as usize,
            lateout("rcx") _,
            lateout("r11") _,
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
///   | return address |       +------------------+  <- rsp = stack, a multiple of 16
///   +----------------+ rsp   | return address   |  after `call`: of `begin`, which never takes it
///                            | begin's own      |
/// ```
///
/// `clone` gives the thread a copy of all registers but `rsp` and `rax`. So what it shall do need not be put on its
/// stack: it waits in two registers that the call neither looks at nor changes, `r8` (where thread-local storage would be named) and `r9`.
///
/// # Safety
///
/// The memory below `stack` is there, large enough, and used by nobody else; the word at `tid` lives as long as the thread.
#[unsafe(naked)]
pub(crate) unsafe extern "C" fn clone_thread(
    flags: c_int,                 // edi: for clone as well
    stack: *const Thread,         // rsi: for clone as well
    tid: *mut u32,                // rdx: where to write the tid; and r10: where to clear it
    start_routine: start_routine, // rcx, which `syscall` destroys
    arg: usize,                   // r8
) -> usize {
    naked_asm!(
        ".cfi_startproc",
        "mov r10, rdx",
        "mov r9, rcx",
        "mov eax, {clone}",
        "syscall",
        "test eax, eax", // here two threads go on
        "jz 2f",
        "ret", // the creator
        ".cfi_undefined rip", // the new thread: nobody has called it
        "2: xor ebp, ebp",
        "mov rdi, r9",
        "mov rsi, r8",
        "call {begin}",
        "ud2", // `begin` does not return
        ".cfi_endproc",
        clone = const Sysno::clone as u32,
        begin = sym begin,
    )
}

/// What `rt_sigaction(2)` takes on this processor: C's `struct sigaction` with its
/// fields in another order, and with the restorer, which x86_64 insists on.
#[repr(C)]
#[allow(non_camel_case_types)]
pub(crate) struct kernel_sigaction {
    pub handler: usize,
    flags: usize,
    restorer: usize,
    pub mask: u64,
}

/// "The field `restorer` is filled in."
const SA_RESTORER: u32 = 0x0400_0000;

impl kernel_sigaction {
    pub fn new(handler: usize, flags: u32, mask: u64) -> Self {
        let flags = (flags | SA_RESTORER) as usize;
        kernel_sigaction {
            handler,
            flags,
            restorer: restorer as *const () as usize + BEHIND_THE_NOP,
            mask,
        }
    }

    /// The flags as the caller knows them.
    pub fn flags(&self) -> u32 {
        self.flags as u32 & !SA_RESTORER
    }
}

/// `fork(2)`: 0 in the child.
pub(crate) fn fork() -> Result<usize, Errno> {
    // SAFETY: the child gets a copy of all memory and goes on from here alone; no other thread exists in it.
    unsafe { syscall!(Sysno::fork) }
}

/// `pause(2)`: never succeeds.
pub(crate) fn pause() -> Result<usize, Errno> {
    // SAFETY: takes no argument and touches no memory of ours.
    unsafe { syscall!(Sysno::pause) }
}

/// `alarm(2)`: the seconds that were left.
pub(crate) fn alarm(seconds: c_uint) -> Result<usize, Errno> {
    // SAFETY: a number.
    unsafe { syscall!(Sysno::alarm, seconds) }
}

/// `dup2(2)`: the new descriptor.
pub(crate) fn dup2(oldfd: c_int, newfd: c_int) -> Result<usize, Errno> {
    // SAFETY: two numbers; the descriptor table is the kernel's.
    unsafe { syscall!(Sysno::dup2, oldfd, newfd) }
}

/// `pipe(2)`: fills in both descriptors.
pub(crate) fn pipe(pipefd: &mut [c_int; 2]) -> Result<usize, Errno> {
    // SAFETY: the kernel writes two ints, for which `pipefd` has room.
    unsafe { syscall!(Sysno::pipe, pipefd.as_mut_ptr()) }
}

/// `access(2)`: 0 if it may.
pub(crate) fn access(path: &CStr, mode: c_int) -> Result<usize, Errno> {
    // SAFETY: `path` ends with a NUL and is only read.
    unsafe { syscall!(Sysno::access, path.as_ptr(), mode) }
}

/// `unlink(2)`: 0 when the name is gone.
pub(crate) fn unlink(path: &CStr) -> Result<usize, Errno> {
    // SAFETY: `path` ends with a NUL and is only read.
    unsafe { syscall!(Sysno::unlink, path.as_ptr()) }
}

/// `poll(2)`: how many are ready.
pub(crate) fn poll(fds: &mut [pollfd], timeout: c_int) -> Result<usize, Errno> {
    // SAFETY: the kernel reads as many of them as there are, and writes their `revents`.
    unsafe { syscall!(Sysno::poll, fds.as_mut_ptr(), fds.len(), timeout) }
}

/// `epoll_wait(2)`: how many are ready.
pub(crate) fn epoll_wait(
    epfd: c_int,
    events: &mut [epoll_event],
    timeout: c_int,
) -> Result<usize, Errno> {
    let maxevents = c_int::try_from(events.len()).unwrap_or(c_int::MAX);
    // SAFETY: the kernel writes at most `maxevents` of them.
    unsafe {
        syscall!(
            Sysno::epoll_wait,
            epfd,
            events.as_mut_ptr(),
            maxevents,
            timeout
        )
    }
}

/// The call of [`stat`](fn@crate::sys::stat::stat), whose name differs between processors' tables.
pub(crate) const NEWFSTATAT: Sysno = Sysno::newfstatat;

/// The memory functions that compiled code may call at any time (and `strlen`,
/// which `CStr` calls). In a C program they are libc's. The string instructions do
/// the work: a loop in Rust could be recognised as "this is memcpy" and compiled
/// into a call of itself.
#[cfg(panic = "abort")]
mod memory {
    use super::asm;

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcpy(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
        // SAFETY: the caller promises n bytes at both, not overlapping; the direction flag is clear by the ABI.
        unsafe {
            asm!("rep movsb", inout("rcx") n => _, inout("rdi") dest => _, inout("rsi") src => _, options(nostack, preserves_flags))
        };
        dest
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memmove(dest: *mut u8, src: *const u8, n: usize) -> *mut u8 {
        if (dest as usize).wrapping_sub(src as usize) >= n {
            // SAFETY: dest does not begin inside src, so copying forward reads each byte before it is overwritten.
            return unsafe { memcpy(dest, src, n) };
        }
        // SAFETY: the caller promises n bytes at both, and n > 0 here; backward, from the last byte; the flag is cleared again.
        unsafe {
            asm!("std", "rep movsb", "cld", inout("rcx") n => _, inout("rdi") dest.add(n - 1) => _, inout("rsi") src.add(n - 1) => _, options(nostack))
        };
        dest
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memset(dest: *mut u8, c: i32, n: usize) -> *mut u8 {
        // SAFETY: the caller promises n bytes at dest.
        unsafe {
            asm!("rep stosb", inout("rcx") n => _, inout("rdi") dest => _, in("al") c as u8, options(nostack, preserves_flags))
        };
        dest
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn memcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
        let (above, below): (u8, u8);
        // SAFETY: the caller promises n bytes at both; they are only read. `cmp` sets "equal" for n = 0.
        unsafe {
            asm!("cmp ecx, ecx", "repe cmpsb", "seta {above}", "setb {below}", above = out(reg_byte) above, below = out(reg_byte) below,
                inout("rcx") n => _, inout("rsi") a => _, inout("rdi") b => _, options(nostack, readonly))
        };
        i32::from(above) - i32::from(below)
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn strlen(s: *const u8) -> usize {
        let left: usize;
        // SAFETY: the caller promises a NUL at the end; the count goes down from usize::MAX, NUL included.
        unsafe {
            asm!("repne scasb", inout("rcx") usize::MAX => left, inout("rdi") s => _, in("al") 0u8, options(nostack, readonly))
        };
        usize::MAX - left - 1
    }

    #[unsafe(no_mangle)]
    unsafe extern "C" fn bcmp(a: *const u8, b: *const u8, n: usize) -> i32 {
        // SAFETY: the same promise.
        unsafe { memcmp(a, b, n) }
    }
}

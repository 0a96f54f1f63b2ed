//! ptrace(2), where nix has no safe call: signals without a name, group-stops, what a stop is about.
#![allow(unsafe_code)]

use std::ptr::null_mut;

use nix::errno::Errno;
use nix::libc::{self, c_int, c_uint, c_void};

/// A stop at a system call.
#[derive(Clone, Copy, Debug)]
pub enum SyscallStop {
    /// The call is about to be made.
    Entry {
        /// Whether number and arguments are those of this machine's own calls, not of a 32-bit program's.
        is_native: bool,
        number: u64,
        args: [u64; 6],
    },
    /// The kernel is back from it.
    Exit { value: i64 },
    /// No stop at a call.
    Other,
}

/// Of the machine that this was compiled for, as `PTRACE_GET_SYSCALL_INFO` tells it (`AUDIT_ARCH_…`).
const NATIVE: u32 = match () {
    _ if cfg!(target_arch = "x86_64") => 0xC000_003E,
    _ if cfg!(target_arch = "aarch64") => 0xC000_00B7,
    _ if cfg!(target_arch = "riscv64") => 0xC000_00F3,
    _ => 0,
};

/// Waits for the next stop or end of a thread that this thread traces; none if `at_once` and there is none now.
///
/// `ECHILD`: it traces nobody any more.
pub fn wait(at_once: bool) -> Result<Option<(i32, c_int)>, Errno> {
    let mut status = 0;
    // Of this thread alone: what else the program has started is waited for elsewhere.
    let options = libc::__WALL | libc::__WNOTHREAD | if at_once { libc::WNOHANG } else { 0 };
    // SAFETY: the kernel writes one int to `status`, which lives until the call has returned.
    let thread = Errno::result(unsafe { libc::waitpid(-1, &raw mut status, options) })?;
    Ok((thread > 0).then_some((thread, status)))
}

/// Lets a stopped thread go on to its next call, with a signal (0: none).
pub fn resume(thread: i32, signal: i32) -> Result<(), Errno> {
    request(
        libc::PTRACE_SYSCALL,
        thread,
        null_mut(),
        signal as usize as *mut c_void,
    )
}

/// Lets a stopped thread go on to whatever stops it next, its own calls not among that, with a signal (0: none).
pub fn go_on(thread: i32, signal: i32) -> Result<(), Errno> {
    request(
        libc::PTRACE_CONT,
        thread,
        null_mut(),
        signal as usize as *mut c_void,
    )
}

/// Leaves a thread in its group-stop, and still hears of it.
pub fn listen(thread: i32) -> Result<(), Errno> {
    request(libc::PTRACE_LISTEN, thread, null_mut(), null_mut())
}

/// The siginfo of the signal that a thread is stopped for.
pub fn siginfo(thread: i32) -> Result<[u8; 128], Errno> {
    let mut info = [0u64; 16];
    request(
        libc::PTRACE_GETSIGINFO,
        thread,
        null_mut(),
        (&raw mut info).cast(),
    )?;
    let mut bytes = [0; 128];
    for (to, from) in bytes.chunks_exact_mut(8).zip(info) {
        to.copy_from_slice(&from.to_ne_bytes());
    }
    Ok(bytes)
}

/// At which side of a call a thread is stopped.
pub fn syscall_stop(thread: i32) -> Result<SyscallStop, Errno> {
    // struct ptrace_syscall_info: op in the lowest byte of word 0, the machine in its upper half; from word 3 on
    // the number and six arguments, or the value returned.
    let mut info = [0u64; 11];
    let size = size_of_val(&info) as *mut c_void;
    request(
        libc::PTRACE_GET_SYSCALL_INFO,
        thread,
        size,
        (&raw mut info).cast(),
    )?;
    Ok(match info[0] as u8 {
        libc::PTRACE_SYSCALL_INFO_ENTRY | libc::PTRACE_SYSCALL_INFO_SECCOMP => SyscallStop::Entry {
            is_native: (info[0] >> 32) as u32 == NATIVE,
            number: info[3],
            args: [info[4], info[5], info[6], info[7], info[8], info[9]],
        },
        libc::PTRACE_SYSCALL_INFO_EXIT => SyscallStop::Exit {
            value: info[3] as i64,
        },
        _ => SyscallStop::Other,
    })
}

fn request(
    request: c_uint,
    thread: i32,
    address: *mut c_void,
    data: *mut c_void,
) -> Result<(), Errno> {
    // SAFETY: the requests above write nothing, or at most as much as the buffer that `data` points to holds, which
    // lives until the call has returned.
    Errno::result(unsafe { libc::ptrace(request, thread, address, data) }).map(drop)
}

/// Puts another number in the place of that of the call that is about to be made.
#[cfg(target_arch = "aarch64")]
pub fn set_number(thread: i32, mut number: c_int) -> Result<(), Errno> {
    const NT_ARM_SYSTEM_CALL: usize = 0x404;
    let mut piece = libc::iovec {
        iov_base: (&raw mut number).cast(),
        iov_len: size_of_val(&number),
    };
    let kind = NT_ARM_SYSTEM_CALL as *mut c_void;
    request(
        libc::PTRACE_SETREGSET,
        thread,
        kind,
        (&raw mut piece).cast(),
    )
}

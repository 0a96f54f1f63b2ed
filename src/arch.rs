//! Everything that names a register or differs between processors.
//!
//! A new architecture is one new file here with the same names: `_start`, the
//! restorer of signal handlers, `vfork_exit`, `clone_thread`, the memory functions that the compiler calls, and
//! `request!`, which holds what `fork`, `pause`, `alarm`, `dup2`, `pipe`, `access`, `unlink`, `poll` and `epoll_wait` ask for:
//! newer architectures have dropped these calls, and there it is `clone(SIGCHLD)`,
//! `ppoll`, `setitimer`, `dup3`, `pipe2`, `faccessat`, `unlinkat`, `ppoll` again and `epoll_pwait`.

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub use x86_64::*;

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
compile_error!(
    "rawlabs runs on x86_64 Linux; another processor needs a file of its own in src/arch/"
);

//! Everything that names a register or differs between processors.
//!
//! Each file has the same names: `LARGEST_PAGE`, `_start`, `vfork_exit`, `clone_thread`, what `rt_sigaction(2)` takes, the memory functions
//! that the compiler calls, and the nine calls that newer processors' kernels do not have under their old names: `fork`, `pause`,
//! `alarm`, `dup2`, `pipe`, `access`, `unlink`, `poll` and `epoll_wait`. What those processors have in common stands
//! in `generic`.

#[cfg(target_arch = "aarch64")]
mod aarch64;
#[cfg(any(target_arch = "aarch64", target_arch = "riscv64"))]
mod generic;
#[cfg(target_arch = "riscv64")]
mod riscv64;
#[cfg(target_arch = "x86_64")]
mod x86_64;

#[cfg(target_arch = "aarch64")]
pub use aarch64::*;
#[cfg(target_arch = "riscv64")]
pub use riscv64::*;
#[cfg(target_arch = "x86_64")]
pub use x86_64::*;

#[cfg(not(all(
    any(
        target_arch = "x86_64",
        target_arch = "aarch64",
        target_arch = "riscv64"
    ),
    target_os = "linux"
)))]
compile_error!(
    "rawlabs runs on Linux, on x86_64, aarch64 and riscv64; another processor needs a file of its own in src/arch/"
);

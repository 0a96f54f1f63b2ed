//! The powers of root, capabilities(7), laid down.
#![allow(unsafe_code)]

use anyhow::{Context, Result};
use syscalls::{Sysno, syscall};

/// `struct __user_cap_header_struct`
#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

/// `_LINUX_CAPABILITY_VERSION_3`: two words a set.
const VERSION: u32 = 0x2008_0522;

/// From now on this process has none; with no new privileges allowed, no exec gives one back, not even to root.
pub fn drop_all() -> Result<()> {
    let header = Header {
        version: VERSION,
        pid: 0,
    };
    let none = [0_u32; 6]; // effective, permitted, inheritable, twice
    // SAFETY: the kernel reads both, which live until the call has returned and are as long as this version says.
    unsafe { syscall!(Sysno::capset, &raw const header, none.as_ptr()) }
        .map_err(|error| std::io::Error::from_raw_os_error(error.into_raw()))
        .context("capset(2)")?;
    Ok(())
}

/// From now on exec leaves none to a program; this process keeps its own.
pub fn drop_at_exec() -> Result<()> {
    const SET_SECUREBITS: u32 = 28;
    const NO_ROOT_FOR_GOOD: u32 = 0b11; // SECBIT_NOROOT, SECBIT_NOROOT_LOCKED
    // SAFETY: numbers.
    unsafe { syscall!(Sysno::prctl, SET_SECUREBITS, NO_ROOT_FOR_GOOD) }
        .map_err(|error| std::io::Error::from_raw_os_error(error.into_raw()))
        .context("prctl(2)")?;
    Ok(())
}

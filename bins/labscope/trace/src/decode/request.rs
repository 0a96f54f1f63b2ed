//! What a process asks the kernel for, and what lies in its memory.

use std::borrow::Cow;
use std::str::FromStr;

use syscalls::Sysno;

/// The memory of a process, as far as it can be read.
pub trait Memory {
    /// Copies what lies from `address` on until `bytes` is full or unreadable memory begins; how many bytes were copied.
    fn read(&self, address: u64, bytes: &mut [u8]) -> usize;

    /// The 64-bit word at an address.
    fn word(&self, address: u64) -> Option<u64> {
        let mut bytes = [0; 8];
        (self.read(address, &mut bytes) == bytes.len()).then(|| u64::from_le_bytes(bytes))
    }
}

/// What the kernel is asked for: the number of the call and its six arguments, as registers hold them.
///
/// Of rt_sigreturn(2), which takes none, the first is the stack pointer: the mask that it restores lies there.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    pub number: u64,
    pub args: [u64; 6],
}

/// What newfstatat is called in the list of calls for aarch64 and riscv64: like libc's function.
const FSTATAT: &str = "fstatat";

/// The number of a system call; none if this machine has none of that name.
pub fn number(name: &str) -> Option<i64> {
    let known = Sysno::from_str(name).ok().or_else(|| {
        let is_it = name == "newfstatat";
        is_it.then(|| Sysno::from_str(FSTATAT).ok())?
    });
    Some(known?.id().into())
}

/// The name of a system call; of one that nobody knows, strace's `syscall_0x1c8`.
pub fn name(number: u64) -> Cow<'static, str> {
    let known = usize::try_from(number).ok().and_then(Sysno::new);
    match known {
        Some(known) if known.name() == FSTATAT => "newfstatat".into(),
        Some(known) => known.name().into(),
        None => format!("syscall_{number:#x}").into(),
    }
}

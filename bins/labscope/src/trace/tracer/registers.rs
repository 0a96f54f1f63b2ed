//! The registers of a stopped thread: the one place that knows what they are called.

use framehop::UnwindRegsNative;
use nix::sys::ptrace;
use nix::unistd::Pid;

#[cfg(target_arch = "aarch64")]
use crate::trace::tracer::ptrace::set_number;

#[cfg(target_arch = "aarch64")]
use nix::sys::ptrace::regset::NT_PRSTATUS;

/// What is needed to undo a stack.
pub struct Registers {
    pub ip: u64,
    pub sp: u64,
    frame: u64,
    #[cfg(target_arch = "aarch64")]
    link: u64,
}

#[cfg(target_arch = "x86_64")]
/// The registers; none if the thread is no longer stopped.
pub fn read(thread: i32) -> Option<Registers> {
    let all = ptrace::getregs(Pid::from_raw(thread)).ok()?;
    Some(Registers {
        ip: all.rip,
        sp: all.rsp,
        frame: all.rbp,
    })
}

#[cfg(target_arch = "x86_64")]
impl Registers {
    /// As framehop takes them.
    pub fn for_unwinding(&self) -> UnwindRegsNative {
        UnwindRegsNative::new(self.ip, self.sp, self.frame)
    }
}

#[cfg(target_arch = "x86_64")]
/// Has the kernel make no call in the place of the one that is about to be made.
pub fn skip_call(thread: i32) -> nix::Result<()> {
    let mut all = ptrace::getregs(Pid::from_raw(thread))?;
    all.orig_rax = u64::MAX;
    ptrace::setregs(Pid::from_raw(thread), all)
}

#[cfg(target_arch = "x86_64")]
/// Puts a value in the place of what a call has returned.
pub fn set_result(thread: i32, value: i64) -> nix::Result<()> {
    let mut all = ptrace::getregs(Pid::from_raw(thread))?;
    all.rax = value as u64;
    ptrace::setregs(Pid::from_raw(thread), all)
}

#[cfg(target_arch = "x86_64")]
/// Has a thread that is stopped behind a call that was not made, or broken off, make it once more.
pub fn repeat_call(thread: i32, number: u64, _first: u64) -> nix::Result<()> {
    let mut all = ptrace::getregs(Pid::from_raw(thread))?;
    all.rip -= 2; // the length of `syscall`
    all.rax = number;
    all.orig_rax = u64::MAX; // nothing for the kernel to restart
    ptrace::setregs(Pid::from_raw(thread), all)
}

#[cfg(target_arch = "aarch64")]
/// The registers; none if the thread is no longer stopped.
pub fn read(thread: i32) -> Option<Registers> {
    let all = ptrace::getregset::<NT_PRSTATUS>(Pid::from_raw(thread)).ok()?;
    let (frame, link) = (all.regs[29], all.regs[30]);
    Some(Registers {
        ip: all.pc,
        sp: all.sp,
        frame,
        link,
    })
}

#[cfg(target_arch = "aarch64")]
impl Registers {
    /// As framehop takes them.
    pub fn for_unwinding(&self) -> UnwindRegsNative {
        UnwindRegsNative::new(self.link, self.sp, self.frame)
    }
}

#[cfg(target_arch = "aarch64")]
/// Has the kernel make no call in the place of the one that is about to be made.
pub fn skip_call(thread: i32) -> nix::Result<()> {
    set_number(thread, -1)
}

#[cfg(target_arch = "aarch64")]
/// Puts a value in the place of what a call has returned.
pub fn set_result(thread: i32, value: i64) -> nix::Result<()> {
    let mut all = ptrace::getregset::<NT_PRSTATUS>(Pid::from_raw(thread))?;
    all.regs[0] = value as u64;
    ptrace::setregset::<NT_PRSTATUS>(Pid::from_raw(thread), all)
}

#[cfg(target_arch = "aarch64")]
/// Has a thread that is stopped behind a call that was not made, or broken off, make it once more.
pub fn repeat_call(thread: i32, number: u64, first: u64) -> nix::Result<()> {
    let mut all = ptrace::getregset::<NT_PRSTATUS>(Pid::from_raw(thread))?;
    all.pc -= 4; // the length of `svc`
    (all.regs[0], all.regs[8]) = (first, number);
    ptrace::setregset::<NT_PRSTATUS>(Pid::from_raw(thread), all)?;
    set_number(thread, -1) // nothing for the kernel to restart
}

//! The registers of a stopped thread: the one place that knows what they are called.

use framehop::UnwindRegsNative;
use nix::sys::ptrace;
use nix::unistd::Pid;

use crate::decode::{self, Memory};
use crate::tracer::memory::ProcessMemory;

#[cfg(target_arch = "aarch64")]
use crate::tracer::ptrace::set_number;

#[cfg(target_arch = "aarch64")]
use framehop::aarch64::PtrAuthMask;

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

/// Those of a thread that is blocked in this call, as its file `syscall` in proc_pid_syscall(5) tells them: the call's
/// number, six arguments, stack pointer, program counter. The others are not told.
pub fn in_call(told: &str, call: &str) -> Option<Registers> {
    let words: Vec<&str> = told.split_whitespace().collect();
    let [number, _, _, _, _, _, _, sp, ip] = words.as_slice() else {
        return None;
    };
    let register = |text: &str| u64::from_str_radix(text.trim_start_matches("0x"), 16).ok();
    let (ip, sp) = (register(ip)?, register(sp)?);
    (decode::name(number.parse().ok()?) == call).then_some(Registers {
        ip,
        sp,
        frame: 0,
        #[cfg(target_arch = "aarch64")]
        link: 0,
    })
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
/// Stack pointer and frame pointer of a frame.
pub fn pointers(frame: &UnwindRegsNative) -> (u64, u64) {
    (frame.sp(), frame.bp())
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
        // The processor may sign return addresses, in the bits above those that addresses have.
        let address_bits = PtrAuthMask::from_max_known_address(self.ip | self.sp);
        UnwindRegsNative::new_with_ptr_auth_mask(address_bits, self.link, self.sp, self.frame)
    }
}

#[cfg(target_arch = "aarch64")]
/// Stack pointer and frame pointer of a frame.
pub fn pointers(frame: &UnwindRegsNative) -> (u64, u64) {
    (frame.sp(), frame.fp())
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

/// An instruction that stops its thread: `int3`.
#[cfg(target_arch = "x86_64")]
pub const BREAKPOINT: &[u8] = b"\xcc";

/// An instruction that stops its thread: `brk #0`.
#[cfg(target_arch = "aarch64")]
pub const BREAKPOINT: &[u8] = b"\0\0\x20\xd4";

/// How far behind the beginning of that instruction the thread is then.
pub const BEHIND_BREAKPOINT: u64 = if cfg!(target_arch = "x86_64") { 1 } else { 0 };

#[cfg(target_arch = "x86_64")]
/// Has a stopped thread go on at this instruction.
pub fn set_next(thread: i32, ip: u64) -> nix::Result<()> {
    let mut all = ptrace::getregs(Pid::from_raw(thread))?;
    all.rip = ip;
    ptrace::setregs(Pid::from_raw(thread), all)
}

#[cfg(target_arch = "aarch64")]
/// Has a stopped thread go on at this instruction.
pub fn set_next(thread: i32, ip: u64) -> nix::Result<()> {
    let mut all = ptrace::getregset::<NT_PRSTATUS>(Pid::from_raw(thread))?;
    all.pc = ip;
    ptrace::setregset::<NT_PRSTATUS>(Pid::from_raw(thread), all)
}

/// How libraries and kernels write rt_sigreturn(2): `mov $15, %rax; syscall`.
#[cfg(target_arch = "x86_64")]
const RETURNS_FROM_SIGNAL: &[&[u8]] =
    &[b"\x48\xc7\xc0\x0f\0\0\0\x0f\x05", b"\xb8\x0f\0\0\0\x0f\x05"];

/// How libraries and kernels write rt_sigreturn(2): `mov x8, #139; svc #0`.
#[cfg(target_arch = "aarch64")]
const RETURNS_FROM_SIGNAL: &[&[u8]] = &[b"\x68\x11\x80\xd2\x01\0\0\xd4"];

/// Whether a handler comes back to this address, or has just come from it into the kernel.
pub fn is_return_from_signal(address: u64, memory: ProcessMemory) -> bool {
    let is_at = |code: &[u8], start: u64| {
        let mut found = vec![0; code.len()];
        memory.read(start, &mut found) == code.len() && found == code
    };
    let mut codes = RETURNS_FROM_SIGNAL.iter();
    codes.any(|code| is_at(code, address) || is_at(code, address.wrapping_sub(code.len() as u64)))
}

/// The registers of what a handler interrupted that has come back with this stack pointer: the kernel has left them there,
/// in a ucontext.
#[cfg(target_arch = "x86_64")]
pub fn interrupted(stack_pointer: u64, memory: ProcessMemory) -> Option<Registers> {
    // struct ucontext_t: rbp, rsp and rip among the general registers of its mcontext.
    const FRAME: u64 = 120;
    const STACK: u64 = 160;
    const NEXT: u64 = 168;
    let word = |offset: u64| memory.word(stack_pointer + offset);
    Some(Registers {
        ip: word(NEXT)?,
        sp: word(STACK)?,
        frame: word(FRAME)?,
    })
}

/// The registers of what a handler interrupted that has come back with this stack pointer: the kernel has left them there,
/// in a ucontext behind a siginfo.
#[cfg(target_arch = "aarch64")]
pub fn interrupted(stack_pointer: u64, memory: ProcessMemory) -> Option<Registers> {
    const SIGINFO: u64 = 128;
    // struct ucontext_t: x29, x30, sp and pc of its mcontext, which is a multiple of 16.
    const FRAME: u64 = 416;
    const LINK: u64 = 424;
    const STACK: u64 = 432;
    const NEXT: u64 = 440;
    let word = |offset: u64| memory.word(stack_pointer + SIGINFO + offset);
    Some(Registers {
        ip: word(NEXT)?,
        sp: word(STACK)?,
        frame: word(FRAME)?,
        link: word(LINK)?,
    })
}

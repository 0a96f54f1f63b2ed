//! `<signal.h>`: sending signals and choosing what one does.
//!
//! # Inside a handler
//!
//! A handler runs between any two instructions of what it interrupts. In C it may therefore call only what
//! `signal-safety(7)` lists, and nobody checks that. Here it is safe by the way things are built, and no system call is spent on it:
//!
//! - a handler is an `extern "C" fn`: it carries no variables along, and a `static` of safe code is an atomic, which nobody sees half written;
//! - a function of section 2 is one instruction with its arguments on the stack, and its error is its result: there is no
//!   variable `errno` that a handler would have to save and put back;
//! - [`dprintf!`](crate::dprintf!) and [`perror`](crate::stdio::perror) collect their text on the stack;
//! - the streams of [`stdio`](crate::stdio) let in one user at a time. Whoever comes while another is inside, and that can only be a
//!   handler, gets a failure at once (-1, `EOF`, `None`): its text is lost, but no line is torn or doubled, and nobody waits for himself;
//! - [`exit`](crate::stdlib::exit) in such a moment ends the process without writing the buffers, like `_exit`.
#![allow(non_camel_case_types, non_snake_case)]

use core::convert::Infallible;
use core::mem::size_of;
use core::ptr;

pub use libc::{
    SA_RESTART, SIG_BLOCK, SIG_SETMASK, SIG_UNBLOCK, SIGCHLD, SIGCONT, SIGINT, SIGKILL, SIGPIPE,
    SIGSTOP, SIGTERM, SIGUSR1, SIGUSR2,
};
use libc::{c_int, pid_t, timespec};
use syscalls::{Errno, Sysno, syscall};

use crate::arch::kernel_sigaction;

/// What a signal does: [`SIG_DFL`], [`SIG_IGN`] or a function of yours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub struct sighandler_t(usize);

/// The default action: ends, stops or continues the process, or nothing (`signal(7)`).
pub const SIG_DFL: sighandler_t = sighandler_t(0);
/// The signal is thrown away. Survives exec, and is inherited by children.
pub const SIG_IGN: sighandler_t = sighandler_t(1);

/// `signal(SIGUSR1, handler as extern "C" fn(c_int))`
impl From<extern "C" fn(c_int)> for sighandler_t {
    fn from(handler: extern "C" fn(c_int)) -> Self {
        sighandler_t(handler as usize)
    }
}

/// A set of signals; the kernel's form, 64 bits, bit 0 for signal 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub struct sigset_t(u64);

/// Puts a signal into the set. `sigaddset(3)`: `int sigaddset(sigset_t *set, int signum);` No system call. Errors: `EINVAL`.
pub fn sigaddset(set: &mut sigset_t, signum: c_int) -> Result<(), Errno> {
    match signum {
        1..=64 => set.0 |= 1 << (signum - 1),
        _ => return Err(Errno::EINVAL),
    }
    Ok(())
}

/// What a signal does, and how: the argument of [`sigaction()`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct sigaction {
    /// `SIG_DFL`, `SIG_IGN` or a function.
    pub sa_handler: sighandler_t,
    /// Signals held back while the function runs, besides the signal itself.
    pub sa_mask: sigset_t,
    /// `SA_RESTART` and its like.
    pub sa_flags: c_int,
}

/// Sends a signal: to a process, to the caller's group (0), to everyone it may (-1), to the group `-pid`.
///
/// `kill(2)`: `int kill(pid_t pid, int sig);`
///
/// One system call. Signal 0 sends nothing and only asks whether it could.
/// Errors: `ESRCH` no such process, `EPERM` not yours, `EINVAL` no such signal.
pub fn kill(pid: pid_t, sig: c_int) -> Result<(), Errno> {
    // SAFETY: two numbers.
    unsafe { syscall!(Sysno::kill, pid, sig) }.map(drop)
}

/// Chooses what a signal does, and tells what it did before.
///
/// `sigaction(2)`: `int sigaction(int signum, const struct sigaction *act, struct sigaction *oldact);`
///
/// One `rt_sigaction`, with the restorer that x86_64 asks for, as in glibc. A
/// handler must do with what `signal-safety(7)` allows. Errors: `EINVAL` no such
/// signal, or SIGKILL or SIGSTOP, which nobody can catch.
pub fn sigaction(
    signum: c_int,
    act: Option<&sigaction>,
    oldact: Option<&mut sigaction>,
) -> Result<(), Errno> {
    let new =
        act.map(|act| kernel_sigaction::new(act.sa_handler.0, act.sa_flags as u32, act.sa_mask.0));
    let mut old = kernel_sigaction::new(0, 0, 0);
    let new = new.as_ref().map_or(ptr::null(), ptr::from_ref);
    let asked = match oldact {
        Some(_) => ptr::from_mut(&mut old),
        None => ptr::null_mut(),
    };
    // SAFETY: null or the kernel's own struct, with the size of its mask; a handler is a C function that takes the number.
    unsafe {
        syscall!(
            Sysno::rt_sigaction,
            signum,
            new,
            asked,
            size_of::<sigset_t>()
        )?
    };
    if let Some(oldact) = oldact {
        *oldact = sigaction {
            sa_handler: sighandler_t(old.handler),
            sa_mask: sigset_t(old.mask),
            sa_flags: old.flags() as c_int,
        };
    }
    Ok(())
}

/// Changes which signals are held back (blocked): `SIG_BLOCK` adds those of `set`, `SIG_UNBLOCK` takes them away,
/// `SIG_SETMASK` holds back these and no others. Tells which were.
///
/// `sigprocmask(2)`: `int sigprocmask(int how, const sigset_t *set, sigset_t *oldset);`
///
/// One `rt_sigprocmask`. A signal that comes meanwhile waits, once however often it comes; it acts before the call that lets it through
/// returns. The mask outlives fork and exec. SIGKILL and SIGSTOP are never held back. Errors: `EINVAL` another `how`.
pub fn sigprocmask(
    how: c_int,
    set: Option<&sigset_t>,
    oldset: Option<&mut sigset_t>,
) -> Result<(), Errno> {
    let set = set.map_or(ptr::null(), ptr::from_ref);
    let oldset = oldset.map_or(ptr::null_mut(), ptr::from_mut);
    let size = size_of::<sigset_t>();
    // SAFETY: each is null or a set of that size; the kernel reads the first and writes the second.
    unsafe { syscall!(Sysno::rt_sigprocmask, how, set, oldset, size) }.map(drop)
}

/// Holds back the signals of `mask` and no others, and sleeps until a handler has run; then the mask is as before.
/// Always an error: `EINTR`.
///
/// `sigsuspend(2)`: `int sigsuspend(const sigset_t *mask);`
///
/// One `rt_sigsuspend`. Letting a signal through and falling asleep are one step, so that it cannot come in between
/// and be slept over: block it, look whether there is anything to do, and if not, call this.
pub fn sigsuspend(mask: &sigset_t) -> Result<Infallible, Errno> {
    let mask: *const sigset_t = mask;
    // SAFETY: the kernel reads one set of that size.
    let ended = unsafe { syscall!(Sysno::rt_sigsuspend, mask, size_of::<sigset_t>()) };
    Err(ended.err().unwrap_or(Errno::EINTR))
}

/// Sleeps until one of the signals of `set` is there, or `timeout` is over (`None`: without end), and takes it: no handler runs.
/// They must be blocked, or one that comes a moment too early acts by itself.
///
/// `sigtimedwait(2)`: `int sigtimedwait(const sigset_t *set, siginfo_t *info, const struct timespec *timeout);`
///
/// One `rt_sigtimedwait`; who sent it is not asked (C's `info` is NULL). The result is the signal. One that came several times is there once.
/// Errors: `EAGAIN` the time is over, `EINTR` another signal's handler has run, or the process was stopped and continued.
pub fn sigtimedwait(set: &sigset_t, timeout: Option<&timespec>) -> Result<c_int, Errno> {
    let (set, info): (*const sigset_t, _) = (set, ptr::null::<c_int>());
    let timeout = timeout.map_or(ptr::null(), ptr::from_ref);
    let size = size_of::<sigset_t>();
    // SAFETY: the kernel reads a set of that size and, unless it is null, a time.
    unsafe { syscall!(Sysno::rt_sigtimedwait, set, info, timeout, size) }.map(|sig| sig as c_int)
}

/// Chooses what a signal does, in one line; returns what it did before.
///
/// `signal(2)`: `sighandler_t signal(int signum, sighandler_t handler);`
///
/// In the manual under section 2, but a library function: one `rt_sigaction` with `SA_RESTART`
/// (interrupted calls go on) and the signal itself in the mask, as in glibc.
/// Errors: `EINVAL`, see [`sigaction()`].
pub fn signal(signum: c_int, handler: impl Into<sighandler_t>) -> Result<sighandler_t, Errno> {
    let mut act = sigaction {
        sa_handler: handler.into(),
        sa_mask: sigset_t(0),
        sa_flags: SA_RESTART,
    };
    sigaddset(&mut act.sa_mask, signum)?;
    let mut oldact = act;
    sigaction(signum, Some(&act), Some(&mut oldact))?;
    Ok(oldact.sa_handler)
}

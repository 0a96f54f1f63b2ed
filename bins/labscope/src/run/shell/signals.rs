//! Signal dispositions and masks without a line of unsafe code.
//!
//! An *ignored* signal stays ignored across exec, a *caught* one goes back to its default. So catching a signal,
//! to no effect, is the safe way to give the program that is executed next the default disposition.

use std::sync::Arc;

use anyhow::{Context, Result};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::signalfd::{SfdFlags, SignalFd};

use crate::proc::process::Process;

/// Catches every signal that may be caught.
pub fn catch_all() -> Result<()> {
    Signal::iterator().try_for_each(catch)
}

fn catch(signal: Signal) -> Result<()> {
    let number = signal as i32;
    if signal_hook::consts::FORBIDDEN.contains(&number) {
        return Ok(());
    }
    let caught = signal_hook::flag::register(number, Arc::default());
    caught.context("sigaction(2)")?;
    Ok(())
}

/// Catches what this process was started to ignore: who ignores SIGCHLD cannot wait for a child,
/// and a shell without job control starts what runs in the background with SIGINT ignored.
///
/// SIGHUP stays ignored, which is what nohup(1) is asked for; SIGPIPE is ignored by Rust itself, not in children.
pub fn catch_ignored() -> Result<()> {
    let stays = |signal: &Signal| matches!(signal, Signal::SIGHUP | Signal::SIGPIPE);
    let ignored = Signal::iterator().filter(|signal| !stays(signal) && is_ignored(*signal));
    ignored.collect::<Vec<_>>().into_iter().try_for_each(catch)
}

/// Whether this process ignores a signal.
pub fn is_ignored(signal: Signal) -> bool {
    let myself = Process::read(std::process::id() as i32);
    myself.is_some_and(|process| process.ignored_signals & (1 << (signal as i32 - 1)) != 0)
}

/// Blocks these signals and no others.
pub fn block_only(signals: &[Signal]) -> Result<()> {
    let mask: SigSet = signals.iter().copied().collect();
    mask.thread_set_mask().context("sigprocmask(2)")
}

/// A descriptor from which these signals can be read; they are blocked, and no others.
pub fn receive(signals: &[Signal]) -> Result<SignalFd> {
    block_only(signals)?;
    let mask = signals.iter().copied().collect();
    SignalFd::with_flags(&mask, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)
        .context("signalfd(2)")
}

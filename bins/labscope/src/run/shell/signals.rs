//! Signal dispositions and masks without a line of unsafe code.
//!
//! An *ignored* signal stays ignored across exec, a *caught* one goes back to its default. So catching every
//! signal is the safe way to give the program that is executed next the default dispositions.

use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use nix::sys::signal::{SigSet, Signal};

/// Catches every signal that may be caught; returns a flag that SIGTERM, SIGINT and SIGHUP raise.
pub fn catch_all() -> Result<Arc<AtomicBool>> {
    let asked_to_end = Arc::new(AtomicBool::new(false));
    let nothing = Arc::new(AtomicBool::new(false));
    for signal in Signal::iterator() {
        let number = signal as i32;
        if signal_hook::consts::FORBIDDEN.contains(&number) {
            continue;
        }
        let flag = match signal {
            Signal::SIGTERM | Signal::SIGINT | Signal::SIGHUP => &asked_to_end,
            _ => &nothing,
        };
        signal_hook::flag::register(number, Arc::clone(flag))
            .with_context(|| format!("cannot catch {signal}"))?;
    }
    Ok(asked_to_end)
}

/// A socket that becomes readable whenever one of `signals` arrives.
pub fn wake_on(signals: &[Signal]) -> Result<UnixStream> {
    let (reader, writer) = UnixStream::pair().context("cannot create a socket pair")?;
    reader
        .set_nonblocking(true)
        .context("cannot make a socket non-blocking")?;
    for signal in signals {
        let end = writer.try_clone().context("cannot duplicate a socket")?;
        signal_hook::low_level::pipe::register(*signal as i32, end)
            .with_context(|| format!("cannot catch {signal}"))?;
    }
    Ok(reader)
}

/// Blocks SIGTTOU: who is not in the foreground may then still hand the terminal on.
pub fn block_terminal_stop() -> Result<()> {
    let mut set = SigSet::empty();
    set.add(Signal::SIGTTOU);
    set.thread_block().context("cannot block SIGTTOU")
}

/// Blocks nothing any more.
pub fn unblock_all() -> Result<()> {
    SigSet::empty()
        .thread_set_mask()
        .context("cannot empty the signal mask")
}

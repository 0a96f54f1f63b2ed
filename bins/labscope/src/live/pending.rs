//! Signals that concern labscope itself.

use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use nix::sys::signal::Signal;

use crate::run::shell::signals;

/// What the user, or the system, asks for.
pub struct Asked {
    pub bell: UnixStream,
    pub interrupt: Arc<AtomicBool>,
    pub terminate: Arc<AtomicBool>,
    pub resize: Arc<AtomicBool>,
}

impl Asked {
    /// Catches the signals that concern labscope. The lab starts with their defaults all the same: see exec(2).
    pub fn listen() -> Result<Asked> {
        let (bell, ring) = UnixStream::pair().context("socketpair(2)")?;
        bell.set_nonblocking(true).context("ioctl(2)")?;
        let asked = Asked {
            bell,
            interrupt: Arc::default(),
            terminate: Arc::default(),
            resize: Arc::default(),
        };
        for (signal, flag) in [
            (Signal::SIGINT, &asked.interrupt),
            (Signal::SIGQUIT, &asked.interrupt),
            (Signal::SIGTERM, &asked.terminate),
            (Signal::SIGHUP, &asked.terminate),
            (Signal::SIGWINCH, &asked.resize),
            (Signal::SIGCHLD, &Arc::default()),
        ] {
            if signal == Signal::SIGHUP && signals::is_ignored(signal) {
                continue; // nohup
            }
            let caught = || "sigaction(2)";
            let ring = ring.try_clone().context("dup(2)")?;
            signal_hook::flag::register(signal as i32, Arc::clone(flag)).with_context(caught)?;
            signal_hook::low_level::pipe::register(signal as i32, ring).with_context(caught)?;
        }
        Ok(asked)
    }
}

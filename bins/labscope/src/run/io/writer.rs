//! A descriptor to write to without ever waiting for who reads.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::os::fd::{AsFd, OwnedFd};

use anyhow::{Context, Result};
use nix::fcntl::{FcntlArg, OFlag, fcntl};

/// A writable descriptor and what waits to be written.
pub struct Writer {
    file: File,
    /// What waits to be written.
    pub waiting: VecDeque<u8>,
    pub close_when_empty: bool,
}

impl Writer {
    /// Takes a descriptor and makes it non-blocking.
    pub fn new(descriptor: OwnedFd) -> Result<Writer> {
        set_nonblocking(&descriptor)?;
        Ok(Writer {
            file: File::from(descriptor),
            waiting: VecDeque::new(),
            close_when_empty: false,
        })
    }

    /// The descriptor itself.
    pub fn file(&self) -> &File {
        &self.file
    }

    /// Queues bytes for the keyboard or the stdin pipe; they leave as the other side takes them.
    pub fn send(&mut self, bytes: &[u8]) -> Result<()> {
        self.waiting.extend(bytes);
        self.flush().map(|_| ())
    }

    /// Writes what can be written now; false when nobody will ever read it.
    pub fn flush(&mut self) -> Result<bool> {
        while !self.waiting.is_empty() {
            let bytes = self.waiting.make_contiguous();
            match self.file.write(bytes) {
                Ok(written) => drop(self.waiting.drain(..written)),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(true),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error)
                    if matches!(
                        error.raw_os_error(),
                        Some(nix::libc::EPIPE | nix::libc::EIO)
                    ) =>
                {
                    return Ok(false);
                }
                Err(error) => return Err(error).context("write(2)"),
            }
        }
        Ok(!self.close_when_empty)
    }
}

/// Reads and writes fail with EAGAIN instead of waiting.
pub fn set_nonblocking(descriptor: &impl AsFd) -> Result<()> {
    let flags = fcntl(descriptor, FcntlArg::F_GETFL).context("fcntl(2)")?;
    let flags = OFlag::from_bits_truncate(flags) | OFlag::O_NONBLOCK;
    fcntl(descriptor, FcntlArg::F_SETFL(flags)).context("fcntl(2)")?;
    Ok(())
}

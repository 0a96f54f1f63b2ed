//! The pseudo-terminal of a run.

use std::os::fd::OwnedFd;

use anyhow::{Context, Result};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::{Winsize, openpty};

const SIZE: Winsize = Winsize {
    ws_row: 24,
    ws_col: 80,
    ws_xpixel: 0,
    ws_ypixel: 0,
};

/// Opens one: the runner's side, and the side that programs see.
pub fn open() -> Result<(OwnedFd, OwnedFd)> {
    let pair = openpty(Some(&SIZE), None).context("openpty(3)")?;
    for descriptor in [&pair.master, &pair.slave] {
        fcntl(descriptor, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC)).context("fcntl(2)")?;
    }
    Ok((pair.master, pair.slave))
}

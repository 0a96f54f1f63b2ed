//! The pseudo-terminal of a run.

use std::fs::{self, OpenOptions};
use std::io::IsTerminal;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

use anyhow::{Context, Result};
use nix::fcntl::{FcntlArg, FdFlag, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
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

/// Whether a program could write to the terminal that this process holds: not, if ^S has stopped it.
pub fn takes_output(holder: i32) -> bool {
    let held = fs::read_dir(format!("/proc/{holder}/fd")).into_iter();
    let mut options = OpenOptions::new();
    options.write(true);
    options.custom_flags((OFlag::O_NOCTTY | OFlag::O_NONBLOCK).bits());
    let mut opened = held
        .flatten()
        .filter_map(|entry| options.open(entry.ok()?.path()).ok());
    let Some(terminal) = opened.find(|it| it.is_terminal()) else {
        return false;
    };
    let mut asked = [PollFd::new(terminal.as_fd(), PollFlags::POLLOUT)];
    matches!(poll(&mut asked, PollTimeout::ZERO), Ok(1..))
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Write;
    use std::process::{Child, Command, Stdio};
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;

    /// The kernel takes a key when it comes to it.
    fn comes_to(holder: &mut Child, wanted: bool) {
        while takes_output(holder.id() as i32) != wanted {
            assert!(holder.try_wait().unwrap().is_none(), "{wanted} never comes");
            sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_terminal_takes_output_unless_it_has_been_stopped() {
        let (master, slave) = open().unwrap();
        let mut holder = Command::new("sleep");
        holder.arg("60").stdin(slave).stdout(Stdio::null());
        let mut holder = holder.stderr(Stdio::null()).spawn().unwrap();
        let mut keys = File::from(master);
        comes_to(&mut holder, true);
        keys.write_all(b"\x13").unwrap();
        comes_to(&mut holder, false);
        keys.write_all(b"\x11").unwrap();
        comes_to(&mut holder, true);
        holder.kill().unwrap();
        holder.wait().unwrap();
        assert!(!takes_output(holder.id() as i32));
    }
}

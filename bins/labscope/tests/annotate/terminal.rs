//! A shell on a pseudo-terminal, and what it shows.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{OpenptyResult, openpty};

use crate::support::DEADLINE;

/// A shell with job control on a pseudo-terminal of 110 columns.
pub struct Terminal {
    screen: File,
    shell: Child,
    /// All that appeared, without colours and without the blanks that lead to a fresh line.
    seen: String,
    raw: Vec<u8>,
}

pub fn pty() -> (File, OwnedFd) {
    pty_of(110)
}

/// One of so many columns.
pub fn pty_of(columns: u16) -> (File, OwnedFd) {
    let OpenptyResult { master, slave } = openpty(
        &nix::pty::Winsize {
            ws_row: 24,
            ws_col: columns,
            ws_xpixel: 0,
            ws_ypixel: 0,
        },
        None,
    )
    .expect("a terminal");
    for end in [&master, &slave] {
        fcntl(end, FcntlArg::F_SETFD(nix::fcntl::FdFlag::FD_CLOEXEC)).expect("close-on-exec");
    }
    fcntl(&master, FcntlArg::F_SETFL(OFlag::O_NONBLOCK)).expect("non-blocking");
    (master.into(), slave)
}

impl Terminal {
    pub fn shell(folder: &Path) -> Terminal {
        let (screen, slave) = pty();
        let copy = || Stdio::from(slave.try_clone().expect("a copy"));
        let mut setsid = Command::new("setsid");
        setsid.args(["-c", "sh", "-i"]).current_dir(folder);
        setsid
            .env("PS1", "ready> ")
            .env("TERM", "xterm")
            .env_remove("ENV")
            .env_remove("NO_COLOR");
        setsid.stdin(copy()).stdout(copy()).stderr(copy());
        let shell = setsid.spawn().expect("a shell");
        let mut terminal = Terminal {
            screen,
            shell,
            seen: String::new(),
            raw: Vec::new(),
        };
        terminal.expect("ready> ");
        terminal
    }

    pub fn types(&mut self, text: &str) {
        self.screen
            .write_all(text.as_bytes())
            .expect("keys are taken");
    }

    /// Waits until this appears (after what was expected before), and returns all up to it.
    pub fn expect(&mut self, text: &str) -> String {
        let start = Instant::now();
        loop {
            if let Some(place) = self.seen.find(text) {
                let rest = self.seen.split_off(place + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            assert!(
                start.elapsed() < DEADLINE,
                "{text:?} does not come; seen:\n{}",
                self.seen
            );
            self.look();
        }
    }

    pub fn look(&mut self) {
        let mut asked = [PollFd::new(self.screen.as_fd(), PollFlags::POLLIN)];
        let _ = poll(&mut asked, PollTimeout::from(1000u16));
        let mut bytes = [0; 4096];
        let count = self.screen.read(&mut bytes).unwrap_or(0);
        self.raw.extend_from_slice(&bytes[..count]);
        // What may be the middle of an escape sequence or a character waits.
        let end = self
            .raw
            .iter()
            .rposition(|&byte| byte == b'\n' || byte == b' ');
        let whole: Vec<u8> = self.raw.drain(..end.map_or(0, |end| end + 1)).collect();
        self.seen.push_str(&plain(&String::from_utf8_lossy(&whole)));
    }

    /// Ends the shell.
    pub fn leave(mut self) {
        self.types("exit\n");
        self.shell.wait().expect("the shell ends");
    }
}

/// Without colours, carriage returns and runs of blanks.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest = after
            .split_once(|c: char| c.is_ascii_alphabetic())
            .map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    plain.replace('\r', "")
}

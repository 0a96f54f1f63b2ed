//! The terminal of the runs, and the pipe or file in the place of its output.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::PathBuf;

use anyhow::{Context, Result};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{
    FlushArg, LocalFlags, OutputFlags, SetArg, Termios, tcflush, tcgetattr, tcsetattr,
};

use crate::control::settings::Input;
use crate::run::io::terminal;

/// The end of input, as it is typed.
const END_OF_INPUT: u8 = 4;

/// How long the kernel may take to hand on what was written, in milliseconds: never so long.
const AT_MOST: u16 = 10_000;

/// A pseudo-terminal that shows what a program writes and nothing else: no echo, no carriage returns.
pub struct Terminal {
    master: File,
    slave: OwnedFd,
    /// Its path.
    pub name: PathBuf,
    settings: Termios,
    /// What is read in the place of the terminal's output, besides it.
    pub pipe: Option<File>,
    /// What is still to be typed, the last first.
    left: Option<Vec<u8>>,
}

impl Terminal {
    pub fn open() -> Result<Terminal> {
        let (master, slave) = terminal::open()?;
        let mut settings = tcgetattr(&slave).context("tcgetattr(3)")?;
        settings
            .local_flags
            .remove(LocalFlags::ECHO | LocalFlags::ISIG);
        settings.output_flags.remove(OutputFlags::OPOST);
        Ok(Terminal {
            master: master.into(),
            name: nix::unistd::ttyname(&slave).context("ttyname(3)")?,
            slave,
            settings,
            pipe: None,
            left: None,
        })
    }

    /// The side that programs see.
    pub fn slave(&self) -> Result<OwnedFd> {
        self.slave.try_clone().context("dup(2)")
    }

    /// Makes it as new.
    pub fn reset(&mut self, input: &Input) -> Result<()> {
        self.left = match input {
            Input::Newlines => None,
            Input::Bytes(bytes) => Some(bytes.iter().rev().copied().collect()),
        };
        tcsetattr(&self.slave, SetArg::TCSANOW, &self.settings).context("tcsetattr(3)")?;
        let _ = tcflush(&self.slave, FlushArg::TCIFLUSH);
        self.drain(&mut Vec::new());
        Ok(())
    }

    /// Types a line, if nothing is there to be read.
    pub fn feed(&mut self) -> Result<()> {
        if is_ready(self.slave.as_fd(), 0) {
            return Ok(());
        }
        let mut line = Vec::new();
        match &mut self.left {
            None => line.push(b'\n'),
            Some(left) => {
                while let Some(byte) = left.pop() {
                    line.push(byte);
                    if byte == b'\n' || line.len() == 2048 {
                        break;
                    }
                }
                if line.last() != Some(&b'\n') {
                    line.push(END_OF_INPUT); // of a line begun, it hands on what there is
                }
            }
        }
        self.master.write_all(&line).context("write(2)")?;
        is_ready(self.slave.as_fd(), AT_MOST);
        Ok(())
    }

    /// Takes what has been printed until now; how many bytes.
    pub fn drain(&mut self, output: &mut Vec<u8>) -> usize {
        let before = output.len();
        for file in [Some(&self.master), self.pipe.as_ref()]
            .into_iter()
            .flatten()
        {
            while is_ready(file.as_fd(), 0) && read(file, output) {}
        }
        output.len() - before
    }

    /// Takes so many bytes that have been printed: what is written reaches this side a little later.
    pub fn take(&mut self, mut count: usize, output: &mut Vec<u8>) {
        while count > 0 {
            let before = output.len();
            let files = [Some(&self.master), self.pipe.as_ref()];
            let files: Vec<&File> = files.into_iter().flatten().collect();
            let ready = files
                .iter()
                .map(|file| PollFd::new(file.as_fd(), PollFlags::POLLIN));
            let mut ready: Vec<PollFd> = ready.collect();
            let _ = poll(&mut ready, PollTimeout::from(AT_MOST));
            let readable = files.iter().zip(&ready).filter(|(_, it)| has_input(it));
            for (file, _) in readable {
                read(file, output);
            }
            let taken = output.len() - before;
            if taken == 0 {
                return;
            }
            count = count.saturating_sub(taken);
        }
    }
}

fn read(mut file: &File, output: &mut Vec<u8>) -> bool {
    let mut bytes = [0; 4096];
    let count = file.read(&mut bytes).unwrap_or(0);
    output.extend_from_slice(&bytes[..count]);
    count > 0
}

fn is_ready(file: BorrowedFd<'_>, milliseconds: u16) -> bool {
    let mut ready = [PollFd::new(file, PollFlags::POLLIN)];
    let _ = poll(&mut ready, PollTimeout::from(milliseconds));
    has_input(&ready[0])
}

fn has_input(ready: &PollFd) -> bool {
    let events = ready.revents().unwrap_or(PollFlags::empty());
    events.contains(PollFlags::POLLIN)
}

//! The reader's keyboard: one key at a time, without Enter, without waiting for it.

use std::fs::File;
use std::io::{IsTerminal, Read};
use std::os::fd::AsFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::flag;

use crate::i18n::failure;
use crate::run::observer::Quit;

/// A terminal in a mode that hands out single keys; the former mode comes back with drop.
pub struct Keyboard {
    file: File,
    former: Option<Termios>,
    interrupted: Arc<AtomicBool>,
}

impl Keyboard {
    /// Standard input if it is a terminal, else the terminal of this session, else standard input.
    pub fn open(interrupted: Arc<AtomicBool>) -> Result<Keyboard> {
        let stdin = std::io::stdin();
        let file = match File::open("/dev/tty") {
            Ok(terminal) if !stdin.is_terminal() => terminal,
            _ => File::from(
                stdin
                    .as_fd()
                    .try_clone_to_owned()
                    .with_context(failure::cannot_read_keys)?,
            ),
        };
        let former = tcgetattr(&file).ok();
        if let Some(former) = &former {
            let mut mode = former.clone();
            mode.local_flags
                .remove(LocalFlags::ICANON | LocalFlags::ECHO);
            tcsetattr(&file, SetArg::TCSANOW, &mode).context("tcsetattr(3)")?;
        }
        Ok(Keyboard {
            file,
            former,
            interrupted,
        })
    }

    /// The same for a command that holds the terminal until it is left: SIGINT, SIGTERM and SIGHUP leave it as `q` does. ^Z
    /// does nothing, or the shell would find the keyboard in another mode.
    pub fn until_left() -> Result<Keyboard> {
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register(signal, Arc::clone(&interrupted)).context("sigaction(2)")?;
        }
        flag::register(SIGTSTP, Arc::default()).context("sigaction(2)")?;
        Keyboard::open(interrupted)
    }

    /// Whether a signal asked for the end.
    pub fn was_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// The next key if one has been hit within `timeout`; `q` and end of input leave.
    pub fn key(&mut self, timeout: u8) -> Result<Option<u8>> {
        if self.was_interrupted() {
            bail!(Quit);
        }
        let mut ready = [PollFd::new(self.file.as_fd(), PollFlags::POLLIN)];
        if !matches!(poll(&mut ready, PollTimeout::from(timeout)), Ok(1..)) {
            return Ok(None);
        }
        let mut key = [0];
        match self.file.read(&mut key) {
            Ok(1) if key[0] != b'q' && key[0] != b'Q' => Ok(Some(key[0])),
            _ => bail!(Quit),
        }
    }

    /// Forgets keys that were hit before they were asked for.
    pub fn forget(&mut self) -> Result<()> {
        while self.former.is_some() && self.key(0)?.is_some() {}
        Ok(())
    }

    /// Gives the terminal its former mode, for whoever ends without a drop.
    pub fn hand_back(&self) {
        if let Some(former) = &self.former {
            let _ = tcsetattr(&self.file, SetArg::TCSANOW, former);
        }
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        self.hand_back();
    }
}

//! What keeps a program alive until it has been looked at: a FIFO that nobody writes into.

use std::fs::File;
use std::path::PathBuf;

use anyhow::{Context, Result};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::run::scratch::Scratch;

/// Its name: whoever has it open is the program.
pub const FIFO: &str = "beside.fifo";

/// A FIFO whose readers wait as long as this file is open.
pub fn fifo(scratch: &Scratch, name: &str) -> Result<(PathBuf, File)> {
    let path = scratch.path(name);
    mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR).context("mkfifo(3)")?;
    let writer = File::options().read(true).write(true).open(&path)?;
    Ok((path, writer))
}

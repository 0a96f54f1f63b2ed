//! The strace command of a traced run.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;

/// How long the strings in a trace may be.
const STRING_LIMIT: &str = "65536";

/// The command, and the pipe at `fifo` from which its trace can be read.
///
/// Strace is detached, so that the lab stays the shell's child and ^C does not reach the tracer.
pub fn command(
    inject: &[String],
    options: &[String],
    fifo: &Path,
) -> Result<(Vec<String>, OwnedFd)> {
    let text = |path: &Path| {
        let text = path.to_str().map(str::to_owned);
        text.context("a path is not UTF-8")
    };
    let mut words = vec![text(&find_strace()?)?];
    words.extend(["-DDD", "-f", "-q", "-ttt", "-s", STRING_LIMIT].map(str::to_owned));
    for what in inject {
        words.extend(["-e".to_owned(), format!("inject={what}")]);
    }
    words.extend(options.iter().cloned());
    words.extend(["-o".to_owned(), text(fifo)?, "--".to_owned()]);
    Ok((words, reader_of_pipe(fifo)?))
}

/// A named pipe's reading end, which waits for nobody to open the other.
fn reader_of_pipe(path: &Path) -> Result<OwnedFd> {
    nix::unistd::mkfifo(path, Mode::S_IRWXU)
        .with_context(|| format!("cannot make the pipe {}", path.display()))?;
    let reader = File::options()
        .read(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(path)
        .with_context(|| format!("cannot open the pipe {}", path.display()))?;
    Ok(OwnedFd::from(reader))
}

/// Where strace is.
pub fn find_strace() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    match std::env::split_paths(&path)
        .map(|folder| folder.join("strace"))
        .find(|path| path.is_file())
    {
        Some(strace) => Ok(strace),
        None => bail!(
            "strace is not installed, and this run is traced: \
             install it (Debian, Ubuntu: sudo apt install strace; Fedora: sudo dnf install strace)"
        ),
    }
}

//! The strace command of a traced run.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::run::companion_setup::reader_of_pipe;
use crate::run::io::poll::{Source, Wires};
use crate::run::workdir::Scratch;

/// How long the strings in a trace may be.
const STRING_LIMIT: &str = "65536";

/// The strace command: detached, so that the lab stays the shell's child and ^C does not reach the tracer.
pub fn command(
    inject: &[String],
    options: &[String],
    place: usize,
    scratch: &Scratch,
    wires: &mut Wires,
) -> Result<Vec<String>> {
    let strace = find_strace()?;
    let fifo = scratch.path(&format!("trace-{place}"));
    wires.read_from(Source::Trace(place), reader_of_pipe(&fifo)?)?;
    let text = |path: &Path| {
        path.to_str()
            .map(str::to_owned)
            .context("a path is not UTF-8")
    };
    let mut words = vec![text(&strace)?];
    words.extend(["-DDD", "-f", "-q", "-ttt", "-s", STRING_LIMIT].map(str::to_owned));
    for what in inject {
        words.extend(["-e".to_owned(), format!("inject={what}")]);
    }
    words.extend(options.iter().cloned());
    words.extend(["-o".to_owned(), text(&fifo)?, "--".to_owned()]);
    Ok(words)
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

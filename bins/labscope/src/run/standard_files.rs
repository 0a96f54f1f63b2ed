//! Standard input and output of a program: its own end of each, and the runner's.

use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::i18n::failure;
use crate::run::io::poller::Poller;
use crate::run::io::source::Source;
use crate::run::io::writer::Writer;
use crate::run::shell::StandardFile;
use crate::scenario::Wiring;
use crate::text::file;

/// The program's end: none of a terminal, and of what is closed.
pub type End = Option<OwnedFd>;

/// What the shell has to know of it, `end` being the descriptor that somebody hands down.
pub fn described(wiring: &Wiring, end: &End, is_inherited: bool) -> StandardFile {
    match (wiring, end) {
        (Wiring::Closed, _) => StandardFile::Closed,
        (_, None) => StandardFile::Terminal,
        (_, Some(_)) if is_inherited => StandardFile::Inherited,
        (_, Some(end)) => StandardFile::Opened(PathBuf::from(format!(
            "/proc/{}/fd/{}",
            std::process::id(),
            end.as_raw_fd()
        ))),
    }
}

/// Makes standard input; `file` is the path of one that is made for it, with `content`.
pub fn input(
    wiring: &Wiring,
    content: Option<&str>,
    file: &Path,
    index: usize,
    poller: &mut Poller,
) -> Result<End> {
    Ok(match wiring {
        Wiring::Terminal | Wiring::Closed => None,
        Wiring::Path(path) => Some(open(Path::new(path))?.into()),
        Wiring::File => {
            file::write(file, content.unwrap_or_default())?;
            Some(open(file)?.into())
        }
        Wiring::Pipe => {
            let (reader, writer) = std::io::pipe().context("pipe(2)")?;
            let endpoint = &mut poller.endpoints[index];
            let pipe = endpoint.pipe.insert(Writer::new(writer.into())?);
            if let Some(content) = content {
                pipe.send(content.as_bytes())?;
                endpoint.close_pipe()?;
            }
            Some(reader.into())
        }
    })
}

/// Makes standard output; `file` is the path of one that is made for it.
pub fn output(wiring: &Wiring, file: &Path, index: usize, poller: &mut Poller) -> Result<End> {
    Ok(match wiring {
        Wiring::Terminal | Wiring::Closed => None,
        Wiring::Path(path) => Some(create(Path::new(path))?.into()),
        Wiring::File => {
            let end = create(file)?;
            poller.endpoints[index].stdout_file = Some((open(file)?, 0));
            Some(end.into())
        }
        Wiring::Pipe => {
            let (reader, writer) = std::io::pipe().context("pipe(2)")?;
            poller.read_from(Source::Stdout(index), reader.into())?;
            Some(writer.into())
        }
    })
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| failure::cannot_open_to_read(path.display()))
}

fn create(path: &Path) -> Result<File> {
    File::create(path).with_context(|| failure::cannot_open_to_write(path.display()))
}

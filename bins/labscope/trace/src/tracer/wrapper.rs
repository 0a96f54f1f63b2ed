//! Any command, traced from its exec on: a shell stands in its place, waits for the tracer, and becomes the program.

use std::ffi::OsStr;
use std::fs;
use std::io::{PipeReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::sys::stat::Mode;
use nix::unistd::mkfifo;

use crate::tracer::{Options, Record, Tracer};

/// Says who it is, and becomes the program when it is told to. Who opens a FIFO waits until the other side has.
const SCRIPT: &str = r#"echo $$ >"$0/pid" && read -r go_on <"$0/go-on" && exec "$@" || exit 127"#;

/// What is started in the place of a program that is to be traced.
#[derive(Debug)]
pub struct Wrapper {
    folder: PathBuf,
}

impl Wrapper {
    /// It has this folder to itself.
    pub fn new(folder: &Path) -> Result<Wrapper> {
        let folder = folder.to_owned();
        for name in ["pid", "go-on"] {
            let fifo = folder.join(name);
            mkfifo(&fifo, Mode::S_IRWXU).context("mkfifo(3)")?;
        }
        Ok(Wrapper { folder })
    }

    /// The words of a command that stand before the program, which is a path, and its arguments.
    pub fn words(&self) -> [&OsStr; 4] {
        let [shell, option, script] = ["/bin/sh", "-c", SCRIPT].map(OsStr::new);
        [shell, option, script, self.folder.as_os_str()]
    }

    /// Waits until that command has been started, traces it, and lets it become the program.
    pub fn seize(&self, options: Options) -> Result<(Tracer, PipeReader)> {
        let pid = fs::read_to_string(self.folder.join("pid")).context("read(2)")?;
        let pid = pid.trim().parse().context("pid")?;
        let traced = Tracer::seize(pid, options);
        let word = if traced.is_ok() { "\n" } else { "" }; // without a line the shell ends
        fs::write(self.folder.join("go-on"), word).context("write(2)")?;
        traced
    }
}

impl Tracer {
    /// Takes what is told, until all have ended.
    pub fn tell_all(&self, mut bell: PipeReader, mut take: impl FnMut(Record)) {
        while matches!(bell.read(&mut [0; 64]), Ok(1..)) {
            self.records().into_iter().for_each(&mut take);
        }
        self.records().into_iter().for_each(take);
    }
}

//! Scratch folders, and the process that removes one when nobody needs it any more.
//!
//! A process that is killed removes nothing. So another one makes the folder, in a session of its own,
//! where no key of a terminal reaches it, and removes it when whoever wanted it has gone, for whatever reason.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::i18n::failure;
use crate::proc::inherited::close_inherited;
use crate::project::program_of_labscope;
use crate::run::shell::signals;

/// The hidden command of the process that makes the folder and removes it.
pub const ROLE: &str = "__scratch";

/// How often, and after which pauses, a folder is removed in which somebody still writes: a compiler, say.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(100);

/// A folder for one run or one comparison, removed with the value or, at the latest, after this process.
pub struct Scratch {
    folder: PathBuf,
    remover: Child,
}

impl Scratch {
    /// Makes one, under a name that nobody has.
    pub fn new() -> Result<Scratch> {
        let labscope = program_of_labscope()?;
        // The processes of a run work in other folders: a relative TMPDIR would mean another one there.
        let parent = std::path::absolute(std::env::temp_dir()).context("TMPDIR")?;
        let mut command = Command::new(&labscope);
        command.arg(ROLE).arg(&parent);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut remover = command
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| failure::cannot_start(labscope.display()))?;
        let mut name = Vec::new();
        if let Some(stdout) = remover.stdout.take() {
            BufReader::new(stdout).read_until(b'\n', &mut name)?;
        }
        if name.pop_if(|last| *last == b'\n').is_none() {
            let ended = remover.wait().context("waitpid(2)")?;
            let said = match name.is_empty() {
                true => ended.to_string(), // "signal: 9 (SIGKILL)", say
                false => String::from_utf8_lossy(&name).into_owned(),
            };
            bail!(failure::cannot_make_folder_in(parent.display(), said));
        }
        let folder = PathBuf::from(OsString::from_vec(name));
        Ok(Scratch { folder, remover })
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The path of something in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = self.remover.wait(); // which closes its standard input first
    }
}

/// As long as the value lives, the scratch folder stays, even if its owner is killed; an error if it has gone.
pub fn keep(folder: &Path) -> Result<File> {
    let kept = File::open(folder).and_then(|file| file.lock_shared().map(|()| file));
    let kept = kept.with_context(|| failure::cannot_open(folder.display()))?;
    match folder.is_dir() {
        true => Ok(kept),
        false => bail!(failure::has_been_removed(folder.display())),
    }
}

/// The body of [`ROLE`]: makes a folder in `parent`, says its path (or what went wrong) on standard output,
/// and removes it at the end of standard input.
pub fn run(parent: &Path) -> Result<()> {
    signals::catch_all()?;
    close_inherited(Some(std::io::stdin().as_fd()))?;
    nix::unistd::setsid().context("setsid(2)")?;
    let mut stdout = std::io::stdout();
    let folder = match nix::unistd::mkdtemp(&parent.join("labscope-XXXXXX")) {
        Ok(folder) => folder,
        Err(error) => return Ok(stdout.write_all(error.desc().as_bytes())?),
    };
    let line = [folder.as_os_str().as_bytes(), b"\n"].concat();
    if stdout
        .write_all(&line)
        .and_then(|()| stdout.flush())
        .is_ok()
    {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
    }
    let kept = File::open(&folder)?;
    kept.lock()?; // waits for those who keep it
    for _ in 0..ATTEMPTS {
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != ErrorKind::NotFound => sleep(PAUSE),
            _ => break,
        }
    }
    Ok(())
}

//! The lab under strace, in this terminal.
//!
//! Strace detaches itself (-DDD): the lab is a child of labscope, in the process group that owns the
//! terminal, and no key that is pressed there reaches strace. The trace comes through a pipe that only
//! strace has open, by its name in /proc, so that the lab has no descriptor more than its own.

use std::fs::File;
use std::os::fd::{AsRawFd, OwnedFd};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::fcntl::OFlag;
use nix::unistd::pipe2;

use crate::facts::fork_order::Order;
use crate::i18n::{failure, run};
use crate::live::order::injected;

/// What is run.
pub struct Launch {
    /// The folder of the program: `build/traced`, or `build/c`.
    pub folder: PathBuf,
    pub lab: String,
    pub args: Vec<String>,
    pub first: Option<Order>,
}

/// The lab, running.
pub struct Running {
    pub lab: Child,
    pub trace: File,
    /// Kept until strace has opened it.
    pub writer: Option<OwnedFd>,
}

impl Launch {
    /// What the lab is called.
    pub fn program(&self) -> String {
        format!("./{}", self.lab)
    }

    /// Starts it.
    pub fn start(&self) -> Result<Running> {
        let strace = find_strace()?;
        let (reader, writer) = pipe2(OFlag::O_CLOEXEC).context("pipe(2)")?;
        let pipe = format!("/proc/{}/fd/{}", std::process::id(), writer.as_raw_fd());
        let mut command = Command::new(&strace);
        // -I2: a SIGTERM makes it let go of what it traces.
        command.args(["-DDD", "-I2", "-f", "-q", "-k", "-T", "-ttt", "-s", "4096"]);
        if let Some(what) = self.first.and_then(injected) {
            command.args(["-e", &format!("inject={what}")]);
        }
        command.args(["-o", &pipe, "--", &self.program()]);
        command.args(&self.args).current_dir(&self.folder);
        let lab = command
            .spawn()
            .with_context(|| failure::cannot_start(strace.display()))?;
        Ok(Running {
            lab,
            trace: reader.into(),
            writer: Some(writer),
        })
    }
}

/// An error if strace is missing, or may not trace here.
pub fn check() -> Result<()> {
    let strace = find_strace()?;
    let mut trial = Command::new(strace);
    trial.args(["-qq", "-o", "/dev/null", "true"]);
    let trial = trial.stdin(Stdio::null()).output();
    let trial = trial.with_context(|| failure::cannot_start("strace"))?;
    if !trial.status.success() {
        let said = String::from_utf8_lossy(&trial.stderr);
        bail!(run::strace_may_not_trace(said.trim_end()));
    }
    Ok(())
}

/// Where strace is.
fn find_strace() -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&path).map(|folder| folder.join("strace"));
    let found = found.into_iter().find(|path| path.is_file());
    found.with_context(run::no_strace)
}

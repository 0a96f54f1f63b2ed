//! Labs are built by make while others are shown: on a fresh clone nobody waits for the last before the first is seen.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

/// The labs that are to be built, in the order of the tour.
pub struct Builds {
    root: PathBuf,
    waiting: VecDeque<String>,
    /// The one that is being built.
    present: Option<(String, Child)>,
}

impl Builds {
    /// Begins with the first of them.
    pub fn begin(root: &Path, labs: Vec<String>) -> Result<Builds> {
        let mut builds = Builds {
            root: root.to_owned(),
            waiting: labs.into(),
            present: None,
        };
        builds.next()?;
        Ok(builds)
    }

    /// Waits until a lab is built, if it is the one that is, and has the next one begun.
    pub fn finish(&mut self, lab: &str) -> Result<()> {
        let Some((_, make)) = self.present.take_if(|(present, _)| present == lab) else {
            return Ok(());
        };
        let output = make.wait_with_output().context("cannot wait for make")?;
        self.next()?;
        if !output.status.success() {
            bail!("make {lab}: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    fn next(&mut self) -> Result<()> {
        let Some(lab) = self.waiting.pop_front() else {
            return Ok(());
        };
        let mut make = Command::new("make");
        make.args(["--silent", "--no-print-directory", &lab]);
        make.current_dir(&self.root).stdin(Stdio::null());
        make.stdout(Stdio::null()).stderr(Stdio::piped());
        let child = make.spawn().context("cannot start make")?;
        self.present = Some((lab, child));
        Ok(())
    }
}

/// A tour that is left builds no further.
impl Drop for Builds {
    fn drop(&mut self) {
        if let Some((_, make)) = &mut self.present {
            let _ = kill(Pid::from_raw(make.id() as i32), Signal::SIGTERM);
            let _ = make.wait();
        }
    }
}

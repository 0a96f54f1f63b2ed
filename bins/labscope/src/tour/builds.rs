//! Labs are built by make while others are shown: on a fresh clone nobody waits for the last before the first is seen.

use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::i18n::{failure, run};

/// The labs that are to be built, in the order of the tour.
pub struct Builds {
    root: PathBuf,
    waiting: VecDeque<String>,
    /// The one that is being built.
    present: Option<(String, Child)>,
    /// What make said of those that could not be built.
    failed: HashMap<String, String>,
}

impl Builds {
    /// Begins with the first of them.
    pub fn begin(root: &Path, labs: VecDeque<String>) -> Result<Builds> {
        let mut builds = Builds {
            root: root.to_owned(),
            waiting: labs,
            present: None,
            failed: HashMap::new(),
        };
        builds.next()?;
        Ok(builds)
    }

    /// Waits until these labs are built; the next one is begun.
    pub fn finish(&mut self, labs: &[&str]) -> Result<()> {
        let is_wanted = |lab: &String| labs.contains(&lab.as_str());
        while self.waiting.iter().any(is_wanted)
            || self.present.iter().any(|(lab, _)| is_wanted(lab))
        {
            self.wait()?;
        }
        match self.failed.iter().find(|(lab, _)| is_wanted(lab)) {
            Some((lab, said)) => bail!(run::make(lab, said)),
            None => Ok(()),
        }
    }

    fn wait(&mut self) -> Result<()> {
        if let Some((lab, make)) = self.present.take() {
            let output = make.wait_with_output().context("wait(2)")?;
            if !output.status.success() {
                let said = String::from_utf8_lossy(&output.stderr);
                self.failed.insert(lab, said.trim_end().to_owned());
            }
        }
        self.next()
    }

    fn next(&mut self) -> Result<()> {
        let Some(lab) = self.waiting.pop_front() else {
            return Ok(());
        };
        let mut make = Command::new("make");
        make.args(["--silent", "--no-print-directory", &lab]);
        make.current_dir(&self.root).stdin(Stdio::null());
        make.stdout(Stdio::null()).stderr(Stdio::piped());
        let child = make
            .spawn()
            .with_context(|| failure::cannot_start("make"))?;
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

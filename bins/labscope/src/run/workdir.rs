//! The scratch directory of a run.

use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};

/// A folder that is removed with the value; the reaper removes it too, in case this process is killed.
pub struct Scratch(pub PathBuf);

impl Scratch {
    /// Makes one, under a name that nobody has.
    pub fn new() -> Result<Scratch> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        loop {
            let count = COUNT.fetch_add(1, Ordering::Relaxed);
            let path =
                std::env::temp_dir().join(format!("labscope-{}-{count}", std::process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {
                    let scratch = Scratch(path);
                    fs::create_dir(scratch.path("room"))
                        .context("cannot make the room of the lab")?;
                    return Ok(scratch);
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {} // of a process long gone
                Err(error) => {
                    return Err(error).with_context(|| {
                        format!("cannot make a scratch directory {}", path.display())
                    });
                }
            }
        }
    }

    /// The path of something in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

//! fork + wait: a program that does it fifty times whenever it is sent a byte, and then answers.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

/// As the programs have it.
const TIMES: f64 = 50.0;

/// The program, waiting; it ends when dropped.
pub struct Forks {
    child: Child,
    go: Option<ChildStdin>,
    done: ChildStdout,
}

impl Forks {
    pub fn new(program: &Path) -> Result<Forks> {
        let mut command = Command::new(program);
        command
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let (go, done) = (child.stdin.take(), child.stdout.take());
        Ok(Forks {
            child,
            go,
            done: done.context("no pipe from the program")?,
        })
    }

    /// Microseconds for one fork + wait, in the mean of fifty. This process sleeps meanwhile.
    pub fn sample(&mut self) -> Result<f64> {
        let go = self.go.as_mut().context("no pipe to the program")?;
        let begun = Instant::now();
        go.write_all(b"\n")
            .context("the program that forks has ended")?;
        self.done
            .read_exact(&mut [0])
            .context("the program that forks has failed")?;
        Ok(begun.elapsed().as_secs_f64() * 1e6 / TIMES)
    }
}

impl Drop for Forks {
    fn drop(&mut self) {
        drop(self.go.take()); // the end of its input
        let _ = self.child.wait();
    }
}

//! A program that does something many times whenever it is sent a byte, and then answers: fork + wait, or a signal.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};

/// The program, waiting; it ends when dropped.
pub struct Repeats {
    child: Child,
    go: Option<ChildStdin>,
    done: ChildStdout,
    times: f64,
}

impl Repeats {
    /// `times`: as the program has it.
    pub fn new(program: &Path, times: u32) -> Result<Repeats> {
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
        Ok(Repeats {
            child,
            go,
            done: done.context("no pipe from the program")?,
            times: f64::from(times),
        })
    }

    /// Microseconds for doing it once, in the mean. This process sleeps meanwhile.
    pub fn sample(&mut self) -> Result<f64> {
        let go = self.go.as_mut().context("no pipe to the program")?;
        let begun = Instant::now();
        go.write_all(b"\n").context("the program has ended")?;
        self.done
            .read_exact(&mut [0])
            .context("the program has failed")?;
        Ok(begun.elapsed().as_secs_f64() * 1e6 / self.times)
    }
}

impl Drop for Repeats {
    fn drop(&mut self) {
        drop(self.go.take()); // the end of its input
        let _ = self.child.wait();
    }
}

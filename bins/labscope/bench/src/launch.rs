//! exec → exit, measured by `programs/launch.c`: a vfork, a clock on either side, and what wait4 says of page faults.

use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context, Result};

/// One start: microseconds, page faults.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    pub time: f64,
    pub faults: f64,
}

/// The measuring program, ready; it ends when dropped.
pub struct Launch {
    child: Child,
    go: Option<ChildStdin>,
    lines: BufReader<ChildStdout>,
    rounds: usize,
    programs: usize,
}

impl Launch {
    /// Each batch starts each program `rounds` times, in turn.
    pub fn new(launch: &Path, rounds: usize, programs: &[PathBuf]) -> Result<Launch> {
        let mut command = Command::new(launch);
        command
            .arg(rounds.to_string())
            .args(programs)
            .process_group(0);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", launch.display()))?;
        let (go, lines) = (child.stdin.take(), child.stdout.take());
        let lines = BufReader::new(lines.context("no pipe from launch")?);
        Ok(Launch {
            child,
            go,
            lines,
            rounds,
            programs: programs.len(),
        })
    }

    /// One batch: for each program its starts. This process sleeps meanwhile.
    pub fn batch(&mut self) -> Result<Vec<Vec<Start>>> {
        let mut starts = vec![Vec::new(); self.programs];
        self.go
            .as_mut()
            .context("no pipe to launch")?
            .write_all(b"\n")
            .context("launch has ended")?;
        for _ in 0..self.rounds * self.programs {
            let mut line = String::new();
            self.lines
                .read_line(&mut line)
                .context("cannot read from launch")?;
            let (program, start) = parse(&line).with_context(|| format!("launch said {line:?}"))?;
            starts
                .get_mut(program)
                .with_context(|| format!("launch said {line:?}"))?
                .push(start);
        }
        Ok(starts)
    }
}

/// `place nanoseconds faults`
fn parse(line: &str) -> Option<(usize, Start)> {
    let mut words = line.split_whitespace();
    let program = words.next()?.parse().ok()?;
    let nanoseconds: f64 = words.next()?.parse().ok()?;
    let faults = words.next()?.parse().ok()?;
    Some((
        program,
        Start {
            time: nanoseconds / 1000.0,
            faults,
        },
    ))
}

impl Drop for Launch {
    fn drop(&mut self) {
        drop(self.go.take()); // the end of its input
        let _ = self.child.wait();
    }
}

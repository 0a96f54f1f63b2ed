//! `myps` beside `ps -ef` of procps, with 300 more processes on the machine.

use std::collections::BTreeMap;
use std::io::PipeWriter;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use crate::calls::calls_of;
use crate::columns::Figure;
use crate::report::{Bound, Hold};

/// How many more processes there are.
pub const PROCESSES: usize = 300;

/// Time in µs, and system calls, by the name of the program.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Listing {
    /// As people start them: on whichever CPU is free.
    pub times: BTreeMap<String, Figure>,
    /// Of the same rounds, on one CPU.
    #[serde(default)]
    pub pinned: BTreeMap<String, Figure>,
    pub calls: BTreeMap<String, f64>,
}

/// A program that lists processes: its name, and how it is started.
pub struct Lister<'a> {
    pub name: &'static str,
    pub program: &'a Path,
    pub arguments: &'static [&'static str],
}

/// Processes that wait for the end of their input, which comes when this is dropped, or its process is killed.
pub struct Waiting {
    input: Option<PipeWriter>,
    children: Vec<Child>,
}

impl Waiting {
    pub fn new(program: &Path) -> Result<Waiting> {
        let (reader, writer) = std::io::pipe().context("no pipe")?;
        let mut waiting = Waiting {
            input: Some(writer),
            children: Vec::new(),
        };
        for _ in 0..PROCESSES {
            let mut command = Command::new(program);
            command
                .stdin(reader.try_clone().context("no descriptor")?)
                .stdout(Stdio::null());
            let child = command.spawn();
            waiting
                .children
                .push(child.with_context(|| format!("not {PROCESSES} processes"))?);
        }
        Ok(waiting)
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.input.take());
        for child in &mut self.children {
            let _ = child.wait();
        }
    }
}

impl Lister<'_> {
    /// From its start to its end, in µs.
    pub fn time(&self) -> Result<f64> {
        let mut command = Command::new(self.program);
        command.args(self.arguments).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let begun = Instant::now();
        let status = command.status();
        let status = status.with_context(|| format!("cannot start {}", self.name))?;
        if !status.success() {
            bail!("{}: {status}", self.name);
        }
        Ok(begun.elapsed().as_secs_f64() * 1e6)
    }

    /// How many system calls it makes.
    pub fn calls(&self, scratch: &Path) -> Result<f64> {
        Ok(calls_of(self.program, self.arguments, scratch)?.len() as f64)
    }
}

impl Listing {
    /// How many times the time of `ps -ef` is that of another program, in paired runs; `times` are those of either form.
    pub fn speed(times: &BTreeMap<String, Figure>, name: &str) -> Option<f64> {
        times.get("ps -ef")?.times(times.get(name)?)
    }

    /// What has been promised of `myps`.
    pub fn holds(&self) -> [Hold; 2] {
        let calls = |name: &str| Some(self.calls.get(name)? / self.calls.get("ps -ef")?);
        [
            Hold::of(
                "time of ps -ef / myps, 300 processes more",
                Bound::AtLeast(5.0),
                Listing::speed(&self.times, "myps"),
                Listing::speed(&self.times, "floor"),
            ),
            Hold::of(
                "system calls of myps / ps -ef",
                Bound::AtMost(0.333),
                calls("myps"),
                calls("floor"),
            ),
        ]
    }
}

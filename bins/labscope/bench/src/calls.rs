//! The system calls of a program, by the tool's own tracer.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use labscope::trace::tracer::{Options, Wrapper};
use labscope::trace::{Call, Happening, Trace};

/// The calls of a program that reads nothing, from its execve on.
pub fn calls_of(program: &Path, arguments: &[&str], scratch: &Path) -> Result<Vec<Call>> {
    let folder = scratch.join(format!("traced.{}", std::process::id()));
    fs::create_dir(&folder).context("no folder for a trace")?;
    let calls = calls_within(&folder, program, arguments);
    let _ = fs::remove_dir_all(&folder);
    calls.with_context(|| format!("cannot trace {}", program.display()))
}

fn calls_within(folder: &Path, program: &Path, arguments: &[&str]) -> Result<Vec<Call>> {
    let wrapper = Wrapper::new(folder)?;
    let [shell, words @ ..] = wrapper.words();
    let mut command = Command::new(shell);
    command.args(words).arg(program).args(arguments);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = command.spawn().context("cannot start a shell")?;
    let (tracer, bell) = wrapper.seize(Options::default())?;
    let mut trace = Trace::default();
    tracer.tell_all(bell, |record| trace.take(record));
    // Who traces its own child takes its end: wait(2) tells of it nowhere else.
    let own = trace
        .notices
        .iter()
        .filter(|it| it.thread == child.id() as i32);
    match own.map(|it| &it.what).find(|what| what.is_end()) {
        Some(Happening::Exited { status: 0 }) => {}
        end => bail!("it has not ended well: {end:?}"),
    }
    // The shell may look for it in several folders.
    let calls = trace.calls.into_iter();
    let is_tried = |call: &Call| call.name == "execve" && call.value() != Some(0);
    Ok(calls.skip_while(is_tried).collect())
}

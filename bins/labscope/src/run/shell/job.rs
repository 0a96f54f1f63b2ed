//! The job: what a shell does between fork and exec.

use std::convert::Infallible;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, setrlimit};
use nix::sys::signal::Signal;
use nix::unistd::{getpid, getppid, tcsetpgrp};

use crate::confinement::seccomp;
use crate::i18n::failure;
use crate::proc::process::Stat;
use crate::run::shell::protocol::{Connection, INDEX_VARIABLE, Job, ResourceLimits, StandardFile};
use crate::run::shell::signals;

/// The environment of every lab, the same on every machine.
///
/// By `MALLOC_PERTURB_` mallopt(3) of glibc fills what malloc gives with 0x7f, as the tracer fills stacks, and what free takes
/// with 0x80: a buffer that nobody has cleared is not empty by luck.
pub(super) const ENVIRONMENT: [(&str, &str); 4] = [
    (
        "PATH",
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ),
    ("TERM", "xterm"),
    ("LC_ALL", "C"),
    ("MALLOC_PERTURB_", "128"),
];

/// Takes the foreground, clears the mask, and becomes the lab.
///
/// The connection to the runner is closed by exec itself: that is how the runner knows that the lab runs.
pub fn run(job: &Job, runner: &mut Connection) -> Result<Infallible> {
    signals::block_only(&[Signal::SIGTTOU])?; // it takes the foreground from behind
    tcsetpgrp(std::io::stderr(), getpid()).context("tcsetpgrp(3)")?;
    std::env::set_current_dir(&job.workdir)
        .with_context(|| failure::cannot_enter(job.workdir.display()))?;
    let mut command = command(job);
    if let Some(limits) = &job.limits {
        guard_others()?;
        limit(limits).context("setrlimit(2)")?;
    }
    if job.is_traced {
        runner.say(&format!("waits {}", std::process::id()));
        runner.0.read_exact(&mut [0]).context("tracer")?;
    }
    signals::block_only(&[])?;
    for (file, descriptor) in [(&job.stdin, 0), (&job.stdout, 1)] {
        if *file == StandardFile::Closed {
            nix::unistd::close(descriptor).context("close(2)")?;
        }
    }
    let error = command.exec();
    Err(error).with_context(|| failure::cannot_run(&job.program))
}

/// Sets the limits that exec leaves to the program.
fn limit(limits: &ResourceLimits) -> nix::Result<()> {
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    setrlimit(Resource::RLIMIT_FSIZE, limits.file_size, limits.file_size)?;
    setrlimit(Resource::RLIMIT_AS, limits.memory, limits.memory)
}

/// Keeps a program that nobody knows from harming others by mistake.
fn guard_others() -> Result<()> {
    let shell = getppid().as_raw();
    let reaper = Stat::read(shell).context("getppid(2)")?.ppid;
    seccomp::refuse_signals_to_everybody(reaper)
}

fn command(job: &Job) -> Command {
    let mut command = Command::new(&job.program);
    command.args(&job.args).env_clear().envs(ENVIRONMENT);
    if job.index > 0 {
        command.env(INDEX_VARIABLE, job.index.to_string());
    }
    command
}

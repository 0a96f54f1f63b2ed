//! The job: what a shell does between fork and exec.

use std::convert::Infallible;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use nix::sys::signal::Signal;
use nix::unistd::{getpid, getppid, tcsetpgrp};

use crate::proc::process::Stat;
use crate::run::shell::protocol::{INDEX_VARIABLE, Job, ResourceLimits, StandardFile};
use crate::run::shell::{seccomp, signals};

/// The environment of every lab, the same on every machine.
const ENVIRONMENT: [(&str, &str); 3] = [
    (
        "PATH",
        "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    ),
    ("TERM", "xterm"),
    ("LC_ALL", "C"),
];

/// Takes the foreground, clears the mask, and becomes the lab.
///
/// The connection to the runner is closed by exec itself: that is how the runner knows that the lab runs.
pub fn run(job: &Job) -> Result<Infallible> {
    signals::block_only(&[Signal::SIGTTOU])?; // it takes the foreground from behind
    tcsetpgrp(std::io::stderr(), getpid()).context("cannot take the foreground of the terminal")?;
    std::env::set_current_dir(&job.workdir)
        .with_context(|| format!("cannot enter {}", job.workdir.display()))?;
    let mut command = command(job);
    if job.limits.is_some() {
        guard_others()?;
    }
    signals::block_only(&[])?;
    for (file, descriptor) in [(&job.stdin, 0), (&job.stdout, 1)] {
        if *file == StandardFile::Closed && job.tracer.is_empty() {
            nix::unistd::close(descriptor).context("cannot close a standard file")?;
        }
    }
    let error = command.exec();
    Err(anyhow!(error)).with_context(|| match job.tracer.first() {
        Some(tracer) => format!("cannot run {tracer}"),
        None => format!("cannot run {}", job.program),
    })
}

/// Keeps a program that nobody knows from harming others by mistake.
fn guard_others() -> Result<()> {
    let shell = getppid().as_raw();
    let reaper = Stat::read(shell)
        .context("cannot tell who the reaper is")?
        .ppid;
    seccomp::refuse_signals_to_everybody(reaper)
}

fn command(job: &Job) -> Command {
    let mut words = job.tracer.clone();
    if !words.is_empty() {
        words.extend(preparing_shell(job));
    }
    words.push(job.program.clone());
    words.extend(job.args.iter().cloned());
    let mut command = Command::new(&words[0]);
    command.args(&words[1..]).env_clear().envs(ENVIRONMENT);
    if job.index > 0 {
        command.env(INDEX_VARIABLE, job.index.to_string());
    }
    command
}

/// A small shell between the tracer and the program, where there is something to do that the tracer must not feel.
///
/// A tracer opens missing standard files for itself and its child, so they are closed after it. And what limits the
/// program must not limit its tracer.
fn preparing_shell(job: &Job) -> Vec<String> {
    let redirections = [(&job.stdin, " <&-"), (&job.stdout, " >&-")].into_iter();
    let closing = redirections.filter(|(file, _)| **file == StandardFile::Closed);
    let closing: String = closing.map(|(_, redirection)| redirection).collect();
    let limiting = job.limits.as_ref().map(limiting).unwrap_or_default();
    if closing.is_empty() && limiting.is_empty() {
        return Vec::new();
    }
    vec![
        "/bin/sh".into(),
        "-c".into(),
        format!("{limiting}exec \"$0\" \"$@\"{closing}"),
    ]
}

/// sh(1) counts memory in KiB and files in blocks of 512 bytes; it would add its own folder to the environment.
fn limiting(limits: &ResourceLimits) -> String {
    let (memory, blocks) = (limits.memory / 1024, limits.file_size / 512);
    format!("unset PWD OLDPWD; ulimit -c 0; ulimit -f {blocks}; ulimit -v {memory}; ")
}

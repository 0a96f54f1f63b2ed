//! The shell: leads the session, runs the lab as its foreground job, and stays.

use std::fs::File;
use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};

use anyhow::{Context, Result};
use nix::sys::signal::Signal;
use nix::unistd::{getpid, tcsetpgrp};

use crate::i18n::failure;
use crate::run::shell::protocol::{Connection, Job, StandardFile};
use crate::run::shell::reaper::release_standard_files;
use crate::run::shell::signals;

pub fn run(job: &Job, job_file: &Path, runner: &mut Connection) -> Result<()> {
    signals::catch_all()?; // as a shell at its prompt, it does not die of ^C, ^\ or ^Z
    signals::block_only(&[Signal::SIGTTOU])?; // not in the foreground, it still hands the terminal on
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL).context("prctl(2)")?;
    nix::unistd::setsid().context("setsid(2)")?;
    let terminal = File::options().read(true).write(true).open(&job.terminal);
    let terminal = terminal.with_context(|| failure::cannot_open(job.terminal.display()))?;

    while is_told_to_start(runner) {
        run_job(job, job_file, &terminal, runner)?;
    }
    Ok(())
}

/// Runs the job in the foreground until it ends, and takes the terminal back.
fn run_job(job: &Job, job_file: &Path, terminal: &File, runner: &mut Connection) -> Result<()> {
    let mut child = start_job(job, job_file, terminal)?;
    let pid = child.id();
    release_standard_files()?;
    let status = child.wait().context("wait(2)")?;
    let _ = tcsetpgrp(terminal, getpid()); // fails only when the terminal has hung up
    runner.say(&format!("ended {pid} {}", words(status)));
    Ok(())
}

/// Starts the job in a process group of its own.
fn start_job(job: &Job, job_file: &Path, terminal: &File) -> Result<Child> {
    let shared = || terminal.try_clone().context("dup(2)");
    let stdio = |file: &StandardFile| -> Result<Stdio> {
        Ok(match file {
            StandardFile::Terminal => shared()?.into(),
            StandardFile::Inherited | StandardFile::Opened(_) => Stdio::inherit(),
            StandardFile::Closed => Stdio::null(), // the job closes it
        })
    };
    let myself = std::env::current_exe().context("/proc/self/exe")?;
    let mut command = Command::new(myself);
    command.arg("__job").arg(job_file).process_group(0);
    command
        .stdin(stdio(&job.stdin)?)
        .stdout(stdio(&job.stdout)?);
    command.stderr(shared()?);
    command
        .spawn()
        .with_context(|| failure::cannot_start("labscope"))
}

/// Waits, the session alive, until the runner asks for the job (once more); false when it hangs up.
fn is_told_to_start(runner: &mut Connection) -> bool {
    matches!(runner.0.read(&mut [0]), Ok(1..)) // one byte, one start
}

fn words(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(value), _) => format!("exited {value}"),
        (None, signal) => format!("killed {}", signal.unwrap_or(0)),
    }
}

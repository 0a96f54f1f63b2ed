//! The reaper: adopts every orphan of the run, tells of each death, and leaves nothing behind.

use std::collections::HashSet;
use std::fs::{File, OpenOptions};
use std::io::Read;
use std::os::fd::AsFd;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{Signal, kill, killpg};
use nix::sys::signalfd::SignalFd;
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, getpgid, getpgrp};

use crate::confinement::namespaces;
use crate::i18n::failure;
use crate::proc::inherited::close_inherited;
use crate::proc::process;
use crate::run::shell::protocol::{Connection, Job, StandardFile};
use crate::run::shell::signals;

/// How often the descendants are looked for at once; each look finds fewer new ones.
const MOST_LOOKS: usize = 100;

pub fn run(job: &Job, job_file: &Path, runner: &mut Connection) -> Result<()> {
    signals::catch_all()?;
    nix::unistd::setsid().context("setsid(2)")?;
    nix::sys::prctl::set_child_subreaper(true).context("prctl(2)")?;
    close_inherited(Some(runner.0.as_fd()))?;
    let signals = signals::receive(&[
        Signal::SIGCHLD,
        Signal::SIGTERM,
        Signal::SIGINT,
        Signal::SIGHUP,
    ])?;
    start_shells(job, job_file)?;

    while !is_over(runner, &signals)? {
        reap(runner);
    }
    clean_up(runner, &signals);
    Ok(())
}

/// Starts the session leaders of the lab and of its companions, and lets go of their files.
///
/// The files are opened first: from another user namespace the runner's may not be, and what is confined does not see
/// them.
fn start_shells(job: &Job, job_file: &Path) -> Result<()> {
    let companions: Vec<Command> = job
        .companions
        .iter()
        .map(|file| shell(&Job::read(file)?, file))
        .collect::<Result<_>>()?;
    let mut lab = shell(job, job_file)?;
    if let Some(confinement) = &job.confinement {
        confinement.enter()?;
    } else if job.own.any() {
        namespaces::isolate(job.own)?;
    }
    lab.spawn()
        .with_context(|| failure::cannot_start("labscope"))?;
    release_standard_files()?;
    for mut companion in companions {
        let companion = companion.spawn();
        companion.with_context(|| failure::cannot_start("labscope"))?;
    }
    Ok(())
}

/// The command of a session leader.
fn shell(job: &Job, job_file: &Path) -> Result<Command> {
    let myself = std::env::current_exe().context("/proc/self/exe")?;
    let mut shell = Command::new(myself);
    shell.arg("__shell").arg(job_file);
    if let StandardFile::Opened(path) = &job.stdin {
        shell.stdin(opened(path, File::options().read(true))?);
    }
    if let StandardFile::Opened(path) = &job.stdout {
        shell.stdout(opened(path, File::options().write(true))?);
    }
    Ok(shell)
}

fn opened(path: &Path, options: &OpenOptions) -> Result<File> {
    let file = options.open(path);
    file.with_context(|| failure::cannot_open(path.display()))
}

/// Puts `/dev/null` in the place of standard input, output and error.
pub fn release_standard_files() -> Result<()> {
    let null = File::options().read(true).write(true).open("/dev/null");
    let null = null.with_context(|| failure::cannot_open("/dev/null"))?;
    nix::unistd::dup2_stdin(&null).context("dup2(2)")?;
    nix::unistd::dup2_stdout(&null).context("dup2(2)")?;
    nix::unistd::dup2_stderr(&null).context("dup2(2)")
}

/// Sleeps until a child dies; true if the runner hangs up, or a signal asks for the end.
fn is_over(runner: &mut Connection, signals: &SignalFd) -> Result<bool> {
    let mut ready = [
        PollFd::new(runner.0.as_fd(), PollFlags::POLLIN),
        PollFd::new(signals.as_fd(), PollFlags::POLLIN),
    ];
    match poll(&mut ready, PollTimeout::NONE) {
        Ok(_) | Err(Errno::EINTR) => {}
        Err(error) => return Err(error).context("poll(2)"),
    }
    let called = ready[0].any().unwrap_or(false);
    let hung_up = called && !matches!(runner.0.read(&mut [0; 64]), Ok(1..));
    Ok(ask_for_the_end(signals) || hung_up)
}

/// Takes the signals that have come; true if one of them asks for the end.
fn ask_for_the_end(signals: &SignalFd) -> bool {
    let mut asked = false;
    while let Ok(Some(signal)) = signals.read_signal() {
        asked |= signal.ssi_signo != Signal::SIGCHLD as u32;
    }
    asked
}

/// Reaps whoever has died and tells the runner; false when there is no child left.
fn reap(runner: &mut Connection) -> bool {
    loop {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::Exited(pid, value)) => {
                runner.say(&format!("reaped {pid} exited {value}"))
            }
            Ok(WaitStatus::Signaled(pid, signal, _)) => {
                runner.say(&format!("reaped {pid} killed {}", signal as i32));
            }
            Ok(WaitStatus::StillAlive) => return true,
            Err(Errno::ECHILD) => return false,
            Ok(_) | Err(_) => {}
        }
    }
}

/// Kills every descendant, again and again, until there is none.
///
/// Whoever loses its parent meanwhile becomes a child of this process, so none can slip away.
fn clean_up(runner: &mut Connection, signals: &SignalFd) {
    kill_at_once();
    while reap(runner) {
        kill_all(process::descendants(myself()));
        let mut ready = [PollFd::new(signals.as_fd(), PollFlags::POLLIN)];
        let _ = poll(&mut ready, PollTimeout::from(2u8));
        ask_for_the_end(signals);
    }
}

/// Kills all that can be seen, until no new ones are.
fn kill_at_once() {
    let mut known = HashSet::new();
    for _ in 0..MOST_LOOKS {
        let all = process::descendants(myself()).into_iter();
        let new: Vec<i32> = all.filter(|&pid| known.insert(pid)).collect();
        if new.is_empty() {
            break;
        }
        kill_all(new);
    }
}

/// Kills processes, first by groups: that reaches all of a group at one moment, those about to fork too.
fn kill_all(pids: Vec<i32>) {
    let groups = pids
        .iter()
        .filter_map(|&pid| getpgid(Some(Pid::from_raw(pid))).ok());
    let mut groups: HashSet<Pid> = groups.collect();
    groups.remove(&getpgrp()); // a shell that has no session of its own yet
    for group in groups {
        let _ = killpg(group, Signal::SIGKILL);
    }
    for pid in pids {
        let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
    }
}

fn myself() -> i32 {
    std::process::id() as i32
}

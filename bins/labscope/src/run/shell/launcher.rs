//! The launcher: starts the same programs again and again, for a tracer that moves their processes one by one.
//!
//! It is shell and reaper in one: it leads a session on the terminal of the runs, starts the programs as one foreground
//! job, and adopts the orphans. The tracer follows it, so what it starts is traced from its first instruction on.
//! It waits for words on its standard input, one byte a program, which says which of them; its standard output is the program's, unless that is the
//! terminal or a file.

use std::convert::Infallible;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use jzon::{JsonValue, object};
use nix::sys::personality::{self, Persona};
use nix::sys::resource::{RLIM_INFINITY, Resource, setrlimit};
use nix::sys::signal::{SigSet, Signal};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::{Pid, dup2_stderr, dup2_stdout, getgid, tcsetpgrp};

use crate::confinement::Confinement;
use crate::confinement::namespaces::{self, Own};
use crate::confinement::seccomp;
use crate::i18n::failure;
use crate::proc::inherited::close_inherited;
use crate::run::shell::job::ENVIRONMENT;
use crate::run::shell::protocol::texts;
use crate::run::shell::{signals, visible_calls};
use crate::text::file::{self, utf8};

/// The hidden command of this process.
pub const ROLE: &str = "__launcher";

/// What standard output of the program is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    Terminal,
    /// That of the launcher.
    Inherited,
    /// A file that is made anew for each run.
    File(PathBuf),
}

/// What is to be started.
#[derive(Clone, Debug)]
pub struct Launch {
    /// The terminal, by path.
    pub terminal: PathBuf,
    pub workdir: PathBuf,
    /// Each with its arguments; the first, which is relative to `workdir`, is argv\[0\] too.
    pub programs: Vec<Vec<String>>,
    pub stdout: Output,
    /// In seconds of processor time, for each process.
    pub processor: u64,
    /// In bytes: RLIMIT_AS and RLIMIT_FSIZE.
    pub memory: u64,
    pub file_size: u64,
    /// Whether each run has System V objects of its own.
    pub own_ipc: bool,
    /// What the launcher and all that it starts are kept in.
    pub confinement: Option<Confinement>,
}

impl Launch {
    /// Writes it to a file.
    pub fn write(&self, path: &Path) -> Result<()> {
        let stdout: JsonValue = match &self.stdout {
            Output::Terminal => "terminal".into(),
            Output::Inherited => "inherited".into(),
            Output::File(path) => object! { file: utf8(path)? },
        };
        let programs = self.programs.iter().map(|words| words.as_slice().into());
        let programs: Vec<JsonValue> = programs.collect();
        let json = object! {
            terminal: utf8(&self.terminal)?,
            workdir: utf8(&self.workdir)?,
            programs: programs,
            stdout: stdout,
            processor: self.processor,
            memory: self.memory,
            file_size: self.file_size,
            own_ipc: self.own_ipc,
            confinement: self.confinement.as_ref().map(Confinement::to_json).transpose()?,
        };
        file::write(path, json.dump())
    }

    /// Reads the file named on the command line.
    fn read(path: &Path) -> Result<Launch> {
        let json = jzon::parse(&file::read(path)?).ok();
        let launch = json.as_ref().and_then(Launch::of_json);
        launch.with_context(|| failure::cannot_understand(path.display()))
    }

    fn of_json(json: &JsonValue) -> Option<Launch> {
        let path = |key: &str| Some(PathBuf::from(json[key].as_str()?));
        Some(Launch {
            terminal: path("terminal")?,
            workdir: path("workdir")?,
            programs: json["programs"]
                .members()
                .map(texts)
                .collect::<Option<_>>()?,
            stdout: match json["stdout"].as_str() {
                Some("terminal") => Output::Terminal,
                Some(_) => Output::Inherited,
                None => Output::File(json["stdout"]["file"].as_str()?.into()),
            },
            processor: json["processor"].as_u64()?,
            memory: json["memory"].as_u64()?,
            file_size: json["file_size"].as_u64()?,
            own_ipc: json["own_ipc"].as_bool()?,
            confinement: match json["confinement"].is_null() {
                true => None,
                false => Some(Confinement::of_json(&json["confinement"])?),
            },
        })
    }
}

/// Waits for words, until the tracer kills it.
pub fn run(file: &Path) -> Result<Infallible> {
    let launch = Launch::read(file)?;
    let terminal = prepare(&launch)?;
    let inherited = std::io::stdout().as_fd().try_clone_to_owned();
    let inherited = inherited.context("dup(2)")?;
    wait_for_a_word()?; // the tracer is there
    seccomp::refuse_signals_to_everybody(std::process::id() as i32)?;
    seccomp::stop_before(&visible_calls::all())?;
    let mut job = None;
    loop {
        let place = usize::from(wait_for_a_word()?);
        if place == 0 {
            reap_all();
            job = None;
        }
        let begun = match launch.own_ipc && place == 0 {
            true => namespaces::isolate(Own {
                network: false,
                ipc: true,
            }),
            false => Ok(()),
        };
        match begun.and_then(|()| start(&launch, place, job, (&terminal, &inherited))) {
            Ok(group) => job = Some(group),
            Err(error) => {
                let _ = std::io::stderr().write_all(format!("{error:#}").as_bytes());
            }
        }
    }
}

/// Leads a session, and sets what the programs inherit.
fn prepare(launch: &Launch) -> Result<File> {
    signals::catch_all()?; // its own processor time is limited too, and adds up over the runs
    block(SigSet::all())?;
    nix::sys::prctl::set_pdeathsig(Signal::SIGKILL).context("prctl(2)")?;
    nix::unistd::setsid().context("setsid(2)")?;
    let terminal = open(&launch.terminal)?;
    nix::sys::prctl::set_child_subreaper(true).context("prctl(2)")?;
    close_inherited(Some(terminal.as_fd()))?;
    if let Some(confinement) = &launch.confinement {
        confinement.enter()?;
    }
    std::env::set_current_dir(&launch.workdir)
        .with_context(|| failure::cannot_enter(launch.workdir.display()))?;
    // Addresses that change from run to run would show in the output.
    let _ = personality::set(Persona::ADDR_NO_RANDOMIZE);
    let limit = |what, value| setrlimit(what, value, value).context("setrlimit(2)");
    limit(Resource::RLIMIT_CORE, 0)?;
    limit(Resource::RLIMIT_FSIZE, launch.file_size)?;
    limit(Resource::RLIMIT_AS, launch.memory)?;
    setrlimit(Resource::RLIMIT_CPU, launch.processor, RLIM_INFINITY).context("setrlimit(2)")?;
    Ok(terminal)
}

/// Blocks these signals: they would stop this process once more, and SIGTTOU keep it from handing on the terminal.
fn block(signals: SigSet) -> Result<()> {
    signals.thread_set_mask().context("sigprocmask(2)")
}

fn open(path: &Path) -> Result<File> {
    let file = File::options().read(true).write(true).open(path);
    file.with_context(|| failure::cannot_open(path.display()))
}

/// One byte; the tracer is gone at the end of the stream.
fn wait_for_a_word() -> Result<u8> {
    let mut word = [0];
    loop {
        match std::io::stdin().lock().read(&mut word) {
            Ok(0) => bail!("EOF"),
            Ok(_) => return Ok(word[0]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error).context("read(2)"),
        }
    }
}

/// Reaps what is left of the run before.
fn reap_all() {
    let any = Pid::from_raw(-1);
    while !matches!(
        waitpid(any, Some(WaitPidFlag::WNOHANG)),
        Err(_) | Ok(WaitStatus::StillAlive)
    ) {}
}

/// Starts a program in the process group of the job, or as the first of one, in the foreground. Its files are opened
/// anew: what one run sets on them does not reach the next.
///
/// Each call of this process that others could see is a stop: so the program has standard output and error from it.
fn start(
    launch: &Launch,
    place: usize,
    job: Option<Pid>,
    (terminal, inherited): (&File, &OwnedFd),
) -> Result<Pid> {
    let words = launch.programs.get(place).context("argv")?;
    let (program, args) = words.split_first().context("argv[0]")?;
    let files = open(&launch.terminal)?;
    let stdout = match &launch.stdout {
        Output::Terminal => None,
        Output::Inherited => {
            let path = format!("/proc/self/fd/{}", inherited.as_raw_fd());
            Some(File::options().write(true).open(&path).context(path)?)
        }
        Output::File(path) => Some(match job {
            None => File::create(path).context("open(2)")?,
            Some(_) => File::options().append(true).open(path).context("stdout")?,
        }),
    };
    dup2_stderr(&files).context("dup2(2)")?;
    dup2_stdout(stdout.as_ref().unwrap_or(&files)).context("dup2(2)")?;
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(ENVIRONMENT);
    command.stdin(files);
    // To set the group that it has already makes the library fork: its spawn sets every signal, one stop each.
    command.gid(getgid().as_raw());
    block(SigSet::empty())?; // it inherits that
    let group = job.map_or(0, Pid::as_raw);
    let started = command.process_group(group).spawn();
    block(SigSet::all())?;
    let started = started.with_context(|| failure::cannot_run(program))?;
    let group = job.unwrap_or(Pid::from_raw(started.id() as i32));
    tcsetpgrp(terminal, group).context("tcsetpgrp(3)")?;
    Ok(group)
}

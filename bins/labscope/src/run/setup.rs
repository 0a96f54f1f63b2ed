//! Everything that a run needs before it starts: folder, terminals, pipes, tracers, and the reaper.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};

use crate::confinement::Confinement;
use crate::confinement::namespaces::Own;
use crate::i18n::{failure, run};
use crate::project::program_of_labscope;
use crate::run::io::poller::Poller;
use crate::run::io::terminal;
use crate::run::plan::Plan;
use crate::run::scratch::Scratch;
use crate::run::shell::{Job, ResourceLimits};
use crate::run::standard_files::{self, End};
use crate::run::state::program::ProgramState;
use crate::run::workdir;
use crate::scenario::{Companion, Wiring};
use crate::trace::Trace;

/// What a session works with.
pub struct Setup {
    pub poller: Poller,
    pub reaper: Child,
    /// The lab, then its companions.
    pub programs: Vec<ProgramState>,
    /// Shares its offset with the lab's standard input, if that is a file.
    pub stdin_file: Option<File>,
    pub scratch: Scratch,
}

/// A program's own ends.
struct Ends {
    terminal: OwnedFd,
    stdin: End,
    stdout: End,
}

/// Prepares everything and starts the reaper, which starts the shells, which start the jobs.
pub fn set_up(plan: &Plan, own: Own) -> Result<Setup> {
    let scratch = Scratch::new()?;
    let mut names = workdir::make(&scratch.path("workdir"), plan)?;
    let socket = scratch.path("socket");
    let listener =
        UnixListener::bind(&socket).with_context(|| run::cannot_listen(socket.display()))?;
    let mut poller = Poller::new(listener, plan.confined.is_some())?;
    let lab = Companion {
        trace: plan.traced,
        ..plan.scenario.played("", None)
    };
    let (mut job, ends) = prepare(&lab, &names[0], &scratch, &mut poller)?;
    let mut terminals = vec![job.terminal.clone()];
    for (companion, name) in plan.scenario.companions.iter().zip(&names[1..]) {
        let (job_of_companion, ends) = prepare(companion, name, &scratch, &mut poller)?;
        let file = job_file(&scratch, job_of_companion.index);
        job_of_companion.write(&file)?;
        terminals.push(job_of_companion.terminal);
        let held = &mut poller.endpoints[job_of_companion.index].held;
        held.push(ends.terminal);
        held.extend(ends.stdin.into_iter().chain(ends.stdout));
        job.companions.push(file);
    }
    (job.own, job.limits) = (own, plan.limits.as_ref().map(ResourceLimits::of));
    job.confinement = confinement(plan, &scratch, terminals)?;
    if finds_folder_in_tmp(&job) {
        begin_outside(&mut job);
        names[0].clone_from(&job.program);
    }
    let file = job_file(&scratch, 0);
    job.write(&file)?;
    let stdin_file = match (&ends.stdin, &lab.stdin) {
        (Some(end), Wiring::File) => Some(end.try_clone().context("dup(2)")?),
        _ => None,
    };
    Ok(Setup {
        poller,
        reaper: start_reaper(&file, ends)?,
        programs: states(&lab, plan, &names),
        stdin_file: stdin_file.map(File::from),
        scratch,
    })
}

/// Where the job of the lab (0) or of a companion is written down.
pub(crate) fn job_file(scratch: &Scratch, index: usize) -> PathBuf {
    scratch.path(&format!("job-{index}.json"))
}

/// Starts the reaper, whose standard files become the lab's.
fn start_reaper(job_file: &Path, ends: Ends) -> Result<Child> {
    let labscope = program_of_labscope()?;
    let stdio = |end: End| end.map_or_else(Stdio::null, Stdio::from);
    let mut reaper = Command::new(&labscope);
    reaper.arg("__reaper").arg(job_file).stderr(ends.terminal);
    reaper.stdin(stdio(ends.stdin)).stdout(stdio(ends.stdout));
    reaper
        .spawn()
        .with_context(|| failure::cannot_start(labscope.display()))
}

/// What is known of the programs before they run.
fn states(lab: &Companion, plan: &Plan, paths: &[String]) -> Vec<ProgramState> {
    let companions = plan.scenario.companions.iter();
    let named = companions.map(|companion| (Some(companion.name.as_str()), companion));
    let programs = std::iter::once((None, lab)).chain(named);
    let states = programs.zip(paths).map(|((name, program), path)| {
        let trace = program.trace.then(|| Trace::of(path));
        let has_stream = matches!(program.stdout, Wiring::Pipe | Wiring::File);
        ProgramState::new(name, trace, has_stream)
    });
    states.collect()
}

/// What a program that is not trusted sees: the run's folder, the programs that its working directory leads to, and the
/// tool that starts them. It writes into the working directory and on the terminals.
fn confinement(
    plan: &Plan,
    scratch: &Scratch,
    terminals: Vec<PathBuf>,
) -> Result<Option<Confinement>> {
    let Some(means) = plan.confined else {
        return Ok(None);
    };
    let (base, workdir) = (scratch.path("root"), scratch.path("workdir"));
    std::fs::create_dir(&base).context("mkdir(2)")?;
    let mut readable = vec![scratch.folder().to_owned(), program_of_labscope()?];
    for entry in std::fs::read_dir(&workdir).context("readdir(3)")? {
        readable.push(entry?.path().canonicalize().context("readlink(2)")?);
    }
    Ok(Some(Confinement {
        means,
        base,
        readable,
        tmp: plan.folder_is_tmp.then(|| workdir.clone()),
        writable: std::iter::once(workdir).chain(terminals).collect(),
        renews_ipc: false,
    }))
}

/// Whether the run's folder is the program's `/tmp`.
fn finds_folder_in_tmp(job: &Job) -> bool {
    let confinement = job.confinement.as_ref();
    confinement.is_some_and(|it| it.means.namespaces && it.tmp.is_some())
}

/// Lets a program begin outside of its `/tmp`: it gets there by the names that it gives, or by entering it.
fn begin_outside(job: &mut Job) {
    job.workdir = PathBuf::from("/");
    job.program = job.program.replacen('.', "/tmp", 1);
    let folders = job.args.iter_mut().filter(|argument| *argument == ".");
    folders.for_each(|folder| *folder = "/tmp".to_owned());
}

/// Prepares one program, called `name` in the working directory: the lab or a companion.
fn prepare(
    program: &Companion,
    name: &str,
    scratch: &Scratch,
    poller: &mut Poller,
) -> Result<(Job, Ends)> {
    let (master, slave) = terminal::open()?;
    let index = poller.add_terminal(master)?;
    let is_lab = index == 0;
    let file = scratch.path(&format!("input-{index}"));
    let input = program.input.as_deref();
    let stdin = standard_files::input(&program.stdin, input, &file, index, poller)?;
    let file = scratch.path(&format!("output-{index}"));
    let stdout = standard_files::output(&program.stdout, &file, index, poller)?;
    let job = Job {
        socket: scratch.path("socket"),
        terminal: nix::unistd::ttyname(&slave).context("ttyname(3)")?,
        workdir: scratch.path("workdir"),
        program: name.to_owned(),
        args: program.args.clone(),
        stdin: standard_files::described(&program.stdin, &stdin, is_lab),
        stdout: standard_files::described(&program.stdout, &stdout, is_lab),
        is_traced: program.trace,
        index,
        own: Own::default(),
        limits: None,
        confinement: None,
        companions: Vec::new(),
    };
    let ends = Ends {
        terminal: slave,
        stdin,
        stdout,
    };
    Ok((job, ends))
}

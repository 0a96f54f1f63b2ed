//! Sets the stage for a run: scratch directory, terminal, pipes, tracer; and starts the reaper.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::{Winsize, openpty};

use crate::project::program_of_labscope;
use crate::run::io::poll::{Source, Wires};
use crate::run::io::writer::Output;
use crate::run::runner::Runner;
use crate::run::shell::{Job, Place, ResourceLimits};
use crate::run::workdir::Scratch;
use crate::run::{companion_setup, programs, strace_command};
use crate::scenario::{Scenario, Wiring};

/// The terminal of every run.
const SIZE: Winsize = Winsize {
    ws_row: 24,
    ws_col: 80,
    ws_xpixel: 0,
    ws_ypixel: 0,
};

/// Held while descriptors exist that another thread's child must not inherit.
static SPAWNING: Mutex<()> = Mutex::new(());

/// What a session works with.
pub struct Stage {
    pub wires: Wires,
    pub reaper: Child,
    /// What the lab and its companions are called in their room.
    pub programs: Vec<String>,
    /// Shares its offset with the lab's standard input, if that is a file.
    pub stdin_file: Option<File>,
    pub scratch: Scratch,
}

/// Prepares everything and starts the reaper, which starts the shells, which start the jobs.
pub fn set(runner: &Runner<'_>, own_network: bool) -> Result<Stage> {
    let labscope = program_of_labscope()?;
    let scratch = Scratch::new()?;
    let programs = programs::furnish(&scratch.path("room"), runner)?;
    let socket = scratch.path("socket");
    let listener = UnixListener::bind(&socket).with_context(|| {
        format!(
            "cannot listen on {} (is TMPDIR a very long path?)",
            socket.display()
        )
    })?;

    // from here on a pipe end could slip into the child of another thread
    let _guard = SPAWNING
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    let (master, slave) = terminal()?;
    let mut wires = Wires::new(listener)?;
    wires.add_desk(master)?;
    let scenario = &runner.scenario;
    let (stdin, stdin_file) = standard_input(scenario, &scratch, &mut wires)?;
    let stdout = standard_output(scenario, &scratch, &mut wires)?;
    let tracer = match runner.traced {
        true => strace_command::command(
            &scenario.inject,
            &runner.trace_options,
            0,
            &scratch,
            &mut wires,
        )?,
        false => Vec::new(),
    };
    let mut job = Job {
        socket,
        terminal: nix::unistd::ttyname(&slave).context("cannot tell the terminal's name")?,
        room: scratch.path("room"),
        scratch: scratch.0.clone(),
        program: programs[0].clone(),
        args: scenario.args.clone(),
        stdin: stdin.0,
        stdout: stdout.0,
        tracer,
        place: 0,
        network: own_network,
        limits: runner.limits.as_ref().map(ResourceLimits::of),
        companions: Vec::new(),
        stdin_from: None,
        stdout_from: None,
    };
    for (companion, program) in scenario.companions.iter().zip(&programs[1..]) {
        let file = companion_setup::prepare(companion, program, &job, &scratch, &mut wires)?;
        job.companions.push(file);
    }
    let job_file = scratch.path("job.toml");
    job.write(&job_file)?;
    let mut reaper = Command::new(&labscope);
    reaper.arg("__reaper").arg(&job_file);
    reaper.stdin(stdin.1).stdout(stdout.1).stderr(slave);
    let reaper = reaper
        .spawn()
        .with_context(|| format!("cannot start {}", labscope.display()))?;
    Ok(Stage {
        wires,
        reaper,
        programs,
        stdin_file,
        scratch,
    })
}

/// A pseudo-terminal: the runner's side, and the side that programs see.
pub fn terminal() -> Result<(OwnedFd, OwnedFd)> {
    let pair = openpty(Some(&SIZE), None).context("cannot open a pseudo-terminal")?;
    for descriptor in [&pair.master, &pair.slave] {
        fcntl(descriptor, FcntlArg::F_SETFD(FdFlag::FD_CLOEXEC))
            .context("cannot mark a descriptor")?;
    }
    Ok((pair.master, pair.slave))
}

/// What becomes standard input, and the file whose offset is of interest.
fn standard_input(
    scenario: &Scenario,
    scratch: &Scratch,
    wires: &mut Wires,
) -> Result<((Place, Stdio), Option<File>)> {
    let given = |stdio: Stdio| (Place::Given, stdio);
    match &scenario.stdin {
        Wiring::Terminal => Ok(((Place::Terminal, Stdio::null()), None)),
        Wiring::Closed => Ok(((Place::Closed, Stdio::null()), None)),
        Wiring::Pipe => {
            let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
            let pipe = wires.desks[0].pipe.insert(Output::new(writer.into())?);
            if let Some(input) = &scenario.input {
                pipe.send(input.as_bytes())?;
                wires.desks[0].close_pipe()?;
            }
            Ok((given(reader.into()), None))
        }
        Wiring::File => {
            let path = scratch.path("input");
            fs::write(&path, scenario.input.as_deref().unwrap_or_default())
                .with_context(|| format!("cannot write {}", path.display()))?;
            let file = open(&path)?;
            let shared = file.try_clone().context("cannot duplicate a descriptor")?;
            Ok((given(file.into()), Some(shared)))
        }
        Wiring::Path(path) => Ok((given(open(Path::new(path))?.into()), None)),
    }
}

/// Opens a file to read.
pub fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("cannot open {} for standard input", path.display()))
}

/// Opens a file to write.
pub fn create(path: &Path) -> Result<File> {
    File::create(path)
        .with_context(|| format!("cannot open {} for standard output", path.display()))
}

/// What becomes standard output.
fn standard_output(
    scenario: &Scenario,
    scratch: &Scratch,
    wires: &mut Wires,
) -> Result<(Place, Stdio)> {
    match &scenario.stdout {
        Wiring::Terminal => Ok((Place::Terminal, Stdio::null())),
        Wiring::Closed => Ok((Place::Closed, Stdio::null())),
        Wiring::Pipe => {
            let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
            wires.read_from(Source::Stdout(0), OwnedFd::from(reader))?;
            Ok((Place::Given, writer.into()))
        }
        Wiring::File => {
            let path = scratch.path("output");
            let file = create(&path)?;
            wires.desks[0].watch_file(open(&path)?);
            Ok((Place::Given, file.into()))
        }
        Wiring::Path(path) => Ok((Place::Given, create(Path::new(path))?.into())),
    }
}

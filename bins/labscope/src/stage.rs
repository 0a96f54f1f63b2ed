//! Sets the stage for a run: scratch directory, terminal, pipes, tracer; and starts the reaper.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, anyhow};
use nix::fcntl::{FcntlArg, FdFlag, fcntl};
use nix::pty::{Winsize, openpty};

use crate::output::Output;
use crate::project::program_of_labscope;
use crate::runner::Runner;
use crate::scenario::{Scenario, Wiring};
use crate::scratch::Scratch;
use crate::shell::{Job, Place};
use crate::tracer;
use crate::wires::{Source, Wires};

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
    pub program: String,
    /// Shares its offset with the lab's standard input, if that is a file.
    pub stdin_file: Option<File>,
    pub scratch: Scratch,
}

/// Prepares everything and starts the reaper, which starts the shell, which starts the job.
pub fn set(runner: &Runner<'_>) -> Result<Stage> {
    let labscope = program_of_labscope()?;
    let scratch = Scratch::new()?;
    let program = furnish(&scratch.path("room"), runner)?;
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
    let mut wires = Wires::new(listener, master)?;
    let (stdin, stdin_file) = standard_input(&runner.scenario, &scratch, &mut wires)?;
    let stdout = standard_output(&runner.scenario, &scratch, &mut wires)?;
    let tracer = match runner.traced {
        true => tracer::command(runner, &scratch, &mut wires)?,
        false => Vec::new(),
    };
    let job = Job {
        socket,
        terminal: nix::unistd::ttyname(&slave).context("cannot tell the terminal's name")?,
        room: scratch.path("room"),
        scratch: scratch.0.clone(),
        program: program.clone(),
        args: runner.scenario.args.clone(),
        stdin: stdin.0,
        stdout: stdout.0,
        tracer,
    };
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
        program,
        stdin_file,
        scratch,
    })
}

/// Puts links to the program and its companions into the room; returns how the program is called there.
fn furnish(room: &Path, runner: &Runner<'_>) -> Result<String> {
    let program = runner.program.path(runner.traced);
    let folder = program.parent().unwrap_or(Path::new("."));
    let companions = runner.scenario.needs.iter().map(|name| folder.join(name));
    for path in std::iter::once(program.clone()).chain(companions) {
        let target = path.canonicalize().map_err(|error| {
            anyhow!(
                "there is no program {} ({error}): build it with `make` first",
                path.display()
            )
        })?;
        let name = path
            .file_name()
            .ok_or_else(|| anyhow!("{} is no program", path.display()))?;
        symlink(&target, room.join(name))
            .with_context(|| format!("cannot link to {}", target.display()))?;
    }
    let name = program.file_name().and_then(|name| name.to_str());
    Ok(format!(
        "./{}",
        name.context("the name of the program is not UTF-8")?
    ))
}

/// A pseudo-terminal: the runner's side, and the side that programs see.
fn terminal() -> Result<(OwnedFd, OwnedFd)> {
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
            let pipe = wires.pipe.insert(Output::new(OwnedFd::from(writer))?);
            if let Some(input) = &scenario.input {
                pipe.send(input.as_bytes())?;
                wires.close_pipe()?;
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

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("cannot open {} for standard input", path.display()))
}

/// What becomes standard output.
fn standard_output(
    scenario: &Scenario,
    scratch: &Scratch,
    wires: &mut Wires,
) -> Result<(Place, Stdio)> {
    let create = |path: &Path| {
        File::create(path)
            .with_context(|| format!("cannot open {} for standard output", path.display()))
    };
    match &scenario.stdout {
        Wiring::Terminal => Ok((Place::Terminal, Stdio::null())),
        Wiring::Closed => Ok((Place::Closed, Stdio::null())),
        Wiring::Pipe => {
            let (reader, writer) = std::io::pipe().context("cannot make a pipe")?;
            wires.read_from(Source::Stdout, OwnedFd::from(reader))?;
            Ok((Place::Given, writer.into()))
        }
        Wiring::File => {
            let path = scratch.path("output");
            let file = create(&path)?;
            wires.watch_file(open(&path)?);
            Ok((Place::Given, file.into()))
        }
        Wiring::Path(path) => Ok((Place::Given, create(Path::new(path))?.into())),
    }
}

//! The seat of a companion: a second terminal, and pipes or files for it.
//!
//! The lab's descriptors are inherited through reaper and shell; a companion's shell opens its own by path.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::fcntl::OFlag;
use nix::sys::stat::Mode;

use crate::run::io::poll::{Source, Wires};
use crate::run::io::writer::Output;
use crate::run::setup::{create, open, terminal};
use crate::run::shell::{Job, Place};
use crate::run::strace_command;
use crate::run::workdir::Scratch;
use crate::scenario::{Companion, Wiring};

/// Where a job finds a standard file: which kind, and the path of what is given.
type Opened = (Place, Option<PathBuf>);

/// Prepares everything for one companion; returns its job file.
pub fn prepare(
    companion: &Companion,
    program: &str,
    lab: &Job,
    scratch: &Scratch,
    wires: &mut Wires,
) -> Result<PathBuf> {
    let (master, slave) = terminal()?;
    let name = nix::unistd::ttyname(&slave).context("cannot tell the terminal's name")?;
    let place = wires.add_desk(master)?;
    wires.desks[place].hold(slave);
    let (stdin, stdin_from) = standard_input(companion, place, scratch, wires)?;
    let (stdout, stdout_from) = standard_output(companion, place, scratch, wires)?;
    let tracer = match companion.trace {
        true => strace_command::command(&[], &options(lab), place, scratch, wires)?,
        false => Vec::new(),
    };
    let job = Job {
        terminal: name,
        program: program.to_owned(),
        args: companion.args.clone(),
        stdin,
        stdout,
        tracer,
        place,
        limits: None,
        companions: Vec::new(),
        stdin_from,
        stdout_from,
        ..lab.clone()
    };
    let file = scratch.path(&format!("job-{place}.toml"));
    job.write(&file)?;
    Ok(file)
}

/// What the lab's own trace tells is told of its companions too: how long each call took.
///
/// Stacks are not: to read them would only hold a companion up.
fn options(lab: &Job) -> Vec<String> {
    let words = lab.tracer.iter().take_while(|word| *word != "--");
    words.filter(|word| *word == "-T").cloned().collect()
}

fn standard_input(
    companion: &Companion,
    place: usize,
    scratch: &Scratch,
    wires: &mut Wires,
) -> Result<Opened> {
    let path = scratch.path(&format!("input-{place}"));
    match &companion.stdin {
        Wiring::Terminal => Ok((Place::Terminal, None)),
        Wiring::Closed => Ok((Place::Closed, None)),
        Wiring::Path(path) => Ok((Place::Given, Some(path.into()))),
        Wiring::File => {
            fs::write(&path, companion.input.as_deref().unwrap_or_default())
                .with_context(|| format!("cannot write {}", path.display()))?;
            Ok((Place::Given, Some(path)))
        }
        Wiring::Pipe => {
            make_pipe(&path)?;
            // opened both ways it waits for nobody, and keeps what is written until somebody reads
            let both = File::options().read(true).write(true).open(&path);
            let desk = &mut wires.desks[place];
            desk.hold(OwnedFd::from(both.context("cannot open a pipe")?));
            let writer = File::options().write(true).open(&path);
            let writer = OwnedFd::from(writer.context("cannot open a pipe")?);
            let pipe = desk.pipe.insert(Output::new(writer)?);
            if let Some(input) = &companion.input {
                pipe.send(input.as_bytes())?;
                desk.close_pipe()?;
            }
            Ok((Place::Given, Some(path)))
        }
    }
}

fn standard_output(
    companion: &Companion,
    place: usize,
    scratch: &Scratch,
    wires: &mut Wires,
) -> Result<Opened> {
    let path = scratch.path(&format!("output-{place}"));
    match &companion.stdout {
        Wiring::Terminal => Ok((Place::Terminal, None)),
        Wiring::Closed => Ok((Place::Closed, None)),
        Wiring::Path(path) => Ok((Place::Given, Some(path.into()))),
        Wiring::File => {
            create(&path)?;
            wires.desks[place].watch_file(open(&path)?);
            Ok((Place::Given, Some(path)))
        }
        Wiring::Pipe => {
            let reader = reader_of_pipe(&path)?;
            wires.read_from(Source::Stdout(place), reader)?;
            Ok((Place::Given, Some(path)))
        }
    }
}

/// A named pipe.
fn make_pipe(path: &Path) -> Result<()> {
    nix::unistd::mkfifo(path, Mode::S_IRWXU)
        .with_context(|| format!("cannot make the pipe {}", path.display()))
}

/// A named pipe's reading end, which waits for nobody to open the other.
pub fn reader_of_pipe(path: &Path) -> Result<OwnedFd> {
    make_pipe(path)?;
    let reader = File::options()
        .read(true)
        .custom_flags(OFlag::O_NONBLOCK.bits())
        .open(path)
        .with_context(|| format!("cannot open the pipe {}", path.display()))?;
    Ok(OwnedFd::from(reader))
}

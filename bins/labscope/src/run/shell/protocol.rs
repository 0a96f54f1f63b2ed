//! What the runner and the processes of the shell tell each other: the job file, and lines on a socket.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use jzon::{JsonValue, object};

use crate::confinement::Confinement;
use crate::confinement::namespaces::Own;
use crate::i18n::failure;
use crate::run::limits::Limits;
use crate::text::file::{self, utf8};

/// What standard input or output of the job is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StandardFile {
    /// The shell's terminal.
    Terminal,
    /// The descriptor that the reaper was started with, under the same number.
    Inherited,
    /// What the reaper opens at that path.
    Opened(PathBuf),
    /// No descriptor at all.
    Closed,
}

/// The resource limits of each process, setrlimit(2), in bytes.
#[derive(Clone, Copy, Debug)]
pub struct ResourceLimits {
    pub memory: u64,
    pub file_size: u64,
}

impl ResourceLimits {
    /// The part of the limits that the kernel watches over.
    pub fn of(limits: &Limits) -> ResourceLimits {
        ResourceLimits {
            memory: limits.memory,
            file_size: limits.file_size,
        }
    }
}

/// One job for the shell: written to a file by the runner, read by each of the three processes.
#[derive(Clone, Debug)]
pub struct Job {
    /// The runner's socket.
    pub socket: PathBuf,
    /// The terminal, by path: opened by the session leader, it becomes the controlling terminal.
    pub terminal: PathBuf,
    /// The working directory of the lab.
    pub workdir: PathBuf,
    /// What to execute, relative to `workdir`; it is argv\[0\] too.
    pub program: String,
    /// The arguments after argv\[0\].
    pub args: Vec<String>,
    /// Standard input.
    pub stdin: StandardFile,
    /// Standard output.
    pub stdout: StandardFile,
    /// Whether it waits before it becomes the program, until a tracer has it.
    pub is_traced: bool,
    /// Whose job it is: the lab's (0) or a companion's.
    pub index: usize,
    /// What everything happens in.
    pub own: Own,
    /// What the reaper and all below it are kept in, if the program is not trusted.
    pub confinement: Option<Confinement>,
    /// What the kernel limits, if the program is one that nobody knows.
    pub limits: Option<ResourceLimits>,
    /// The job files of the companions.
    pub companions: Vec<PathBuf>,
}

impl Job {
    /// Writes the job file.
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = self.to_json().context("job.toml")?.dump();
        // Whole or not at all: the shell may be reading the one before at this moment.
        let new = path.with_extension("new");
        let written = std::fs::write(&new, text).and_then(|()| std::fs::rename(&new, path));
        written.with_context(|| failure::cannot_write(path.display()))
    }

    /// Reads the job file named on the command line.
    pub fn read(path: &Path) -> Result<Job> {
        let json = jzon::parse(&file::read(path)?).ok();
        let job = json.as_ref().and_then(Job::of_json);
        job.with_context(|| failure::cannot_understand(path.display()))
    }

    fn to_json(&self) -> Result<JsonValue> {
        let companions: Result<Vec<&str>> = self.companions.iter().map(|path| utf8(path)).collect();
        let limits = self.limits.as_ref().map(|limits| {
            object! { memory: limits.memory, file_size: limits.file_size }
        });
        Ok(object! {
            socket: utf8(&self.socket)?,
            terminal: utf8(&self.terminal)?,
            workdir: utf8(&self.workdir)?,
            program: self.program.as_str(),
            args: self.args.as_slice(),
            stdin: self.stdin.to_json()?,
            stdout: self.stdout.to_json()?,
            is_traced: self.is_traced,
            index: self.index,
            network: self.own.network,
            ipc: self.own.ipc,
            limits: limits,
            confinement: self.confinement.as_ref().map(Confinement::to_json).transpose()?,
            companions: companions?,
        })
    }

    fn of_json(json: &JsonValue) -> Option<Job> {
        let path = |key: &str| Some(PathBuf::from(json[key].as_str()?));
        let limits = &json["limits"];
        Some(Job {
            socket: path("socket")?,
            terminal: path("terminal")?,
            workdir: path("workdir")?,
            program: json["program"].as_str()?.to_owned(),
            args: texts(&json["args"])?,
            stdin: StandardFile::of_json(&json["stdin"])?,
            stdout: StandardFile::of_json(&json["stdout"])?,
            is_traced: json["is_traced"].as_bool()?,
            index: json["index"].as_usize()?,
            own: Own {
                network: json["network"].as_bool()?,
                ipc: json["ipc"].as_bool()?,
            },
            limits: match limits.is_null() {
                true => None,
                false => Some(ResourceLimits {
                    memory: limits["memory"].as_u64()?,
                    file_size: limits["file_size"].as_u64()?,
                }),
            },
            confinement: match json["confinement"].is_null() {
                true => None,
                false => Some(Confinement::of_json(&json["confinement"])?),
            },
            companions: texts(&json["companions"])?,
        })
    }
}

impl StandardFile {
    fn to_json(&self) -> Result<JsonValue> {
        Ok(match self {
            StandardFile::Terminal => "terminal".into(),
            StandardFile::Inherited => "inherited".into(),
            StandardFile::Opened(path) => object! { opened: utf8(path)? },
            StandardFile::Closed => "closed".into(),
        })
    }

    fn of_json(json: &JsonValue) -> Option<StandardFile> {
        Some(match json.as_str() {
            Some("terminal") => StandardFile::Terminal,
            Some("inherited") => StandardFile::Inherited,
            Some("closed") => StandardFile::Closed,
            Some(_) => return None,
            None => StandardFile::Opened(json["opened"].as_str()?.into()),
        })
    }
}

pub(super) fn texts<T: for<'a> From<&'a str>>(json: &JsonValue) -> Option<Vec<T>> {
    json.as_array()?
        .iter()
        .map(|text| text.as_str().map(T::from))
        .collect()
}

/// In the environment of a companion: its index. An orphan that left its session is known by it.
pub const INDEX_VARIABLE: &str = "LABSCOPE_INDEX";

/// The connection to the runner; whole lines only.
pub struct Connection(pub UnixStream);

impl Connection {
    /// Connects, and says who that is.
    pub(super) fn open(job: &Job, role: &str) -> Result<Connection> {
        let stream = UnixStream::connect(&job.socket)
            .with_context(|| failure::cannot_reach_the_runner(job.socket.display()))?;
        let mut connection = Connection(stream);
        connection.say(&format!("{role} {} {}", std::process::id(), job.index));
        Ok(connection)
    }

    /// Sends one line; a runner that has gone away is noticed elsewhere.
    pub(super) fn say(&mut self, text: &str) {
        let _ = self
            .0
            .write_all(format!("{}\n", text.replace('\n', " ")).as_bytes());
    }
}

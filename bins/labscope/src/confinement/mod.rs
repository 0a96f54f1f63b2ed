//! What a program that is not trusted sees, changes and reaches: its own room, the system's programs and libraries,
//! and nothing else.
//!
//! Two means, together where both can be had. *Namespaces*: a file system made of what it may see, a network with
//! nothing but `lo`, System V objects of its own, namespaces(7). *Landlock*: paths, devices, ptrace(2), signals and
//! abstract sockets are refused by rules that nobody takes back, landlock(7). Beside them stands a filter of system
//! calls, and root is a user like others: no capability is left, and no exec gives one back. A process enters, and all that it starts is in it.

mod capabilities;
mod file_system;
mod landlock;
pub mod namespaces;
pub(crate) mod seccomp;

use std::convert::Infallible;
use std::ffi::{OsStr, OsString};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use anyhow::{Context, Result, bail};
use jzon::{JsonValue, object};

use crate::i18n::confinement as words;
use crate::i18n::{Language, failure};
use crate::proc::inherited::close_inherited;
use crate::project::program_of_labscope;
use crate::text::file::{self, utf8};

/// The hidden command that only tries to enter.
pub const PROBE: &str = "__confinement";

/// The hidden command that enters and becomes another program: `labscope __confined FILE PROGRAM ARGUMENTS`.
pub const ROLE: &str = "__confined";

/// Setting it to `no` does without Landlock.
pub const SWITCH: &str = "LABSCOPE_LANDLOCK";

/// What the kernel allows here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Means {
    pub namespaces: bool,
    /// The version of its interface, 0 if there is none.
    pub landlock: u32,
}

/// The first version of Landlock that keeps signals in: without namespaces, none before is enough.
const SCOPES: u32 = 6;

/// What one program that is not trusted may see and change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Confinement {
    pub means: Means,
    /// An empty folder, in whose place its file system is put together.
    pub base: PathBuf,
    /// Files and folders beside those of the system.
    pub readable: Vec<PathBuf>,
    /// Files, folders and terminals.
    pub writable: Vec<PathBuf>,
    /// The folder that is its `/tmp` too, where there are namespaces; an empty one of its own otherwise.
    pub tmp: Option<PathBuf>,
    /// The process that enters still gives each program that it starts System V objects of its own.
    pub renews_ipc: bool,
}

impl Means {
    /// What can be had; an error that says why, if it is not enough to confine a program.
    pub fn found(language: Language) -> Result<Means> {
        let (means, why) = look();
        match means.are_enough() {
            true => Ok(*means),
            false => bail!(
                "{}",
                words::cannot_be_had(language, why, means.landlock, SCOPES)
            ),
        }
    }

    fn are_enough(self) -> bool {
        self.namespaces || self.keep_signals()
    }

    /// Whether the kernel keeps signals in. Elsewhere the tracer does.
    pub fn keep_signals(self) -> bool {
        self.landlock >= SCOPES
    }
}

/// What can be had, and why no namespaces. Tried once.
fn look() -> &'static (Means, String) {
    static FOUND: OnceLock<(Means, String)> = OnceLock::new();
    FOUND.get_or_init(|| {
        let (landlock, namespaces) = (landlock::version(), try_namespaces());
        let means = Means {
            namespaces: namespaces.is_ok(),
            landlock,
        };
        (means, namespaces.err().unwrap_or_default())
    })
}

/// Why a program that is not trusted does not run without namespaces where it needs something of its own. Landlock's
/// rules for TCP name ports and no addresses, and there are none for UDP and System V objects.
pub fn without_namespaces(own: namespaces::Own, language: Language) -> String {
    let (_, why) = look();
    match own.network {
        true => words::needs_own_network(language, why),
        false => words::needs_own_ipc(language, why),
    }
}

/// Lets a process of its own enter; the reason if it cannot.
fn try_namespaces() -> Result<(), String> {
    if std::env::var_os(namespaces::SWITCH).is_some_and(|value| value == "no") {
        return Err(format!("{}=no", namespaces::SWITCH));
    }
    let tried = || -> Result<()> {
        let base = nix::unistd::mkdtemp(&std::env::temp_dir().join("labscope-XXXXXX"))?;
        let mut probe = Command::new(program_of_labscope()?);
        probe.arg(PROBE).arg(&base).stdin(Stdio::null());
        let ended = probe.output();
        let _ = std::fs::remove_dir(&base);
        let ended = ended?;
        match ended.status.success() {
            true => Ok(()),
            false => bail!("{}", String::from_utf8_lossy(&ended.stderr).trim()),
        }
    };
    tried().map_err(|error| {
        let text = format!("{error:#}");
        text.trim_start_matches("labscope: ").to_owned()
    })
}

/// The body of [`PROBE`].
pub fn probe(base: &Path) -> Result<()> {
    let means = Means {
        namespaces: true,
        landlock: 0,
    };
    Confinement {
        means,
        base: base.to_owned(),
        ..Confinement::default()
    }
    .enter()
}

impl Confinement {
    /// From now on this process, and all that it starts, is confined. It must have one thread.
    pub fn enter(&self) -> Result<()> {
        nix::sys::prctl::set_no_new_privs().context("prctl(2)")?;
        if self.means.namespaces {
            namespaces::confine()?;
            file_system::enter(
                &self.base,
                &self.readable,
                &self.writable,
                self.tmp.as_deref(),
            )?;
        }
        if self.means.landlock > 0 {
            landlock::enter(self.means, &self.readable, &self.writable)?;
        }
        if self.means.namespaces {
            // A program that exec gave some would have its addresses drawn by lot, whatever its parent asked for.
            capabilities::drop_at_exec()?;
        }
        if !self.renews_ipc {
            capabilities::drop_all()?;
        }
        seccomp::refuse_to_strangers(self.means)
    }

    /// As it stands in a file.
    pub fn to_json(&self) -> Result<JsonValue> {
        Ok(object! {
            namespaces: self.means.namespaces,
            landlock: self.means.landlock,
            base: utf8(&self.base)?,
            readable: paths(&self.readable)?,
            writable: paths(&self.writable)?,
            tmp: self.tmp.as_deref().map(utf8).transpose()?,
            renews_ipc: self.renews_ipc,
        })
    }

    /// What stands in a file; none if it makes no sense.
    pub fn of_json(json: &JsonValue) -> Option<Confinement> {
        let paths = |key: &str| {
            let paths = json[key].as_array()?.iter();
            let paths: Option<Vec<PathBuf>> =
                paths.map(|path| Some(path.as_str()?.into())).collect();
            paths
        };
        Some(Confinement {
            means: Means {
                namespaces: json["namespaces"].as_bool()?,
                landlock: json["landlock"].as_u32()?,
            },
            base: json["base"].as_str()?.into(),
            readable: paths("readable")?,
            writable: paths("writable")?,
            tmp: json["tmp"].as_str().map(PathBuf::from),
            renews_ipc: json["renews_ipc"].as_bool()?,
        })
    }
}

/// The command that enters, and then becomes a program with what stands behind it as its arguments. Nothing but this
/// environment and three descriptors reach it; `file` is written.
pub fn command(
    confinement: &Confinement,
    path: &Path,
    program: &Path,
    environment: &[(&str, &str)],
) -> Result<Command> {
    file::write(path, confinement.to_json()?.dump())?;
    let mut command = Command::new(program_of_labscope()?);
    command.arg(ROLE).arg(path).arg(program);
    command.env_clear().envs(environment.iter().copied());
    Ok(command)
}

/// The body of [`ROLE`].
pub fn become_program(path: &Path, program: &OsStr, args: &[OsString]) -> Result<Infallible> {
    let json = jzon::parse(&file::read(path)?).ok();
    let confinement = json.as_ref().and_then(Confinement::of_json);
    let folder = std::env::current_dir().context("getcwd(3)")?;
    close_inherited(None)?;
    confinement
        .with_context(|| failure::cannot_understand(path.display()))?
        .enter()?;
    let mut command = Command::new(program);
    command.args(args).current_dir(folder);
    Err(command.exec()).with_context(|| failure::cannot_run(program.display()))
}

fn paths(paths: &[PathBuf]) -> Result<Vec<&str>> {
    paths.iter().map(|path| utf8(path)).collect()
}

//! Rules that the kernel keeps for a process and all that it starts, landlock(7): its three system calls, which nix
//! does not have, and whose crate would bring procedural macros into the tool.
#![allow(unsafe_code)]

use std::fs::OpenOptions;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::libc;
use syscalls::{Errno, Sysno, syscall};

use crate::confinement::file_system::{DEVICES, SYSTEM, TEMPORARY};
use crate::confinement::{Means, SWITCH};
use crate::i18n::confinement;

const EXECUTE: u64 = 1 << 0;
const WRITE_FILE: u64 = 1 << 1;
const READ_FILE: u64 = 1 << 2;
const READ_DIR: u64 = 1 << 3;
const TRUNCATE: u64 = 1 << 14;
const IOCTL_DEV: u64 = 1 << 15;

/// What concerns a file; all else is asked of a folder.
const OF_FILES: u64 = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV;
const READING: u64 = EXECUTE | READ_FILE | READ_DIR;

/// Bind and connect of TCP.
const NETWORK: u64 = 0b11;
/// Abstract sockets and signals.
const SCOPES: u64 = 0b11;

/// The rights on files and folders that a version knows: each added some at the end.
const fn rights(version: u32) -> u64 {
    match version {
        0 | 1 => (1 << 13) - 1,
        2 => (1 << 14) - 1,
        3 | 4 => (1 << 15) - 1,
        _ => (1 << 16) - 1,
    }
}

/// `struct landlock_ruleset_attr`
#[repr(C)]
struct Ruleset {
    files: u64,
    network: u64,
    scopes: u64,
}

/// `struct landlock_path_beneath_attr`
#[repr(C, packed)]
struct PathBeneath {
    allowed: u64,
    parent: i32,
}

/// The version that the kernel knows; 0 if none, or if a variable does without.
pub fn version() -> u32 {
    const ASKS_FOR_THE_VERSION: u32 = 1;
    if std::env::var_os(SWITCH).is_some_and(|value| value == "no") {
        return 0;
    }
    // SAFETY: with this flag the kernel reads no memory.
    let version = unsafe { syscall!(Sysno::landlock_create_ruleset, 0, 0, ASKS_FOR_THE_VERSION) };
    version.map_or(0, |version| version as u32)
}

/// From now on only these paths, beside the system's, can be opened; signals and abstract sockets stay within. Without
/// a network of its own there is no TCP either.
pub fn enter(means: Means, readable: &[PathBuf], writable: &[PathBuf]) -> Result<()> {
    let ruleset = Ruleset {
        files: rights(means.landlock),
        network: if means.landlock >= 4 && !means.namespaces {
            NETWORK
        } else {
            0
        },
        scopes: if means.landlock >= 6 { SCOPES } else { 0 },
    };
    let rules = make(&ruleset, means.landlock).context("landlock_create_ruleset(2)")?;
    let all = ruleset.files;
    for path in SYSTEM.map(Path::new) {
        allow(&rules, path, READING & all)?;
    }
    for path in DEVICES.map(Path::new) {
        allow(
            &rules,
            path,
            (READ_FILE | WRITE_FILE | TRUNCATE | IOCTL_DEV) & all,
        )?;
    }
    if means.namespaces {
        allow(&rules, Path::new("/"), READ_DIR & all)?; // nothing is there that it may not know
        for path in TEMPORARY.map(Path::new) {
            allow(&rules, path, all & !IOCTL_DEV)?;
        }
    }
    for path in readable {
        allow(&rules, path, READING & all)?;
    }
    for path in writable {
        allow(&rules, path, all)?;
    }
    // SAFETY: numbers.
    unsafe { syscall!(Sysno::landlock_restrict_self, rules.as_raw_fd(), 0) }
        .map_err(as_io)
        .context("landlock_restrict_self(2)")?;
    Ok(())
}

fn make(ruleset: &Ruleset, version: u32) -> std::io::Result<OwnedFd> {
    let size = match version {
        0..=3 => 8,
        4 | 5 => 16,
        _ => size_of::<Ruleset>(),
    };
    // SAFETY: the kernel reads the first `size` bytes of the struct, which has as many.
    let made = unsafe {
        syscall!(
            Sysno::landlock_create_ruleset,
            ruleset as *const Ruleset,
            size,
            0
        )
    };
    let descriptor = made.map_err(as_io)?;
    // SAFETY: the kernel has just opened it for us.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor as i32) })
}

/// Allows this below a path, if it is there.
fn allow(rules: &OwnedFd, path: &Path, rights: u64) -> Result<()> {
    const PATH_BENEATH: u32 = 1;
    let said = || confinement::cannot_allow(path.display());
    let mut options = OpenOptions::new();
    options
        .read(true)
        .custom_flags(libc::O_PATH | libc::O_CLOEXEC);
    let Ok(opened) = options.open(path) else {
        return Ok(());
    };
    let is_folder = opened.metadata().with_context(said)?.is_dir();
    let rule = PathBeneath {
        allowed: if is_folder { rights } else { rights & OF_FILES },
        parent: opened.as_raw_fd(),
    };
    // SAFETY: the kernel reads the struct, which lives until the call has returned.
    let added = unsafe {
        syscall!(
            Sysno::landlock_add_rule,
            rules.as_raw_fd(),
            PATH_BENEATH,
            &raw const rule,
            0
        )
    };
    added.map_err(as_io).with_context(said)?;
    Ok(())
}

fn as_io(error: Errno) -> std::io::Error {
    std::io::Error::from_raw_os_error(error.into_raw())
}

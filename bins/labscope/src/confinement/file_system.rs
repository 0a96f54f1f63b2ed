//! A file system made of what a program may see, mount_namespaces(7): the system's own folders, read-only; a `/tmp`
//! that goes with the run; its room.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::mount::{MntFlags, MsFlags, mount, umount2};
use nix::sys::statvfs::{FsFlags, statvfs};
use nix::unistd::{chdir, pivot_root};

use crate::i18n::confinement;

/// The system's programs and libraries, and what they read. As many as there are.
pub const SYSTEM: [&str; 26] = [
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/usr",
    "/nix/store",
    "/etc/alternatives",
    "/etc/group",
    "/etc/host.conf",
    "/etc/hosts",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/ld-musl-x86_64.path",
    "/etc/locale.alias",
    "/etc/localtime",
    "/etc/networks",
    "/etc/nsswitch.conf",
    "/etc/passwd",
    "/etc/protocols",
    "/etc/services",
    "/etc/timezone",
    "/proc",
    "/sys/devices/system/cpu",
];

/// Devices that hold nothing of anybody.
pub const DEVICES: [&str; 6] = [
    "/dev/full",
    "/dev/null",
    "/dev/random",
    "/dev/tty",
    "/dev/urandom",
    "/dev/zero",
];

/// Folders of its own, empty at first.
pub const TEMPORARY: [&str; 3] = ["/dev/shm", "/tmp", "/var/tmp"];

/// What all that it writes there may hold.
const SIZE: &str = "size=64m,mode=755";

/// Puts the file system together at its base, and makes it this process's root. In a mount namespace of its own.
pub fn enter(
    base: &Path,
    readable: &[PathBuf],
    writable: &[PathBuf],
    tmp: Option<&Path>,
) -> Result<()> {
    let none = None::<&str>;
    let apart = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
    mount(none, "/", none, apart, none).context("mount(2)")?;
    let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
    mount(Some("tmpfs"), base, Some("tmpfs"), flags, Some(SIZE)).context("mount(2)")?;
    for path in TEMPORARY {
        let path = below(base, Path::new(path));
        fs::create_dir_all(&path).context("mkdir(2)")?;
        nix::sys::stat::fchmodat(
            nix::fcntl::AT_FDCWD,
            &path,
            nix::sys::stat::Mode::from_bits_truncate(0o1777),
            nix::sys::stat::FchmodatFlags::FollowSymlink,
        )
        .context("chmod(2)")?;
    }
    if let Some(folder) = tmp {
        let place = below(base, Path::new("/tmp"));
        mount(Some(folder), &place, none, MsFlags::MS_BIND, none).context("mount(2)")?;
    }
    for (name, target) in [
        ("fd", "/proc/self/fd"),
        ("stdin", "/proc/self/fd/0"),
        ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"),
    ] {
        symlink(target, base.join("dev").join(name)).context("symlink(2)")?;
    }
    for path in SYSTEM {
        bind(base, Path::new(path), MsFlags::MS_REC, Access::Read)?;
    }
    for path in DEVICES {
        bind(base, Path::new(path), MsFlags::empty(), Access::Write)?;
    }
    let is_shown = |path: &&PathBuf| !SYSTEM.iter().any(|shown| path.starts_with(shown));
    for path in readable.iter().filter(is_shown) {
        bind(base, path, MsFlags::empty(), Access::Read)?;
    }
    for path in writable {
        bind(base, path, MsFlags::empty(), Access::Write)?;
    }
    become_root(base).context("pivot_root(2)")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

/// The place of an absolute path below a folder.
fn below(base: &Path, path: &Path) -> PathBuf {
    base.join(path.strip_prefix("/").unwrap_or(path))
}

/// Shows a file or a folder under the path that it has outside, if it is there.
fn bind(base: &Path, path: &Path, how: MsFlags, access: Access) -> Result<()> {
    let Ok(about) = fs::symlink_metadata(path) else {
        return Ok(());
    };
    let place = below(base, path);
    let said = || confinement::cannot_show(path.display());
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).with_context(said)?;
    }
    if about.is_symlink() {
        let target = fs::read_link(path).with_context(said)?;
        if !place.is_symlink() {
            symlink(target, &place).with_context(said)?; // its target is shown too, or leads nowhere
        }
        return Ok(());
    }
    match about.is_dir() {
        true => fs::create_dir_all(&place).with_context(said)?,
        false => drop(File::create(&place).with_context(said)?),
    }
    let none = None::<&str>;
    mount(Some(path), &place, none, MsFlags::MS_BIND | how, none).with_context(said)?;
    if access == Access::Write {
        return Ok(());
    }
    let flags = MsFlags::MS_REMOUNT | MsFlags::MS_BIND | MsFlags::MS_RDONLY | kept(&place)?;
    mount(none, &place, none, flags, none).with_context(said)
}

/// The flags of a mount, which nobody may take away who has not set them.
fn kept(place: &Path) -> Result<MsFlags> {
    let flags = statvfs(place).context("statvfs(3)")?.flags();
    let pairs = [
        (FsFlags::ST_NOSUID, MsFlags::MS_NOSUID),
        (FsFlags::ST_NODEV, MsFlags::MS_NODEV),
        (FsFlags::ST_NOEXEC, MsFlags::MS_NOEXEC),
        (FsFlags::ST_NOATIME, MsFlags::MS_NOATIME),
        (FsFlags::ST_NODIRATIME, MsFlags::MS_NODIRATIME),
        (FsFlags::ST_RELATIME, MsFlags::MS_RELATIME),
    ];
    let set = pairs.into_iter().filter(|(flag, _)| flags.contains(*flag));
    Ok(set.map(|(_, flag)| flag).collect())
}

/// The old root lies below the new one for a moment, and then nowhere.
fn become_root(base: &Path) -> nix::Result<()> {
    chdir(base)?;
    pivot_root(".", ".")?;
    umount2(".", MntFlags::MNT_DETACH)?;
    chdir("/")
}

//! A network, or System V objects, of its own for each run, namespaces(7): labs with fixed ports or keys run side by
//! side and reach nobody, and what they leave behind goes with them.
//!
//! Where the system refuses that, runs take turns under a lock on one file for the whole machine.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::sched::{CloneFlags, unshare};
use nix::sys::socket::{
    AddressFamily, MsgFlags, SockFlag, SockProtocol, SockType, recv, send, socket,
};
use nix::unistd::{getegid, geteuid};

use crate::i18n::failure;

/// The hidden command that only tries whether namespaces can be had.
pub const PROBE: &str = "__namespaces";

/// Setting it to `no` does without namespaces: runs that need them then take turns.
pub const SWITCH: &str = "LABSCOPE_NAMESPACES";

/// How often a run that waits for its turn looks.
pub const INTERVAL: Duration = Duration::from_millis(50);

/// What a run has for itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Own {
    /// A network with nothing but `lo`, which is up.
    pub network: bool,
    /// System V objects: none.
    pub ipc: bool,
}

impl Own {
    /// Whether it is anything.
    pub fn any(self) -> bool {
        self.network || self.ipc
    }
}

/// Moves this process, and all it will start, into namespaces of its own.
pub fn isolate(own: Own) -> Result<()> {
    let mut wanted = CloneFlags::empty();
    wanted.set(CloneFlags::CLONE_NEWNET, own.network);
    wanted.set(CloneFlags::CLONE_NEWIPC, own.ipc);
    if unshare(wanted).is_err() {
        in_user_namespace(wanted)?;
    }
    match own.network {
        true => bring_lo_up(),
        false => Ok(()),
    }
}

/// Moves this process, and all it will start, where it has a file system of its own too, and where even root has no
/// power over what is outside.
pub(super) fn confine() -> Result<()> {
    in_user_namespace(
        CloneFlags::CLONE_NEWNS
            | CloneFlags::CLONE_NEWUTS
            | CloneFlags::CLONE_NEWNET
            | CloneFlags::CLONE_NEWIPC,
    )?;
    bring_lo_up()
}

/// Namespaces that belong to a user namespace of this process's own, with its user and its group in it.
fn in_user_namespace(wanted: CloneFlags) -> Result<()> {
    let (uid, gid) = (geteuid(), getegid());
    unshare(CloneFlags::CLONE_NEWUSER | wanted).context("unshare(2)")?;
    write("/proc/self/setgroups", "deny")?; // without it an ordinary user may not map groups
    write("/proc/self/uid_map", &format!("{uid} {uid} 1"))?;
    write("/proc/self/gid_map", &format!("{gid} {gid} 1"))
}

fn write(path: &str, text: &str) -> Result<()> {
    std::fs::write(path, text).with_context(|| failure::cannot_write(path))
}

/// `ip link set lo up`, rtnetlink(7): one RTM_NEWLINK message, one answer.
fn bring_lo_up() -> Result<()> {
    let netlink = socket(
        AddressFamily::Netlink,
        SockType::Raw,
        SockFlag::SOCK_CLOEXEC,
        SockProtocol::NetlinkRoute,
    )
    .context("socket(2)")?;
    let netlink = netlink.as_raw_fd();
    send(netlink, &newlink(1), MsgFlags::empty()).context("netlink(7)")?; // lo is interface 1
    let mut answer = [0; 256];
    let length = recv(netlink, &mut answer, MsgFlags::empty()).context("netlink(7)")?;
    // struct nlmsghdr (16 bytes), then struct nlmsgerr, which begins with 0 or -errno
    match answer[..length].get(16..20).map(<[u8; 4]>::try_from) {
        Some(Ok(error)) => match i32::from_ne_bytes(error) {
            0 => Ok(()),
            errno => Err(Errno::from_raw(-errno)).context("netlink(7)"),
        },
        _ => bail!("netlink(7)"),
    }
}

/// struct nlmsghdr and struct ifinfomsg: set IFF_UP on an interface, and say whether that went well.
fn newlink(interface: i32) -> Vec<u8> {
    const RTM_NEWLINK: u16 = 16;
    const REQUEST_AND_ACK: u16 = 1 | 4;
    const IFF_UP: u32 = 1;
    let mut message = Vec::new();
    message.extend(32u32.to_ne_bytes()); // the length of all of it
    message.extend(RTM_NEWLINK.to_ne_bytes());
    message.extend(REQUEST_AND_ACK.to_ne_bytes());
    message.extend([0; 8]); // sequence number, port
    message.extend([0; 4]); // family, type
    message.extend(interface.to_ne_bytes());
    message.extend(IFF_UP.to_ne_bytes()); // flags
    message.extend(IFF_UP.to_ne_bytes()); // which of them to change
    message
}

/// Whether runs can have namespaces of their own here; tried once, by a process that ends at once.
pub fn can_be_had(labscope: &Path) -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let mut probe = Command::new(labscope);
        probe.arg(PROBE).arg("-").stdin(Stdio::null());
        probe.stdout(Stdio::null()).stderr(Stdio::null());
        let is_allowed = std::env::var_os(SWITCH).is_none_or(|value| value != "no");
        is_allowed && probe.status().is_ok_and(|status| status.success())
    })
}

/// The lock under which runs take turns where they share the network and the objects of the machine.
pub struct MachineLock(File);

impl MachineLock {
    /// Opens the lock file; whoever made it, everybody may lock it.
    pub fn open() -> Result<MachineLock> {
        let path = std::env::temp_dir().join("labscope-machine.lock");
        let mut options = OpenOptions::new();
        let made = options.read(true).write(true).create_new(true).mode(0o644);
        match made.open(&path).or_else(|_| File::open(&path)) {
            Ok(file) => Ok(MachineLock(file)),
            Err(error) => Err(error).with_context(|| failure::cannot_open(path.display())),
        }
    }

    /// Whether the machine is this run's, from now on until the value is dropped.
    pub fn try_lock(&self) -> Result<bool> {
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            Err(TryLockError::WouldBlock) => Ok(false),
            Err(TryLockError::Error(error)) => Err(error).context("flock(2)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_is_as_long_as_it_says() {
        let message = newlink(1);
        assert_eq!(message.len(), 32);
        assert_eq!(message[..4], 32u32.to_ne_bytes());
        assert_eq!(message[20..24], 1i32.to_ne_bytes());
    }
}

//! Pictures of descriptor tables: which number means what, process by process.

use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::{FileTypeExt, MetadataExt};

use crate::proc::process::Process;
use crate::proc::segments::{self, Segment};
use crate::proc::sockets;
use crate::proc::sockets::Transport;

/// What a descriptor refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A terminal: `pts/3`.
    Terminal(String),
    /// An end of a pipe.
    Pipe(Access),
    /// A pipe that has a name, and the ends of it that this is.
    Fifo(String, Access),
    /// A TCP socket that waits for connections.
    Listening(SocketAddr),
    /// A TCP connection; `whole` until one side has closed its half.
    Connection {
        local: SocketAddr,
        peer: SocketAddr,
        whole: bool,
    },
    /// A UDP socket, and the one address it talks to if it is connected.
    Udp {
        local: SocketAddr,
        peer: Option<SocketAddr>,
    },
    /// A Unix socket that waits for connections, and its name.
    UnixListening(String),
    /// A connection of Unix sockets, and the name by which it was made, if that is known; `whole` until one side has
    /// closed.
    UnixConnection { name: String, whole: bool },
    /// A socket without an address yet.
    Unbound,
    /// An epoll instance, and the descriptors on its list.
    Epoll(Vec<i32>),
    /// A file, by its path, or whatever else /proc calls it.
    File(String),
}

/// What a descriptor of a pipe can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Reading,
    Writing,
    Both,
}

impl Access {
    pub fn reads(self) -> bool {
        self != Access::Writing
    }

    pub fn writes(self) -> bool {
        self != Access::Reading
    }
}

/// A process and its descriptors at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub number: usize,
    pub pid: i32,
    /// The number of its parent, if that is a process of the same program.
    pub parent: Option<usize>,
    pub command: String,
    /// The system call that it is in, if the run is traced: `accept(3)`.
    pub inside: Option<String>,
    /// SIGCHLD is ignored (SigIgn), so its children leave no zombies.
    pub ignores_sigchld: bool,
    pub descriptors: Vec<(i32, Target)>,
    /// Attached segments of shared memory.
    pub segments: Vec<Segment>,
}

/// The picture of all processes in a table; zombies hold nothing any more.
///
/// `inside` tells the system call that a process is in, where that is known.
pub fn picture(table: &[Process], inside: impl Fn(i32) -> Option<String>) -> Vec<Holder> {
    let alive = table.iter().filter(|process| !process.is_zombie());
    let number_of = |pid: i32| table.iter().find(|process| process.pid == pid);
    let holder = |process: &Process| Holder {
        number: process.number,
        pid: process.pid,
        parent: number_of(process.ppid).map(|parent| parent.number),
        command: process.command.clone(),
        inside: inside(process.pid),
        ignores_sigchld: process.ignored_signals & sigchld() != 0,
        descriptors: resolve(process),
        segments: segments::of(process.pid),
    };
    alive.map(holder).collect()
}

/// Whether a descriptor of a process may be written to, as proc_pid_fdinfo(5) tells.
pub fn may_write(pid: i32, descriptor: i32) -> bool {
    let about = std::fs::read_to_string(format!("/proc/{pid}/fdinfo/{descriptor}"));
    let about = about.unwrap_or_default();
    let mut lines = about.lines();
    let flags = lines.find_map(|line| line.strip_prefix("flags:"));
    flags.is_some_and(|flags| flags.trim().ends_with(['1', '2'])) // O_WRONLY, O_RDWR
}

fn sigchld() -> u64 {
    1 << (nix::libc::SIGCHLD - 1)
}

fn resolve(process: &Process) -> Vec<(i32, Target)> {
    let mut inodes = sockets::inodes(&process.descriptors);
    let unix = sockets::unix_sockets(process.pid);
    inodes.retain(|inode| !unix.contains_key(inode));
    let internet = sockets::of_network(process.pid, &inodes);
    let target = |number: i32, text: &str| {
        let Some(inode) = sockets::inode(text) else {
            return plain(process.pid, number, text);
        };
        match (internet.get(&inode), unix.get(&inode)) {
            (Some(socket), _) => internet_target(socket),
            (None, Some(socket)) => unix_target(socket),
            (None, None) => Target::Unbound,
        }
    };
    let descriptors = process.descriptors.iter();
    descriptors
        .map(|(number, text)| (*number, target(*number, text)))
        .collect()
}

fn plain(pid: i32, number: i32, text: &str) -> Target {
    let link = format!("/proc/{pid}/fd/{number}");
    let is_fifo = || fs::metadata(&link).is_ok_and(|about| about.file_type().is_fifo());
    match text.strip_prefix("/dev/pts/") {
        Some(number) => Target::Terminal(format!("pts/{number}")),
        None if text.starts_with("pipe:") => Target::Pipe(access(&link)),
        None if text == "anon_inode:[eventpoll]" => Target::Epoll(watched(pid, number)),
        None if is_fifo() => Target::Fifo(last_name(text), access(&link)),
        None => Target::File(text.to_owned()),
    }
}

/// The descriptors on the list of an epoll instance, as proc_pid_fdinfo(5) tells.
fn watched(pid: i32, number: i32) -> Vec<i32> {
    let about = fs::read_to_string(format!("/proc/{pid}/fdinfo/{number}")).unwrap_or_default();
    let entries = about.lines().filter_map(|line| {
        let number = line.strip_prefix("tfd:")?.split_whitespace().next()?;
        number.parse().ok()
    });
    let mut watched: Vec<i32> = entries.collect();
    watched.sort_unstable();
    watched
}

/// What may be done with a descriptor, by the permissions of its link in /proc.
fn access(link: &str) -> Access {
    let mode = fs::symlink_metadata(link).map_or(0, |about| about.mode());
    match (mode & 0o400 != 0, mode & 0o200 != 0) {
        (true, true) => Access::Both,
        (false, true) => Access::Writing,
        _ => Access::Reading,
    }
}

/// The name behind the last `/`.
pub fn last_name(path: &str) -> String {
    path.rsplit('/').next().unwrap_or(path).to_owned()
}

fn unix_target(socket: &sockets::UnixSocket) -> Target {
    let name = last_name(&socket.name);
    match socket {
        _ if socket.is_listening => Target::UnixListening(name),
        _ if socket.is_connected => Target::UnixConnection { name, whole: true },
        _ => Target::Unbound,
    }
}

fn internet_target(socket: &sockets::Socket) -> Target {
    let (local, peer) = (socket.local, socket.peer);
    match socket.transport {
        Transport::Udp => Target::Udp {
            local,
            peer: (peer.port() != 0).then_some(peer),
        },
        Transport::Tcp if socket.is_listening() => Target::Listening(local),
        Transport::Tcp => Target::Connection {
            local,
            peer,
            whole: socket.is_established(),
        },
    }
}

//! Pictures of descriptor tables: which number means what, process by process.

use std::net::SocketAddr;

use crate::proc::process::Process;
use crate::proc::segments::{self, Segment};
use crate::proc::sockets;
use crate::proc::sockets::Transport;

/// What a descriptor refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A terminal: `pts/3`.
    Terminal(String),
    Pipe,
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
    /// A Unix socket and its name, if it has one.
    Unix(String),
    /// A socket without an address yet.
    Unbound,
    /// A file, by its path, or whatever else /proc calls it.
    File(String),
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

fn sigchld() -> u64 {
    1 << (nix::libc::SIGCHLD - 1)
}

fn resolve(process: &Process) -> Vec<(i32, Target)> {
    let internet = sockets::of_network(process.pid);
    let unix = sockets::unix_names(process.pid);
    let target = |text: &str| {
        let Some(inode) = sockets::inode(text) else {
            return plain(text);
        };
        match (internet.get(&inode), unix.get(&inode)) {
            (Some(socket), _) => internet_target(socket),
            (None, Some(name)) => Target::Unix(name.clone()),
            (None, None) => Target::Unbound,
        }
    };
    let descriptors = process.descriptors.iter();
    descriptors
        .map(|(number, text)| (*number, target(text)))
        .collect()
}

fn plain(text: &str) -> Target {
    match text.strip_prefix("/dev/pts/") {
        Some(number) => Target::Terminal(format!("pts/{number}")),
        None if text.starts_with("pipe:") => Target::Pipe,
        None => Target::File(text.to_owned()),
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

//! What `/proc` tells of a process, and waiting until it tells what is expected.

use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use labscope::proc::speed::here;

/// How long an event may take: far more than it needs on a busy machine. Whoever waits on a slow one asks for it by `here`.
pub const DEADLINE: Duration = Duration::from_secs(40);

/// Looks again and again until there is a result. When the deadline passes, the
/// test fails with `what` and what was seen last.
pub fn await_that<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let start = Instant::now();
    loop {
        match look() {
            Ok(result) => return result,
            Err(seen) if start.elapsed() > here(DEADLINE) => panic!("{what}, seen: {seen}"),
            Err(_) => thread::sleep(Duration::from_millis(2)),
        }
    }
}

/// The children of a process, zombies among them.
pub fn children(pid: i32) -> Vec<i32> {
    let text = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
    text.split_whitespace()
        .map(|pid| pid.parse().unwrap())
        .collect()
}

/// Waits until a process has that many children, and returns them.
pub fn await_children(pid: i32, count: usize) -> Vec<i32> {
    await_that(&format!("{count} children of {pid}"), || {
        let found = children(pid);
        match found.len() == count {
            true => Ok(found),
            false => Err(format!(
                "{:?}",
                found.iter().map(|&child| (child, state(child)))
            )),
        }
    })
}

/// The program that a process runs, without its folder.
pub fn program(pid: i32) -> Option<String> {
    let mut path = fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    if path.file_name()?.to_str()?.starts_with("qemu-") {
        // It runs another processor's program, whose path is its first argument.
        let arguments = fs::read_to_string(format!("/proc/{pid}/cmdline")).ok()?;
        path = arguments.split('\0').nth(1)?.into();
    }
    Some(path.file_name()?.to_str()?.to_owned())
}

/// The process below `pid`, or itself, that runs this program.
pub fn descendant(pid: i32, name: &str) -> Option<i32> {
    if program(pid).as_deref() == Some(name) {
        return Some(pid);
    }
    let mut children = children(pid).into_iter();
    children.find_map(|child| descendant(child, name))
}

/// One line of `/proc/PID/status`, such as `SigIgn`; empty when there is no such process.
pub fn status(pid: i32, field: &str) -> String {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    value.unwrap_or_default().trim().to_owned()
}

/// `R`, `S`, `T`, `Z` …; `-` when there is no such process.
pub fn state(pid: i32) -> char {
    status(pid, "State").chars().next().unwrap_or('-')
}

/// The number of the system call in which a process sleeps.
pub fn sleeps_in(pid: i32) -> Option<i64> {
    let text = fs::read_to_string(format!("/proc/{pid}/syscall")).unwrap_or_default();
    text.split(' ').next()?.trim().parse().ok()
}

/// The open descriptors and what each is: a path, `pipe:[…]`, `socket:[…]`.
pub fn descriptors(pid: i32) -> BTreeMap<i32, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(format!("/proc/{pid}/fd"))
        .into_iter()
        .flatten()
    {
        let path = entry.unwrap().path();
        let number = path.file_name().unwrap().to_str().unwrap().parse().unwrap();
        if let Ok(target) = fs::read_link(&path) {
            found.insert(number, target.to_str().unwrap().to_owned());
        }
    }
    found
}

/// A TCP socket of this machine as `/proc/net/tcp` tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tcp {
    pub local: u16,
    pub remote: u16,
    pub state: u8,
    /// As [`descriptors`] names it.
    pub name: String,
}

pub const ESTABLISHED: u8 = 1;
pub const TIME_WAIT: u8 = 6;
pub const LISTEN: u8 = 10;

/// The TCP sockets that have this local port.
pub fn tcp_sockets(port: u16) -> Vec<Tcp> {
    let text = fs::read_to_string("/proc/net/tcp").unwrap();
    let hex = |text: &str| u16::from_str_radix(text, 16).unwrap();
    let socket = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let port = |word: &str| hex(word.rsplit(':').next().unwrap());
        Tcp {
            local: port(words[1]),
            remote: port(words[2]),
            state: hex(words[3]) as u8,
            name: format!("socket:[{}]", words[9]),
        }
    };
    let sockets = text.lines().skip(1).map(socket);
    sockets.filter(|socket| socket.local == port).collect()
}

/// Whether any socket of this machine has this local port.
pub fn is_taken(port: u16) -> bool {
    let end = format!(":{port:04X}");
    ["tcp", "tcp6", "udp", "udp6"].iter().any(|table| {
        let text = fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default();
        let mut locals = text
            .lines()
            .filter_map(|line| line.split_whitespace().nth(1));
        locals.any(|local| local.ends_with(&end))
    })
}

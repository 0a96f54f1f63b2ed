//! How many connections this machine lets one server hold, and which limit says so.

use std::fs;
use std::path::{Path, PathBuf};

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::unistd::geteuid;

use crate::proc;

/// What a connection takes at most, page tables, kernel stack and sockets included.
const KB_A_CONNECTION: f64 = 300.0;

/// The share of memory that stays free, and of a number of processes that is used at most.
pub const MEMORY_KEPT: f64 = 0.2;
const PROCESSES_USED: f64 = 0.8;

#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub name: String,
    pub connections: usize,
}

/// The limit that is reached first. Raises the number of open files as far as allowed.
pub fn lowest() -> Option<Limit> {
    let mut limits = vec![open_files(), ports(), memory()];
    limits.extend(processes().into_iter().map(Some));
    limits
        .into_iter()
        .flatten()
        .min_by_key(|limit| limit.connections)
}

fn limit(name: &str, connections: f64) -> Limit {
    Limit {
        name: name.to_owned(),
        connections: connections.max(0.0) as usize,
    }
}

fn open_files() -> Option<Limit> {
    const OTHERS: f64 = 50.0;
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    let (soft, _) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    Some(limit(
        &format!("RLIMIT_NOFILE = {soft}"),
        soft as f64 - OTHERS,
    ))
}

fn ports() -> Option<Limit> {
    const PATH: &str = "/proc/sys/net/ipv4/ip_local_port_range";
    let text = fs::read_to_string(PATH).ok()?;
    let ends: Vec<f64> = text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let [first, last] = ends.as_slice() else {
        return None;
    };
    Some(limit("ip_local_port_range", (last - first) / 2.0)) // others wait for TIME_WAIT to pass
}

fn memory() -> Option<Limit> {
    let (available, total) = proc::memory().ok()?;
    Some(limit(
        "memory (a fifth stays free)",
        (available - MEMORY_KEPT * total) / KB_A_CONNECTION,
    ))
}

/// The limits on processes, of the system, the user and the control groups.
fn processes() -> Vec<Limit> {
    let running = proc::tasks().unwrap_or(0) as f64;
    let free = |name: String, most: f64, used: f64| limit(&name, most * PROCESSES_USED - used);
    let mut limits = Vec::new();
    for name in ["pid_max", "threads-max"] {
        if let Some(most) = number(Path::new("/proc/sys/kernel").join(name)) {
            limits.push(free(
                format!("kernel.{name} = {most} (four fifths of it)"),
                most,
                running,
            ));
        }
    }
    if let Ok((soft, _)) = getrlimit(Resource::RLIMIT_NPROC)
        && !geteuid().is_root()
    {
        limits.push(free(
            format!("RLIMIT_NPROC = {soft} (four fifths of it)"),
            soft as f64,
            running,
        ));
    }
    for group in control_groups() {
        if let (Some(most), Some(used)) = (
            number(group.join("pids.max")),
            number(group.join("pids.current")),
        ) {
            limits.push(free(
                format!("pids.max = {most} of the control group (four fifths of it)"),
                most,
                used,
            ));
        }
    }
    limits
}

/// A file that holds one number; `max` is none.
fn number(path: PathBuf) -> Option<f64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

/// The folders of the control groups this process is in, cgroups(7): each with all above it.
fn control_groups() -> Vec<PathBuf> {
    let text = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
    let mut folders = Vec::new();
    for line in text.lines() {
        let mut fields = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) =
            (fields.next(), fields.next(), fields.next())
        else {
            continue;
        };
        let base = match controllers {
            "" => "/sys/fs/cgroup",
            "pids" => "/sys/fs/cgroup/pids",
            _ => continue,
        };
        let group = Path::new(base).join(path.trim_start_matches('/'));
        let above = group
            .ancestors()
            .take_while(|folder| folder.starts_with(base));
        folders.extend(above.map(Path::to_owned));
    }
    folders
}

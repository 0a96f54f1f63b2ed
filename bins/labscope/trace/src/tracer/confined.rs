//! Signals of a program that is not trusted, where the kernel does not keep them in: they reach the processes of its own
//! user namespace, and nobody else.

use std::fs;
use std::path::PathBuf;

use crate::proc::process::Stat;

/// Whether a call would reach a process outside, by a signal or by a descriptor that sends some.
pub fn leads_out(thread: i32, name: &str, args: &[u64; 6]) -> bool {
    let names_a_process = [
        "kill",
        "pidfd_open",
        "rt_sigqueueinfo",
        "rt_tgsigqueueinfo",
        "tgkill",
        "tkill",
    ];
    if !names_a_process.contains(&name) {
        return false;
    }
    match args[0] as i32 {
        0 => false, // its own group
        pid @ 1.. => is_outside(thread, pid),
        group => processes().any(|pid| belongs_to(pid, group) && is_outside(thread, pid)),
    }
}

/// One that is not there, or cannot be looked at, is not within; of nobody the kernel says so itself.
fn is_outside(thread: i32, pid: i32) -> bool {
    Stat::read(pid).is_some() && namespace(pid) != namespace(thread)
}

fn namespace(pid: i32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/ns/user")).ok()
}

/// -1 means all.
fn belongs_to(pid: i32, group: i32) -> bool {
    group == -1 || Stat::read(pid).is_some_and(|stat| stat.pgid == -group)
}

fn processes() -> impl Iterator<Item = i32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    all.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

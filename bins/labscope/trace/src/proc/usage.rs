//! The processor time and the memory that a process uses, proc(5).

use std::time::Duration;

use nix::unistd::{SysconfVar, sysconf};

/// What a process has used until now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// In user mode and in the kernel.
    pub processor: Duration,
    /// Bytes in memory.
    pub resident: u64,
}

/// Reads utime, stime and rss of /proc/PID/stat; none if there is no such process.
pub fn of(pid: i32) -> Option<Usage> {
    let bytes = std::fs::read(format!("/proc/{pid}/stat")).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    let ticks = number(11)? + number(12)?;
    let per_second = setting(SysconfVar::CLK_TCK, 100);
    Some(Usage {
        processor: Duration::from_secs_f64(ticks as f64 / per_second as f64),
        resident: number(21)?.saturating_mul(setting(SysconfVar::PAGE_SIZE, 4096)),
    })
}

fn setting(variable: SysconfVar, usual: u64) -> u64 {
    let value = sysconf(variable).ok().flatten();
    value
        .and_then(|value| u64::try_from(value).ok())
        .unwrap_or(usual)
}

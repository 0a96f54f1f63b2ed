//! Segments of System V memory that a process has attached, from /proc/PID/maps and /proc/PID/mem.

use std::fs::File;
use std::os::unix::fs::FileExt;

/// An attached segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// 0: it has none (IPC_PRIVATE).
    pub key: i32,
    pub id: i64,
    /// The `int` at its beginning, if it could be read.
    pub value: Option<i32>,
}

/// Those of a process, in order of their addresses.
pub fn of(pid: i32) -> Vec<Segment> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).unwrap_or_default();
    let mut segments: Vec<Segment> = maps
        .lines()
        .filter_map(|line| attached(pid, line))
        .collect();
    segments.dedup_by_key(|segment| segment.id);
    segments
}

/// `7f0c81a4e000-7f0c81a4f000 rw-s 00000000 00:01 98317   /SYSV000004d2 (deleted)`: the inode is the segment's id.
fn attached(pid: i32, line: &str) -> Option<Segment> {
    let mut words = line.split_whitespace();
    let (range, id) = (words.next()?, words.nth(3)?);
    let key = words.next()?.strip_prefix("/SYSV")?;
    let start = u64::from_str_radix(range.split('-').next()?, 16).ok()?;
    Some(Segment {
        key: u32::from_str_radix(key, 16).ok()? as i32,
        id: id.parse().ok()?,
        value: read(pid, start),
    })
}

fn read(pid: i32, address: u64) -> Option<i32> {
    let mut bytes = [0; 4];
    let memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    memory.read_exact_at(&mut bytes, address).ok()?;
    Some(i32::from_ne_bytes(bytes))
}

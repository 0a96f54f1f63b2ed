//! What /proc tells, and waiting until it tells what is expected.

use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use labscope::proc::speed;

use crate::interrupt;

/// Far more than anything here takes, even on a busy machine; more on a slow one.
const DEADLINE: Duration = Duration::from_secs(20);

/// Looks again and again until there is an answer, at most until the deadline.
pub fn await_that<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> Result<T> {
    let (begun, deadline) = (Instant::now(), speed::here(DEADLINE));
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        interrupt::check()?;
        if begun.elapsed() > deadline {
            bail!("{what}: not within {} s", deadline.as_secs());
        }
        sleep(Duration::from_micros(200));
    }
}

/// The children of a process. Servers have one thread.
pub fn children(pid: u32) -> Result<Vec<u32>> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {path}"))?;
    Ok(text
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect())
}

/// Waits until a process sleeps in a system call: what it had to do before is done.
pub fn await_sleep(pid: u32) -> Result<()> {
    await_that(&format!("process {pid} goes to sleep"), || {
        let call = fs::read_to_string(format!("/proc/{pid}/syscall")).ok()?;
        call.starts_with(|first: char| first.is_ascii_digit())
            .then_some(())
    })
}

/// A line `name:  value kB` of a file in /proc; the unit is left out.
pub fn kilobytes(path: &str, name: &str) -> Result<f64> {
    let text = fs::read_to_string(path).with_context(|| format!("cannot read {path}"))?;
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let number = value.and_then(|value| value.split_whitespace().next()?.parse().ok());
    number.with_context(|| format!("{path} has no {name}"))
}

/// Memory that programs may still have, and all there is, in kB.
pub fn memory() -> Result<(f64, f64)> {
    let of = |name| kilobytes("/proc/meminfo", name);
    Ok((of("MemAvailable")?, of("MemTotal")?))
}

/// How many processes and threads there are.
pub fn tasks() -> Option<u64> {
    Some(load()?.1)
}

/// How many others have or want a processor at this moment: while nothing is measured, only the caller does.
pub fn others() -> Option<u64> {
    Some(load()?.0.saturating_sub(1))
}

/// The fourth field of loadavg, `running/all`.
fn load() -> Option<(u64, u64)> {
    let text = fs::read_to_string("/proc/loadavg").ok()?;
    let (running, all) = text.split_whitespace().nth(3)?.split_once('/')?;
    Some((running.parse().ok()?, all.parse().ok()?))
}

/// States of TCP sockets in /proc/net/tcp.
pub const TIME_WAIT: &str = "06";
pub const LISTEN: &str = "0A";

/// The states of the sockets at a port of this network: the server's.
pub fn sockets_at(port: u16) -> Result<Vec<String>> {
    let text = fs::read_to_string("/proc/net/tcp").context("cannot read /proc/net/tcp")?;
    let port = format!(":{port:04X}");
    let states = text.lines().filter_map(|line| {
        let mut words = line.split_whitespace().skip(1);
        let (local, _, state) = (words.next()?, words.next()?, words.next()?);
        local.ends_with(&port).then(|| state.to_owned())
    });
    Ok(states.collect())
}

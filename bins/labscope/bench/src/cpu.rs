//! Pinning to one CPU: what this process starts meanwhile inherits it.

use anyhow::{Context, Result};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::Pid;

const THIS_THREAD: Pid = Pid::from_raw(0);

/// While it lives, this thread and what it starts run on one CPU.
pub struct Pinned {
    before: CpuSet,
    pub cpu: usize,
}

impl Pinned {
    /// Chooses the last CPU that is allowed: the first is often the one that serves interrupts.
    pub fn new() -> Result<Pinned> {
        let before = sched_getaffinity(THIS_THREAD).context("cannot ask for the allowed CPUs")?;
        let allowed = (0..CpuSet::count())
            .rev()
            .find(|&cpu| before.is_set(cpu) == Ok(true));
        let cpu = allowed.context("no CPU is allowed")?;
        let mut one = CpuSet::new();
        one.set(cpu).context("a CPU beyond the set")?;
        sched_setaffinity(THIS_THREAD, &one).with_context(|| format!("cannot pin to CPU {cpu}"))?;
        Ok(Pinned { before, cpu })
    }
}

impl Drop for Pinned {
    fn drop(&mut self) {
        let _ = sched_setaffinity(THIS_THREAD, &self.before);
    }
}

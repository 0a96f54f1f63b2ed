//! Caps on a run of a program that nobody knows.
//!
//! They are against mistakes (a loop around fork, a list that only grows), not against malice: the program
//! runs as the user who runs it. What it could do by mistake to others, `shell::guard` refuses.

use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant};

use nix::unistd::{SysconfVar, sysconf};

use crate::i18n::{Language, limit};
use crate::run::state::program::Party;
use crate::trace::{Call, Trace};

/// How much a program may use before it is stopped.
///
/// Processes are not limited by RLIMIT_NPROC, which counts everything its user runs, and nothing of root's.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// How many processes may ever appear.
    pub processes: usize,
    /// How many system calls may be made.
    pub calls: usize,
    /// How many bytes may be printed, on the terminal and through standard output.
    pub output: usize,
    /// The processor time of all processes together.
    pub processor: Duration,
    /// In bytes: the address space of each process (RLIMIT_AS), and what all together have in memory.
    pub memory: u64,
    /// In bytes: the size of each file that is written (RLIMIT_FSIZE).
    pub file_size: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            processes: 64,
            calls: 20_000,
            output: 1 << 20,
            processor: Duration::from_secs(10),
            memory: 512 << 20,
            file_size: 16 << 20,
        }
    }
}

/// One of the [`Limits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cap {
    Processes,
    Calls,
    Output,
    Processor,
    Memory,
    FileSize,
}

impl Cap {
    /// What is limited.
    pub fn say(self, language: Language) -> &'static str {
        match self {
            Cap::Processes => limit::processes(language),
            Cap::Calls => limit::calls(language),
            Cap::Output => limit::output(language),
            Cap::Processor => limit::processor(language),
            Cap::Memory => limit::memory(language),
            Cap::FileSize => limit::file_size(language),
        }
    }
}

/// How often /proc is asked for what the processes use.
const LOOK: Duration = Duration::from_millis(20);

/// Watches over the limits of a run.
pub(crate) struct Meter {
    limits: Limits,
    looked: Instant,
    /// The processor time of each process when it was last seen, in clock ticks.
    used: HashMap<i32, u64>,
}

impl Meter {
    pub fn new(limits: Limits) -> Meter {
        Meter {
            limits,
            looked: Instant::now(),
            used: HashMap::new(),
        }
    }

    /// The cap that the lab has met, if any.
    pub fn cap(&mut self, lab: &Party) -> Option<Cap> {
        let calls = lab.trace.as_ref().map_or(0, calls);
        if lab.pids.len() > self.limits.processes {
            return Some(Cap::Processes);
        }
        if calls > self.limits.calls {
            return Some(Cap::Calls);
        }
        if lab.printed_bytes() > self.limits.output {
            return Some(Cap::Output);
        }
        if self.looked.elapsed() < LOOK {
            return None;
        }
        self.looked = Instant::now();
        self.look(lab)
    }

    /// What /proc tells of the processes.
    fn look(&mut self, lab: &Party) -> Option<Cap> {
        let mut resident = 0;
        for &pid in &lab.pids {
            if let Some((ticks, pages)) = usage(pid) {
                self.used.insert(pid, ticks);
                resident += pages;
            }
        }
        let ticks: u64 = self.used.values().sum();
        let per_second = setting(SysconfVar::CLK_TCK, 100);
        if ticks as f64 / per_second as f64 > self.limits.processor.as_secs_f64() {
            return Some(Cap::Processor);
        }
        let page = setting(SysconfVar::PAGE_SIZE, 4096);
        (resident.saturating_mul(page) > self.limits.memory).then_some(Cap::Memory)
    }
}

fn setting(variable: SysconfVar, usual: u64) -> u64 {
    let value = sysconf(variable).ok().flatten();
    value
        .and_then(|value| u64::try_from(value).ok())
        .unwrap_or(usual)
}

/// The calls of the program: without the set-up, which comes first.
fn calls(trace: &Trace) -> usize {
    trace.calls.len() - trace.calls.partition_point(|call| call.setup)
}

/// Processor time in clock ticks and resident memory in pages: utime, stime and rss of /proc/PID/stat.
fn usage(pid: i32) -> Option<(u64, u64)> {
    let bytes = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |place: usize| fields.get(place)?.parse::<u64>().ok();
    Some((number(11)? + number(12)?, number(21)?))
}

/// The cap that the program itself was told of, by a failing call.
pub(crate) fn cap_told(trace: &Trace) -> Option<Cap> {
    let told = |call: &Call| {
        let allocates = matches!(call.name.as_str(), "mmap" | "mremap" | "brk");
        if call.errno() == Some("EFBIG") {
            return Some(Cap::FileSize);
        }
        (allocates && call.errno() == Some("ENOMEM")).then_some(Cap::Memory)
    };
    let mut calls = trace.calls.iter().filter(|call| !call.setup);
    calls.find_map(told)
}

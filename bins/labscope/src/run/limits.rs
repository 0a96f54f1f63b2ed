//! Caps on a run of a program that nobody knows.
//!
//! They are against mistakes (a loop around fork, a list that only grows), not against malice: the program
//! runs as the user who runs it. What it could do by mistake to others, `confinement::seccomp` refuses.

use std::time::Duration;

use crate::i18n::{Language, limit};
use crate::proc::speed;

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
            processor: speed::here(Duration::from_secs(10)),
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

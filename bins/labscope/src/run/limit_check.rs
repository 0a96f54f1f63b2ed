//! Whether a program has met a cap: by its trace, its output, and what /proc tells of its processes.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::proc::usage::{self, Usage};
use crate::run::limits::{Cap, Limits};
use crate::run::state::program::ProgramState;
use crate::trace::syscall::ALLOCATES;
use crate::trace::{Call, Trace};

/// How often /proc is asked for what the processes use.
const INTERVAL: Duration = Duration::from_millis(20);

/// Checks the limits of a run again and again.
pub(crate) struct LimitCheck {
    limits: Limits,
    checked: Instant,
    /// The processor time of each process when it was last seen.
    processor: HashMap<i32, Duration>,
}

impl LimitCheck {
    pub fn new(limits: Limits) -> LimitCheck {
        LimitCheck {
            limits,
            checked: Instant::now(),
            processor: HashMap::new(),
        }
    }

    /// The cap that the lab has met, if any.
    pub fn cap(&mut self, lab: &ProgramState) -> Option<Cap> {
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
        if self.checked.elapsed() < INTERVAL {
            return None;
        }
        self.checked = Instant::now();
        self.used(lab)
    }

    /// Whether the lab has made half of the calls that it may make.
    pub fn is_half_way(&self, lab: &ProgramState) -> bool {
        lab.trace.as_ref().map_or(0, calls) > self.limits.calls / 2
    }

    /// What /proc tells of the processes.
    fn used(&mut self, lab: &ProgramState) -> Option<Cap> {
        let mut memory: u64 = 0;
        for &pid in &lab.pids {
            if let Some(Usage {
                processor,
                resident,
            }) = usage::of(pid)
            {
                self.processor.insert(pid, processor);
                memory = memory.saturating_add(resident);
            }
        }
        if self.processor.values().sum::<Duration>() > self.limits.processor {
            return Some(Cap::Processor);
        }
        (memory > self.limits.memory).then_some(Cap::Memory)
    }
}

/// The calls of the program: without the set-up, which comes first.
fn calls(trace: &Trace) -> usize {
    trace.calls.len() - trace.calls.partition_point(|call| call.setup)
}

/// The cap that the program itself was told of, by a failing call; a result that the scenario made up tells of none.
pub(crate) fn cap_told(trace: &Trace) -> Option<Cap> {
    let told = |call: &Call| {
        let allocates = call.is(ALLOCATES);
        // Of semop it says that there is no semaphore of that number.
        if call.errno() == Some("EFBIG") && !call.name.starts_with("sem") {
            return Some(Cap::FileSize);
        }
        (allocates && call.errno() == Some("ENOMEM")).then_some(Cap::Memory)
    };
    let is_real = |call: &&Call| !call.setup && !call.is_injected();
    let mut calls = trace.calls.iter().filter(is_real);
    calls.find_map(told)
}

//! How long a run is waited for: by what its processes do, never by the clock alone.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::proc::process::{self, Stat};
use crate::proc::{speed, usage};

/// How often the processes are looked at. A look that comes later tells that this program had no processor itself.
const LOOK: Duration = Duration::from_millis(100);

/// However busy the machine is: so many times as long by the clock, and the run is given up.
const AT_MOST: u32 = 60;

/// Time that passes while all processes rest; while one runs or would like to, only the processor time that they use
/// passes. So a machine that has no time for them only makes everything later.
pub struct Patience {
    limit: Duration,
    spent: Duration,
    began: Instant,
    looked: Instant,
    used: HashMap<i32, Duration>,
}

impl Patience {
    pub fn new(limit: Duration) -> Patience {
        let now = Instant::now();
        Patience {
            limit: speed::here(limit),
            spent: Duration::ZERO,
            began: now,
            looked: now,
            used: HashMap::new(),
        }
    }

    /// Whether it is over, for the processes below one; who is stopped rests, though a tracer holds it.
    pub fn is_over(&mut self, ancestor: i32, is_stopped: impl Fn(i32) -> bool) -> bool {
        let since = self.looked.elapsed();
        if since >= LOOK.min(self.limit / 8) {
            self.looked = Instant::now();
            let passed = self.passed(since, ancestor, is_stopped);
            self.spent += passed;
        }
        self.spent >= self.limit || self.is_given_up()
    }

    /// Whether the machine had so little time for the run that nothing can be said of it.
    pub fn is_given_up(&self) -> bool {
        self.began.elapsed() > self.limit.saturating_mul(AT_MOST)
    }

    fn passed(
        &mut self,
        since: Duration,
        ancestor: i32,
        is_stopped: impl Fn(i32) -> bool,
    ) -> Duration {
        let mut is_busy = false;
        let mut used = Duration::ZERO;
        for pid in process::descendants(ancestor) {
            let Some(stat) = Stat::read(pid) else {
                continue;
            };
            is_busy |= matches!(stat.state, 'R' | 'D') || (stat.state == 't' && !is_stopped(pid));
            let now = usage::of(pid).map_or(Duration::ZERO, |usage| usage.processor);
            let before = self.used.insert(pid, now).unwrap_or(now);
            used += now.saturating_sub(before);
        }
        match is_busy {
            true => used,
            false => since.min(2 * LOOK),
        }
    }
}

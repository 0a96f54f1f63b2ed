//! The time of a run: that of the machine, or a virtual one, which passes when nobody can go on and the reader allows it.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::FileExt;
use std::time::{Duration, Instant, SystemTime};

use nix::libc;
use nix::time::{ClockId, clock_gettime};

use crate::decode::{Memory, Request};
use crate::tracer::memory::ProcessMemory;

/// So much longer sleeps a thread by the kernel's clock whose sleep ends in virtual time.
const FOR_EVER: u64 = 1 << 30;

/// How much time has passed.
pub struct Clock {
    is_virtual: bool,
    began: (SystemTime, Instant),
    /// How much virtual time has passed.
    passed: Duration,
}

impl Clock {
    pub fn new(is_virtual: bool) -> Clock {
        Clock {
            is_virtual,
            began: (SystemTime::now(), Instant::now()),
            passed: Duration::ZERO,
        }
    }

    pub fn is_virtual(&self) -> bool {
        self.is_virtual
    }

    /// How much time has passed.
    pub fn now(&self) -> Duration {
        match self.is_virtual {
            true => self.passed,
            false => self.began.1.elapsed(),
        }
    }

    /// Lets virtual time pass up to a moment.
    pub fn pass(&mut self, until: Duration) {
        self.passed = self.passed.max(until);
    }

    /// What a record says of its time, in seconds since 1970: what is done between two sleeps takes the time that it
    /// takes.
    pub fn told(&self) -> f64 {
        let time = match self.is_virtual {
            true => self.began.0 + self.began.1.elapsed() + self.passed,
            false => SystemTime::now(),
        };
        let time = time.duration_since(SystemTime::UNIX_EPOCH);
        time.unwrap_or_default().as_secs_f64()
    }
}

/// A call that sleeps for a time.
#[derive(Clone, Copy, Debug)]
pub struct Sleep {
    length: Duration,
    /// Where it says how long, and what stands there.
    asked: (u64, [u64; 2]),
    /// Where the kernel puts what is left when a signal breaks it off, and what stands there.
    left: Option<(u64, [u64; 2])>,
    /// When it ends; none before it has begun.
    pub until: Option<Duration>,
    /// It is being ended.
    pub is_over: bool,
}

impl Sleep {
    /// What a call of this name sleeps.
    pub fn of(name: &str, request: &Request, memory: ProcessMemory) -> Option<Sleep> {
        let [clock, flags, ..] = request.args;
        let (asked, left, is_absolute) = match name {
            "nanosleep" => (request.args[0], request.args[1], false),
            "clock_nanosleep" => {
                let is_absolute = flags & libc::TIMER_ABSTIME as u64 != 0;
                (request.args[2], request.args[3], is_absolute)
            }
            _ => return None,
        };
        let words = |address: u64| Some([memory.word(address)?, memory.word(address + 8)?]);
        let time = words(asked)?;
        let [seconds, nanoseconds] = time;
        if nanoseconds >= 1_000_000_000 || seconds >= FOR_EVER {
            return None; // an error, or for ever
        }
        let mut length = Duration::new(seconds, nanoseconds as u32);
        if is_absolute {
            let clock = ClockId::from_raw(clock as i32);
            length = length.saturating_sub(clock_gettime(clock).ok()?.into());
        }
        let left = Some(left).filter(|&left| left != 0 && !is_absolute);
        Some(Sleep {
            length,
            asked: (asked, time),
            left: left.and_then(|left| Some((left, words(left)?))),
            until: None,
            is_over: false,
        })
    }

    /// It begins: the kernel is told to let it last, and is told so only until it has read it.
    pub fn begin(&mut self, thread: i32, now: Duration) {
        self.until = Some(self.until.unwrap_or(now + self.length));
        let (address, [seconds, nanoseconds]) = self.asked;
        let _ = write(thread, address, [seconds + FOR_EVER, nanoseconds]);
    }

    /// The kernel has read how long.
    pub fn has_begun(&self, thread: i32) {
        let (address, time) = self.asked;
        let _ = write(thread, address, time);
    }

    /// The kernel has broken it off, and told what was left of a time that nobody asked for: `now`, this is left.
    pub fn ended(&self, thread: i32, now: Duration) {
        let Some((address, before)) = self.left else {
            return;
        };
        let left = self.until.unwrap_or_default().saturating_sub(now);
        let words = match self.is_over {
            true => before,
            false => [left.as_secs(), u64::from(left.subsec_nanos())],
        };
        let _ = write(thread, address, words);
    }
}

/// Puts two words into the memory of a process, stopped or not; one that has gone needs none.
fn write(thread: i32, address: u64, words: [u64; 2]) -> io::Result<()> {
    let memory = OpenOptions::new()
        .write(true)
        .open(format!("/proc/{thread}/mem"))?;
    let bytes = words.map(u64::to_ne_bytes).concat();
    memory.write_all_at(&bytes, address)
}

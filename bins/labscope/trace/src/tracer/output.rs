//! The tracing thread's side: how it is to trace, and where it tells what it saw.

use std::io::{PipeWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use crate::tracer::inject::Injection;
use crate::tracer::order::{AfterFork, MakeIsOwn};
use crate::tracer::reading::MakeReadMemory;
use crate::tracer::record::Record;

/// How many records nobody may have read before everybody is kept waiting: so a run goes on only so far beyond what a
/// reader waits for.
pub const AHEAD: usize = 256;

/// How a program is traced.
#[derive(Default)]
pub struct Options {
    pub injections: Vec<Injection>,
    pub after_fork: AfterFork,
    /// Which calls count for the order after fork; none: all.
    pub is_own: Option<MakeIsOwn>,
    /// Who reads the memory of processes that have forked, if anybody does.
    pub read_memory: Option<MakeReadMemory>,
    /// Nobody outside its user namespace is sent a signal.
    pub keeps_signals: bool,
    /// Sleeps end when nobody can go on, one after the other, as the reader allows it.
    pub has_virtual_time: bool,
    /// Who looks at a process before each call.
    pub look: Option<Look>,
}

/// Looks at a thread that stands before its call: it is given the place of that among all calls, and the thread.
pub type Look = Box<dyn FnMut(usize, i32) + Send>;

/// What tracer and reader tell each other beside the records.
#[derive(Debug, Default)]
pub struct Signal {
    /// There are records that the reader has been told of.
    pub is_told: AtomicBool,
    /// Nobody may go on.
    pub is_halted: AtomicBool,
    /// Nobody is delayed any longer.
    pub ends_delays: AtomicBool,
    /// Nobody can go on by himself, for the first, the second … time; 0: somebody can. Of virtual time only.
    pub rest: AtomicU64,
    /// The rest that the earliest sleeper may end: of an earlier one, what was awaited since is not known.
    pub may_end: AtomicU64,
    /// How much virtual time has passed, in milliseconds.
    pub time_passed: AtomicU64,
}

/// The tracing thread's side.
pub struct Output {
    pub records: SyncSender<Record>,
    pub signal: Arc<Signal>,
    pub bell: PipeWriter,
    /// How many records the reader has not been told of.
    pub untold: usize,
    /// How often nobody could go on.
    pub rests: u64,
}

impl Output {
    pub fn tell(&mut self, record: Record) {
        self.untold += 1;
        let rings = record.may_be_the_last_for_a_while() || self.untold >= AHEAD / 4;
        let _ = self.records.send(record); // a reader that is gone wants none
        if rings {
            self.untold = 0;
            if !self.signal.is_told.swap(true, Ordering::SeqCst) {
                let _ = self.bell.write(&[0]);
            }
        }
    }

    pub fn is_halted(&self) -> bool {
        self.signal.is_halted.load(Ordering::SeqCst)
    }

    /// Whether the reader has asked that nobody be delayed any longer; asks once.
    pub fn ends_delays(&self) -> bool {
        self.signal.ends_delays.swap(false, Ordering::SeqCst)
    }

    /// Whether the reader is told that nobody can go on.
    pub fn is_at_rest(&self) -> bool {
        self.signal.rest.load(Ordering::SeqCst) > 0
    }

    /// Nobody can go on.
    pub fn rests(&mut self) {
        if !self.is_at_rest() {
            self.rests += 1;
            self.signal.rest.store(self.rests, Ordering::SeqCst);
        }
    }

    /// Somebody goes on.
    pub fn moves(&self) {
        self.signal.rest.store(0, Ordering::SeqCst);
    }

    /// So much virtual time has passed.
    pub fn has_passed(&self, time: Duration) {
        let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        self.signal
            .time_passed
            .store(milliseconds, Ordering::SeqCst);
    }

    /// Whether the reader has seen all that was done before this rest, and allows it.
    pub fn may_time_pass(&self) -> bool {
        self.signal.may_end.load(Ordering::SeqCst) == self.rests
    }
}

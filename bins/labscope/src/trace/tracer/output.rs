//! The tracing thread's side: how it is to trace, and where it tells what it saw.

use std::io::{PipeWriter, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use crate::trace::tracer::inject::Injection;
use crate::trace::tracer::order::{AfterFork, MakeIsOwn};
use crate::trace::tracer::record::Record;

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
    /// Nobody outside its user namespace is sent a signal.
    pub keeps_signals: bool,
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
}

/// The tracing thread's side.
pub struct Output {
    pub records: SyncSender<Record>,
    pub signal: Arc<Signal>,
    pub bell: PipeWriter,
    /// How many records the reader has not been told of.
    pub untold: usize,
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
}

//! Traces a program and all that it starts: every call with its arguments, its result and its stack, every signal,
//! every end.
//!
//! A thread of the tool seizes the program before its exec, and is told by the kernel of every stop. It says what it
//! saw as [`Record`]s, and decides who goes on: see [`order`]. When that thread ends, the kernel kills what it traced.

mod engine;
mod inject;
mod mapped_file;
pub(crate) mod memory;
mod order;
pub(crate) mod ptrace;
mod record;
pub(crate) mod registers;
mod unwind;

use std::io::{PipeReader, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, channel, sync_channel};

use anyhow::{Context, Result};

use engine::Engine;

pub use inject::Injection;
pub use order::{AfterFork, IsOwn, MakeIsOwn};
pub use record::{Event, Record};

/// How many records nobody may have read before everybody is kept waiting: so a run goes on only so far beyond what a
/// reader waits for.
const AHEAD: usize = 256;

/// How a program is traced.
#[derive(Default)]
pub struct Options {
    pub injections: Vec<Injection>,
    pub after_fork: AfterFork,
    /// Which calls count for the order after fork; none: all.
    pub is_own: Option<MakeIsOwn>,
}

/// A program that is traced.
#[derive(Debug)]
pub struct Tracer {
    records: Receiver<Record>,
    signal: Arc<Signal>,
}

/// What tracer and reader tell each other beside the records.
#[derive(Debug, Default)]
struct Signal {
    /// There are records that the reader has been told of.
    is_told: AtomicBool,
    /// Nobody may go on.
    is_halted: AtomicBool,
}

/// The tracing thread's side.
struct Output {
    records: SyncSender<Record>,
    signal: Arc<Signal>,
    bell: std::io::PipeWriter,
}

impl Tracer {
    /// Begins to trace a process that waits to be told to go on, and returns a pipe that has something to read when
    /// there are records, and comes to its end with the trace.
    pub fn seize(pid: i32, options: Options) -> Result<(Tracer, PipeReader)> {
        let (records, receiver) = sync_channel(AHEAD);
        let (bell_reader, bell) = std::io::pipe().context("cannot make a pipe")?;
        let signal = Arc::new(Signal::default());
        let output = Output {
            records,
            signal: Arc::clone(&signal),
            bell,
        };
        let (say, answer) = channel();
        let thread = std::thread::Builder::new().name("tracer".to_owned());
        thread
            .spawn(move || {
                let engine = Engine::seize(pid, options, output);
                let engine = engine.map_err(|error| say.send(Err(error))).ok();
                if let Some(engine) = engine {
                    let _ = say.send(Ok(()));
                    engine.run();
                }
            })
            .context("cannot start a thread")?;
        answer.recv().context("the tracer has gone")??;
        let tracer = Tracer {
            records: receiver,
            signal,
        };
        Ok((tracer, bell_reader))
    }

    /// What has happened since it was asked last.
    pub fn records(&self) -> Vec<Record> {
        self.signal.is_told.store(false, Ordering::SeqCst);
        self.records.try_iter().collect()
    }

    /// Lets nobody go on any more.
    pub fn halt(&self) {
        self.signal.is_halted.store(true, Ordering::SeqCst);
    }
}

impl Output {
    fn tell(&mut self, record: Record) {
        let _ = self.records.send(record); // a reader that is gone wants none
        if !self.signal.is_told.swap(true, Ordering::SeqCst) {
            let _ = self.bell.write(&[0]);
        }
    }

    fn is_halted(&self) -> bool {
        self.signal.is_halted.load(Ordering::SeqCst)
    }
}

//! Traces a program and all that it starts: every call with its arguments, its result and its stack, every signal,
//! every end.
//!
//! A thread of the tool seizes the program before its exec, and is told by the kernel of every stop. It says what it
//! saw as [`Record`]s, and decides who goes on: see `order`. When that thread ends, the kernel kills what it traced.

mod clock;
mod confined;
mod engine;
mod inject;
mod main_entry;
mod mapped_file;
pub mod memory;
mod order;
mod output;
pub mod ptrace;
mod reading;
mod record;
pub mod registers;
pub mod stops;
pub mod unwind;
mod without_tables;
mod wrapper;

use std::cell::Cell;
use std::io::PipeReader;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, channel, sync_channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use engine::Engine;
use output::{AHEAD, Output, Signal};

pub use inject::{Injection, Wrong};
pub use order::{AfterFork, IsOwn, MakeIsOwn};
pub use output::{Look, Options};
pub use reading::{Activation, Holding, MakeReadMemory, Moment, ReadMemory, Stop, Variable};
pub use record::{Event, Record};
pub use unwind::stack_in_call;
pub use wrapper::Wrapper;

/// What comes so soon after the last that was taken is taken together: who reads a trace is woken less often.
const TOGETHER: Duration = Duration::from_millis(1);

/// A program that is traced.
#[derive(Debug)]
pub struct Tracer {
    records: Receiver<Record>,
    /// When the reader was told of records and took them last.
    taken: Cell<Instant>,
    signal: Arc<Signal>,
}

impl Tracer {
    /// Begins to trace a process that waits to be told to go on, and returns a pipe that has something to read when
    /// there are records, and comes to its end with the trace.
    pub fn seize(pid: i32, options: Options) -> Result<(Tracer, PipeReader)> {
        let (records, receiver) = sync_channel(AHEAD);
        let (bell_reader, bell) = std::io::pipe().context("pipe(2)")?;
        let signal = Arc::new(Signal::default());
        let output = Output {
            records,
            signal: Arc::clone(&signal),
            bell,
            untold: 0,
            rests: 0,
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
            .context("pthread_create(3)")?;
        answer.recv().context("tracer")??;
        let tracer = Tracer {
            records: receiver,
            taken: Cell::new(Instant::now()),
            signal,
        };
        Ok((tracer, bell_reader))
    }

    /// What has happened since it was asked last.
    pub fn records(&self) -> Vec<Record> {
        if self.signal.is_told.load(Ordering::SeqCst) {
            std::thread::sleep(TOGETHER.saturating_sub(self.taken.get().elapsed()));
            self.taken.set(Instant::now());
        }
        self.signal.is_told.store(false, Ordering::SeqCst);
        self.records.try_iter().collect()
    }

    /// Lets nobody go on any more; from now on only ends are told, and where somebody stops who was in no call.
    pub fn halt(&self) {
        self.signal.is_halted.store(true, Ordering::SeqCst);
    }

    /// Lets whoever an injection delays go on.
    pub fn end_delays(&self) {
        self.signal.ends_delays.store(true, Ordering::SeqCst);
    }

    /// Which rest it is, if nobody can go on by himself: all that they did has been told. Of virtual time only.
    pub fn rest(&self) -> Option<u64> {
        Some(self.signal.rest.load(Ordering::SeqCst)).filter(|&rest| rest > 0)
    }

    /// How much virtual time has passed.
    pub fn time_passed(&self) -> Duration {
        Duration::from_millis(self.signal.time_passed.load(Ordering::SeqCst))
    }

    /// Lets virtual time pass to the earliest moment at which somebody goes on, if nobody has gone on since that rest.
    pub fn let_time_pass(&self, rest: u64) {
        self.signal.may_end.store(rest, Ordering::SeqCst);
    }
}

//! strace is the oracle of the tool's own tracer: what one run tells under both has to be the same, thread by thread:
//! calls, arguments, results, signals, stops and ends. What may differ is said in `chance.rs` (of every run), in `account.rs`
//! (of signals and of calls begun anew), and of single programs beside them.
#![forbid(unsafe_code)]

mod account;
mod chance;
mod folder;
mod labs;
mod programs;
mod runs;
mod same;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Trial};

/// How many run at once on each processor: they sleep most of the time.
const AT_ONCE: usize = 4;

fn main() -> ExitCode {
    let mut arguments = Arguments::from_args();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    arguments.test_threads.get_or_insert(AT_ONCE * processors);
    let trials: Vec<Trial> = programs::trials()
        .into_iter()
        .chain(labs::trials())
        .collect();
    libtest_mimic::run(&arguments, trials).exit_code()
}

//! Is the lab its C program, call for call?
//!
//! Both run through the same scenarios, in both orders after fork. Compared are the system calls *of each
//! process* with their arguments and results (so also all that it wrote), and how it ended. What libc
//! does on its own is told by the stack and kept in a ledger ([`ledger`]). What the lab does
//! differently on purpose stands in `scenarios.toml`; any other difference is a departure.

mod arguments;
mod class;
pub mod command;
mod departure;
mod idiom;
pub mod json;
pub mod ledger;
mod matching;
pub(crate) mod order;
mod outcome;
mod request;
mod runs;
pub mod show;
mod story;
mod text;
mod twins;
mod verdict;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

pub use departure::{Departure, Instead, Told};
pub use idiom::idioms;
pub use matching::{Pairing, Relation, Row};
pub use order::{Order, Shown};
pub use outcome::{Examined, Outcome, Pair, Trial};
pub use request::{Doubt, Request};
pub use runs::{Program, Run};
pub use story::{End, Story};
pub use text::{Names, Text};
pub use twins::twin;
pub use verdict::Verdict;

/// Does all jobs, several at a time (they mostly sleep), and gives the results in the order of the jobs.
pub fn in_parallel<J: Sync, R: Send>(
    jobs: &[J],
    at_once: usize,
    work: impl Fn(&J) -> R + Sync,
) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once.min(jobs.len()) {
            scope.spawn(|| {
                loop {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = jobs.get(place) else { break };
                    let result = work(job);
                    if let Ok(mut results) = results.lock() {
                        results.push((place, result));
                    }
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_default();
    results.sort_by_key(|&(place, _)| place);
    results.into_iter().map(|(_, result)| result).collect()
}

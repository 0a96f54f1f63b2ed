//! One processor for all: to hand the turn from one to another is quicker there, and never two run at once anyway.

use nix::sched::{CpuSet, sched_getcpu, sched_setaffinity};
use nix::unistd::Pid;

/// Keeps this thread, and what it starts from now on, on the processor that it is on.
pub fn stay_on_one_processor() {
    let mut only = CpuSet::new();
    if sched_getcpu().is_ok_and(|processor| only.set(processor).is_ok()) {
        let _ = sched_setaffinity(Pid::from_raw(0), &only); // else it is slower
    }
}

//! The loop of `../signal.rs` on Rust's std, which has no signals: they are libc's.

use std::io::{Read, Write, stdin, stdout};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

const SIGUSR1: i32 = 10;

unsafe extern "C" {
    safe fn signal(signum: i32, handler: extern "C" fn(i32)) -> usize;
    safe fn getpid() -> i32;
    safe fn kill(pid: i32, signum: i32) -> i32;
}

static HANDLED: AtomicU32 = AtomicU32::new(0);

extern "C" fn handler(_signum: i32) {
    HANDLED.store(HANDLED.load(Relaxed) + 1, Relaxed);
}

fn main() {
    let mut byte = [0];
    signal(SIGUSR1, handler);
    while stdin().read_exact(&mut byte).is_ok() {
        HANDLED.store(0, Relaxed);
        for _ in 0..5000 {
            kill(getpid(), SIGUSR1);
        }
        if HANDLED.load(Relaxed) != 5000 {
            std::process::exit(1);
        }
        if stdout().write_all(&byte).and(stdout().flush()).is_err() {
            return;
        }
    }
}

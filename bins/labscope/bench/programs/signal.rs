//! For each byte of input: five thousand times a signal to itself, which a handler counts; then a byte of answer.
//!
//! The same in C: `signal.c`; on Rust's std: `std/signal.rs`; with nothing at all: `floor/signal.c`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};

use libc::c_int;
use rawlabs::signal::{SIGUSR1, kill, signal};
use rawlabs::unistd::{getpid, read, write};

rawlabs::main!(main);

static HANDLED: AtomicU32 = AtomicU32::new(0);

extern "C" fn handler(_signum: c_int) {
    HANDLED.store(HANDLED.load(Relaxed) + 1, Relaxed);
}

fn main() -> c_int {
    let mut byte = [0];
    let _ = signal(SIGUSR1, handler as extern "C" fn(c_int));
    while read(0, &mut byte) == Ok(1) {
        HANDLED.store(0, Relaxed);
        for _ in 0..5000 {
            let _ = kill(getpid(), SIGUSR1);
        }
        if HANDLED.load(Relaxed) != 5000 || write(1, &byte).is_err() {
            return 1;
        }
    }
    0
}

//! For each byte of input: fifty times a thread created, which ends at once, and joined; then a byte of answer.
//!
//! The same in C: `thread.c`; on Rust's std: `std/thread.rs`; with nothing at all: `floor/thread.c`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::pthread::{pthread_create, pthread_join};
use rawlabs::unistd::{read, write};

rawlabs::main!(main);

extern "C" fn work(arg: usize) -> usize {
    arg
}

fn main() -> libc::c_int {
    let mut byte = [0];
    while read(0, &mut byte) == Ok(1) {
        for _ in 0..50 {
            if pthread_create(work, 0).and_then(pthread_join).is_err() {
                return 1;
            }
        }
        if write(1, &byte).is_err() {
            return 1;
        }
    }
    0
}

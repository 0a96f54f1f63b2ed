//! For each byte of input: fifty times fork, `_exit` in the child, wait in the parent; then a byte of answer.
//!
//! The same in C: `fork.c`; on Rust's std: `std/fork.rs`; with nothing at all: `floor/fork.c`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::sys::wait::wait;
use rawlabs::unistd::{_exit, fork, read, write};

rawlabs::main!(main);

fn main() -> libc::c_int {
    let mut byte = [0];
    let mut status = 0;
    while read(0, &mut byte) == Ok(1) {
        for _ in 0..50 {
            match fork() {
                Err(_) => return 1,
                Ok(0) => _exit(0),
                Ok(_) => {
                    if wait(&mut status).is_err() {
                        return 1;
                    }
                }
            }
        }
        if write(1, &byte).is_err() {
            return 1;
        }
    }
    0
}

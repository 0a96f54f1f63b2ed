//! Slide "Lab. command.c, exec_test.c": the program that `command` becomes. C: `exec_test.c`.
//!
//! Watch: it prints nothing and waits for a key, so that `ps` can be asked who it
//! is. What it read ahead of that key it offers back at its end (`lseek`), which
//! only a file can take.
//! Trace: `make strace-exec_test`
//!
//! Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::stdio::{getc, stdin};

rawlabs::main!(main);

fn main() -> libc::c_int {
    getc(stdin); // read
    0
}

//! The lab `exec_test` on Rust's std: reads one byte of standard input, and ends.

use std::io::{Read, stdin};

fn main() {
    let _ = stdin().lock().read(&mut [0]);
}

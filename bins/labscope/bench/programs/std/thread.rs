//! The loop of `../thread.rs` on Rust's std.

use std::io::{Read, Write, stdin, stdout};
use std::thread;

fn main() {
    let mut byte = [0];
    while stdin().read_exact(&mut byte).is_ok() {
        for _ in 0..50 {
            if thread::spawn(|| ()).join().is_err() {
                return;
            }
        }
        if stdout().write_all(&byte).and(stdout().flush()).is_err() {
            return;
        }
    }
}

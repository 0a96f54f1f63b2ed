//! The loop of `../fork.rs` on Rust's std, which has no fork: that is libc's.

use std::io::{Read, Write, stdin, stdout};

unsafe extern "C" {
    safe fn fork() -> i32;
    safe fn _exit(status: i32) -> !;
    safe fn wait(status: Option<&mut i32>) -> i32;
}

fn main() {
    let mut byte = [0];
    let mut status = 0;
    while stdin().read_exact(&mut byte).is_ok() {
        for _ in 0..50 {
            match fork() {
                -1 => std::process::exit(1),
                0 => _exit(0),
                _ => {
                    if wait(Some(&mut status)) == -1 {
                        std::process::exit(1);
                    }
                }
            }
        }
        if stdout().write_all(&byte).and(stdout().flush()).is_err() {
            return;
        }
    }
}

//! Slide "Lab. fork_test.c": one process becomes two. C: `fork_test.c`.
//!
//! Watch: `fork !!!` comes twice from one line of code; `i` is 100 in both and
//! then goes its own way in each, at the same address of two memories; the
//! prompt `hit a key ` shows on a terminal although it has no newline.
//! Trace: `make strace-fork_test TO=/tmp/fork_test.trace`
//!
//! Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::printf;
use rawlabs::stdio::getchar;
use rawlabs::unistd::{fork, getpid, sleep};

rawlabs::main!(main);

fn main() -> libc::c_int {
    let mut i = 100;

    printf!("Program Start!!\n");

    printf!("hit a key ");
    getchar(); // read: writes the prompt out first, if this is a terminal
    printf!("\n");
    let pid = fork(); // from here on, two processes
    printf!("fork !!!\n");
    match pid {
        Err(_) => {
            printf!("fork failure\n");
            1
        }
        Ok(pid) if pid > 0 => {
            printf!("I'm parent Process {}\n", getpid());
            loop {
                printf!("P : {}\n", i);
                i += 1;
                sleep(1); // clock_nanosleep
            }
        }
        Ok(_) => {
            printf!("I'm Child Process {}\n", getpid());
            loop {
                printf!("C : {}\n", i);
                i += 2;
                sleep(1); // clock_nanosleep
            }
        }
    }
}

//! Slide "Lab. daemonOSNW.c": a daemon that still wants to talk. C: `daemonOSNW.c`.
//!
//! Watch: the child's parent changes when the parent ends; after `setsid` it has
//! a session of its own and `?` for a terminal; every line it prints after
//! `close(1)` is a `write` that fails with EBADF.
//! Trace: `make strace-daemonOSNW TO=/tmp/daemonOSNW.trace`
//!
//! Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::printf;
use rawlabs::stdlib::exit;
use rawlabs::unistd::{close, fork, getpid, getppid, setsid, sleep};

rawlabs::main!(main);

fn main() -> libc::c_int {
    printf!("process start {}\n", getpid());
    match fork() {
        Ok(pid) if pid > 0 => {
            printf!("parent process id({})\n", getpid());
            exit(0); // the child is an orphan now
        }
        Ok(_) => {
            sleep(1); // clock_nanosleep
            printf!("child process pid({}) : ppid({})\n", getpid(), getppid());
            let _ = close(0);
            let _ = close(1);
            let _ = close(2);
            let _ = setsid();
            printf!("I'm daemon\n"); // write: EBADF, nobody sees it
            let mut i = 1000;
            loop {
                printf!("child : {}\n", i);
                i += 1;
                sleep(2); // clock_nanosleep
            }
        }
        Err(_) => {} // the C has no branch for it either
    }
    1
}

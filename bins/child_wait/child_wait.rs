//! Slide "Lab. child_wait.c": a zombie, and the wait that ends it. C: `child_wait.c`.
//!
//! Watch: press the key late, and `ps` shows the child as `Z`, `<defunct>`, until
//! `wait` returns; press it early, and the parent sleeps in `wait4`. `main` returns
//! 1, as on the slide.
//! Trace: `make strace-child_wait TO=/tmp/child_wait.trace`
//!
//! Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::printf;
use rawlabs::stdio::getchar;
use rawlabs::stdlib::exit;
use rawlabs::sys::wait::wait;
use rawlabs::unistd::{fork, getpid, sleep};

rawlabs::main!(main);

fn main() -> libc::c_int {
    let mut pstatus = 0;

    printf!("process start {}\n", getpid());
    match fork() {
        Ok(pid) if pid > 0 => {
            printf!("parent process pid({})\n", getpid());
            printf!("wait for child({}) to die\n", pid);
            printf!("hit a key");
            getchar(); // read
            printf!("\n");
            let pid = wait(&mut pstatus).unwrap_or(-1); // wait4(-1, …): the zombie is gone
            printf!("=====\n");
            printf!("terminated child process : {}\n", pid);
            printf!("return value from child : {}\n", pstatus / 256);
        }
        Ok(_) => {
            sleep(2); // clock_nanosleep
            printf!("I'm Zombie {}\n", getpid());
            exit(100); // a zombie, until the parent waits
        }
        Err(_) => {} // the C has no branch for it either
    }
    1
}

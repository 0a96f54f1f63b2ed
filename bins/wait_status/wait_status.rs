//! Slide "프로세스 기다리기": a parent waits and learns how its child ended. C: `wait_status.c`.
//!
//! Watch: the parent sleeps in `wait4` for two seconds; the status word it gets
//! is 25600, which is 100 in the high 8 bits.
//! Trace: `make strace-wait_status`
//!
//! Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::printf;
use rawlabs::stdlib::exit;
use rawlabs::sys::wait::wait;
use rawlabs::unistd::{fork, getpid, sleep};

rawlabs::main!(main);

fn main() -> libc::c_int {
    let mut pstatus = 0;

    printf!("프로세스 시작 {}\n", getpid());
    match fork() {
        Ok(pid) if pid > 0 => {
            printf!("부모 프로세스 pid({})\n", getpid());
            printf!("자식 프로세스 종료를 기다림\n");
            let pid = wait(&mut pstatus).unwrap_or(-1); // wait4(-1, …)
            printf!("=====\n");
            printf!("종료된 자식 프로세스 : {}\n", pid);
            printf!("종료 값          : {}\n", pstatus / 256);
        }
        Ok(_) => {
            sleep(2); // clock_nanosleep
            printf!("I'm Zombie {}\n", getpid());
            exit(100);
        }
        Err(_) => {} // the C has no branch for it either
    }
    0
}

//! Slide "프로세스 제어", `signal()`: a function of the program's own for ^C. C: `mysignal.c`.
//!
//! Watch: after ^C the next number comes at once. The handler has cut the sleep
//! short, although `signal` asks for interrupted calls to go on (SA_RESTART).
//! Trace: `make strace-mysignal`, then ^C, and ^\ to end it
//!
//! Differences from the C: the handler writes with `dprintf`, one `write(2)` from
//! memory of its own. The C's calls `printf`, which may be what was interrupted:
//! then a line comes twice, or the program waits for itself for ever.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::printf;
use rawlabs::signal::{SIGINT, signal};
use rawlabs::stdio::dprintf;
use rawlabs::unistd::{STDOUT_FILENO, sleep};

extern "C" fn handler(signo: c_int) {
    dprintf!(STDOUT_FILENO, "SIGINT received : {}\n", signo); // write
}

rawlabs::main!(main);

fn main() -> c_int {
    let mut i = 0;

    let _ = signal(SIGINT, handler as extern "C" fn(c_int)); // rt_sigaction
    loop {
        printf!("{}\n", i);
        i += 1;
        sleep(1); // clock_nanosleep: over when the handler has run
    }
}

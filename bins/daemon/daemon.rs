//! Slide "데몬(daemon) 프로세스 작성 예제": the skeleton of a daemon. C: `daemon.c`.
//!
//! Watch: the shell's prompt is back at once; the child lives on with another
//! parent, in a session of its own, without a terminal and without descriptors.
//! Trace: `make strace-daemon TO=/tmp/daemon.trace`
//!
//! Differences from the C: the daemon sleeps in `pause()`; the C's empty loop
//! keeps a processor busy for nothing.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::stdlib::exit;
use rawlabs::unistd::{close, fork, pause, setsid};

rawlabs::main!(main);

fn main() -> libc::c_int {
    match fork() {
        Err(_) => exit(0),
        Ok(pid) if pid != 0 => exit(0), // the parent ends: the child is an orphan
        Ok(_) => {}
    }

    // A daemon talks to nobody: it closes standard input, output and error.
    let _ = close(0);
    let _ = close(1);
    let _ = close(2);

    // A session of its own: the controlling terminal is gone, ^C and a hangup no longer reach it.
    let _ = setsid();

    // Here goes what the daemon is for.
    loop {
        let _ = pause();
    }
}

//! Slide "init 프로세스": the parent ends first, and its child has another one. C: `orphan.c`.
//!
//! Watch: the child's second line names 1, or the nearest subreaper above it. `orphan subreaper`
//! is one, and waits for a process that it never forked.
//! Trace: `make strace-orphan ARGS=subreaper`. Helper: `complain`. Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::{c_int, pid_t};
use rawlabs::sys::{prctl::*, wait::*};
use rawlabs::{crt0::Argv, helpers::complain, printf, signal::*, stdio::*, unistd::*};

extern "C" fn handler(_signo: c_int) {} // ends sigsuspend, and does nothing else

/// The child: prints its parent while that one lives, and again when it has ended.
fn child(parent: pid_t) -> c_int {
    let _ = prctl(PR_SET_PDEATHSIG(SIGUSR2)); // a SIGUSR2, please, when my parent ends
    printf!("child {} : my parent is {}\n", getpid(), getppid());
    fflush(stdout);
    let _ = kill(parent, SIGUSR2); // my line is out
    if getppid() == parent {
        let _ = sigsuspend(&sigset_t::default()); // rt_sigsuspend: until the parent's end
    }
    printf!("child {} : my parent is {}\n", getpid(), getppid());
    sleep(1); // clock_nanosleep: time to look with ps
    0
}

/// The parent: ends when its child is ready and a key has been hit.
fn parent() -> c_int {
    let (own, mut reaper) = (getpid(), 0);
    match fork() {
        Ok(0) => return child(own),
        Ok(_) => drop(sigsuspend(&sigset_t::default())), // rt_sigsuspend: until it is ready, or ended
        Err(_) => drop(printf!("fork failure\n")),
    }
    let _ = prctl(PR_GET_CHILD_SUBREAPER(&mut reaper));
    printf!("parent {}, subreaper {} : hit a key ", own, reaper);
    getchar(); // read
    printf!("\n");
    0
}

/// The grandparent: every orphan among its descendants becomes its child.
fn subreaper() -> c_int {
    let _ = prctl(PR_SET_CHILD_SUBREAPER(1));
    let (own, son) = (getpid(), fork());
    if son == Ok(0) {
        return parent();
    }
    while let Ok(pid) = waitpid(-1, None, WNOHANG) {
        if pid == 0 {
            let _ = sigsuspend(&sigset_t::default()); // rt_sigsuspend: until SIGCHLD
        } else {
            let whose = if son == Ok(pid) { "child" } else { "orphan" };
            printf!("subreaper {} : {} {} has ended\n", own, whose, pid);
        }
    }
    0 // ECHILD: no child is left
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let mut set = sigset_t::default();
    let _ = (sigaddset(&mut set, SIGUSR2), sigaddset(&mut set, SIGCHLD));
    let _ = sigprocmask(SIG_BLOCK, Some(&set), None); // rt_sigprocmask: they wait for sigsuspend
    let _ = signal(SIGUSR2, handler as extern "C" fn(c_int)); // rt_sigaction
    let _ = signal(SIGCHLD, handler as extern "C" fn(c_int));
    match argv.get(1) {
        None => parent(),
        Some(text) if text == c"subreaper" => subreaper(),
        Some(text) => {
            complain(text, "expected nothing, or subreaper");
            2
        }
    }
}

//! Slide "프로세스 제어": children are stopped, continued and ended by signals. C: `signal_control.c`.
//!
//! Watch: SIGCHLD and `waitpid` tell of each change; SIGTERM to a stopped child waits for SIGCONT.
//! Trace: `make strace-signal_control`, eight times Enter. Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicI32, Ordering::Relaxed};
use libc::{c_int, pid_t};
use rawlabs::unistd::{alarm, fork, sleep};
use rawlabs::{printf, signal::*, stdio::getchar, sys::wait::*};

const CHANGES: c_int = WUNTRACED | WCONTINUED;
static CHLD: AtomicI32 = AtomicI32::new(0); // how many SIGCHLD have been handled

extern "C" fn handler(_signo: c_int) {
    CHLD.fetch_add(1, Relaxed);
}

/// A child that prints one number a second, until a signal ends it.
fn child(title: &str) -> pid_t {
    let (mut i, pid) = (0, fork().unwrap_or(-1));
    if pid != 0 {
        printf!("{} : {}\n", title, pid);
        return pid;
    }
    alarm(600); // SIGALRM ends it then, should nobody else care
    loop {
        printf!("C : {}\n", i);
        i += 1;
        sleep(1); // clock_nanosleep
    }
}

/// Sends the signal when a key is hit, and tells what has become of the child. Is it still there?
fn control(pid: pid_t, sig: c_int, name: &str, options: c_int) -> bool {
    let mut status = 0;
    printf!("hit a key for {} ", name);
    getchar(); // read
    printf!("\n");
    let _ = kill(pid, sig);
    if options & WNOHANG == 0 {
        let _ = sigsuspend(&sigset_t::default()); // rt_sigsuspend: until a SIGCHLD has been handled
    }
    let (told, chld) = (waitpid(pid, &mut status, options), CHLD.load(Relaxed)); // wait4
    match told {
        Ok(0) | Err(_) => printf!("not ended\n"),
        _ if WIFSTOPPED(status) => printf!("SIGCHLD {} : stopped by {}\n", chld, WSTOPSIG(status)),
        _ if WIFCONTINUED(status) => printf!("SIGCHLD {} : continued\n", chld),
        _ => printf!("SIGCHLD {} : terminated by {}\n", chld, WTERMSIG(status)),
    };
    told != Ok(pid) || WIFSTOPPED(status) || WIFCONTINUED(status)
}

rawlabs::main!(main);

fn main() -> c_int {
    let mut set = sigset_t::default();
    let _ = sigaddset(&mut set, SIGCHLD);
    let _ = sigprocmask(SIG_BLOCK, Some(&set), None); // rt_sigprocmask: it waits for sigsuspend
    let _ = signal(SIGCHLD, handler as extern "C" fn(c_int)); // rt_sigaction

    let _ = signal(SIGTERM, SIG_IGN); // a child inherits that
    let pid = child("a child that ignores SIGTERM");
    let _ = signal(SIGTERM, SIG_DFL);
    let _ = pid > 0
        && control(pid, SIGSTOP, "SIGSTOP", CHANGES)
        && control(pid, SIGCONT, "SIGCONT", CHANGES)
        && control(pid, SIGTERM, "SIGTERM", WNOHANG)
        && control(pid, SIGSTOP, "SIGSTOP", CHANGES)
        && control(pid, SIGKILL, "SIGKILL", CHANGES);

    let pid = child("a child like any other");
    let _ = pid > 0
        && control(pid, SIGSTOP, "SIGSTOP", CHANGES)
        && control(pid, SIGTERM, "SIGTERM", WNOHANG)
        && control(pid, SIGCONT, "SIGCONT", 0); // 0: the end alone is awaited
    0
}

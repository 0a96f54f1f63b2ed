//! Slide "멀티 프로세스와 소켓 프로그래밍": processes made before the first client comes. C: `echo_server_prefork.c`.
//!
//! Watch: all workers sleep in `accept` of one socket, and one of them is woken; no client waits for a fork.
//! Trace: `make strace-echo_server_prefork TO=server.trace`
//! Helpers: `address_port_and_workers` reads `[ADDRESS [PORT [WORKERS]]]`, `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. 127.0.0.1 unless told otherwise, and for port 0 the port that the kernel
//!    chose is told on stderr; SO_REUSEADDR, a backlog of SOMAXCONN;
//! 2. exactly the bytes received are sent back;
//! 3. what passes (EINTR, ECONNABORTED, no free descriptor) does not make a worker spin;
//! 4. SIGPIPE is ignored: a peer that has gone is an error of `write`, and not the end of the worker.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::{c_int, pid_t};
use rawlabs::arpa::inet::{inet_ntoa, ntohs};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::{address_port_and_workers, write_all};
use rawlabs::netinet::r#in::any_address;
use rawlabs::signal::*;
use rawlabs::stdio::{fprintf, perror, printf_string, stderr};
use rawlabs::sys::socket::*;
use rawlabs::sys::wait::{WNOHANG, waitpid};
use rawlabs::time::timespec;
use rawlabs::unistd::{close, fork, read, usleep};

const MAXLINE: usize = 1024;
const PORTNUM: u16 = 3600;
const PAUSE: timespec = timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// One client after another, as `echo_server` has them; so many at once as there are workers.
fn worker(listen_fd: c_int) -> c_int {
    let mut client_addr = any_address();
    let mut buf = [0; MAXLINE];
    loop {
        let client_fd = match accept(listen_fd, &mut client_addr) {
            Ok(client_fd) => client_fd, // one of them is woken
            Err(Errno::EINTR | Errno::ECONNABORTED) => continue,
            Err(_) => {
                let _ = usleep(100_000); // clock_nanosleep, until a descriptor is free again
                continue;
            }
        };
        while let Ok(readn @ 1..) = read(client_fd, &mut buf) {
            let received = buf.get(..readn).unwrap_or_default();
            let (name, port) = (inet_ntoa(client_addr.sin_addr), ntohs(client_addr.sin_port));
            printf_string!("Read Data {}({}) : ", name, port; received);
            if write_all(client_fd, received).is_err() {
                break;
            }
        }
        let _ = close(client_fd);
    }
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let mut places: [pid_t; 64] = [0; 64]; // 0: nobody
    let (server_addr, workers) = match address_port_and_workers(argv, PORTNUM, 4) {
        Ok(arguments) => arguments,
        Err(status) => return status,
    };
    let pids = places.get_mut(..workers).unwrap_or_default();
    let Ok(listen_fd) = socket(AF_INET, SOCK_STREAM, 0) else {
        return 1;
    };
    let _ = setsockopt(listen_fd, SOL_SOCKET, SO_REUSEADDR, &1);
    if let Err(errno) = bind(listen_fd, &server_addr) {
        perror("bind error", errno);
        return 1;
    }
    if let Err(errno) = listen(listen_fd, SOMAXCONN) {
        perror("listen error", errno);
        return 1;
    }
    let mut bound_addr = server_addr;
    if server_addr.sin_port == 0 && getsockname(listen_fd, &mut bound_addr).is_ok() {
        let (name, port) = (inet_ntoa(bound_addr.sin_addr), ntohs(bound_addr.sin_port));
        fprintf!(stderr, "listening on {}:{}\n", name, port);
    }
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction; difference 4
    let mut term = sigset_t::default();
    let _ = sigaddset(&mut term, SIGTERM);
    let mut signals = term;
    let _ = sigaddset(&mut signals, SIGINT);
    let _ = sigaddset(&mut signals, SIGCHLD);
    let _ = sigprocmask(SIG_BLOCK, Some(&signals), None); // they wait until sigtimedwait takes them
    loop {
        let mut timeout = None;
        for pid in pids.iter_mut().filter(|pid| **pid == 0) {
            match fork() {
                Ok(0) => {
                    let _ = sigprocmask(SIG_UNBLOCK, Some(&term), None); // ^C is the parent's business
                    return worker(listen_fd);
                }
                Ok(child) => *pid = child,
                Err(_) => timeout = Some(&PAUSE), // tried again after the pause
            }
        }
        let sig = sigtimedwait(&signals, timeout); // rt_sigtimedwait
        if sig == Ok(SIGTERM) || sig == Ok(SIGINT) {
            break;
        } else if sig == Ok(SIGCHLD) {
            // One signal may stand for several children.
            while let Ok(child @ 1..) = waitpid(-1, None, WNOHANG) {
                let ended = pids.iter_mut().filter(|pid| **pid == child);
                ended.for_each(|pid| *pid = 0);
                fprintf!(stderr, "worker {} has ended\n", child);
            }
            let _ = usleep(100_000); // who ends at once is not made again at once
        }
    }
    let there = pids.iter().filter(|pid| **pid > 0);
    for pid in there.clone() {
        let _ = kill(*pid, SIGTERM);
    }
    for pid in there {
        let _ = waitpid(*pid, None, 0); // wait4; the port is free when the last one has ended
    }
    0
}

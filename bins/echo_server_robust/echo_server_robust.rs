//! Slide "멀티 프로세스와 소켓 프로그래밍", its three techniques put together: a server to be run. C: `echo_server_robust.c`.
//!
//! Watch: nothing waits but `epoll_wait`; what a client does not read stays in its own buffer, and it is not read from meanwhile.
//! Trace: `make strace-echo_server_robust TO=server.trace`
//! Helpers: `options_address_and_port` reads `[-j WORKERS] [-c CLIENTS] [-t SECONDS] [ADDRESS [PORT]]`.
//!
//! Differences from the C: none but that a wrong argument is told, with status 2.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::{c_int, pid_t};
use rawlabs::arpa::inet::{inet_ntoa, ntohs};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::options_address_and_port;
use rawlabs::signal::*;
use rawlabs::stdio::{fprintf, perror, stderr};
use rawlabs::sys::epoll::*;
use rawlabs::sys::mman::mmap_array;
use rawlabs::sys::socket::*;
use rawlabs::sys::timerfd::*;
use rawlabs::sys::wait::{WNOHANG, waitpid};
use rawlabs::time::{CLOCK_MONOTONIC, timespec};
use rawlabs::unistd::{close, fork, pipe, read, usleep, write};

const MAXLINE: usize = 1024;
const PORTNUM: u16 = 3600;
const MAXEVENTS: usize = 64;
const FULL: &[u8] = b"server full\n";
/// How long new clients wait when no descriptor is free, in milliseconds.
const PAUSE: c_int = 100;
/// How long a worker may take to send what it owes, in seconds, and when the parent stops waiting for it.
const DRAIN: usize = 5;
const PATIENCE: timespec = seconds(8);
const TENTH: timespec = timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

const fn seconds(count: usize) -> timespec {
    timespec {
        tv_sec: count as i64,
        tv_nsec: 0,
    }
}

/// What is known of a client: `heard`, 0 nobody, 1 silent since the last tick, 2 heard; and `waiting`, so many bytes of its buffer.
type Client = [u16; 2];

/// One process that serves. The arrays are indexed by descriptor, and take up memory only as far as they are used.
struct Worker {
    listen_fd: c_int,
    parent_fd: c_int, // a pipe: its end is the parent's
    epoll_fd: c_int,
    timer_fd: c_int,
    held: usize, // connections
    most: usize,
    idle: usize,      // seconds between two ticks
    is_ticking: bool, // somebody was there at the last tick, or has come since
    is_paused: bool,  // the listening socket is off the list
    is_draining: bool,
    clients: &'static mut [Client],
    buffers: &'static mut [[u8; MAXLINE]], // what waits until they read
}

#[inline(never)] // one copy of it is enough
fn watch(worker: &Worker, op: c_int, fd: c_int, events: u32) -> Result<(), Errno> {
    let event = epoll_event {
        events,
        data: fd as u64,
    };
    epoll_ctl(worker.epoll_fd, op, fd, &event)
}

/// Puts the listening socket back on the list. Of all workers one is woken by a client, not each.
#[inline(never)] // one copy of it is enough
fn resume(worker: &mut Worker) {
    if worker.is_paused {
        worker.is_paused = watch(
            worker,
            EPOLL_CTL_ADD,
            worker.listen_fd,
            EPOLLIN | EPOLLEXCLUSIVE,
        )
        .is_err(); // epoll_ctl
    }
}

fn close_client(worker: &mut Worker, fd: c_int) {
    let _ = close(fd); // takes it off the list: no other process holds it
    if let Some(client) = worker.clients.get_mut(fd as usize) {
        *client = [0, 0];
    }
    worker.held -= 1;
    resume(worker); // a descriptor is free
}

fn accept_client(worker: &mut Worker) {
    let fd = match accept4(worker.listen_fd, SOCK_NONBLOCK) {
        Ok(fd) => fd,
        Err(Errno::EAGAIN | Errno::ECONNABORTED) => return, // another worker was faster, or it has gone
        Err(_) => {
            // No descriptor is free: until one is, or for a while, nobody looks at the queue.
            worker.is_paused = watch(worker, EPOLL_CTL_DEL, worker.listen_fd, 0).is_ok(); // epoll_ctl
            return;
        }
    };
    let has_room = worker.held < worker.most;
    match worker.clients.get_mut(fd as usize) {
        Some(client) if has_room => *client = [2, 0],
        _ => {
            let _ = write(fd, FULL); // there is room: it is the first thing that is sent
            let _ = close(fd);
            return;
        }
    }
    worker.held += 1;
    if !worker.is_ticking {
        set_timer(worker.timer_fd, worker.idle, worker.idle); // timerfd_settime
        worker.is_ticking = true;
    }
    if watch(worker, EPOLL_CTL_ADD, fd, EPOLLIN).is_err() {
        close_client(worker, fd); // epoll_ctl, close
    }
}

/// Reads once, unless something waits to be written, and writes once: neither waits, so nobody else does.
/// The result is whether the connection goes on.
fn serve(worker: &mut Worker, fd: c_int) -> bool {
    let tables = &mut *worker;
    let (Some([heard @ (1 | 2), waiting]), Some(kept)) = (
        tables.clients.get_mut(fd as usize),
        tables.buffers.get_mut(fd as usize),
    ) else {
        return true; // it has been closed in this round
    };
    let mut buf = [0; MAXLINE];
    let had_waiting = *waiting > 0;
    let mut count = *waiting as usize;
    if had_waiting {
        buf = *kept;
    } else {
        count = match read(fd, &mut buf) {
            Ok(count) => count,
            Err(Errno::EAGAIN | Errno::EINTR) => return true,
            Err(_) => 0, // the peer is gone
        };
        if count == 0 || buf.get(..count) == Some(b"quit\n") {
            return false;
        }
    }
    let written = match write(fd, buf.get(..count).unwrap_or_default()) {
        Ok(written) => written,
        Err(Errno::EAGAIN | Errno::EINTR) => 0,
        Err(_) => return false,
    };
    if written > 0 {
        *heard = 2;
    }
    let rest = buf.get(written..count).unwrap_or_default();
    *waiting = rest.len() as u16;
    kept.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    // Who does not read is not read from: its next event is that there is room again.
    if had_waiting != rest.is_empty() {
        return true;
    }
    let events = if rest.is_empty() { EPOLLIN } else { EPOLLOUT };
    watch(worker, EPOLL_CTL_MOD, fd, events).is_ok() // epoll_ctl
}

/// Closes whoever has been silent since the last tick.
fn tick(worker: &mut Worker) {
    for fd in 0..worker.clients.len() {
        match worker.clients.get_mut(fd) {
            Some([heard @ 2, _]) => *heard = 1,
            Some([1, _]) => close_client(worker, fd as c_int), // close
            _ => {}
        }
    }
    resume(worker); // epoll_ctl
    if worker.held == 0 {
        set_timer(worker.timer_fd, 0, 0); // timerfd_settime: without clients it sleeps
        worker.is_ticking = false;
    }
}

/// No more clients, and from those that are there only what has come already; at the end of it each is closed.
fn drain(worker: &mut Worker) {
    worker.is_draining = true;
    worker.is_paused = false; // never again on the list
    let _ = watch(worker, EPOLL_CTL_DEL, worker.parent_fd, 0); // epoll_ctl
    let _ = watch(worker, EPOLL_CTL_DEL, worker.listen_fd, 0); // epoll_ctl: others have it, so close would not take it off
    let _ = close(worker.listen_fd);
    set_timer(worker.timer_fd, DRAIN, 0); // timerfd_settime
    for (fd, [heard, _]) in worker.clients.iter().enumerate() {
        if *heard == 0 {
            continue;
        }
        let _ = shutdown(fd as c_int, SHUT_RD); // its read returns what is there, and then 0
    }
}

fn set_timer(timer_fd: c_int, first: usize, interval: usize) {
    let new_value = itimerspec {
        it_interval: seconds(interval),
        it_value: seconds(first),
    };
    let _ = timerfd_settime(timer_fd, 0, &new_value);
}

fn work(listen_fd: c_int, parent_fd: c_int, most: usize, idle: usize) -> Result<(), Errno> {
    let mut events = [epoll_event::default(); MAXEVENTS];
    let epoll_fd = epoll_create1(0)?;
    let timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK)?;
    let size = most + timer_fd as usize + 1; // a new descriptor is the lowest that is free
    let worker = &mut Worker {
        listen_fd,
        parent_fd,
        epoll_fd,
        timer_fd,
        held: 0,
        most,
        idle,
        is_ticking: false,
        is_paused: true,
        is_draining: false,
        clients: mmap_array(size)?,
        buffers: mmap_array(size)?,
    };
    watch(worker, EPOLL_CTL_ADD, timer_fd, EPOLLIN)?; // epoll_ctl
    watch(worker, EPOLL_CTL_ADD, parent_fd, EPOLLIN)?; // epoll_ctl
    resume(worker); // epoll_ctl
    while !worker.is_draining || worker.held > 0 {
        let timeout = if worker.is_paused { PAUSE } else { -1 };
        let fd_num = epoll_wait(epoll_fd, &mut events, timeout).unwrap_or(0); // EINTR: nothing has been filled in
        if fd_num == 0 {
            resume(worker); // epoll_ctl
        }
        for ready in events.iter().take(fd_num) {
            let fd = ready.data as c_int;
            if fd == listen_fd {
                if !worker.is_draining {
                    accept_client(worker); // accept4, write, close, epoll_ctl, timerfd_settime
                }
            } else if fd == parent_fd {
                drain(worker); // epoll_ctl, close, shutdown
            } else if fd == timer_fd {
                if read(timer_fd, &mut [0; 8]) != Ok(8) {
                    continue; // it was set anew meanwhile
                }
                if worker.is_draining {
                    return Ok(()); // who has not read by now is closed by the end
                }
                tick(worker); // close
            } else if !serve(worker, fd) {
                // read, write, epoll_ctl
                close_client(worker, fd); // close, epoll_ctl
            }
        }
    }
    Ok(())
}

/// Takes the statuses of those that have ended; the result is how many are left.
fn reap(pids: &mut [pid_t]) -> usize {
    while let Ok(child @ 1..) = waitpid(-1, None, WNOHANG) {
        let ended = pids.iter_mut().filter(|pid| **pid == child);
        ended.for_each(|pid| *pid = 0);
    }
    pids.iter().filter(|pid| **pid > 0).count()
}

/// Keeps so many workers until SIGTERM or SIGINT; the result in a worker is its status.
fn supervise(pids: &mut [pid_t], listen_fd: c_int, most: usize, idle: usize) -> c_int {
    let (mut alive, mut signals) = ([0; 2], sigset_t::default());
    if pipe(&mut alive).is_err() {
        return 1;
    }
    for sig in [SIGTERM, SIGINT, SIGCHLD] {
        let _ = sigaddset(&mut signals, sig);
    }
    let _ = sigprocmask(SIG_BLOCK, Some(&signals), None); // rt_sigprocmask; in the workers, too: they hear of the end by the pipe
    loop {
        let mut timeout = None;
        for pid in pids.iter_mut().filter(|pid| **pid == 0) {
            match fork() {
                Ok(0) => {
                    let _ = close(alive[1]); // the parent's alone: it is closed when the parent has ended, however
                    return work(listen_fd, alive[0], most, idle).is_err().into();
                }
                Ok(child) => *pid = child,
                Err(_) => timeout = Some(&TENTH), // tried again
            }
        }
        let sig = sigtimedwait(&signals, timeout); // rt_sigtimedwait
        if sig == Ok(SIGTERM) || sig == Ok(SIGINT) {
            break;
        } else if sig == Ok(SIGCHLD) && reap(pids) < pids.len() {
            // wait4
            fprintf!(stderr, "a worker has ended\n");
            let _ = usleep(100_000); // clock_nanosleep: who ends at once is not made again at once
        }
    }
    let _ = close(listen_fd);
    let _ = close(alive[1]); // told to the workers
    while pids.iter().any(|pid| *pid > 0) {
        if sigtimedwait(&signals, Some(&PATIENCE)) == Err(Errno::EAGAIN) {
            for pid in pids.iter().filter(|pid| **pid > 0) {
                let _ = kill(*pid, SIGKILL); // one that was stopped, say
            }
        }
        reap(pids); // wait4
    }
    0
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let (mut workers, mut clients, mut idle) = (1, 10_000, 60);
    let mut places: [pid_t; 64] = [0; 64]; // 0: nobody
    let options = [
        (c"-j", &mut workers, 64, "not a number from 1 to 64"),
        (c"-c", &mut clients, 65_535, "not a number from 1 to 65535"),
        (c"-t", &mut idle, 65_535, "not a number from 1 to 65535"),
    ];
    let server_addr = match options_address_and_port(argv, PORTNUM, options) {
        Ok(server_addr) => server_addr,
        Err(status) => return status,
    };
    let Ok(listen_fd) = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0) else {
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
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction: a peer that has gone is an error of write
    let pids = places.get_mut(..workers).unwrap_or_default();
    supervise(pids, listen_fd, clients, idle)
}

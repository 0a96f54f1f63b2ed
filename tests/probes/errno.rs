//! Makes the call that its argument names and prints the number of its error.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::ffi::CStr;

use libc::{c_int, pid_t};
use rawlabs::arpa::inet::htonl;
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::netinet::r#in::{INADDR_LOOPBACK, any_address, sockaddr_in};
use rawlabs::printf;
use rawlabs::signal::{SIGUSR1, sigaction, sigset_t};
use rawlabs::sys::socket::*;
use rawlabs::sys::wait::{WNOHANG, wait, wait4, waitpid};
use rawlabs::time::{CLOCK_REALTIME, clock_nanosleep, timespec};
use rawlabs::unistd::{_exit, dup, execl, execve, fork, getpgid, getpid, pipe, setpgid, setsid};

/// A descriptor table without a free place, when started with a limit on descriptors.
fn fill() {
    while dup(0).is_ok() {}
}

/// What `call` says in a child that has a process group of its own.
fn in_group_leader(call: fn() -> Result<pid_t, Errno>) -> Result<(), Errno> {
    if fork()? == 0 {
        setpgid(0, 0)?;
        _exit(call().map_or_else(Errno::into_raw, |_| 0));
    }
    let mut wstatus = 0;
    wait(&mut wstatus)?;
    match wstatus >> 8 {
        0 => Ok(()),
        errno => Err(Errno::new(errno)),
    }
}

extern "C" fn handler(_signum: c_int) {}

fn catch(signum: c_int) -> Result<(), Errno> {
    let action = sigaction {
        sa_handler: (handler as extern "C" fn(c_int)).into(),
        sa_mask: sigset_t::default(),
        sa_flags: 0,
    };
    sigaction(signum, Some(&action), None)
}

/// A listening socket and its address.
fn listening() -> Result<(c_int, sockaddr_in), Errno> {
    let listen_fd = socket(AF_INET, SOCK_STREAM, 0)?;
    let mut addr = any_address();
    addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listen_fd, &addr)?;
    listen(listen_fd, 1)?;
    getsockname(listen_fd, &mut addr)?;
    Ok((listen_fd, addr))
}

fn call(name: &str, path: &CStr) -> Result<(), Errno> {
    let mut rest = timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    match name {
        "execl" => execl(path, [c"x"]).map(drop),
        "execve" => execve(path, [c"x"], [c"A=b"]).map(drop),
        "wait" => wait(None).map(drop),
        "wait4" => wait4(-1, None, 0, None).map(drop),
        "waitpid" => waitpid(getpid(), None, WNOHANG).map(drop),
        "waitpid of a group" => waitpid(-getpgid(0)?, None, 0).map(drop),
        "waitpid options" => waitpid(-1, None, 0x4000).map(drop),
        "waitpid INT_MIN" => waitpid(pid_t::MIN, None, 0).map(drop),
        "setsid" => in_group_leader(setsid),
        "setpgid of a leader of a session" => {
            if fork()? == 0 {
                setsid()?;
                _exit(setpgid(0, 0).map_or_else(Errno::into_raw, |()| 0));
            }
            let mut wstatus = 0;
            wait(&mut wstatus)?;
            Err(Errno::new(wstatus >> 8))
        }
        "fork" => fork().map(drop),
        "pipe" => {
            fill();
            pipe(&mut [0; 2])
        }
        "dup" => {
            fill();
            dup(0).map(drop)
        }
        "clock_nanosleep" => {
            catch(SIGUSR1)?;
            let minute = timespec {
                tv_sec: 60,
                tv_nsec: 0,
            };
            clock_nanosleep(CLOCK_REALTIME, 0, &minute, &mut rest)
        }
        "socket" => {
            fill();
            socket(AF_INET, SOCK_STREAM, 0).map(drop)
        }
        "accept" => {
            let (listen_fd, mut addr) = listening()?;
            fill();
            accept(listen_fd, &mut addr).map(drop)
        }
        "accept of nobody" => {
            catch(SIGUSR1)?;
            let (listen_fd, mut addr) = listening()?;
            accept(listen_fd, &mut addr).map(drop)
        }
        "recvfrom" => {
            catch(SIGUSR1)?;
            let sockfd = socket(AF_INET, SOCK_DGRAM, 0)?;
            recvfrom(sockfd, &mut [0], 0, &mut any_address()).map(drop)
        }
        _ => panic!("no such call: {name}"),
    }
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let name = argv.get(1).unwrap().to_str().unwrap();
    let errno = call(name, argv.get(2).unwrap_or(c"")).err();
    printf!("{}", errno.map_or(0, Errno::into_raw));
    0
}

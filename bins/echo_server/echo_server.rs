//! Slide "멀티 프로세스와 소켓 프로그래밍", before there are several processes: one client after another. C: `echo_server.c`.
//!
//! Watch: whoever connects while another is being served waits, in a queue of the kernel's.
//! Trace: `make strace-echo_server ARGS=3600 TO=server.trace`
//! Helpers: `port_and_address` reads `PORT [ADDRESS]`, `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. 127.0.0.1 unless told otherwise, and for port 0 the port that the kernel
//!    chose is told on stderr; SO_REUSEADDR, a backlog of SOMAXCONN;
//! 2. a bind or listen that fails is told and ends it (the C listens on some other port);
//! 3. exactly the bytes received are sent back (the C: its whole buffer);
//! 4. what passes (EINTR, ECONNABORTED, no free descriptor) is no client, and it does not spin meanwhile;
//! 5. SIGPIPE is ignored: a peer that has gone is an error of `write`;
//! 6. a failure has status 1, a missing port one line on stderr and 2.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::arpa::inet::{inet_ntoa, ntohs};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::{port_and_address, write_all};
use rawlabs::netinet::r#in::any_address;
use rawlabs::printf;
use rawlabs::signal::{SIG_IGN, SIGPIPE, signal};
use rawlabs::stdio::{fprintf, perror, stderr};
use rawlabs::sys::socket::*;
use rawlabs::unistd::{close, read, usleep};

const MAXLINE: usize = 1024;

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let mut buf = [0; MAXLINE];
    let mut client_addr = any_address();
    let server_addr = match port_and_address(argv) {
        Ok(server_addr) => server_addr,
        Err(status) => return status,
    };
    let listen_fd = match socket(AF_INET, SOCK_STREAM, 0) {
        Ok(listen_fd) => listen_fd,
        Err(errno) => {
            perror("socket error : ", errno);
            return 1;
        }
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
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction; difference 5
    loop {
        let client_fd = match accept(listen_fd, &mut client_addr) {
            Ok(client_fd) => client_fd,
            Err(Errno::EINTR | Errno::ECONNABORTED) => continue,
            Err(Errno::EBADF | Errno::EINVAL | Errno::ENOTSOCK | Errno::EOPNOTSUPP) => return 1,
            Err(_) => {
                let _ = usleep(100_000); // clock_nanosleep, until a descriptor is free again
                continue;
            }
        };
        printf!("New Client Connect: {}\n", inet_ntoa(client_addr.sin_addr));
        let mut readn = read(client_fd, &mut buf); // who is silent here keeps everybody waiting
        while readn == Err(Errno::EINTR) {
            readn = read(client_fd, &mut buf);
        }
        if let Ok(readn @ 1..) = readn
            && let Err(errno) = write_all(client_fd, buf.get(..readn).unwrap_or_default())
        {
            perror("write error : ", errno);
        }
        let _ = close(client_fd);
    }
}

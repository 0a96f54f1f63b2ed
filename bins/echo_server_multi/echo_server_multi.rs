//! Slide "멀티 프로세스와 소켓 프로그래밍", I/O multiplexing: one process, many connections, by select. C: `echo_server_multi.c`.
//!
//! Watch: it sleeps in one call for all connections, and serves whoever has sent something.
//! Trace: `make strace-echo_server_multi TO=server.trace`
//! Helpers: `address_and_port` reads `[ADDRESS [PORT]]`, `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. 127.0.0.1 unless told otherwise, and for port 0 the port that the kernel
//!    chose is told on stderr; SO_REUSEADDR, a backlog of SOMAXCONN;
//! 2. exactly the bytes received are sent back;
//! 3. a select that was interrupted is made again (the C blocks in accept);
//! 4. when no descriptor is free, new clients wait in the queue for a tenth of a second, and those
//!    connected are served (the C spins);
//! 5. a descriptor that an fd_set has no room for is closed (the C writes behind the set);
//! 6. SIGPIPE is ignored, and an error of a connection ends that one alone;
//! 7. after accept, whoever else was ready is served in the same round.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::arpa::inet::{inet_ntoa, ntohs};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::{address_and_port, write_all};
use rawlabs::netinet::r#in::any_address;
use rawlabs::printf;
use rawlabs::signal::{SIG_IGN, SIGPIPE, signal};
use rawlabs::stdio::{fprintf, fwrite, perror, stderr, stdout};
use rawlabs::string::{strlen, strncmp};
use rawlabs::sys::select::{FD_CLR, FD_ISSET, FD_SET, fd_set, select, timeval};
use rawlabs::sys::socket::*;
use rawlabs::unistd::{close, read};

const MAXLINE: usize = 1024;
const PORTNUM: u16 = 3600;
/// How long new clients wait when no descriptor is free.
const PAUSE: timeval = timeval {
    tv_sec: 0,
    tv_usec: 100_000,
};

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let mut buf = [0; MAXLINE];
    let mut client_addr = any_address();
    let server_addr = match address_and_port(argv, PORTNUM) {
        Ok(server_addr) => server_addr,
        Err(status) => return status,
    };
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
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction; difference 6
    let mut allfds = fd_set::default(); // FD_ZERO
    let _ = FD_SET(listen_fd, &mut allfds);
    let mut maxfd = listen_fd;
    let mut pause = None;
    loop {
        let mut readfds = allfds; // select leaves only the ready ones in its set
        if pause.is_some() {
            FD_CLR(listen_fd, &mut readfds); // difference 4
        }
        printf!("Select Wait {}\n", maxfd);
        let mut fd_num = match select(maxfd + 1, Some(&mut readfds), None, None, pause.take()) {
            Ok(fd_num) => fd_num,
            Err(Errno::EINTR) => continue,
            Err(errno) => {
                perror("select error", errno);
                return 1;
            }
        };
        if FD_ISSET(listen_fd, &readfds) {
            fd_num -= 1;
            match accept(listen_fd, &mut client_addr) {
                Ok(client_fd) if FD_SET(client_fd, &mut allfds).is_ok() => {
                    maxfd = maxfd.max(client_fd);
                    printf!("Accept OK\n");
                }
                Ok(client_fd) => {
                    let _ = close(client_fd); // 1024 and up
                }
                Err(Errno::EINTR | Errno::ECONNABORTED) => {}
                Err(_) => pause = Some(&PAUSE),
            }
        }
        for sockfd in 0..=maxfd {
            if fd_num <= 0 {
                break;
            }
            if sockfd == listen_fd || !FD_ISSET(sockfd, &readfds) {
                continue;
            }
            fd_num -= 1;
            let readn = match read(sockfd, &mut buf) {
                Ok(readn) => readn,
                Err(Errno::EINTR) => continue, // it is ready in the next round, too
                Err(_) => 0,                   // the peer is gone
            };
            let received = buf.get(..readn).unwrap_or_default();
            let is_over = readn == 0 || strncmp(received, b"quit\n", 5) == 0;
            if !is_over {
                printf!("Read : ");
                fwrite(received.get(..strlen(received)).unwrap_or_default(), stdout);
            }
            if is_over || write_all(sockfd, received).is_err() {
                let _ = close(sockfd);
                FD_CLR(sockfd, &mut allfds);
            }
        }
    }
}

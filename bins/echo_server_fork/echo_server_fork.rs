//! Slide "멀티 프로세스와 소켓 프로그래밍": one process a connection. C: `echo_server_fork.c`.
//!
//! Watch: after fork the child closes the listening socket and the parent the
//! connection; the parent never waits, and still no zombie stays.
//! Trace: `make strace-echo_server_fork TO=server.trace`
//! Helpers: `address_and_port` reads `[ADDRESS [PORT]]`, `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. 127.0.0.1 unless told otherwise, and for port 0 the port that the kernel
//!    chose is told on stderr; SO_REUSEADDR, a backlog of SOMAXCONN;
//! 2. the true port is printed (`ntohs`), and exactly the bytes received are sent back;
//! 3. what passes (EINTR, ECONNABORTED, no free descriptor) does not end the
//!    server, and it does not spin meanwhile;
//! 4. when fork fails that connection is closed (the C keeps it open for ever);
//! 5. SIGPIPE is ignored: a peer that has gone is an error of `write`, and ends this child only.
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
use rawlabs::signal::{SIG_IGN, SIGCHLD, SIGPIPE, signal};
use rawlabs::stdio::{fprintf, fwrite, perror, stderr, stdout};
use rawlabs::string::strlen;
use rawlabs::sys::socket::*;
use rawlabs::unistd::{close, fork, read, usleep};

const MAXLINE: usize = 1024;
const PORTNUM: u16 = 3600;

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
    let _ = signal(SIGCHLD, SIG_IGN); // rt_sigaction: children are reaped as they end, no zombies
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction; difference 5
    loop {
        let client_fd = match accept(listen_fd, &mut client_addr) {
            Ok(client_fd) => client_fd,
            Err(Errno::EINTR | Errno::ECONNABORTED) => continue,
            Err(Errno::EBADF | Errno::EINVAL | Errno::ENOTSOCK | Errno::EOPNOTSUPP) => {
                printf!("accept error\n");
                return 1;
            }
            Err(_) => {
                let _ = usleep(100_000); // clock_nanosleep, until a descriptor is free again
                continue;
            }
        };
        match fork() {
            Ok(0) => {
                let _ = close(listen_fd); // the child only serves this connection
                loop {
                    let readn = match read(client_fd, &mut buf) {
                        Ok(readn @ 1..) => readn,
                        Err(Errno::EINTR) => continue,
                        Ok(0) | Err(_) => break, // the peer has closed, or is gone
                    };
                    let received = buf.get(..readn).unwrap_or_default();
                    let (name, port) =
                        (inet_ntoa(client_addr.sin_addr), ntohs(client_addr.sin_port));
                    printf!("Read Data {}({}) : ", name, port);
                    fwrite(received.get(..strlen(received)).unwrap_or_default(), stdout);
                    if write_all(client_fd, received).is_err() {
                        break;
                    }
                }
                let _ = close(client_fd);
                return 0;
            }
            Ok(_) | Err(_) => {
                let _ = close(client_fd); // the parent only accepts; difference 4
            }
        }
    }
}

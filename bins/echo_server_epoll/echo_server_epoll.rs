//! Slide "멀티 프로세스와 소켓 프로그래밍", I/O multiplexing: one process, many connections, by epoll. C: `echo_server_epoll.c`.
//!
//! Watch: the kernel keeps the list; `epoll_wait` tells of the ready ones alone, however many there are.
//! Trace: `make strace-echo_server_epoll TO=server.trace`
//! Helpers: `address_and_port` reads `[ADDRESS [PORT]]`, `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. 127.0.0.1 unless told otherwise, and for port 0 the port that the kernel
//!    chose is told on stderr; SO_REUSEADDR, a backlog of SOMAXCONN;
//! 2. exactly the bytes received are sent back;
//! 3. when no descriptor is free, new clients wait in the queue for a tenth of a second, and those
//!    connected are served (the C spins);
//! 4. a connection that cannot be watched is closed (the C keeps it, and its client waits);
//! 5. SIGPIPE is ignored, and an error of a connection ends that one alone.
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
use rawlabs::sys::epoll::*;
use rawlabs::sys::socket::*;
use rawlabs::unistd::{close, read};

const MAXLINE: usize = 1024;
const PORTNUM: u16 = 3600;
const MAXEVENTS: usize = 64;
/// How long new clients wait when no descriptor is free, in milliseconds.
const PAUSE: c_int = 100;

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
    let epoll_fd = match epoll_create1(0) {
        Ok(epoll_fd) => epoll_fd,
        Err(errno) => {
            perror("epoll error", errno);
            return 1;
        }
    };
    let mut event = epoll_event {
        events: EPOLLIN,
        data: listen_fd as u64,
    };
    if let Err(errno) = epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listen_fd, &event) {
        perror("epoll error", errno);
        return 1;
    }
    let mut events = [epoll_event::default(); MAXEVENTS];
    let mut timeout = -1;
    loop {
        printf!("Epoll Wait\n");
        let Ok(fd_num) = epoll_wait(epoll_fd, &mut events, timeout) else {
            continue; // EINTR: nothing has been filled in
        };
        if timeout != -1 {
            event.data = listen_fd as u64;
            let _ = epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listen_fd, &event);
            timeout = -1;
        }
        for ready in events.iter().take(fd_num) {
            let sockfd = ready.data as c_int;
            if sockfd == listen_fd {
                let client_fd = match accept(listen_fd, &mut client_addr) {
                    Ok(client_fd) => client_fd,
                    Err(Errno::EINTR | Errno::ECONNABORTED) => continue,
                    Err(_) => {
                        let _ = epoll_ctl(epoll_fd, EPOLL_CTL_DEL, listen_fd, &event); // difference 3
                        timeout = PAUSE;
                        continue;
                    }
                };
                event.data = client_fd as u64;
                if epoll_ctl(epoll_fd, EPOLL_CTL_ADD, client_fd, &event).is_err() {
                    let _ = close(client_fd); // difference 4
                    continue;
                }
                printf!("Accept OK\n");
                continue;
            }
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
                let _ = close(sockfd); // takes it off the list: no other process holds it
            }
        }
    }
}

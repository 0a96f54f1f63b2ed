//! Slide "멀티 프로세스와 소켓 프로그래밍", I/O multiplexing: one process, many connections, by poll. C: `echo_server_poll.c`.
//!
//! Watch: a place in a list for each connection, whatever its descriptor; the whole list goes to the kernel each time.
//! Trace: `make strace-echo_server_poll TO=server.trace`
//! Helpers: `address_and_port` reads `[ADDRESS [PORT]]`, `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. 127.0.0.1 unless told otherwise, and for port 0 the port that the kernel
//!    chose is told on stderr; SO_REUSEADDR, a backlog of SOMAXCONN;
//! 2. exactly the bytes received are sent back;
//! 3. a poll that was interrupted is made again, and nothing is believed of what stands in the list;
//! 4. when no descriptor is free, new clients wait in the queue for a tenth of a second, and those
//!    connected are served (the C spins);
//! 5. SIGPIPE is ignored, and an error of a connection ends that one alone;
//! 6. after accept, whoever else was ready is served in the same round.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::arpa::inet::{inet_ntoa, ntohs};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::{address_and_port, write_all};
use rawlabs::netinet::r#in::any_address;
use rawlabs::poll::{POLLIN, poll, pollfd};
use rawlabs::printf;
use rawlabs::signal::{SIG_IGN, SIGPIPE, signal};
use rawlabs::stdio::{fprintf, fwrite, perror, stderr, stdout};
use rawlabs::string::{strlen, strncmp};
use rawlabs::sys::socket::*;
use rawlabs::unistd::{close, read};

const MAXLINE: usize = 1024;
const PORTNUM: u16 = 3600;
/// Places in the list: as many connections at most, and the listening socket.
const MAXFDS: usize = 8192;
/// How long new clients wait when no descriptor is free, in milliseconds.
const PAUSE: c_int = 100;
const NOBODY: pollfd = pollfd {
    fd: -1, // passed over
    events: POLLIN,
    revents: 0,
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
    let mut fds = [NOBODY; MAXFDS];
    let mut nfds = 1;
    let mut timeout = -1;
    loop {
        fds[0].fd = if timeout == -1 { listen_fd } else { NOBODY.fd }; // difference 4
        printf!("Poll Wait {}\n", nfds);
        let mut fd_num = match poll(fds.get_mut(..nfds).unwrap_or_default(), timeout) {
            Ok(fd_num) => fd_num,
            Err(Errno::EINTR) => continue,
            Err(errno) => {
                perror("poll error", errno);
                return 1;
            }
        };
        timeout = -1;
        let watched = nfds; // one that comes now has not been asked about
        if fds[0].revents != 0 {
            fd_num -= 1;
            match (accept(listen_fd, &mut client_addr), fds.get_mut(nfds)) {
                (Ok(client_fd), Some(place)) => {
                    place.fd = client_fd;
                    nfds += 1;
                    printf!("Accept OK\n");
                }
                (Ok(client_fd), None) => {
                    let _ = close(client_fd); // the list is full
                }
                (Err(Errno::EINTR | Errno::ECONNABORTED), _) => {}
                (Err(_), _) => timeout = PAUSE,
            }
        }
        for i in (1..watched).rev() {
            if fd_num <= 0 {
                break;
            }
            if fds[i].revents == 0 {
                continue; // not only POLLIN: POLLHUP and POLLERR come unasked
            }
            fd_num -= 1;
            let sockfd = fds[i].fd;
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
                nfds -= 1;
                fds[i] = fds[nfds]; // the last one, which has been served, takes its place
            }
        }
    }
}

//! Slide "멀티 프로세스와 소켓 프로그래밍": one line there and back. C: `echo_client.c`.
//!
//! Watch: nothing is printed before the answer; what comes back may come in pieces.
//! Trace: `make strace-echo_client`
//! Helpers: `address_and_port` reads `[ADDRESS [PORT]]`, `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. one socket (the C opens a second one and leaks it);
//! 2. only what was typed is sent (the C: 1024 bytes, padded with zeros), and
//!    all of it is read back (the C shows the first piece);
//! 3. the end of the input says so (the C hangs), and so do an input that is closed
//!    (`<&-`) and a server that ends early; SIGPIPE is ignored, so that a server
//!    gone is an error of `write`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::{address_and_port, write_all};
use rawlabs::printf;
use rawlabs::signal::{SIG_IGN, SIGPIPE, signal};
use rawlabs::stdio::{fprintf, fwrite, perror, stderr, stdout};
use rawlabs::sys::socket::*;
use rawlabs::unistd::{STDIN_FILENO, close, read};

const MAXLINE: usize = 1024;
const PORTNUM: u16 = 3600;

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let mut buf = [0; MAXLINE];
    let server_addr = match address_and_port(argv, PORTNUM) {
        Ok(server_addr) => server_addr,
        Err(status) => return status,
    };
    let Ok(server_fd) = socket(AF_INET, SOCK_STREAM, 0) else {
        return 1;
    };
    if server_fd == STDIN_FILENO {
        // Nothing was open there: what is typed would be read from the connection itself.
        fprintf!(
            stderr,
            "standard input is closed: try echo hello | ./echo_client\n"
        );
        return 1;
    }
    if let Err(errno) = connect(server_fd, &server_addr) {
        perror("connect error :", errno);
        return 1;
    }
    let readn = match read(STDIN_FILENO, &mut buf) {
        Ok(readn @ 1..) => readn,
        Ok(0) => {
            fprintf!(stderr, "end of input: nothing to send\n");
            return 1;
        }
        Err(errno) => {
            perror("read error :", errno);
            return 1;
        }
    };
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction; difference 3
    if let Err(errno) = write_all(server_fd, buf.get(..readn).unwrap_or_default()) {
        perror("write error :", errno);
        return 1;
    }
    let mut back = 0;
    while back < readn {
        match read(server_fd, buf.get_mut(back..readn).unwrap_or_default()) {
            Ok(piece @ 1..) => back += piece, // an answer may come in pieces
            Err(Errno::EINTR) => {}
            Ok(0) => {
                fprintf!(
                    stderr,
                    "the server closed after {} of {} bytes\n",
                    back,
                    readn
                );
                return 1;
            }
            Err(errno) => {
                perror("read error :", errno);
                return 1;
            }
        }
    }
    printf!("read : ");
    fwrite(buf.get(..readn).unwrap_or_default(), stdout);
    let _ = close(server_fd);
    0
}

//! Slide "프로세스간 정보 교환이 어렵다" (IPC): lines there and back, through the name of a file. C: `echo_client_udomain.c`.
//!
//! Watch: the name only leads to the server; what is sent goes through no file.
//! Trace: `make strace-echo_client_udomain ARGS=/tmp/sock`. Helpers: `complain`, `write_all`.
//!
//! Differences from the C:
//! 1. a name that does not fit is told;
//! 2. the end of the input leaves (the C waits for an answer to nothing), and an error ends it with status 1;
//! 3. an answer in pieces is put together, and what a signal interrupted is done again;
//! 4. SIGPIPE is ignored, so that a server that has gone is an error of `write`.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::helpers::{complain, write_all};
use rawlabs::sys::{socket::*, un::unix_address};
use rawlabs::unistd::{F_OK, STDIN_FILENO, access, close, read};
use rawlabs::{crt0::Argv, errno::Errno, printf, signal::*, stdio::*, string::strncmp};

const MAXLINE: usize = 1024;

/// Reads what there is, again if a signal interrupts.
fn read_again(fd: c_int, buf: &mut [u8]) -> Result<usize, Errno> {
    loop {
        match read(fd, buf) {
            Err(Errno::EINTR) => {}
            result => return result,
        }
    }
}

/// Sends line by line; returns the status to leave with.
fn talk(client_fd: c_int) -> c_int {
    let mut buf = [0; MAXLINE];
    loop {
        let readn = match read_again(STDIN_FILENO, &mut buf) {
            Ok(readn) => readn,
            Err(errno) => {
                perror("read error", errno);
                return 1;
            }
        };
        let typed = buf.get(..readn).unwrap_or_default();
        if readn == 0 || strncmp(typed, b"quit\n", 5) == 0 {
            return 0; // difference 2
        }
        if let Err(errno) = write_all(client_fd, typed) {
            perror("write error", errno);
            return 1;
        }
        let mut back = 0;
        while back < readn {
            match read_again(client_fd, buf.get_mut(back..).unwrap_or_default()) {
                Ok(piece @ 1..) => back += piece, // an answer may come in pieces
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
                    perror("read error", errno);
                    return 1;
                }
            }
        }
        printf!("Server -> ");
        fwrite(buf.get(..readn).unwrap_or_default(), stdout);
    }
}

rawlabs::main!(main, argc, argv);

fn main(argc: c_int, argv: Argv) -> c_int {
    let path = argv.get(1).unwrap_or_default();
    if argc != 2 {
        printf!("Usage : ");
        fwrite(argv.get(0).unwrap_or_default().to_bytes(), stdout);
        printf!(" [socket file name]\n");
        return 1;
    }
    let Some(server_addr) = unix_address(path) else {
        complain(path, "a name has 1 to 107 bytes");
        return 2;
    };
    if access(path, F_OK).is_err() {
        printf!("socket File access error\n");
        return 1;
    }
    let client_fd = match socket(AF_UNIX, SOCK_STREAM, 0) {
        Ok(client_fd) => client_fd,
        Err(errno) => {
            perror("Error : socket", errno);
            return 1;
        }
    };
    if let Err(errno) = connect(client_fd, &server_addr) {
        perror("connect error : ", errno);
        return 1;
    }
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction; difference 4
    let status = talk(client_fd);
    let _ = close(client_fd);
    status
}

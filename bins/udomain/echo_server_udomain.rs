//! Slide "프로세스간 정보 교환이 어렵다" (IPC): connections through the name of a file, one client at a time. C: `echo_server_udomain.c`.
//!
//! Watch: bind makes a file that nobody can open; it stays when the server ends, unless somebody removes it.
//! Trace: `make strace-echo_server_udomain ARGS=/tmp/sock TO=server.trace`. Helpers: `complain`, `write_all`.
//!
//! Differences from the C:
//! 1. a file that is no socket is told, and left alone; so is a name that does not fit;
//! 2. accept is told how much room there is, and each connection is closed;
//! 3. a client that has gone ends its connection only (SIGPIPE is ignored), and what a signal interrupted is done again;
//! 4. exactly the bytes read go back, and an error ends it with status 1;
//! 5. at its end, and at ^C and SIGTERM, it removes the socket's file.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicI32, Ordering::Relaxed};
use libc::c_int;
use rawlabs::helpers::{complain, write_all};
use rawlabs::sys::socket::*;
use rawlabs::sys::stat::{S_ISSOCK, stat};
use rawlabs::sys::un::{no_address, sun_path, unix_address};
use rawlabs::unistd::{F_OK, access, close, getpid, read, unlink};
use rawlabs::{crt0::Argv, errno::Errno, printf, signal::*, stdio::*};

const MAXLINE: usize = 1024;
static SERVER_FD: AtomicI32 = AtomicI32::new(0); // for the handler

/// Removes the socket's file, if bind has made it; the kernel knows its name.
fn remove() {
    let mut addr = no_address();
    if getsockname(SERVER_FD.load(Relaxed), &mut addr).is_ok()
        && let Ok(status) = stat(sun_path(&addr))
        && S_ISSOCK(status.st_mode)
    {
        let _ = unlink(sun_path(&addr));
    }
}

extern "C" fn handler(signo: c_int) {
    remove();
    let _ = signal(signo, SIG_DFL); // rt_sigaction
    let _ = kill(getpid(), signo); // ends the process when the handler returns
}

/// Serves one client after the other; the error that ends it, and where.
fn serve(server_fd: c_int) -> (&'static str, Errno) {
    let mut buf = [0; MAXLINE];
    let mut client_addr = no_address();
    if let Err(errno) = listen(server_fd, 5) {
        return ("Error : listen", errno);
    }
    loop {
        printf!("accept wait\n");
        let client_fd = match accept(server_fd, &mut client_addr) {
            Ok(client_fd) => client_fd,
            Err(Errno::EINTR | Errno::ECONNABORTED) => continue,
            Err(errno) => return ("Accept Error ", errno),
        };
        loop {
            let readn = match read(client_fd, &mut buf) {
                Ok(readn @ 1..) => readn,
                Err(Errno::EINTR) => continue,
                Ok(0) | Err(_) => break, // the client has closed, or is gone
            };
            let received = buf.get(..readn).unwrap_or_default();
            printf!("==> ");
            fwrite(received, stdout);
            if write_all(client_fd, received).is_err() {
                break;
            }
        }
        let _ = close(client_fd);
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
    if access(path, F_OK).is_ok() {
        match stat(path) {
            Ok(status) if S_ISSOCK(status.st_mode) => drop(unlink(path)),
            _ => {
                complain(path, "not a socket");
                return 1;
            }
        }
    }
    let server_fd = match socket(AF_UNIX, SOCK_STREAM, 0) {
        Ok(server_fd) => server_fd,
        Err(errno) => {
            perror("Error : socket", errno);
            return 1;
        }
    };
    SERVER_FD.store(server_fd, Relaxed);
    let _ = signal(SIGINT, handler as extern "C" fn(c_int)); // rt_sigaction; difference 5
    let _ = signal(SIGTERM, handler as extern "C" fn(c_int));
    let _ = signal(SIGPIPE, SIG_IGN); // rt_sigaction; difference 3
    let (text, errno) = match bind(server_fd, &server_addr) {
        Ok(()) => serve(server_fd),
        Err(errno) => ("Error : bind", errno),
    };
    perror(text, errno);
    remove();
    1
}

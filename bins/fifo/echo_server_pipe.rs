//! Slide "프로세스간 정보 교환이 어렵다" (IPC): what comes through one FIFO goes back through another. C: `echo_server_pipe.c`.
//!
//! Watch: a FIFO is a pipe with a name. Opened for reading *and* writing it has no end: the server is its own writer.
//! Trace: `make strace-echo_server_pipe TO=server.trace`. Helpers: `complain`, `write_all`.
//!
//! Differences from the C:
//! 1. exactly the bytes read go back (the C: 1024), and what a signal interrupted is done again;
//! 2. an error ends it with status 1; what has the name and is no FIFO is told, and left alone;
//! 3. at its end, and at ^C and SIGTERM, it removes the FIFOs.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::ffi::CStr;
use libc::c_int;
use rawlabs::fcntl::{O_RDWR, open};
use rawlabs::helpers::{complain, write_all};
use rawlabs::sys::stat::{S_ISFIFO, fstat, mkfifo, stat};
use rawlabs::unistd::{SEEK_SET, chdir, getpid, lseek, read, unlink};
use rawlabs::{crt0::Argv, errno::Errno, printf, signal::*, stdio::*};

const MAXLINE: usize = 1024;

/// Removes the FIFOs; what else may have their names stays.
fn remove() {
    for name in [c"myfifo_r", c"myfifo_w"] {
        if let Ok(status) = stat(name)
            && S_ISFIFO(status.st_mode)
        {
            let _ = unlink(name);
        }
    }
}

extern "C" fn handler(signo: c_int) {
    remove();
    let _ = signal(signo, SIG_DFL); // rt_sigaction
    let _ = kill(getpid(), signo); // ends the process when the handler returns
}

/// Opens a FIFO for reading and writing; the error is the status to leave with.
fn open_fifo(name: &CStr, error: &str) -> Result<c_int, c_int> {
    let fd = match open(name, O_RDWR, 0) {
        Ok(fd) => fd,
        Err(errno) => {
            perror(error, errno);
            return Err(1);
        }
    };
    match fstat(fd) {
        Ok(status) if S_ISFIFO(status.st_mode) => Ok(fd),
        _ => {
            complain(name, "not a FIFO");
            Err(1)
        }
    }
}

fn serve() -> Result<c_int, c_int> {
    let mut buf = [0; MAXLINE];
    let _ = mkfifo(c"myfifo_r", 0o600); // mknodat; one that is there already is used again
    let _ = mkfifo(c"myfifo_w", 0o600);
    let rfd = open_fifo(c"myfifo_r", "rfd error")?; // O_RDWR: its own writer, so there is no end
    let wfd = open_fifo(c"myfifo_w", "wfd error")?;
    loop {
        let readn = match read(rfd, &mut buf) {
            Ok(0) => return Ok(0),
            Ok(readn) => readn,
            Err(Errno::EINTR) => continue,
            Err(errno) => {
                perror("Read Error", errno);
                return Err(1);
            }
        };
        let received = buf.get(..readn).unwrap_or_default();
        printf!("Read : ");
        fwrite(received, stdout);
        let _ = write_all(wfd, received);
        let _ = lseek(wfd, 0, SEEK_SET); // a FIFO has no offset: ESPIPE
    }
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let folder = argv.get(1).unwrap_or(c"/tmp");
    if let Some(more) = argv.get(2) {
        complain(more, "too much, expected [FOLDER]");
        return 2;
    }
    if chdir(folder).is_err() {
        complain(folder, "no folder that can be entered");
        return 2;
    }
    let _ = signal(SIGINT, handler as extern "C" fn(c_int)); // rt_sigaction; difference 3
    let _ = signal(SIGTERM, handler as extern "C" fn(c_int));
    let (Ok(status) | Err(status)) = serve();
    remove();
    status
}

//! Slide "프로세스간 정보 교환이 어렵다" (IPC): a line through one FIFO, the answer through another. C: `echo_client_pipe.c`.
//!
//! Watch: nothing tells it whether anybody reads. It has both FIFOs open for reading and writing itself.
//! Trace: `make strace-echo_client_pipe`. Helpers: `complain`, `write_all`.
//!
//! Differences from the C:
//! 1. the end of the input leaves (the C waits for an answer to nothing), and an error ends it with status 1;
//! 2. an answer in pieces is put together, and what a signal interrupted is done again;
//! 3. what has the name and is no FIFO is told, and left alone (the C writes into it).
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::ffi::CStr;
use libc::c_int;
use rawlabs::fcntl::{O_RDWR, open};
use rawlabs::helpers::{complain, write_all};
use rawlabs::sys::stat::{S_ISFIFO, fstat};
use rawlabs::unistd::{STDIN_FILENO, chdir, read};
use rawlabs::{crt0::Argv, errno::Errno, printf, stdio::*, string::strncmp};

const MAXLINE: usize = 1024;

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

/// Reads what there is, again if a signal interrupts; the error is the status to leave with.
fn read_again(fd: c_int, buf: &mut [u8]) -> Result<usize, c_int> {
    loop {
        match read(fd, buf) {
            Ok(readn) => return Ok(readn),
            Err(Errno::EINTR) => {}
            Err(errno) => {
                perror("read error", errno);
                return Err(1);
            }
        }
    }
}

fn talk() -> Result<c_int, c_int> {
    let mut buf = [0; MAXLINE];
    let rfd = open_fifo(c"myfifo_w", "read open error\n")?; // what the server writes we read
    let wfd = open_fifo(c"myfifo_r", "write open error\n")?;
    loop {
        printf!("> ");
        fflush(stdout); // write
        let readn = read_again(STDIN_FILENO, &mut buf)?;
        let typed = buf.get(..readn).unwrap_or_default();
        if readn == 0 || strncmp(typed, b"quit\n", 5) == 0 {
            return Ok(0); // difference 1
        }
        let _ = write_all(wfd, typed);
        let mut back = 0;
        while back < readn {
            let piece = read_again(rfd, buf.get_mut(back..).unwrap_or_default())?;
            back += piece; // an answer may come in pieces
        }
        printf!("Server -> ");
        fwrite(buf.get(..readn).unwrap_or_default(), stdout);
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
    let (Ok(status) | Err(status)) = talk();
    status
}

//! Slide "프로세스간 정보 교환이 어렵다" (IPC): a child counts into a pipe, its parent prints what comes out. C: `pipe.c`.
//!
//! Watch: each closes the end that it does not need. The reader sees the end of the pipe when *all*
//! writers have closed it; a writer without readers is ended by SIGPIPE.
//! Trace: `make strace-pipe`. Helper: `write_all` writes a whole buffer.
//!
//! Differences from the C:
//! 1. the end of the pipe ends the parent (the C prints the last number for ever), and an error is told;
//! 2. what comes in pieces is put together, and what a signal interrupted is done again;
//! 3. a child whose number cannot be written ends, should SIGPIPE be ignored.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::errno::Errno;
use rawlabs::helpers::write_all;
use rawlabs::printf;
use rawlabs::stdio::perror;
use rawlabs::unistd::{close, fork, pipe, read, sleep};

rawlabs::main!(main);

fn main() -> c_int {
    let (mut fd, mut i) = ([0; 2], 0);
    let (mut buf, mut readn) = ([0; size_of::<c_int>()], 0);

    if let Err(errno) = pipe(&mut fd) {
        perror("pipe error : ", errno);
        return 1;
    }
    match fork() {
        Err(errno) => {
            perror("fork error : ", errno);
            return 1;
        }
        Ok(0) => {
            let _ = close(fd[0]); // the child only writes
            loop {
                i += 1;
                // When nobody reads any more: SIGPIPE
                if write_all(fd[1], &c_int::to_ne_bytes(i)).is_err() {
                    return 1; // difference 3
                }
                sleep(1); // clock_nanosleep
            }
        }
        Ok(_) => {}
    }
    let _ = close(fd[1]); // the parent only reads: without this close it would be a writer itself
    loop {
        match read(fd[0], buf.get_mut(readn..).unwrap_or_default()) {
            Ok(0) => return 0, // all writers have closed: the end of the pipe
            Ok(piece) => readn += piece,
            Err(Errno::EINTR) => {}
            Err(errno) => {
                perror("read error : ", errno);
                return 1;
            }
        }
        if readn == buf.len() {
            printf!("> {}\n", c_int::from_ne_bytes(buf));
            readn = 0;
        }
    }
}

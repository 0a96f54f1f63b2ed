//! Slide "Lab. myshell.c": a shell is fork, exec and wait. C: `myshell.c`.
//!
//! Watch: the child is a copy of the shell until exec; the shell sleeps in wait
//! meanwhile. A command is a path and nothing else: no arguments, no PATH.
//! Trace: `make strace-myshell TO=/tmp/myshell.trace`
//!
//! Differences from the C:
//! 1. a child whose exec failed writes its output and leaves by `_exit`: by
//!    `exit` it would also put the rest of a script back, and the shell run it again;
//! 2. the end of the input ends the shell (the C forks for ever);
//! 3. a last line without newline is a command too, so the newline is cut off
//!    first (the C cuts the last letter off, whatever it is);
//! 4. a line too long for `buf` is reported and dropped (the C runs it in pieces).
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::printf;
use rawlabs::stdio::{EOF, fflush, fgets, getchar, stdin, stdout};
use rawlabs::string::{as_string, memset, strncmp};
use rawlabs::sys::wait::wait;
use rawlabs::unistd::{_exit, execl, fork};

const MAX_LINE: usize = 256;
const PROMPT: &str = "> ";
const NEWLINE: u8 = b'\n';

/// C's macro `chop(str)`: the newline, if there is one, becomes the end of the string.
fn chop(str: &mut [u8]) {
    for c in str {
        if *c == NEWLINE {
            *c = 0x00;
        }
    }
}

rawlabs::main!(main);

fn main() -> libc::c_int {
    let mut buf = [0; MAX_LINE];
    let mut proc_status = 0;

    printf!("My Shell Ver 1.0\n");
    loop {
        printf!("{}", PROMPT);
        memset(&mut buf, 0x00, MAX_LINE);
        let Some(length) = fgets(&mut buf, MAX_LINE - 1, stdin) else {
            break; // difference 2
        };
        if length == MAX_LINE - 2 && !buf.contains(&NEWLINE) {
            printf!("line too long\n"); // difference 4
            while !matches!(getchar(), EOF | 0x0a) {} // the rest of the line
            continue;
        }
        chop(&mut buf); // difference 3
        if strncmp(&buf, b"quit", 5) == 0 {
            break;
        }
        match fork() {
            Ok(0) => {
                if execl(as_string(&buf), [as_string(&buf)]).is_err() {
                    printf!("Execl failure\n"); // execve has returned: it failed
                    fflush(stdout); // difference 1
                    _exit(0);
                }
            }
            Ok(_) => {
                printf!("Child wait\n");
                let _ = wait(&mut proc_status); // wait4(-1, …)
                printf!("Child exit\n");
            }
            Err(_) => {} // the C has no branch for it either
        }
    }
    0
}

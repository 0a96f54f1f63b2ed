//! Slide "Lab. command.c, exec_test.c": a process gets another program. C: `command.c`.
//!
//! Watch: the pid stays and the name in `ps` becomes `exec_test`; the last line
//! never shows, unless `./exec_test` is missing. In a pipe the lines before exec
//! are lost: they wait in a buffer of the memory that exec throws away.
//! Trace: `make strace-command TO=/tmp/command.trace`
//!
//! Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::printf;
use rawlabs::stdio::getchar;
use rawlabs::unistd::{execl, getpid};

rawlabs::main!(main);

fn main() -> libc::c_int {
    printf!("-- START -- {}\n", getpid());
    printf!("hit a key ");
    getchar(); // read
    printf!("\n");
    let _ = execl(c"./exec_test", [c"exec_test"]); // execve: returns only if it failed
    printf!("-- END - NOT EXECUTE --\n");
    1
}

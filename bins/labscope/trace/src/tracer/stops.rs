//! What a stop tells.

use std::path::Path;

use nix::libc;
use nix::unistd::Pid;

/// Whether this signal stops a whole process.
pub fn stops_process(signal: i32) -> bool {
    [libc::SIGSTOP, libc::SIGTSTP, libc::SIGTTIN, libc::SIGTTOU].contains(&signal)
}

/// The thread that an event is about: the one that was made, or the one whose exec it is.
pub fn thread_told(thread: i32) -> Option<i32> {
    let told = nix::sys::ptrace::getevent(Pid::from_raw(thread)).ok()?;
    i32::try_from(told).ok()
}

/// Whether a thread belongs to the process of another one.
pub fn are_of_one_process(thread: i32, other: i32) -> bool {
    Path::new(&format!("/proc/{thread}/task/{other}")).exists()
}

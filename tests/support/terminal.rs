//! A terminal of its own for a program under test, and what appears on it.

use std::fs::File;
use std::io::Read;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;

use labscope::proc::speed::here;
use libc::O_NOCTTY;
use nix::fcntl::OFlag;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::pty::{posix_openpt, ptsname_r, unlockpt};

use super::proc::DEADLINE;

/// A new pseudo-terminal: the side of the screen and keyboard, and the side of programs.
pub fn open_terminal() -> (File, File) {
    let master = posix_openpt(OFlag::O_RDWR | OFlag::O_NOCTTY | OFlag::O_CLOEXEC).unwrap();
    unlockpt(&master).unwrap();
    let name = ptsname_r(&master).unwrap();
    let slave = File::options()
        .read(true)
        .write(true)
        .custom_flags(O_NOCTTY)
        .open(name);
    (OwnedFd::from(master).into(), slave.unwrap())
}

/// Whether there is something to read at this moment.
pub fn readable(source: impl AsFd) -> bool {
    poll_for(source, PollTimeout::ZERO)
}

/// Whether something to read comes before the deadline.
pub fn comes(source: impl AsFd) -> bool {
    poll_for(source, here(DEADLINE).try_into().unwrap())
}

fn poll_for(source: impl AsFd, timeout: PollTimeout) -> bool {
    let mut asked = [PollFd::new(source.as_fd(), PollFlags::POLLIN)];
    poll(&mut asked, timeout).unwrap() == 1
}

/// Reads as much as is expected, and fails if it is anything else, or does not come.
pub fn assert_shown(mut source: impl Read + AsFd, expected: impl AsRef<[u8]>) {
    let expected = expected.as_ref();
    let mut seen = Vec::new();
    while seen.len() < expected.len() && poll_for(&source, here(DEADLINE).try_into().unwrap()) {
        let mut part = vec![0; expected.len() - seen.len()];
        match source.read(&mut part).unwrap() {
            0 => break,
            count => seen.extend(&part[..count]),
        }
    }
    assert_eq!(
        seen.escape_ascii().to_string(),
        expected.escape_ascii().to_string()
    );
}

/// Reads until that text has come; all that came.
pub fn read_until(mut source: impl Read + AsFd, wanted: &str) -> String {
    let mut seen = String::new();
    while !seen.contains(wanted) {
        assert!(comes(&source), "{wanted:?} did not come: {seen}");
        let mut bytes = [0; 4096];
        let count = source.read(&mut bytes).unwrap();
        seen += &String::from_utf8_lossy(&bytes[..count]);
    }
    seen
}

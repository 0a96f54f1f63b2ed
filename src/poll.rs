//! `<poll.h>`: waiting for several descriptors at once, whatever their numbers.

use libc::c_int;
pub use libc::{POLLERR, POLLHUP, POLLIN, POLLNVAL, pollfd};
use syscalls::Errno;

use crate::arch;

/// Waits until one of the descriptors is ready for its `events`, or `timeout` milliseconds are over (-1: without end); each
/// one's `revents` says what it is ready for. The result is how many have any, 0 when the time is over.
///
/// `poll(2)`: `int poll(struct pollfd *fds, nfds_t nfds, int timeout);`
///
/// One system call. `POLLERR`, `POLLHUP` and `POLLNVAL` (not open) come without being asked for; one with a negative
/// `fd` is passed over. Errors: `EINTR` a handler has run, `EINVAL` more than the process may have descriptors, `ENOMEM`.
pub fn poll(fds: &mut [pollfd], timeout: c_int) -> Result<c_int, Errno> {
    arch::poll(fds, timeout).map(|count| count as c_int)
}

//! What a process was started with.

use std::os::fd::{AsRawFd, BorrowedFd};

use anyhow::{Context, Result};

/// Closes every descriptor above 2 that was inherited, `keep` excepted.
///
/// Callers leak descriptors (make's job server, a debugger's sockets); a lab must not see them.
pub fn close_inherited(keep: Option<BorrowedFd>) -> Result<()> {
    let listing = std::fs::read_dir("/proc/self/fd").context("/proc/self/fd")?;
    let open: Vec<i32> = listing
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .collect();
    for descriptor in open {
        if descriptor > 2 && keep.is_none_or(|keep| keep.as_raw_fd() != descriptor) {
            let _ = nix::unistd::close(descriptor); // the listing itself is closed already: EBADF
        }
    }
    Ok(())
}

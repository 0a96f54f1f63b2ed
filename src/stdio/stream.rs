//! The state of both streams, and what a stream learns about its descriptor.

use core::cell::UnsafeCell;
use core::slice;
use core::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use libc::{c_int, dev_t};

use super::input::Input;
use super::output::Output;
use crate::sys::stat::{S_ISCHR, fstat};
use crate::unistd::isatty;

/// The largest buffer, C's `BUFSIZ`: also when the descriptor cannot be asked.
const BUFSIZ: usize = 8192;

pub struct Streams {
    pub stdin: Input,
    pub stdout: Output<'static>,
}

/// The streams, and whether somebody is using them.
struct Stdio {
    busy: AtomicBool,
    streams: UnsafeCell<Streams>,
}

// SAFETY: `with_streams` lets one user at a time through.
unsafe impl Sync for Stdio {}

static STDIO: Stdio = Stdio {
    busy: AtomicBool::new(false),
    streams: UnsafeCell::new(Streams {
        stdin: Input::new(),
        stdout: Output::new(),
    }),
};

/// Uses the streams, or returns `None` at once if they are in use: then we are in
/// a signal handler that interrupted such a use.
pub fn with_streams<T>(f: impl FnOnce(&mut Streams) -> T) -> Option<T> {
    if STDIO.busy.swap(true, Ordering::Acquire) {
        return None;
    }
    // SAFETY: `busy` was false and is now true, so nobody else holds this reference.
    let result = f(unsafe { &mut *STDIO.streams.get() });
    STDIO.busy.store(false, Ordering::Release);
    Some(result)
}

/// Memory for the buffers: zeroed, and costing nothing until touched. Taken piece
/// by piece, so that on a terminal both buffers lie in one page: every page
/// written after fork has to be copied.
#[repr(C)] // `taken` in front: at the other end it would be a page of its own
struct Memory {
    taken: AtomicUsize,
    bytes: UnsafeCell<[u8; 2 * BUFSIZ]>,
}

// SAFETY: `take` gives each byte away once.
unsafe impl Sync for Memory {}

static MEMORY: Memory = Memory {
    taken: AtomicUsize::new(0),
    bytes: UnsafeCell::new([0; 2 * BUFSIZ]),
};

fn take(size: usize) -> Option<&'static mut [u8]> {
    let start = MEMORY.taken.fetch_add(size, Ordering::Relaxed);
    if start + size > 2 * BUFSIZ {
        return None;
    }
    // SAFETY: the range lies inside `bytes`, and `taken` has moved past it for good.
    Some(unsafe { slice::from_raw_parts_mut(MEMORY.bytes.get().cast::<u8>().add(start), size) })
}

/// The first use of a stream: its buffer, and whether it is a terminal.
pub fn open(fd: c_int) -> (Option<&'static mut [u8]>, bool) {
    let Ok(status) = fstat(fd) else {
        return (take(BUFSIZ), false);
    };
    let size = match status.st_blksize {
        size @ 1..8192 => size as usize,
        _ => BUFSIZ,
    };
    (
        take(size),
        S_ISCHR(status.st_mode) && (is_pty(status.st_rdev) || isatty(fd)),
    )
}

/// Pseudo-terminals are known by their device number, which spares asking them.
fn is_pty(device: dev_t) -> bool {
    matches!(libc::major(device), 136..144)
}

//! Both streams, and what a stream learns about its descriptor.

use core::cell::UnsafeCell;
use core::slice;
use core::sync::atomic::{AtomicUsize, Ordering};

use libc::{c_int, dev_t};

use super::input::Input;
use super::output::Output;
use super::owner::Owner;
use crate::sys::stat::{S_ISCHR, fstat};
use crate::unistd::isatty;

/// The largest buffer, C's `BUFSIZ`: also when the descriptor cannot be asked.
const BUFSIZ: usize = 8192;

/// A stream, and whose it is at the moment.
pub struct Stream<T> {
    owner: Owner,
    stream: UnsafeCell<T>,
}

// SAFETY: `with` lets one user at a time through.
unsafe impl<T> Sync for Stream<T> {}

/// All that stdio keeps, side by side: on a terminal it lies in one page, and every page written after fork has to be copied.
#[repr(C)]
pub struct Stdio {
    pub stdin: Stream<Input>,
    pub stdout: Stream<Output<'static>>,
    memory: Memory,
}

pub static STDIO: Stdio = Stdio {
    stdin: Stream::new(Input::new()),
    stdout: Stream::new(Output::new()),
    memory: Memory {
        taken: AtomicUsize::new(0),
        bytes: UnsafeCell::new([0; 2 * BUFSIZ]),
    },
};

impl<T> Stream<T> {
    const fn new(stream: T) -> Self {
        Stream {
            owner: Owner::new(),
            stream: UnsafeCell::new(stream),
        }
    }

    /// Uses the stream, when no other thread does any more. `None` at once if the caller itself is using it: then it is
    /// a signal handler that interrupted such a use.
    pub fn with<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        if self.owner.take() {
            Some(self.used(f))
        } else {
            None
        }
    }

    /// Uses the stream, or returns `None` at once if anybody does.
    pub fn with_if_free<R>(&self, f: impl FnOnce(&mut T) -> R) -> Option<R> {
        if self.owner.take_if_free().is_ok() {
            Some(self.used(f))
        } else {
            None
        }
    }

    fn used<R>(&self, f: impl FnOnce(&mut T) -> R) -> R {
        // SAFETY: the caller has become the owner, so nobody else holds this reference.
        let result = f(unsafe { &mut *self.stream.get() });
        self.owner.give_up();
        result
    }
}

/// Memory for the buffers: zeroed, and costing nothing until touched. It is taken piece by piece, the pieces side by side.
#[repr(C)]
struct Memory {
    taken: AtomicUsize,
    bytes: UnsafeCell<[u8; 2 * BUFSIZ]>,
}

// SAFETY: `take` gives each byte away once.
unsafe impl Sync for Memory {}

fn take(size: usize) -> Option<&'static mut [u8]> {
    let start = STDIO.memory.taken.fetch_add(size, Ordering::Relaxed);
    if start + size > 2 * BUFSIZ {
        return None;
    }
    // SAFETY: the range lies inside `bytes`, and `taken` has moved past it for good.
    Some(unsafe {
        slice::from_raw_parts_mut(STDIO.memory.bytes.get().cast::<u8>().add(start), size)
    })
}

/// The first use of a stream: its buffer, and whether it is a terminal.
pub fn open(fd: c_int) -> (Option<&'static mut [u8]>, bool) {
    let (size, is_terminal) = match fstat(fd) {
        Ok(status) => (
            status.st_blksize as usize,
            S_ISCHR(status.st_mode) && (is_pty(status.st_rdev) || isatty(fd)),
        ),
        Err(_) => (BUFSIZ, false),
    };
    let size = if size == 0 { BUFSIZ } else { size.min(BUFSIZ) };
    (take(size), is_terminal)
}

/// Pseudo-terminals are known by their device number, which spares asking them.
fn is_pty(device: dev_t) -> bool {
    matches!(libc::major(device), 136..144)
}

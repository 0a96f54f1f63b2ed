//! Whose a stream is: one word, which is changed without a system call unless two threads want it at once.

use core::sync::atomic::{AtomicU32, Ordering};

use crate::linux::futex::{FUTEX_PRIVATE_FLAG, FUTEX_WAIT, FUTEX_WAKE, futex};
use crate::pthread::stacks;

/// 0, nobody's; or the number of the thread whose it is, and perhaps [`AWAITED`].
pub struct Owner(AtomicU32);

/// Somebody sleeps until it is free.
const AWAITED: u32 = 1 << 31;

/// The calling thread: 1 for the first one.
fn own_number() -> u32 {
    stacks::current() as u32 + 1
}

impl Owner {
    pub const fn new() -> Self {
        Owner(AtomicU32::new(0))
    }

    /// Becomes the owner. Waits for another thread; but whoever is the owner already, and that can only be a handler in the middle
    /// of it, would wait for himself: false at once.
    pub fn take(&self) -> bool {
        match self.take_if_free() {
            Ok(_) => true,
            // Without threads that is all, and the rest is not in the program.
            Err(_) if !stacks::in_use() => false,
            Err(owner) if owner & !AWAITED == own_number() => false,
            Err(_) => self.wait(),
        }
    }

    /// Becomes the owner if there is none; else tells who is.
    pub fn take_if_free(&self) -> Result<u32, u32> {
        self.0
            .compare_exchange(0, own_number(), Ordering::Acquire, Ordering::Relaxed)
    }

    /// Sleeps until the word is 0. Whoever has slept leaves it awaited, for others may be asleep still.
    #[cold]
    fn wait(&self) -> bool {
        loop {
            let owner = self.0.load(Ordering::Relaxed);
            let wanted = match owner {
                0 => own_number() | AWAITED,
                owner => owner | AWAITED,
            };
            let changed =
                self.0
                    .compare_exchange(owner, wanted, Ordering::Acquire, Ordering::Relaxed);
            match (owner, changed) {
                (0, Ok(_)) => return true,
                (_, Ok(_)) => drop(futex(&self.0, FUTEX_WAIT | FUTEX_PRIVATE_FLAG, wanted)),
                (_, Err(_)) => {}
            }
        }
    }

    /// It is nobody's. One of those who sleep is woken.
    pub fn give_up(&self) {
        if self.0.swap(0, Ordering::Release) & AWAITED != 0 && stacks::in_use() {
            let _ = futex(&self.0, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, 1);
        }
    }
}

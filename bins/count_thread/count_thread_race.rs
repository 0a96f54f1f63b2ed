//! Slide "멀티 스레드": two threads count in one variable. C: `count_thread_race.c`.
//!
//! Watch: both load the same number, sleep, and store the same sum. Two increments, and
//! the variable has grown by one: a lost update. The processor does what the two say, in an order that nobody wished for.
//! Trace: `make strace-count_thread_race`, then ^C to end it
//!
//! Differences from the C: `count` is an atomic, which safe code asks for. It makes load and store
//! whole, not the way from the one to the other: the race is the same.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicI32, Ordering};

use libc::c_int;
use rawlabs::printf;
use rawlabs::pthread::{pthread_create, pthread_self};
use rawlabs::unistd::{sleep, usleep};

static COUNT: AtomicI32 = AtomicI32::new(0);

extern "C" fn counter(_arg: usize) -> usize {
    loop {
        let mut tmp = COUNT.load(Ordering::Relaxed);
        tmp += 1;
        sleep(1); // clock_nanosleep: the other loads the same number meanwhile
        COUNT.store(tmp, Ordering::Relaxed);
        let count = COUNT.load(Ordering::Relaxed);
        printf!("{} {}\n", pthread_self(), count);
    }
}

rawlabs::main!(main);

fn main() -> c_int {
    let _ = pthread_create(counter, 0); // mmap, mprotect, clone
    let _ = usleep(5000); // clock_nanosleep
    let _ = pthread_create(counter, 0); // mprotect, clone
    loop {
        printf!("Main Thread : {}\n", COUNT.load(Ordering::Relaxed));
        sleep(2);
    }
}

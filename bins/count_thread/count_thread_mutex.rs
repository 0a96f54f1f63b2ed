//! Slide "멀티 스레드": two threads count in one variable, one at a time. C: `count_thread_mutex.c`.
//!
//! Watch: no increment is lost, for a thread holds the mutex from the load to the store. It sleeps with it, too: so the
//! other one waits, in `futex`, and often in vain, since whoever has just given the mutex up takes it again.
//! Trace: `make strace-count_thread_mutex`, then ^C to end it
//!
//! Differences from the C: `count` is an atomic, which safe code asks for; load and store are what they are in C.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicI32, Ordering};

use libc::c_int;
use rawlabs::printf;
use rawlabs::pthread::{
    PTHREAD_MUTEX_INITIALIZER, pthread_create, pthread_mutex_lock, pthread_mutex_t,
    pthread_mutex_unlock, pthread_self,
};
use rawlabs::unistd::{sleep, usleep};

static COUNT: AtomicI32 = AtomicI32::new(0);
static MUTEX: pthread_mutex_t = PTHREAD_MUTEX_INITIALIZER;

extern "C" fn counter(_arg: usize) -> usize {
    loop {
        let _ = pthread_mutex_lock(&MUTEX); // futex, if another holds it
        let mut tmp = COUNT.load(Ordering::Relaxed);
        tmp += 1;
        sleep(1); // clock_nanosleep: the mutex is held meanwhile
        COUNT.store(tmp, Ordering::Relaxed);
        let count = COUNT.load(Ordering::Relaxed);
        printf!("{} {}\n", pthread_self(), count);
        let _ = pthread_mutex_unlock(&MUTEX); // futex, if another waits
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

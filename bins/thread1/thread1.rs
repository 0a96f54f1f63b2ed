//! Slide "멀티 스레드": two threads and main print side by side. C: `thread1.c`.
//!
//! Watch: one process, one stdout, one buffer; whose line comes when is open. A
//! thread ends by `exit`, and nothing is left of it but a number in memory, for which `join` waits.
//! Trace: `make strace-thread1`
//!
//! Differences from the C: none. The stacks are smaller (32 KiB, C: 8 MiB), and
//! lie side by side in one range of addresses.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::printf;
use rawlabs::pthread::{pthread_create, pthread_join};

extern "C" fn producer(_arg: usize) -> usize {
    for i in 10..20 {
        printf!("Producer => {}\n", i);
    }
    0 // exit: ends the thread, not the process
}

extern "C" fn consumer(_arg: usize) -> usize {
    for i in 20..30 {
        printf!("Consumer => {}\n", i);
    }
    0
}

rawlabs::main!(main);

fn main() -> c_int {
    let p_thread = pthread_create(producer, 0); // mmap, mprotect, clone
    let c_thread = pthread_create(consumer, 0); // mprotect, clone
    for i in 0..10 {
        printf!("Main => {}\n", i);
    }
    if let Ok(p_thread) = p_thread {
        let _ = pthread_join(p_thread); // futex, if it has not ended yet
    }
    if let Ok(c_thread) = c_thread {
        let _ = pthread_join(c_thread);
    }
    0
}

//! Slide "프로세스간 정보 교환이 어렵다": the other one who adds to the same number. C: `shm_consumer_race.c`.
//!
//! Watch: it makes no segment. Started first, it ends, with status 0.
//! Trace: `make strace-shm_consumer_race`
//! Helper: `key` reads `[KEY]`. Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::Ordering::Relaxed;

use libc::c_int;
use rawlabs::crt0::Argv;
use rawlabs::helpers::key;
use rawlabs::printf;
use rawlabs::stdio::perror;
use rawlabs::stdlib::exit;
use rawlabs::sys::shm::{shmat, shmget};
use rawlabs::unistd::sleep;

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let key = match key(argv) {
        Ok(key) => key.unwrap_or(1234),
        Err(status) => return status,
    };
    let shmid = match shmget(key, size_of::<c_int>(), 0o666) {
        Ok(shmid) => shmid,
        Err(errno) => {
            perror("shmget failed : ", errno);
            exit(0)
        }
    };
    let num = match shmat(shmid) {
        Ok(num) => num,
        Err(errno) => {
            perror("shmat failed : ", errno);
            exit(0)
        }
    };
    loop {
        let mut local_num = num.load(Relaxed);
        local_num += 1;
        sleep(1); // clock_nanosleep; whatever the other one stores now is lost
        num.store(local_num, Relaxed);
        printf!("Consumer : {}\n", local_num);
    }
}

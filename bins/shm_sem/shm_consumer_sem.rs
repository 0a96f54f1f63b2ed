//! Slide "프로세스간 정보 교환이 어렵다": the other one, who takes turns. C: `shm_consumer_sem.c`.
//!
//! Watch: it waits in `semop`, uses no processor meanwhile, and is next when the other one comes out.
//! Trace: `make strace-shm_consumer_sem`
//! Helper: `key` reads `[KEY]`, one key for both.
//!
//! Differences from the C: `semop` broken off by ^Z and `fg` is made again, and when the semaphore
//! has been removed it ends (the C tells of both, and goes in without it).
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::Ordering::Relaxed;

use libc::{c_int, c_short};
use rawlabs::sys::{sem::*, shm::*};
use rawlabs::{
    crt0::Argv, errno::Errno, helpers::key, printf, stdio::perror, stdlib::exit, unistd::sleep,
};

/// Tells what has failed, and ends.
fn failed(call: &str, errno: Errno, status: c_int) -> ! {
    perror(call, errno);
    exit(status)
}

/// Waits for the semaphore, or gives it back.
fn change(semid: c_int, sem_op: c_short) {
    let sop = [sembuf {
        sem_num: 0,
        sem_op,
        sem_flg: SEM_UNDO as c_short,
    }];
    while let Err(errno) = semop(semid, &sop) {
        if errno != Errno::EINTR {
            failed("semop error : ", errno, 1); // EINTR: ^Z and fg, so once more
        }
    }
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let key = match key(argv) {
        Ok(key) => key,
        Err(status) => return status,
    };
    let shmid = match shmget(key.unwrap_or(1234), size_of::<c_int>(), 0o666) {
        Ok(shmid) => shmid,
        Err(errno) => failed("shmget failed : ", errno, 0),
    };
    let num = match shmat(shmid) {
        Ok(num) => num,
        Err(errno) => failed("shmat failed : ", errno, 0),
    };
    let semid = match semget(key.unwrap_or(3477), 1, 0o666) {
        Ok(semid) => semid,
        Err(errno) => failed("semget failed : ", errno, 1),
    };

    loop {
        change(semid, -1); // semop: waits while the other one is inside
        let mut local_num = num.load(Relaxed);
        local_num += 1;
        sleep(2); // clock_nanosleep
        num.store(local_num, Relaxed);
        printf!("Consumer semaphore : {}\n", local_num);
        change(semid, 1); // semop: the other one may go in
    }
}

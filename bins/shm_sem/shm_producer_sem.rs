//! Slide "프로세스간 정보 교환이 어렵다": a number in shared memory, and whose turn it is. C: `shm_producer_sem.c`.
//!
//! Watch: `semop` waits while another process is inside; killed inside, it is undone (SEM_UNDO).
//! Trace: `make strace-shm_producer_sem`
//! Helper: `key` reads `[KEY]`, one key for both.
//!
//! Differences from the C:
//! 1. it knows which of the two were made here, and removes them when ^C or SIGTERM ends it (the C leaves them behind);
//! 2. the semaphore gets its value from who made it (each C producer sets it, and walks in on whoever is inside);
//! 3. `semop` broken off by ^Z and `fg` is made again (the C ends); a failure is told (the C: status 1, no word).
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicI32, Ordering::Relaxed};

use libc::{c_int, c_short};
use rawlabs::sys::{ipc::*, sem::*, shm::*};
use rawlabs::unistd::{getpid, sleep};
use rawlabs::{crt0::Argv, errno::Errno, helpers::key, printf, signal::*, stdio::*, stdlib::exit};

/// The segment and the semaphore that were made here: the id plus one, or 0.
static SEGMENT: AtomicI32 = AtomicI32::new(0);
static SEMAPHORE: AtomicI32 = AtomicI32::new(0);

/// The semaphore is gone at once, the memory with the last process that has it attached.
fn remove() {
    let (segment, semaphore) = (SEGMENT.load(Relaxed), SEMAPHORE.load(Relaxed));
    if semaphore != 0 {
        let _ = semctl(semaphore - 1, 0, IPC_RMID, 0);
    }
    if segment != 0 {
        let _ = shmctl(segment - 1, IPC_RMID);
    }
}

extern "C" fn handler(signo: c_int) {
    remove(); // semctl, shmctl
    let _ = signal(signo, SIG_DFL); // rt_sigaction
    let _ = kill(getpid(), signo); // held back until this function returns, and then the end
}

/// C's `shmget(key, sizeof(int), 0666 | IPC_CREAT)`, and whether that made it.
fn segment(key: key_t) -> Result<c_int, Errno> {
    match shmget(key, size_of::<c_int>(), 0o666 | IPC_CREAT | IPC_EXCL) {
        Ok(shmid) => {
            SEGMENT.store(shmid + 1, Relaxed);
            Ok(shmid)
        }
        Err(Errno::EEXIST) => shmget(key, size_of::<c_int>(), 0o666), // somebody else's
        failed => failed,
    }
}

/// C's `semget(key, 1, 0666 | IPC_CREAT)`, and whether that made it: then it is 0.
fn semaphore(key: key_t) -> Result<c_int, Errno> {
    match semget(key, 1, 0o666 | IPC_CREAT | IPC_EXCL) {
        Ok(semid) => {
            SEMAPHORE.store(semid + 1, Relaxed);
            Ok(semid)
        }
        Err(Errno::EEXIST) => semget(key, 1, 0o666), // somebody else's
        failed => failed,
    }
}

/// Tells what has failed, and ends.
fn failed(call: &str, errno: Errno, status: c_int) -> ! {
    perror(call, errno);
    remove(); // semctl, shmctl
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
    let (mut set, mut oldset) = (sigset_t::default(), sigset_t::default());
    let key = match key(argv) {
        Ok(key) => key,
        Err(status) => return status,
    };

    let _ = (sigaddset(&mut set, SIGINT), sigaddset(&mut set, SIGTERM));
    let _ = sigprocmask(SIG_BLOCK, Some(&set), Some(&mut oldset)); // rt_sigprocmask: ^C waits
    let shmid = match segment(key.unwrap_or(1234)) {
        Ok(shmid) => shmid,
        Err(errno) => failed("shmget failed : ", errno, 0),
    };
    let num = match shmat(shmid) {
        Ok(num) => num,
        Err(errno) => failed("shmat failed : ", errno, 0),
    };
    let semid = match semaphore(key.unwrap_or(3477)) {
        Ok(semid) => semid,
        Err(errno) => failed("semget failed : ", errno, 1),
    };
    if SEMAPHORE.load(Relaxed) != 0 // difference 2: not while somebody may be inside
        && let Err(errno) = semctl(semid, 0, SETVAL, 1)
    {
        failed("semctl failed : ", errno, 1);
    }
    let _ = signal(SIGINT, handler as extern "C" fn(c_int)); // rt_sigaction
    let _ = signal(SIGTERM, handler as extern "C" fn(c_int));
    let _ = sigprocmask(SIG_SETMASK, Some(&oldset), None);

    loop {
        change(semid, -1); // semop: waits while the other one is inside
        let mut local_num = num.load(Relaxed);
        local_num += 1;
        sleep(1); // clock_nanosleep
        num.store(local_num, Relaxed);
        printf!("Producer semaphore : {}\n", local_num);
        change(semid, 1); // semop: the other one may go in
    }
}

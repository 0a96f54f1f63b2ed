//! Slide "프로세스간 정보 교환이 어렵다": a number in shared memory, and nobody takes turns. C: `shm_producer_race.c`.
//!
//! Watch: together with `shm_consumer_race`, half of all that is added is lost.
//! Trace: `make strace-shm_producer_race`
//! Helper: `key` reads `[KEY]`.
//!
//! Difference from the C: it knows whether the segment was made here (IPC_EXCL), and then removes
//! it when ^C or SIGTERM ends it (the C leaves it behind).
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::sync::atomic::{AtomicI32, Ordering::Relaxed};

use libc::c_int;
use rawlabs::sys::{ipc::*, shm::*};
use rawlabs::unistd::{getpid, sleep};
use rawlabs::{crt0::Argv, errno::Errno, helpers::key, printf, signal::*, stdio::*, stdlib::exit};

/// The segment that was made here: its id plus one, or 0.
static MADE: AtomicI32 = AtomicI32::new(0);

/// The memory goes with the last process that has it attached.
fn remove() {
    let made = MADE.load(Relaxed);
    if made != 0 {
        let _ = shmctl(made - 1, IPC_RMID);
    }
}

extern "C" fn handler(signo: c_int) {
    remove(); // shmctl
    let _ = signal(signo, SIG_DFL); // rt_sigaction
    let _ = kill(getpid(), signo); // held back until this function returns, and then the end
}

/// C's `shmget(key, sizeof(int), 0666 | IPC_CREAT)`, and whether that made it.
fn segment(key: key_t) -> Result<c_int, Errno> {
    match shmget(key, size_of::<c_int>(), 0o666 | IPC_CREAT | IPC_EXCL) {
        Ok(shmid) => {
            MADE.store(shmid + 1, Relaxed);
            Ok(shmid)
        }
        Err(Errno::EEXIST) => shmget(key, size_of::<c_int>(), 0o666), // somebody else's
        failed => failed,
    }
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let (mut set, mut oldset) = (sigset_t::default(), sigset_t::default());
    let key = match key(argv) {
        Ok(key) => key.unwrap_or(1234),
        Err(status) => return status,
    };

    let _ = (sigaddset(&mut set, SIGINT), sigaddset(&mut set, SIGTERM));
    let _ = sigprocmask(SIG_BLOCK, Some(&set), Some(&mut oldset)); // rt_sigprocmask: ^C waits
    let shmid = match segment(key) {
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
            remove(); // shmctl
            exit(0)
        }
    };
    let _ = signal(SIGINT, handler as extern "C" fn(c_int)); // rt_sigaction
    let _ = signal(SIGTERM, handler as extern "C" fn(c_int));
    let _ = sigprocmask(SIG_SETMASK, Some(&oldset), None);

    num.store(0, Relaxed); // *num = 0
    loop {
        let mut local_num = num.load(Relaxed);
        local_num += 1;
        sleep(1); // clock_nanosleep; whatever the other one stores now is lost
        num.store(local_num, Relaxed);
        printf!("Producer : {}\n", local_num);
    }
}

//! Small stories of threads, told on stdout; the first argument says which.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::hint::black_box;
use core::sync::atomic::{AtomicUsize, Ordering};

use libc::c_int;
use rawlabs::crt0::Argv;
use rawlabs::printf;
use rawlabs::pthread::*;
use rawlabs::signal::{SIGUSR1, kill, signal};
use rawlabs::stdio::{fflush, getchar, stdout};
use rawlabs::unistd::{getpid, usleep};

static MUTEX: pthread_mutex_t = PTHREAD_MUTEX_INITIALIZER;
static CHANGED: pthread_cond_t = PTHREAD_COND_INITIALIZER;
static COUNT: AtomicUsize = AtomicUsize::new(0);
static FAILED: AtomicUsize = AtomicUsize::new(0);
static OVER: AtomicUsize = AtomicUsize::new(0);

extern "C" fn twice(arg: usize) -> usize {
    arg * 2
}

extern "C" fn count(_arg: usize) -> usize {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// Shows itself to the test until that has seen enough.
fn look() {
    printf!("look\n");
    fflush(stdout);
    getchar();
}

fn joined() {
    let mut sum = 0;
    for i in 0..10_000 {
        sum += pthread_join(pthread_create(twice, i).unwrap()).unwrap();
    }
    printf!("sum {}\n", sum);
    look();
}

fn detached() {
    for i in 0..10_000 {
        pthread_detach(pthread_create(count, 0).unwrap()).unwrap();
        while COUNT.load(Ordering::Relaxed) <= i {
            let _ = usleep(1);
        }
    }
    look();
}

fn at_once() {
    let threads = [0; 1000].map(|_| pthread_create(sleep_until_over, 0).unwrap());
    look();
    OVER.store(1, Ordering::Relaxed);
    let ended = threads.map(|thread| pthread_join(thread).unwrap());
    printf!("ended {}\n", ended.len());
}

extern "C" fn sleep_until_over(_arg: usize) -> usize {
    while OVER.load(Ordering::Relaxed) == 0 {
        let _ = usleep(100_000);
    }
    0
}

/// More than a thread has, and less than it and its neighbour have together. Where pages may be large, so are stacks.
const TOO_DEEP: usize = if cfg!(target_arch = "aarch64") {
    100
} else {
    40
} * 1024;

/// Takes too much of the stack below `top`.
fn deeper(top: usize) -> usize {
    let room = black_box([0usize; 64]);
    let here = (&raw const room).addr();
    if top - here > TOO_DEEP {
        return room[0];
    }
    deeper(top) + black_box(room)[0]
}

extern "C" fn overflow(_arg: usize) -> usize {
    while COUNT.load(Ordering::Relaxed) == 0 {
        let _ = usleep(1000);
    }
    let top = 0u8;
    deeper((&raw const top).addr())
}

fn guard() {
    // The stack below that which overflows belongs to nobody any more, and could be written to without harm.
    let below = pthread_create(sleep_until_over, 0).unwrap();
    let thread = pthread_create(overflow, 0).unwrap();
    OVER.store(1, Ordering::Relaxed);
    let _ = pthread_join(below);
    COUNT.store(1, Ordering::Relaxed);
    let _ = pthread_join(thread);
    printf!("nothing has happened\n");
}

extern "C" fn print(name: usize) -> usize {
    for i in 0..100_000 {
        printf!("{} {}\n", name, i);
    }
    0
}

fn lines() {
    let threads = [1, 2].map(|name| pthread_create(print, name).unwrap());
    let _ = threads.map(pthread_join);
}

extern "C" fn increment(_arg: usize) -> usize {
    for _ in 0..100_000 {
        let _ = pthread_mutex_lock(&MUTEX);
        COUNT.store(COUNT.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        let _ = pthread_mutex_unlock(&MUTEX);
    }
    0
}

fn exclusion() {
    let _ = [0; 4]
        .map(|_| pthread_create(increment, 0).unwrap())
        .map(pthread_join);
    printf!("count {}\n", COUNT.load(Ordering::Relaxed));
}

/// Takes what `items` puts there, each once.
extern "C" fn consume(_arg: usize) -> usize {
    let mut sum = 0;
    loop {
        let _ = pthread_mutex_lock(&MUTEX);
        while COUNT.load(Ordering::Relaxed) == 0 {
            let _ = pthread_cond_wait(&CHANGED, &MUTEX);
        }
        let item = COUNT.swap(0, Ordering::Relaxed);
        let _ = pthread_cond_broadcast(&CHANGED);
        let _ = pthread_mutex_unlock(&MUTEX);
        if item > 10_000 {
            return sum;
        }
        sum += item;
    }
}

fn items() {
    let consumer = pthread_create(consume, 0).unwrap();
    for item in 1..=10_001 {
        let _ = pthread_mutex_lock(&MUTEX);
        while COUNT.load(Ordering::Relaxed) != 0 {
            let _ = pthread_cond_wait(&CHANGED, &MUTEX);
        }
        COUNT.store(item, Ordering::Relaxed);
        let _ = pthread_cond_signal(&CHANGED);
        let _ = pthread_mutex_unlock(&MUTEX);
    }
    printf!("sum {}\n", pthread_join(consumer).unwrap());
}

extern "C" fn handler(_signum: c_int) {
    let done = printf!("handler\n") > 0;
    let count = if done { &COUNT } else { &FAILED };
    count.fetch_add(1, Ordering::Relaxed);
}

extern "C" fn disturb(_arg: usize) -> usize {
    while OVER.load(Ordering::Relaxed) == 0 {
        let _ = kill(getpid(), SIGUSR1);
    }
    0
}

fn handlers() {
    let _ = signal(SIGUSR1, handler as extern "C" fn(c_int));
    let disturber = pthread_create(disturb, 0).unwrap();
    let other = pthread_create(print, 2).unwrap();
    print(1);
    let _ = pthread_join(other);
    while COUNT.load(Ordering::Relaxed) == 0 || FAILED.load(Ordering::Relaxed) == 0 {
        print(3); // until a handler has come to a free stream, and another into the middle of its use
    }
    OVER.store(1, Ordering::Relaxed);
    let _ = pthread_join(disturber);
    let count = COUNT.load(Ordering::Relaxed);
    printf!("handlers {}\n", count);
}

extern "C" fn errors_of_own(_arg: usize) -> usize {
    printf!("own {:?}\n", pthread_join(pthread_self()));
    0
}

fn errors() {
    let thread = pthread_create(errors_of_own, 0).unwrap();
    let _ = pthread_join(thread);
    printf!(
        "again {:?} {:?}\n",
        pthread_join(thread),
        pthread_detach(thread)
    );
    let thread = pthread_create(sleep_until_over, 0).unwrap();
    let _ = pthread_detach(thread);
    printf!(
        "detached {:?} {:?}\n",
        pthread_join(thread),
        pthread_detach(thread)
    );
    printf!(
        "first {:?} {}\n",
        pthread_join(pthread_self()),
        pthread_self()
    );
    printf!("unlock {:?}\n", pthread_mutex_unlock(&MUTEX));
}

extern "C" fn last(_arg: usize) -> usize {
    let _ = usleep(100_000);
    printf!("the last\n");
    0
}

fn first_leaves() {
    let _ = pthread_create(last, 0);
    pthread_exit(0);
}

fn refused() {
    printf!("{:?}\n", pthread_create(twice, 1).err());
    let thread = pthread_create(twice, 21).unwrap();
    printf!("then {:?}\n", pthread_join(thread));
}

extern "C" fn wait_for_input(_arg: usize) -> usize {
    getchar();
    0
}

fn blocked() {
    let _ = pthread_create(wait_for_input, 0);
    let _ = usleep(100_000);
    printf!("others print\n");
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    match argv.get(1).map_or(&b""[..], |story| story.to_bytes()) {
        b"joined" => joined(),
        b"detached" => detached(),
        b"at once" => at_once(),
        b"guard" => guard(),
        b"lines" => lines(),
        b"exclusion" => exclusion(),
        b"items" => items(),
        b"handlers" => handlers(),
        b"errors" => errors(),
        b"first leaves" => first_leaves(),
        b"refused" => refused(),
        b"blocked" => blocked(),
        _ => return 2,
    }
    0
}

//! Small stories of processes and signals, told on stdout; the first argument says which.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::ffi::CStr;
use core::sync::atomic::{AtomicI32, Ordering};

use libc::{c_int, pid_t};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::printf;
use rawlabs::signal::*;
use rawlabs::stdio::{fflush, getchar, stdout};
use rawlabs::sys::wait::*;
use rawlabs::unistd::*;

/// How often the handler has run, how deep it runs now, and the deepest yet.
static COUNT: AtomicI32 = AtomicI32::new(0);
static DEPTH: AtomicI32 = AtomicI32::new(0);
static DEEPEST: AtomicI32 = AtomicI32::new(0);
/// Where the handler writes a byte.
static BELL: AtomicI32 = AtomicI32::new(-1);

extern "C" fn handler(signum: c_int) {
    let depth = DEPTH.fetch_add(1, Ordering::Relaxed) + 1;
    DEEPEST.fetch_max(depth, Ordering::Relaxed);
    if COUNT.fetch_add(1, Ordering::Relaxed) == 0 {
        let _ = kill(getpid(), signum); // waits until this function has returned
    }
    let _ = write(BELL.load(Ordering::Relaxed), b"x");
    DEPTH.fetch_sub(1, Ordering::Relaxed);
}

const HANDLER: extern "C" fn(c_int) = handler;

fn action(sa_flags: c_int) -> sigaction {
    sigaction {
        sa_handler: HANDLER.into(),
        sa_mask: sigset_t::default(),
        sa_flags,
    }
}

/// A child that does what `work` says and exits with what it returns.
fn child(work: impl FnOnce() -> c_int) -> pid_t {
    fflush(stdout); // or the child would have a copy of it to print
    match fork().unwrap() {
        0 => {
            let status = work();
            fflush(stdout);
            _exit(status)
        }
        pid => pid,
    }
}

fn sleep_for_ever() -> c_int {
    loop {
        let _ = pause();
    }
}

/// Waits for the child and tells its status word in words.
fn reap(pid: pid_t, options: c_int) {
    let mut wstatus = 0;
    assert!(waitpid(pid, &mut wstatus, options) == Ok(pid.abs()));
    match wstatus {
        status if WIFEXITED(status) => printf!("exited {}\n", WEXITSTATUS(status)),
        status if WIFSIGNALED(status) => printf!("killed {}\n", WTERMSIG(status)),
        status if WIFSTOPPED(status) => printf!("stopped {}\n", WSTOPSIG(status)),
        status if WIFCONTINUED(status) => printf!("continued\n"),
        status => printf!("status {}\n", status),
    };
}

fn lowest_free_descriptor() -> c_int {
    let fd = dup(0).unwrap();
    close(fd).unwrap();
    fd
}

fn thousand() {
    let before = lowest_free_descriptor();
    for i in 0..1000 {
        let pid = child(|| i);
        let mut wstatus = 0;
        assert!(wait(&mut wstatus) == Ok(pid) && wstatus == (i & 0xff) << 8);
        assert!(kill(pid, 0) == Err(Errno::ESRCH));
    }
    printf!("then {:?}\n", wait(None));
    assert!(lowest_free_descriptor() == before);
}

fn each_wait_reaps_one() {
    let pids = [child(|| 1), child(|| 2), child(|| 3)];
    let mut sum = 0;
    for _ in pids {
        let mut wstatus = 0;
        let pid = wait(&mut wstatus).unwrap();
        assert!(pids[WEXITSTATUS(wstatus) as usize - 1] == pid);
        sum += WEXITSTATUS(wstatus);
    }
    printf!("sum {}, then {:?}\n", sum, wait(None));
}

fn status() {
    let pid = child(sleep_for_ever);
    printf!("running {:?}\n", waitpid(pid, None, WNOHANG));
    for (signum, options) in [(SIGSTOP, WUNTRACED), (SIGCONT, WCONTINUED), (SIGKILL, 0)] {
        kill(pid, signum).unwrap();
        reap(pid, options);
    }
    printf!("then {:?}\n", waitpid(pid, None, WNOHANG));
}

/// Signal 0 to a process that runs, that has ended, that has been reaped.
fn exists() {
    let (mut gate, mut end) = ([0; 2], [0; 2]);
    pipe(&mut gate).unwrap();
    pipe(&mut end).unwrap();
    let pid = child(|| {
        let _ = close(gate[1]);
        read(gate[0], &mut [0]).unwrap() as c_int
    });
    printf!("running {:?}\n", kill(pid, 0));
    let _ = (close(gate[1]), close(end[1]));
    // Now only the child could write there: the end of the pipe is the end of the child.
    assert!(read(end[0], &mut [0]) == Ok(0));
    printf!("ended {:?}\n", kill(pid, 0));
    reap(pid, 0);
    printf!("reaped {:?}\n", kill(pid, 0));
}

fn sessions() {
    let own = getpid();
    printf!(
        "mine {}\n",
        getsid(0) == getsid(own) && getpgid(0) == getpgid(own)
    );
    let pid = child(|| {
        let (pid, parent) = (getpid(), getppid());
        printf!("parent {}\n", parent == own);
        printf!(
            "inherited {}\n",
            getsid(0) == getsid(parent) && getpgid(0) == getpgid(parent)
        );
        printf!("setsid {}\n", setsid() == Ok(pid));
        printf!("leader {}\n", getsid(0) == Ok(pid) && getpgid(0) == Ok(pid));
        printf!("again {:?}\n", setsid());
        0
    });
    reap(pid, 0);
    let pid = child(sleep_for_ever);
    setpgid(pid, 0).unwrap();
    printf!(
        "group {}\n",
        getpgid(pid) == Ok(pid) && getsid(pid) == getsid(0)
    );
    kill(-pid, SIGTERM).unwrap();
    reap(-pid, 0);
}

/// Sends what the child prints through a pipe, as a shell does for `a | b`.
fn pipes() {
    let mut pipefd = [0; 2];
    pipe(&mut pipefd).unwrap();
    let pid = child(|| {
        dup2(pipefd[1], 1).unwrap();
        let _ = (close(pipefd[0]), close(pipefd[1]));
        printf!("through the pipe\n");
        0
    });
    close(pipefd[1]).unwrap();
    let mut text = [0; 100];
    let count = read(pipefd[0], &mut text).unwrap();
    printf!("read {}", core::str::from_utf8(&text[..count]).unwrap());
    printf!("then {:?}\n", read(pipefd[0], &mut text));
    reap(pid, 0);
}

fn former() {
    let own = HANDLER.into();
    printf!("default {}\n", signal(SIGUSR1, HANDLER) == Ok(SIG_DFL));
    let mut old = action(0);
    sigaction(SIGUSR1, None, Some(&mut old)).unwrap();
    let mut own_signal = sigset_t::default();
    sigaddset(&mut own_signal, SIGUSR1).unwrap();
    let held = old.sa_mask == own_signal;
    let restarts = old.sa_flags == SA_RESTART;
    printf!("handler {}\n", old.sa_handler == own && held && restarts);
    printf!("handler {}\n", signal(SIGUSR1, SIG_IGN) == Ok(own));
    printf!("ignored {}\n", signal(SIGUSR1, SIG_DFL) == Ok(SIG_IGN));
    sigaction(SIGUSR1, Some(&old), None).unwrap();
    kill(getpid(), SIGUSR1).unwrap();
    told();
}

fn told() {
    let [count, deepest] = [&COUNT, &DEEPEST].map(|number| number.load(Ordering::Relaxed));
    printf!("handled {}, depth {}\n", count, deepest);
}

/// A read that a handler interrupts, and which the handler itself gives something to read.
fn interrupted_read(sa_flags: c_int) {
    let mut bell = [0; 2];
    pipe(&mut bell).unwrap();
    BELL.store(bell[1], Ordering::Relaxed);
    match sa_flags {
        SA_RESTART => drop(signal(SIGUSR1, HANDLER)),
        _ => sigaction(SIGUSR1, Some(&action(sa_flags)), None).unwrap(),
    }
    printf!("read {:?}\n", read(bell[0], &mut [0]));
    told();
}

/// What a program finds: a disposition that it tells by its former value.
fn disposition(signum: c_int) {
    printf!(
        "{} ignored {}\n",
        signum,
        signal(signum, SIG_DFL) == Ok(SIG_IGN)
    );
}

fn inherited(path: &CStr) {
    signal(SIGUSR1, SIG_IGN).unwrap();
    signal(SIGUSR2, HANDLER).unwrap();
    let pid = child(|| {
        kill(getpid(), SIGUSR1).unwrap();
        let failed = execl(path, [path, c"dispositions"]);
        failed.map_or_else(Errno::into_raw, |_| 0)
    });
    reap(pid, 0);
}

/// A child that runs another program by now cannot be put into a group.
fn too_late(path: &CStr) {
    let (mut there, mut back) = ([0; 2], [0; 2]);
    pipe(&mut there).unwrap();
    pipe(&mut back).unwrap();
    let pid = child(|| {
        let _ = (dup2(there[0], 0), dup2(back[1], 1));
        let _ = (close(there[1]), close(back[0]));
        let _ = execl(path, [path, c"hold"]);
        1
    });
    read(back[0], &mut [0]).unwrap(); // it says that it is there
    printf!("setpgid {:?}\n", setpgid(pid, 0));
    write(there[1], b"x").unwrap();
    reap(pid, 0);
}

/// A signal that is held back, let through once by sigsuspend, and then for good.
fn suspend() {
    let (mut set, mut old) = (sigset_t::default(), sigset_t::default());
    sigaddset(&mut set, SIGUSR1).unwrap();
    sigprocmask(SIG_BLOCK, Some(&set), Some(&mut old)).unwrap();
    signal(SIGUSR1, HANDLER).unwrap(); // which sends it once more
    kill(getpid(), SIGUSR1).unwrap();
    told();
    printf!("suspended {:?}\n", sigsuspend(&old).err());
    told();
    sigprocmask(SIG_SETMASK, Some(&old), None).unwrap();
    told();
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let path = argv.get(0).unwrap();
    match argv.get(1).unwrap().to_bytes() {
        b"thousand" => thousand(),
        b"each" => each_wait_reaps_one(),
        b"status" => status(),
        b"exists" => exists(),
        b"sessions" => sessions(),
        b"pipes" => pipes(),
        b"former" => former(),
        b"restarted read" => interrupted_read(SA_RESTART),
        b"interrupted read" => interrupted_read(0),
        b"inherited" => inherited(path),
        b"dispositions" => [SIGUSR1, SIGUSR2].into_iter().for_each(disposition),
        b"too late" => too_late(path),
        b"vfork" => reap(vfork_exit(3).unwrap(), 0),
        b"suspend" => suspend(),
        b"alarm" => drop(printf!("{} {} {}\n", alarm(100), alarm(50), alarm(0))),
        b"hold" => {
            printf!("x");
            fflush(stdout);
            getchar();
        }
        b"sleep" => {
            signal(SIGUSR1, HANDLER).unwrap();
            printf!("left {}\n", sleep(100));
            told();
        }
        b"pause" => {
            signal(SIGUSR1, HANDLER).unwrap();
            printf!("pause {:?}\n", pause().err());
            told();
        }
        _ => return 100,
    }
    0
}

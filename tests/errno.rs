//! What the numbers mean that the kernel returns: the error of each failing
//! system call, the words for it, and the status word of a child that has ended.

mod support;

use std::fs::{self, File};
use std::io::{self, pipe};
use std::net::Shutdown;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixStream;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::Ordering::Relaxed;

use libc::{O_CREAT, O_RDONLY, SEEK_SET, SIGALRM, c_int};
use rawlabs::errno::{Errno, strerror};
use rawlabs::fcntl::{O_RDWR, O_WRONLY, open};
use rawlabs::poll::{POLLHUP, POLLIN, POLLNVAL, poll, pollfd};
use rawlabs::signal::*;
use rawlabs::sys::epoll::*;
use rawlabs::sys::ipc::{IPC_CREAT, IPC_EXCL, IPC_RMID};
use rawlabs::sys::select::{FD_CLR, FD_ISSET, FD_SET, FD_SETSIZE, fd_set, select, timeval};
use rawlabs::sys::sem::{SETVAL, sembuf, semctl, semget, semop};
use rawlabs::sys::shm::{shmat, shmctl, shmget};
use rawlabs::sys::stat::{S_ISFIFO, S_ISSOCK, fstat, mkfifo, stat};
use rawlabs::sys::timerfd::{TFD_NONBLOCK, itimerspec, timerfd_create, timerfd_settime};
use rawlabs::sys::{ioctl::tcgets, wait};
use rawlabs::time::{CLOCK_MONOTONIC, CLOCK_REALTIME, clock_nanosleep, timespec};
use rawlabs::unistd::*;
use support::tracer::Traced;
use support::{Scratch, bounded, output, probe};

/// No process has this id: it is above the largest that Linux gives.
const NOBODY: c_int = 0x7fff_fffe;

fn error<T>(result: Result<T, Errno>) -> Option<Errno> {
    result.err()
}

fn assert_errors(cases: &[(&str, Option<Errno>, Errno)]) {
    for (call, seen, expected) in cases {
        assert_eq!(*seen, Some(*expected), "{call}");
    }
}

#[test]
fn calls_on_descriptors_name_their_errors() {
    let (reader, writer) = pipe().unwrap();
    let (read_end, write_end) = (reader.as_raw_fd(), writer.as_raw_fd());
    let null = File::open("/dev/null").unwrap();
    let folder = File::open("/").unwrap();
    let (null, folder) = (null.as_raw_fd(), folder.as_raw_fd());
    let manifest = File::open(support::root().join("Cargo.toml")).unwrap();
    let file = manifest.as_raw_fd();
    assert_errors(&[
        ("read(-1)", error(read(-1, &mut [0])), Errno::EBADF),
        (
            "read(write end)",
            error(read(write_end, &mut [0])),
            Errno::EBADF,
        ),
        ("read(folder)", error(read(folder, &mut [0])), Errno::EISDIR),
        ("write(-1)", error(write(-1, b"x")), Errno::EBADF),
        (
            "write(read end)",
            error(write(read_end, b"x")),
            Errno::EBADF,
        ),
        (
            "write(opened for reading)",
            error(write(null, b"x")),
            Errno::EBADF,
        ),
        ("close(-1)", error(close(-1)), Errno::EBADF),
        ("lseek(-1)", error(lseek(-1, 0, SEEK_SET)), Errno::EBADF),
        (
            "lseek(pipe)",
            error(lseek(read_end, 0, SEEK_CUR)),
            Errno::ESPIPE,
        ),
        ("lseek(whence)", error(lseek(file, 0, 99)), Errno::EINVAL),
        (
            "lseek(before the start)",
            error(lseek(file, -1, SEEK_SET)),
            Errno::EINVAL,
        ),
        ("dup(-1)", error(dup(-1)), Errno::EBADF),
        ("dup2(-1, 5)", error(dup2(-1, 5)), Errno::EBADF),
        ("dup2(file, -1)", error(dup2(file, -1)), Errno::EBADF),
        ("fstat(-1)", error(fstat(-1)), Errno::EBADF),
        ("tcgets(-1)", error(tcgets(-1)), Errno::EBADF),
        ("tcgets(file)", error(tcgets(file)), Errno::ENOTTY),
        ("tcgets(/dev/null)", error(tcgets(null)), Errno::ENOTTY),
    ]);
    for fd in [-1, file, null, read_end] {
        assert!(!isatty(fd), "{fd}");
    }
}

/// Objects of this thread, as far as the system lets it have its own; those of others have other keys.
fn objects_of_its_own() -> c_int {
    let _ = nix::sched::unshare(nix::sched::CloneFlags::CLONE_NEWIPC);
    std::process::id() as c_int
}

#[test]
fn calls_on_segments_name_their_errors() {
    let key = objects_of_its_own();
    let none = shmget(key, 4, 0o600);
    let made = shmget(key, 4, 0o600 | IPC_CREAT | IPC_EXCL).unwrap();
    let (one, other) = (shmat(made).unwrap(), shmat(made).unwrap());
    one.store(7, Relaxed);
    assert_eq!(other.load(Relaxed), 7); // the same memory at two addresses
    assert_errors(&[
        ("shmget(no such key)", error(none), Errno::ENOENT),
        (
            "shmget(IPC_EXCL)",
            error(shmget(key, 4, IPC_CREAT | IPC_EXCL)),
            Errno::EEXIST,
        ),
        ("shmget(larger)", error(shmget(key, 8192, 0)), Errno::EINVAL),
        (
            "shmget(0 bytes)",
            error(shmget(0, 0, IPC_CREAT)),
            Errno::EINVAL,
        ),
        (
            "shmget(too large)",
            error(shmget(0, usize::MAX, IPC_CREAT)),
            Errno::EINVAL,
        ),
        ("shmat(-1)", error(shmat(-1)), Errno::EINVAL),
        ("shmctl(-1)", error(shmctl(-1, IPC_RMID)), Errno::EINVAL),
        (
            "shmctl(another op)",
            error(shmctl(made, 0x7fff)),
            Errno::EINVAL,
        ),
    ]);
    shmctl(made, IPC_RMID).unwrap();
    assert_eq!(error(shmget(key, 4, 0)), Some(Errno::ENOENT)); // the key is free,
    assert_eq!(one.load(Relaxed), 7); // and the memory there
}

#[test]
fn calls_on_semaphores_name_their_errors() {
    let key = objects_of_its_own();
    let none = semget(key, 1, 0o600);
    let made = semget(key, 1, 0o600 | IPC_CREAT | IPC_EXCL).unwrap();
    let op = |sem_num, sem_op, sem_flg| sembuf {
        sem_num,
        sem_op,
        sem_flg,
    };
    let now = libc::IPC_NOWAIT as i16;
    assert_errors(&[
        ("semget(no such key)", error(none), Errno::ENOENT),
        (
            "semget(IPC_EXCL)",
            error(semget(key, 1, IPC_CREAT | IPC_EXCL)),
            Errno::EEXIST,
        ),
        ("semget(more)", error(semget(key, 2, 0)), Errno::EINVAL),
        (
            "semget(none)",
            error(semget(0, 0, IPC_CREAT)),
            Errno::EINVAL,
        ),
        ("semop(-1)", error(semop(-1, &[op(0, 1, 0)])), Errno::EINVAL),
        (
            "semop(no operation)",
            error(semop(made, &[])),
            Errno::EINVAL,
        ),
        (
            "semop(no such semaphore)",
            error(semop(made, &[op(1, 1, 0)])),
            Errno::EFBIG,
        ),
        (
            "semop(very many)",
            error(semop(made, &[op(0, 1, 0); 10_000])),
            Errno::E2BIG,
        ),
        (
            "semop(IPC_NOWAIT)",
            error(semop(made, &[op(0, -1, now)])),
            Errno::EAGAIN,
        ),
        (
            "semop(too high)",
            error(semop(made, &[op(0, 32767, 0), op(0, 1, 0)])),
            Errno::ERANGE,
        ),
        ("semctl(-1)", error(semctl(-1, 0, SETVAL, 1)), Errno::EINVAL),
        (
            "semctl(no such semaphore)",
            error(semctl(made, 1, SETVAL, 1)),
            Errno::EINVAL,
        ),
        (
            "semctl(below 0)",
            error(semctl(made, 0, SETVAL, -1)),
            Errno::ERANGE,
        ),
        (
            "semctl(another op)",
            error(semctl(made, 0, 0x7fff, 1)),
            Errno::EINVAL,
        ),
    ]);
    let waits = std::thread::spawn(move || error(semop(made, &[op(0, -1, 0)])));
    while nix::sched::sched_yield().is_ok() && !waits.is_finished() {
        let _ = semctl(made, 0, IPC_RMID, 0); // before it waits: EINVAL, and while it does: EIDRM
    }
    let told = waits.join().unwrap();
    assert!(
        [Some(Errno::EIDRM), Some(Errno::EINVAL)].contains(&told),
        "{told:?}"
    );
}

#[test]
fn a_write_that_nobody_can_read_is_an_error() {
    let (near, far) = UnixStream::pair().unwrap();
    far.shutdown(Shutdown::Both).unwrap();
    // Rust's test programs ignore SIGPIPE, so the error is all that happens.
    assert_eq!(write(near.as_raw_fd(), b"x"), Err(Errno::EPIPE));
}

#[test]
fn a_terminal_is_one() {
    let master = nix::pty::posix_openpt(nix::fcntl::OFlag::O_RDWR | nix::fcntl::OFlag::O_NOCTTY);
    assert!(isatty(master.unwrap().as_raw_fd()));
}

#[test]
fn open_names_its_errors() {
    let scratch = Scratch::new();
    scratch.file("file", "");
    symlink("loop", scratch.path("loop")).unwrap();
    let path = |name: &str| {
        let path = scratch.path(name).into_os_string().into_encoded_bytes();
        std::ffi::CString::new(path).unwrap()
    };
    let (name, folder) = ("x".repeat(300), path("."));
    assert_errors(&[
        (
            "no such file",
            error(open(&path("no"), O_RDONLY, 0)),
            Errno::ENOENT,
        ),
        (
            "no such folder",
            error(open(&path("no/no"), O_CREAT, 0)),
            Errno::ENOENT,
        ),
        ("empty path", error(open(c"", O_RDONLY, 0)), Errno::ENOENT),
        (
            "file as folder",
            error(open(&path("file/x"), O_RDONLY, 0)),
            Errno::ENOTDIR,
        ),
        (
            "write to folder",
            error(open(&folder, O_WRONLY, 0)),
            Errno::EISDIR,
        ),
        (
            "link to itself",
            error(open(&path("loop"), O_RDWR, 0)),
            Errno::ELOOP,
        ),
        (
            "long name",
            error(open(&path(&name), O_RDONLY, 0)),
            Errno::ENAMETOOLONG,
        ),
    ]);
}

#[test]
fn calls_on_names_name_their_errors() {
    let scratch = Scratch::new();
    scratch.file("file", "");
    let path = |name: &str| {
        let path = scratch.path(name).into_os_string().into_encoded_bytes();
        std::ffi::CString::new(path).unwrap()
    };
    let long = "x".repeat(300);
    for (name, expected) in [
        ("no/no", Errno::ENOENT),
        ("file/x", Errno::ENOTDIR),
        (long.as_str(), Errno::ENAMETOOLONG),
    ] {
        assert_errors(&[
            (name, error(mkfifo(&path(name), 0o600)), expected),
            (name, error(access(&path(name), F_OK)), expected),
            (name, error(unlink(&path(name))), expected),
        ]);
    }
    assert_errors(&[
        (
            "mkfifo(taken)",
            error(mkfifo(&path("file"), 0o600)),
            Errno::EEXIST,
        ),
        (
            "access(no)",
            error(access(&path("no"), F_OK)),
            Errno::ENOENT,
        ),
        (
            "access(mode 8)",
            error(access(&path("file"), 8)),
            Errno::EINVAL,
        ),
        ("unlink(no)", error(unlink(&path("no"))), Errno::ENOENT),
        ("unlink(folder)", error(unlink(&path("."))), Errno::EISDIR),
    ]);
    mkfifo(&path("fifo"), 0o600).unwrap();
    let mode = |name: &str| stat(&path(name)).unwrap().st_mode;
    assert!(S_ISFIFO(mode("fifo")) && !S_ISFIFO(mode("file")) && !S_ISSOCK(mode("fifo")));
    assert_eq!(mode("fifo") & 0o777, 0o600);
    assert_eq!(access(&path("fifo"), F_OK), Ok(()));
    unlink(&path("fifo")).unwrap();
    assert_eq!(access(&path("fifo"), F_OK), Err(Errno::ENOENT));
}

#[test]
fn calls_on_processes_name_their_errors() {
    let own = getpid();
    assert_errors(&[
        ("kill(nobody)", error(kill(NOBODY, 0)), Errno::ESRCH),
        (
            "kill(group of nobody)",
            error(kill(-NOBODY, 0)),
            Errno::ESRCH,
        ),
        ("kill(signal 65)", error(kill(own, 65)), Errno::EINVAL),
        ("kill(signal -1)", error(kill(own, -1)), Errno::EINVAL),
        ("getpgid(nobody)", error(getpgid(NOBODY)), Errno::ESRCH),
        ("getpgid(-1)", error(getpgid(-1)), Errno::ESRCH),
        ("getsid(nobody)", error(getsid(NOBODY)), Errno::ESRCH),
        ("setpgid(nobody)", error(setpgid(NOBODY, 0)), Errno::ESRCH),
        ("setpgid(group -1)", error(setpgid(0, -1)), Errno::EINVAL),
        (
            "setpgid(group of nobody)",
            error(setpgid(0, NOBODY)),
            Errno::EPERM,
        ),
    ]);
}

#[test]
fn calls_on_signals_name_their_errors() {
    let mut act = sigaction {
        sa_handler: SIG_DFL,
        sa_mask: sigset_t::default(),
        sa_flags: 0,
    };
    let mut set = sigset_t::default();
    for signum in [SIGKILL, SIGSTOP, 0, 65, -1] {
        assert_errors(&[
            ("signal", error(signal(signum, SIG_IGN)), Errno::EINVAL),
            (
                "sigaction",
                error(sigaction(signum, Some(&act), None)),
                Errno::EINVAL,
            ),
        ]);
    }
    for signum in [0, 65, -1] {
        assert_errors(&[
            (
                "sigaction",
                error(sigaction(signum, None, Some(&mut act))),
                Errno::EINVAL,
            ),
            (
                "sigaddset",
                error(sigaddset(&mut set, signum)),
                Errno::EINVAL,
            ),
        ]);
    }
}

#[test]
fn clock_nanosleep_refuses_what_is_no_time() {
    let mut remain = timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    for (clock, tv_sec, tv_nsec) in [
        (CLOCK_REALTIME, 0, -1),
        (CLOCK_REALTIME, 0, 1_000_000_000),
        (CLOCK_REALTIME, -1, 0),
        (99, 0, 0),
    ] {
        let refused = clock_nanosleep(clock, 0, &timespec { tv_sec, tv_nsec }, &mut remain);
        assert_eq!(
            refused,
            Err(Errno::EINVAL),
            "clock {clock}, {tv_sec} s {tv_nsec} ns"
        );
    }
}

/// Runs `probe_errno` with a call's name, and reads the number of its error.
fn error_of(mut probe: Command) -> Errno {
    let output = output(&mut probe);
    let number = String::from_utf8_lossy(&output.stdout).parse();
    Errno::new(number.unwrap_or_else(|_| panic!("{probe:?}\n{}", support::text_of(&output))))
}

#[test]
fn exec_names_its_errors() {
    let scratch = Scratch::new();
    scratch.file("file", "");
    let empty = scratch.file("empty", "");
    let garbage = scratch.file("garbage", "\u{1}\u{2}\u{3}");
    let interpreter = scratch.file("interpreter", "#!/no/such/interpreter\n");
    for program in [empty, garbage, interpreter] {
        fs::set_permissions(program, PermissionsExt::from_mode(0o755)).unwrap();
    }
    symlink("loop", scratch.path("loop")).unwrap();
    let long = "x".repeat(300);
    for (path, expected) in [
        ("no", Errno::ENOENT),
        ("no/no", Errno::ENOENT),
        ("interpreter", Errno::ENOENT),
        ("file", Errno::EACCES), // not executable: refused to root too
        (".", Errno::EACCES),
        ("file/x", Errno::ENOTDIR),
        ("empty", Errno::ENOEXEC),
        ("garbage", Errno::ENOEXEC),
        ("loop", Errno::ELOOP),
        (&long, Errno::ENAMETOOLONG),
    ] {
        for call in ["execl", "execve"] {
            let mut probe = bounded(probe("probe_errno"));
            probe.arg(call).arg(scratch.path(path));
            assert_eq!(error_of(probe), expected, "probe_errno {call} {path}");
        }
    }
}

#[test]
fn calls_on_children_name_their_errors() {
    for (call, expected) in [
        ("wait", Errno::ECHILD),
        ("wait4", Errno::ECHILD),
        ("waitpid", Errno::ECHILD),
        ("waitpid of a group", Errno::ECHILD),
        ("waitpid options", Errno::EINVAL),
        ("waitpid INT_MIN", Errno::ESRCH),
        ("setsid", Errno::EPERM),
        ("setpgid of a leader of a session", Errno::EPERM),
    ] {
        let mut probe = bounded(probe("probe_errno"));
        probe.arg(call);
        assert_eq!(error_of(probe), expected, "probe_errno {call:?}");
    }
}

#[test]
fn a_full_descriptor_table_is_an_error() {
    for call in ["pipe", "dup"] {
        let mut limited = bounded("prlimit");
        limited
            .arg("--nofile=10:10")
            .arg(probe("probe_errno"))
            .arg(call);
        assert_eq!(
            error_of(limited),
            Errno::EMFILE,
            "prlimit --nofile=10:10 probe_errno {call}"
        );
    }
}

#[test]
fn what_is_made_to_fail_is_an_error() {
    for (call, inject, expected) in [
        ("fork", "fork:error=EAGAIN", Errno::EAGAIN),
        ("fork", "fork:error=ENOMEM", Errno::ENOMEM),
        (
            "clock_nanosleep",
            "clock_nanosleep:signal=USR1",
            Errno::EINTR,
        ),
        ("wait", "wait4:error=EHWPOISON", Errno::EHWPOISON), // the largest number with a name
    ] {
        let (output, processes) = Traced::new(&[inject], probe("probe_errno"), [call]).run();
        let number = expected.into_raw().to_string();
        let seen = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            seen,
            number,
            "{call} with {inject}\n{}",
            processes[0].text()
        );
    }
}

#[test]
fn strerror_has_the_words_of_c() {
    for number in -1..=140 {
        let c = io::Error::from_raw_os_error(number).to_string();
        let ours = strerror(Errno::new(number)).to_string();
        assert_eq!(format!("{ours} (os error {number})"), c);
    }
}

/// Everything that the macros of `<sys/wait.h>` make of a status word.
macro_rules! read_by {
    ($macros:path, $status:expr) => {{
        use $macros::*;
        let status = $status;
        [
            WIFEXITED(status) as c_int,
            WEXITSTATUS(status),
            WIFSIGNALED(status) as c_int,
            WTERMSIG(status),
            WIFSTOPPED(status) as c_int,
            WSTOPSIG(status),
            WIFCONTINUED(status) as c_int,
        ]
    }};
}

#[test]
fn a_status_word_is_read_as_in_c() {
    let beyond = [
        0x1_0000,
        0x1_007f,
        0x1_ffff,
        c_int::MAX,
        c_int::MIN,
        -1,
        -256,
    ];
    for status in (0..=0xffff).chain(beyond) {
        assert_eq!(
            read_by!(wait, status),
            read_by!(libc, status),
            "status {status:#x}"
        );
    }
}

#[test]
fn a_status_word_tells_how_a_child_ended() {
    let status_of = |program: &Path, argument: &str| {
        let status = output(Command::new(program).arg(argument))
            .status
            .into_raw();
        (status, read_by!(wait, status))
    };
    for (code, told) in [(0, 0), (1, 1), (100, 100), (255, 255), (256, 0), (-1, 255)] {
        let exit = format!("exit:{code}");
        let (status, read) = status_of(&probe("probe_stdio"), &exit);
        assert_eq!(status, told << 8, "probe_stdio {exit}");
        assert_eq!(read[..4], [1, told, 0, 0], "probe_stdio {exit}");
    }
    // None of those that nohup(1) and a shell's `&` leave ignored.
    for signum in [SIGALRM, SIGKILL, SIGUSR1, SIGPIPE, SIGTERM, 64] {
        let kill = format!("kill:{signum}");
        let (status, read) = status_of(&probe("probe_stdio"), &kill);
        assert_eq!(status & 0x7f, signum, "probe_stdio {kill}");
        assert_eq!(
            (read[0], &read[2..4]),
            (0, &[1, signum][..]),
            "probe_stdio {kill}"
        );
    }
}

const AT_ONCE: Option<&timeval> = Some(&timeval {
    tv_sec: 0,
    tv_usec: 0,
});

#[test]
fn a_set_has_room_for_1024_descriptors_and_select_goes_no_further() {
    let mut set = fd_set::default();
    for fd in [-1, c_int::MIN, FD_SETSIZE as c_int, c_int::MAX] {
        assert_eq!(FD_SET(fd, &mut set), Err(Errno::EINVAL), "{fd}");
        FD_CLR(fd, &mut set);
        assert!(!FD_ISSET(fd, &set), "{fd}");
    }
    assert_eq!(set, fd_set::default());
    for fd in [0, 63, 64, 1023] {
        FD_SET(fd, &mut set).unwrap();
        let found: Vec<c_int> = (0..1024).filter(|fd| FD_ISSET(*fd, &set)).collect();
        assert_eq!(found, [fd]);
        FD_CLR(fd, &mut set);
    }
    let whole = select(1024, Some(&mut set), None, None, AT_ONCE);
    assert_eq!(whole, Ok(0));
    for nfds in [-1, 1025, c_int::MAX] {
        let refused = select(nfds, Some(&mut set), None, None, AT_ONCE);
        assert_eq!(refused, Err(Errno::EINVAL), "{nfds}");
    }
    let no_time = timeval {
        tv_sec: 0,
        tv_usec: -1,
    };
    let refused = select(0, None, None, None, Some(&no_time));
    assert_eq!(refused, Err(Errno::EINVAL));
}

#[test]
fn select_and_poll_tell_who_is_ready_and_what_is_not_open() {
    let (reader, mut writer) = pipe().unwrap();
    let (read_end, write_end) = (reader.as_raw_fd(), writer.as_raw_fd());
    let nfds = read_end.max(write_end) + 1;
    let sets = || {
        let (mut reads, mut writes) = (fd_set::default(), fd_set::default());
        FD_SET(read_end, &mut reads).unwrap();
        FD_SET(write_end, &mut writes).unwrap();
        (reads, writes)
    };
    let (mut reads, mut writes) = sets();
    let ready = select(nfds, Some(&mut reads), Some(&mut writes), None, AT_ONCE);
    assert_eq!(ready, Ok(1));
    assert!(!FD_ISSET(read_end, &reads) && FD_ISSET(write_end, &writes));
    let mut fds = [read_end, NOBODY, -1].map(|fd| pollfd {
        fd,
        events: POLLIN,
        revents: 0,
    });
    assert_eq!(poll(&mut fds[..1], 0), Ok(0));
    io::Write::write_all(&mut writer, b"x").unwrap();
    let (mut reads, mut writes) = sets();
    let ready = select(nfds, Some(&mut reads), Some(&mut writes), None, None);
    assert_eq!((ready, FD_ISSET(read_end, &reads)), (Ok(2), true));
    drop(writer);
    assert_eq!(poll(&mut fds, -1), Ok(2));
    assert_eq!(fds.map(|it| it.revents), [POLLIN | POLLHUP, POLLNVAL, 0]);
}

#[test]
fn a_list_of_epoll_tells_of_the_ready_ones_and_names_its_errors() {
    let list = epoll_create1(0).unwrap();
    let (reader, mut writer) = pipe().unwrap();
    let read_end = reader.as_raw_fd();
    let event = epoll_event {
        events: EPOLLIN,
        data: u64::MAX - 1,
    };
    let mut events = [epoll_event::default(); 2];
    let null = File::open("/dev/null").unwrap();
    let file = File::open(support::root().join("Cargo.toml")).unwrap();
    let control = |op, fd| error(epoll_ctl(list, op, fd, &event));
    epoll_ctl(list, EPOLL_CTL_ADD, read_end, &event).unwrap();
    assert_errors(&[
        ("create", error(epoll_create1(1)), Errno::EINVAL),
        ("again", control(EPOLL_CTL_ADD, read_end), Errno::EEXIST),
        (
            "a file",
            control(EPOLL_CTL_ADD, file.as_raw_fd()),
            Errno::EPERM,
        ),
        (
            "not there",
            control(EPOLL_CTL_MOD, writer.as_raw_fd()),
            Errno::ENOENT,
        ),
        ("itself", control(EPOLL_CTL_ADD, list), Errno::EINVAL),
        ("closed", control(EPOLL_CTL_ADD, -1), Errno::EBADF),
        (
            "no room",
            error(epoll_wait(list, &mut [], 0)),
            Errno::EINVAL,
        ),
        (
            "no list",
            error(epoll_wait(null.as_raw_fd(), &mut events, 0)),
            Errno::EINVAL,
        ),
        ("wait", error(epoll_wait(-1, &mut events, 0)), Errno::EBADF),
    ]);
    assert_eq!(epoll_wait(list, &mut events, 0), Ok(0));
    io::Write::write_all(&mut writer, b"x").unwrap();
    assert_eq!(epoll_wait(list, &mut events, -1), Ok(1));
    assert_eq!(events, [event, epoll_event::default()]);
    epoll_ctl(list, EPOLL_CTL_DEL, read_end, &event).unwrap();
    assert_eq!(epoll_wait(list, &mut events, 0), Ok(0));
    close(list).unwrap();
}

#[test]
fn a_timer_is_a_descriptor_and_names_its_errors() {
    let after = |nanoseconds| itimerspec {
        it_interval: timespec {
            tv_sec: 0,
            tv_nsec: 0,
        },
        it_value: timespec {
            tv_sec: 0,
            tv_nsec: nanoseconds,
        },
    };
    let timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK).unwrap();
    let null = File::open("/dev/null").unwrap();
    assert_errors(&[
        ("clock", error(timerfd_create(99, 0)), Errno::EINVAL),
        ("still", error(read(timer, &mut [0; 8])), Errno::EAGAIN),
        (
            "time",
            error(timerfd_settime(timer, 0, &after(-1))),
            Errno::EINVAL,
        ),
        (
            "no timer",
            error(timerfd_settime(null.as_raw_fd(), 0, &after(1))),
            Errno::EINVAL,
        ),
        (
            "closed",
            error(timerfd_settime(-1, 0, &after(1))),
            Errno::EBADF,
        ),
    ]);
    timerfd_settime(timer, 0, &after(1)).unwrap();
    let mut fds = [pollfd {
        fd: timer,
        events: POLLIN,
        revents: 0,
    }];
    assert_eq!(poll(&mut fds, -1), Ok(1));
    let mut times = [0; 8];
    assert_eq!(read(timer, &mut times), Ok(8));
    assert_eq!(u64::from_ne_bytes(times), 1);
    close(timer).unwrap();
}

#[test]
fn a_signal_that_is_waited_for_is_taken_and_not_handled() {
    let (mut set, mut before) = (sigset_t::default(), sigset_t::default());
    sigaddset(&mut set, SIGUSR2).unwrap();
    sigprocmask(SIG_BLOCK, Some(&set), Some(&mut before)).unwrap();
    let now = timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    let wrong = timespec {
        tv_sec: 0,
        tv_nsec: -1,
    };
    assert_errors(&[
        (
            "nobody sent any",
            error(sigtimedwait(&set, Some(&now))),
            Errno::EAGAIN,
        ),
        (
            "time",
            error(sigtimedwait(&set, Some(&wrong))),
            Errno::EINVAL,
        ),
    ]);
    // To this thread alone: any other would be ended by it.
    // SAFETY: three numbers; the signal is blocked.
    let sent = unsafe { libc::syscall(libc::SYS_tgkill, getpid(), libc::gettid(), SIGUSR2) };
    assert_eq!((sent, sigtimedwait(&set, None)), (0, Ok(SIGUSR2)));
    sigprocmask(SIG_SETMASK, Some(&before), None).unwrap();
}

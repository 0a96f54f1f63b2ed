//! The arguments of each system call, one row a call.

use crate::trace::decode::argument::{Argument, Call, Count, What, When, argument, out};
use crate::trace::decode::command::*;
use crate::trace::decode::form::{Form, Set};
use crate::trace::decode::layout::Type;
use crate::trace::decode::outcome::Outcome;
use crate::trace::decode::special::*;
use crate::trace::decode::{ready, sets, socket, structs};

/// A system call.
pub struct Row {
    pub name: &'static str,
    pub arguments: &'static [Argument],
    pub result: Outcome,
    /// A length in memory that the call overwrites, and that is told beside the new one.
    pub length: Option<fn(&Call) -> Option<u64>>,
}

impl Row {
    const fn gives(self, result: Outcome) -> Row {
        Row { result, ..self }
    }

    const fn length(self, length: fn(&Call) -> Option<u64>) -> Row {
        Row {
            length: Some(length),
            ..self
        }
    }
}

const fn call(name: &'static str, arguments: &'static [Argument]) -> Row {
    Row {
        name,
        arguments,
        result: Outcome::Decimal,
        length: None,
    }
}

/// The row of that name; of a call that has none, six numbers.
pub fn row(name: &str) -> &'static Row {
    const UNKNOWN: Row = call("", &[HEX, HEX, HEX, HEX, HEX, HEX]);
    let place = TABLE.binary_search_by(|row| row.name.cmp(name));
    place.map_or(&UNKNOWN, |place| &TABLE[place])
}

const fn value(form: Form) -> Argument {
    argument(What::Value(form))
}

/// One constant of a set.
pub const fn one(set: &'static Set) -> Argument {
    value(Form::One(set))
}

/// Any flags of a set.
pub const fn flags(set: &'static Set) -> Argument {
    value(Form::Flags(set))
}

const fn to(kind: Type) -> Argument {
    argument(What::To(kind))
}

const fn array(kind: Type, count: Count) -> Argument {
    argument(What::Array(kind, count))
}

const fn special(tell: fn(&Call, u64) -> String) -> Argument {
    argument(What::Special(tell))
}

const fn bytes(length: usize) -> Argument {
    argument(What::Bytes(Count::Argument(length)))
}

/// The bytes that a call has put there.
const BYTES_OUT: Argument = out(argument(What::Bytes(Count::Result)));

pub const ADDRESS: Argument = value(Form::Address);
pub const FD: Argument = value(Form::Int);
pub const HEX: Argument = value(Form::Hex);
pub const INT: Argument = value(Form::Int);
pub const SIGNAL: Argument = value(Form::Signal);
pub const SIZE: Argument = value(Form::Size);
const DIR: Argument = value(Form::Directory);
const LONG: Argument = value(Form::Long);
const MODE: Argument = value(Form::Mode);
const OWNER: Argument = value(Form::Owner);
const PATH: Argument = argument(What::Path);
const PID: Argument = value(Form::Int);
const TEXT: Argument = argument(What::Text);
pub const UNSIGNED: Argument = value(Form::Unsigned);

const ACTION: Argument = to(structs::SIGACTION);
const CLOCK: Argument = one(sets::CLOCK);
const INTERVAL: Argument = to(structs::INTERVAL);
const OFFSET: Argument = to(structs::LONG);
const OPEN: Argument = value(Form::OneAndFlags(sets::OPEN_ACCESS, sets::OPEN));
const PAIR: Argument = out(to(Type::Numbers(2, 4, Form::Int)));
const QUEUE: Argument = to(structs::QUEUE);
const RLIMIT: Argument = to(structs::RLIMIT);
const RUSAGE: Argument = out(to(structs::RUSAGE));
const SIGSET: Argument = to(structs::SIGSET);
const STAT: Argument = out(to(structs::STAT));
const TIMER: Argument = to(structs::TIMER);
const TIMESPEC: Argument = to(structs::TIMESPEC);
const TIMEVAL: Argument = to(structs::TIMEVAL);
const LEFT: Argument = TIMESPEC.when(When::Interrupted);

/// The mode of a file to be made, which stands there only if the flags before it say that one may be.
const fn mode_behind(flags: fn(&[u64; 6]) -> bool) -> Argument {
    MODE.only_if(flags)
}

const SET: Argument = special(ready::set);
const PEER_LENGTH: Argument = special(socket::length_out).when(When::ReturnAlways);

/// In alphabetical order.
#[rustfmt::skip]
pub const TABLE: &[Row] = &[
    call("accept", &[FD, special(socket::address_out::<2>).when(When::ReturnIfSet(2)), special(socket::length_out).when(When::ReturnIfSet(2))]).length(socket::length_before::<2>),
    call("accept4", &[FD, special(socket::address_out::<2>).when(When::ReturnIfSet(2)), special(socket::length_out).when(When::ReturnIfSet(2)), flags(sets::SOCKET_FLAGS)]).length(socket::length_before::<2>),
    call("access", &[PATH, flags(sets::ACCESS)]),
    call("acct", &[PATH]),
    call("alarm", &[UNSIGNED]),
    call("arch_prctl", &[ARCH_PRCTL, ADDRESS]),
    call("bind", &[FD, special(socket::address_in::<2>), INT]),
    call("brk", &[ADDRESS]).gives(Outcome::Address),
    call("chdir", &[PATH]),
    call("chmod", &[PATH, MODE]),
    call("chown", &[PATH, OWNER, OWNER]),
    call("chroot", &[PATH]),
    call("clock_getres", &[CLOCK, out(TIMESPEC)]),
    call("clock_gettime", &[CLOCK, out(TIMESPEC)]),
    call("clock_nanosleep", &[CLOCK, flags(sets::SLEEP), TIMESPEC, LEFT]),
    call("clock_settime", &[CLOCK, TIMESPEC]),
    call("clone", CLONE).gives(Outcome::Decimal),
    call("clone3", &[to(structs::CLONE_ARGS).when(When::Changes(&NEW_THREAD)), SIZE]),
    call("close", &[FD]),
    call("close_range", &[UNSIGNED, UNSIGNED, flags(sets::CLOSE_RANGE)]),
    call("connect", &[FD, special(socket::address_in::<2>), INT]),
    call("copy_file_range", &[FD, OFFSET, FD, OFFSET, SIZE, HEX]),
    call("creat", &[PATH, MODE]),
    call("dup", &[FD]),
    call("dup2", &[FD, FD]),
    call("dup3", &[FD, FD, flags(sets::OPEN)]),
    call("epoll_create", &[INT]),
    call("epoll_create1", &[flags(sets::EPOLL_CREATE)]),
    call("epoll_ctl", &[FD, one(sets::EPOLL_CONTROL), FD, to(structs::EPOLL_EVENT)]),
    call("epoll_pwait", &[FD, out(array(structs::EPOLL_EVENT, Count::Result)), INT, INT, SIGSET, SIZE]),
    call("epoll_pwait2", &[FD, out(array(structs::EPOLL_EVENT, Count::Result)), INT, TIMESPEC, SIGSET, SIZE]),
    call("epoll_wait", &[FD, out(array(structs::EPOLL_EVENT, Count::Result)), INT, INT]),
    call("eventfd", &[UNSIGNED]),
    call("eventfd2", &[UNSIGNED, flags(sets::EVENT_FILE)]),
    call("execve", &[PATH, special(strings), special(environment)]),
    call("execveat", &[DIR, PATH, special(strings), special(environment), flags(sets::AT)]),
    call("exit", &[INT]),
    call("exit_group", &[INT]),
    call("faccessat", &[DIR, PATH, flags(sets::ACCESS)]),
    call("faccessat2", &[DIR, PATH, flags(sets::ACCESS), flags(sets::AT_ACCESS)]),
    call("fadvise64", &[FD, LONG, SIZE, one(sets::ADVICE)]),
    call("fallocate", &[FD, flags(sets::FALLOCATE), LONG, LONG]),
    call("fchdir", &[FD]),
    call("fchmod", &[FD, MODE]),
    call("fchmodat", &[DIR, PATH, MODE]),
    call("fchown", &[FD, OWNER, OWNER]),
    call("fchownat", &[DIR, PATH, OWNER, OWNER, flags(sets::AT)]),
    call("fcntl", &[FD, FCNTL, HEX]).gives(Outcome::Meaning(descriptor_flags)),
    call("fdatasync", &[FD]),
    call("flock", &[FD, flags(sets::LOCK)]),
    call("fork", &[]),
    call("fstat", &[FD, STAT]),
    call("fstatfs", &[FD, out(to(structs::STATFS))]),
    call("fsync", &[FD]),
    call("ftruncate", &[FD, LONG]),
    call("futex", &[ADDRESS, FUTEX, INT, ADDRESS, ADDRESS, value(Form::Hex32)]),
    call("getcpu", &[out(to(structs::UNSIGNED)), out(to(structs::UNSIGNED)), ADDRESS]),
    call("getcwd", &[out(argument(What::Path)), SIZE]),
    call("getdents64", &[FD, special(entries).when(When::Return), SIZE]),
    call("getegid", &[]),
    call("geteuid", &[]),
    call("getgid", &[]),
    call("getgroups", &[INT, out(array(structs::UNSIGNED, Count::Result))]),
    call("getitimer", &[one(sets::INTERVAL_TIMER), out(INTERVAL)]),
    call("getpeername", &[FD, special(socket::address_out::<2>).when(When::Return), PEER_LENGTH]).length(socket::length_before::<2>),
    call("getpgid", &[PID]),
    call("getpgrp", &[]),
    call("getpid", &[]),
    call("getppid", &[]),
    call("getpriority", &[one(sets::PRIORITY), INT]),
    call("getrandom", &[special(random).when(When::Return), SIZE, flags(sets::RANDOM)]),
    call("getresgid", &[out(to(structs::UNSIGNED)), out(to(structs::UNSIGNED)), out(to(structs::UNSIGNED))]),
    call("getresuid", &[out(to(structs::UNSIGNED)), out(to(structs::UNSIGNED)), out(to(structs::UNSIGNED))]),
    call("getrlimit", &[one(sets::RESOURCE), out(RLIMIT)]),
    call("getrusage", &[one(sets::USAGE), RUSAGE]),
    call("getsid", &[PID]),
    call("getsockname", &[FD, special(socket::address_out::<2>).when(When::Return), PEER_LENGTH]).length(socket::length_before::<2>),
    call("getsockopt", &[FD, GETSOCKOPT, INT, out(ADDRESS), PEER_LENGTH]).length(socket::length_before::<4>),
    call("gettid", &[]),
    call("gettimeofday", &[out(TIMEVAL), out(to(structs::TIMEZONE))]),
    call("getuid", &[]),
    call("getxattr", &[PATH, TEXT, BYTES_OUT, SIZE]),
    call("inotify_add_watch", &[FD, PATH, flags(sets::NOTIFY_WATCH)]),
    call("inotify_init", &[]),
    call("inotify_init1", &[flags(sets::NOTIFY_INIT)]),
    call("inotify_rm_watch", &[FD, INT]),
    call("ioctl", &[FD, IOCTL, ADDRESS]),
    call("kill", &[PID, SIGNAL]),
    call("lchown", &[PATH, OWNER, OWNER]),
    call("lgetxattr", &[PATH, TEXT, BYTES_OUT, SIZE]),
    call("link", &[PATH, PATH]),
    call("linkat", &[DIR, PATH, DIR, PATH, flags(sets::AT)]),
    call("listen", &[FD, INT]),
    call("lseek", &[FD, LONG, one(sets::SEEK)]),
    call("lstat", &[PATH, STAT]),
    call("madvise", &[ADDRESS, SIZE, one(sets::MEMORY_ADVICE)]),
    call("membarrier", &[one(sets::BARRIER), HEX]),
    call("memfd_create", &[TEXT, flags(sets::MEMORY_FILE)]),
    call("mkdir", &[PATH, MODE]),
    call("mkdirat", &[DIR, PATH, MODE]),
    call("mknod", &[PATH, value(Form::FileMode), value(Form::Device).only_if(|args| is_device_mode(args[1]))]),
    call("mknodat", &[DIR, PATH, value(Form::FileMode), value(Form::Device).only_if(|args| is_device_mode(args[2]))]),
    call("mlock", &[ADDRESS, SIZE]),
    call("mlockall", &[flags(sets::MEMORY_LOCK)]),
    call("mmap", &[ADDRESS, SIZE, flags(sets::MEMORY_ACCESS), value(Form::OneAndFlags(sets::MAPPING_KIND, sets::MAPPING)), FD, HEX]).gives(Outcome::Address),
    call("mprotect", &[ADDRESS, SIZE, flags(sets::MEMORY_ACCESS)]),
    call("mq_getsetattr", &[FD, QUEUE, out(QUEUE)]),
    call("mq_notify", &[FD, special(event)]),
    call("mq_open", &[TEXT, OPEN, mode_behind(|args| creates(args[1])), QUEUE.only_if(|args| creates(args[1]))]),
    call("mq_timedreceive", &[FD, BYTES_OUT, SIZE, out(to(structs::UNSIGNED)), TIMESPEC]),
    call("mq_timedsend", &[FD, bytes(2), SIZE, UNSIGNED, TIMESPEC]),
    call("mq_unlink", &[TEXT]),
    call("mremap", &[ADDRESS, SIZE, SIZE, flags(sets::REMAP), ADDRESS.only_if(|args| args[3] & 3 == 3)]).gives(Outcome::Address),
    call("msgctl", &[INT, MSGCTL, ADDRESS]),
    call("msgget", &[special(key), special(get_flags::<1>)]),
    call("msgrcv", &[INT, out(special(message)), SIZE, LONG, flags(sets::MSG_RECEIVE)]),
    call("msgsnd", &[INT, special(message), SIZE, flags(sets::MSG_RECEIVE)]),
    call("msync", &[ADDRESS, SIZE, flags(sets::MEMORY_SYNC)]),
    call("munlock", &[ADDRESS, SIZE]),
    call("munlockall", &[]),
    call("munmap", &[ADDRESS, SIZE]),
    call("nanosleep", &[TIMESPEC, LEFT]),
    call("newfstatat", &[DIR, PATH, STAT, flags(sets::AT)]),
    call("open", &[PATH, OPEN, mode_behind(|args| creates(args[1]))]),
    call("openat", &[DIR, PATH, OPEN, mode_behind(|args| creates(args[2]))]),
    call("openat2", &[DIR, PATH, special(how_to_open), SIZE]),
    call("pause", &[]),
    call("personality", &[special(personality)]).gives(Outcome::Meaning(old_personality)),
    call("pidfd_open", &[PID, HEX]),
    call("pidfd_send_signal", &[FD, SIGNAL, to(structs::SIGINFO), HEX]),
    call("pipe", &[PAIR]),
    call("pipe2", &[PAIR, flags(sets::OPEN)]),
    call("poll", &[array(structs::POLLFD, Count::Argument(1)), UNSIGNED, INT]).gives(Outcome::With(ready::poll)),
    call("ppoll", &[array(structs::POLLFD, Count::Argument(1)), UNSIGNED, TIMESPEC, SIGSET, SIZE]).gives(Outcome::With(ready::ppoll)),
    call("prctl", &[PRCTL, HEX, HEX, HEX, HEX]).gives(Outcome::With(may_be_dumped)),
    call("pread64", &[FD, BYTES_OUT, SIZE, LONG]),
    call("preadv", &[FD, special(socket::pieces_out).when(When::ReturnAlways), SIZE, LONG]),
    call("preadv2", &[FD, special(socket::pieces_out).when(When::ReturnAlways), SIZE, LONG, HEX.at(5)]),
    call("prlimit64", &[PID, one(sets::RESOURCE), RLIMIT, out(RLIMIT)]),
    call("pselect6", &[INT, SET, SET, SET, TIMESPEC, special(ready::mask)]).gives(Outcome::With(ready::pselect)),
    call("pwrite64", &[FD, bytes(2), SIZE, LONG]),
    call("pwritev", &[FD, special(socket::pieces_in), SIZE, LONG]),
    call("pwritev2", &[FD, special(socket::pieces_in), SIZE, LONG, HEX.at(5)]),
    call("read", &[FD, BYTES_OUT, SIZE]),
    call("readlink", &[PATH, BYTES_OUT, SIZE]),
    call("readlinkat", &[DIR, PATH, BYTES_OUT, SIZE]),
    call("readv", &[FD, special(socket::pieces_out).when(When::ReturnAlways), SIZE]),
    call("recvfrom", &[FD, BYTES_OUT, SIZE, flags(sets::MESSAGE), special(socket::address_out::<5>).when(When::Return), special(socket::length_out).when(When::ReturnAlways)]).length(socket::length_before::<5>),
    call("recvmsg", &[FD, special(socket::message_out).when(When::ReturnAlways), flags(sets::MESSAGE)]).length(socket::name_length_before),
    call("rename", &[PATH, PATH]),
    call("renameat", &[DIR, PATH, DIR, PATH]),
    call("renameat2", &[DIR, PATH, DIR, PATH, flags(sets::RENAME)]),
    call("restart_syscall", &[special(|_, _| "<... resuming interrupted system call ...>".to_owned())]),
    call("rmdir", &[PATH]),
    call("rseq", &[ADDRESS, HEX, HEX, HEX]),
    call("rt_sigaction", &[SIGNAL, ACTION, out(ACTION), SIZE]),
    call("rt_sigpending", &[out(SIGSET), SIZE]),
    call("rt_sigprocmask", &[one(sets::SIGNAL_MASK), SIGSET, out(SIGSET), SIZE]),
    call("rt_sigqueueinfo", &[PID, SIGNAL, to(structs::SIGINFO)]),
    call("rt_sigreturn", &[special(saved_mask)]),
    call("rt_sigsuspend", &[SIGSET, SIZE]),
    call("rt_sigtimedwait", &[SIGSET, out(to(structs::SIGINFO)), TIMESPEC, SIZE]).gives(Outcome::With(taken_signal)),
    call("rt_tgsigqueueinfo", &[PID, PID, SIGNAL, to(structs::SIGINFO)]),
    call("sched_get_priority_max", &[one(sets::SCHEDULER)]),
    call("sched_get_priority_min", &[one(sets::SCHEDULER)]),
    call("sched_getaffinity", &[PID, SIZE, special(processors_out).when(When::Return)]),
    call("sched_getparam", &[PID, out(to(structs::SCHEDULING))]),
    call("sched_getscheduler", &[PID]).gives(Outcome::With(scheduler)),
    call("sched_setaffinity", &[PID, SIZE, special(processors_in)]),
    call("sched_setparam", &[PID, to(structs::SCHEDULING)]),
    call("sched_setscheduler", &[PID, one(sets::SCHEDULER), to(structs::SCHEDULING)]),
    call("sched_yield", &[]),
    call("seccomp", &[one(sets::SECCOMP), HEX, ADDRESS]),
    call("select", &[INT, SET, SET, SET, TIMEVAL]).gives(Outcome::With(ready::select)),
    call("semctl", &[INT, INT, SEMCTL, ADDRESS]),
    call("semget", &[special(key), INT, special(get_flags::<2>)]),
    call("semop", &[INT, array(structs::SEMBUF, Count::Argument(2)), SIZE]),
    call("semtimedop", &[INT, array(structs::SEMBUF, Count::Argument(2)), SIZE, TIMESPEC]),
    call("sendfile", &[FD, FD, OFFSET.when(When::Changes(&MOVED_OFFSET)), SIZE]),
    call("sendmsg", &[FD, special(socket::message_in), flags(sets::MESSAGE)]),
    call("sendto", &[FD, bytes(2), SIZE, flags(sets::MESSAGE), special(socket::address_in::<5>), INT]),
    call("set_robust_list", &[ADDRESS, SIZE]),
    call("set_tid_address", &[ADDRESS]),
    call("setfsgid", &[OWNER]),
    call("setfsuid", &[OWNER]),
    call("setgid", &[OWNER]),
    call("setgroups", &[INT, array(structs::UNSIGNED, Count::Argument(0))]),
    call("setitimer", &[one(sets::INTERVAL_TIMER), INTERVAL, out(INTERVAL)]),
    call("setpgid", &[PID, PID]),
    call("setpriority", &[one(sets::PRIORITY), INT, INT]),
    call("setregid", &[OWNER, OWNER]),
    call("setresgid", &[OWNER, OWNER, OWNER]),
    call("setresuid", &[OWNER, OWNER, OWNER]),
    call("setreuid", &[OWNER, OWNER]),
    call("setrlimit", &[one(sets::RESOURCE), RLIMIT]),
    call("setsid", &[]),
    call("setsockopt", &[FD, SETSOCKOPT, INT, ADDRESS, INT]),
    call("setuid", &[OWNER]),
    call("shmat", &[INT, ADDRESS, flags(sets::SHM_ATTACH)]).gives(Outcome::Address),
    call("shmctl", &[INT, SHMCTL, ADDRESS]),
    call("shmdt", &[ADDRESS]),
    call("shmget", &[special(key), SIZE, special(get_flags::<2>)]),
    call("shutdown", &[FD, one(sets::SHUTDOWN)]),
    call("sigaltstack", &[to(structs::SIGSTACK), out(to(structs::SIGSTACK))]),
    call("signalfd", &[FD, SIGSET, SIZE]),
    call("signalfd4", &[FD, SIGSET, SIZE, flags(sets::SIGNAL_FILE)]),
    call("socket", &[one(sets::ADDRESS_FAMILY), SOCKET_TYPE, special(protocol)]),
    call("socketpair", &[one(sets::ADDRESS_FAMILY), SOCKET_TYPE, special(protocol), PAIR]),
    call("splice", &[FD, OFFSET, FD, OFFSET, SIZE, flags(sets::SPLICE)]),
    call("stat", &[PATH, STAT]),
    call("statfs", &[PATH, out(to(structs::STATFS))]),
    call("statx", &[DIR, PATH, value(Form::OneAndFlags(sets::AT_STATX, sets::AT)), flags(sets::STATX), out(to(structs::STATX))]),
    call("symlink", &[PATH, PATH]),
    call("symlinkat", &[PATH, DIR, PATH]),
    call("sync", &[]),
    call("sysinfo", &[out(to(structs::SYSINFO))]),
    call("tee", &[FD, FD, SIZE, flags(sets::SPLICE)]),
    call("tgkill", &[PID, PID, SIGNAL]),
    call("time", &[out(to(structs::LONG))]),
    call("timer_create", &[CLOCK, special(event), out(to(structs::ANY_INT))]),
    call("timer_delete", &[INT]),
    call("timer_getoverrun", &[INT]),
    call("timer_gettime", &[INT, out(TIMER)]),
    call("timer_settime", &[INT, flags(sets::SLEEP), TIMER, out(TIMER)]),
    call("timerfd_create", &[CLOCK, flags(sets::TIMER_FILE)]),
    call("timerfd_gettime", &[FD, out(TIMER)]),
    call("timerfd_settime", &[FD, flags(sets::TIMER_FILE), TIMER, out(TIMER)]),
    call("times", &[out(to(structs::TIMES))]),
    call("tkill", &[PID, SIGNAL]),
    call("truncate", &[PATH, LONG]),
    call("umask", &[MODE]).gives(Outcome::Mode),
    call("uname", &[out(to(structs::UTSNAME))]),
    call("unlink", &[PATH]),
    call("unlinkat", &[DIR, PATH, flags(sets::AT)]),
    call("unshare", &[flags(sets::UNSHARE)]),
    call("utimensat", &[DIR, PATH, special(two_times), flags(sets::AT)]),
    call("vfork", &[]),
    call("wait4", &[PID, to(structs::WAIT_STATUS).when(When::ReturnIfAny), flags(sets::WAIT), to(structs::RUSAGE).when(When::ReturnIfAny)]),
    call("waitid", &[one(sets::WAIT_FOR), INT, out(to(structs::SIGINFO)), flags(sets::WAIT), RUSAGE]),
    call("write", &[FD, bytes(2), SIZE]),
    call("writev", &[FD, special(socket::pieces_in), SIZE]),
];

//! What is known of each system call by its name: one row a call, from which everything else is derived.

/// A set of the flags below.
pub type Flags = u64;

/// It waits by nature: for input, a client, a child, a signal, or the time.
pub const WAITS: Flags = 1;
/// It may have to wait: for room, a lock, a peer, a disk.
pub const MAY_WAIT: Flags = 1 << 1;
/// It makes a process or a thread.
pub const FORKS: Flags = 1 << 2;
/// It does not return.
pub const EXITS: Flags = 1 << 3;
/// It makes the process run another program.
pub const EXECS: Flags = 1 << 4;
/// It takes the status of a child that has ended.
pub const REAPS: Flags = 1 << 5;
/// It waits for the time alone.
pub const SLEEPS: Flags = 1 << 6;
/// It sends a signal.
pub const KILLS: Flags = 1 << 7;
/// It asks for what a compiler may ask for in another order, and changes nothing.
pub const ASKS: Flags = 1 << 8;
/// It only asks or keeps house: no mark of its own in a picture.
pub const QUIET: Flags = 1 << 9;
/// It returns a new descriptor.
pub const NEW_FD: Flags = 1 << 10;
/// It closes descriptors: done as soon as it is entered.
pub const CLOSES: Flags = 1 << 11;
/// It moves bytes from its descriptor to the process.
pub const READS: Flags = 1 << 12;
/// It moves bytes from the process to its descriptor.
pub const WRITES: Flags = 1 << 13;
/// The bytes lie in several pieces.
pub const VECTOR: Flags = 1 << 14;
/// On a socket, it concerns the other side.
pub const SPEAKS: Flags = 1 << 15;
/// It names a file.
pub const PATH: Flags = 1 << 16;
/// Its value is worth showing.
pub const VALUE: Flags = 1 << 17;
/// Of its arguments, the first is worth showing.
pub const FIRST: Flags = 1 << 18;
/// A child may begin with it.
pub const BEGINS: Flags = 1 << 19;
/// Another process can see something of it, it may wait for one, or it makes a process or another program.
pub const VISIBLE: Flags = 1 << 20;
/// It makes two descriptors that belong together.
pub const PAIRS: Flags = 1 << 21;
/// It opens a file by its name.
pub const OPENS: Flags = 1 << 22;
/// It takes a connection.
pub const ACCEPTS: Flags = 1 << 23;
/// It makes another number for a descriptor.
pub const DUPLICATES: Flags = 1 << 24;
/// It waits until one of several descriptors is ready.
pub const POLLS: Flags = 1 << 25;
/// It is about sockets alone.
pub const SOCKETS: Flags = 1 << 26;
/// It finds or makes something of System V by its key.
pub const KEYED: Flags = 1 << 27;
/// It is about memory, semaphores or messages that processes may share.
pub const SHARES: Flags = 1 << 28;
/// It makes a name in a folder, removes one, or opens what it names.
pub const NAMES: Flags = 1 << 29;
/// It asks about what a name stands for, and changes nothing of it.
pub const LOOKS_UP: Flags = 1 << 30;
/// It asks for memory.
pub const ALLOCATES: Flags = 1 << 31;

/// A system call.
#[derive(Debug, PartialEq, Eq)]
pub struct Syscall {
    pub name: &'static str,
    /// The request that it is, under the name that all libraries and machines share; empty: under its own.
    same: &'static str,
    /// The call in whose place a program may make it; empty: none.
    answers: &'static str,
    flags: Flags,
}

impl Syscall {
    /// The row of that name; of a call that is not in the table, one that says nothing.
    pub fn named(name: &str) -> &'static Syscall {
        const UNKNOWN: Syscall = row("", 0);
        let place = TABLE.binary_search_by(|row| row.name.cmp(name));
        place.map_or(&UNKNOWN, |place| &TABLE[place])
    }

    /// Whether it has one of these flags.
    pub fn is(&self, flags: Flags) -> bool {
        self.flags & flags != 0
    }

    const fn same(self, same: &'static str) -> Syscall {
        Syscall { same, ..self }
    }

    const fn answers(self, answers: &'static str) -> Syscall {
        Syscall { answers, ..self }
    }
}

const fn row(name: &'static str, flags: Flags) -> Syscall {
    Syscall {
        name,
        same: "",
        answers: "",
        flags,
    }
}

/// The names of the calls that have one of these flags.
pub fn names(flags: Flags) -> impl Iterator<Item = &'static str> {
    let rows = TABLE.iter().filter(move |row| row.is(flags));
    rows.map(|row| row.name)
}

/// One name for what is the same request: what fork(2) and exit(2) become differs by library and machine.
pub fn request(name: &str) -> &str {
    match Syscall::named(name).same {
        "" => name,
        same => same,
    }
}

/// The calls that a program makes in the place of one that its machine lacks.
pub fn in_place_of(name: &str) -> impl Iterator<Item = &'static str> {
    let stands_for = answering(name);
    let names = TABLE.iter().map(|row| row.name);
    names.filter(move |name| stands_for(name))
}

/// Whether a call is the one that is awaited, or what a program may make in its place.
pub fn answers(name: &str, awaited: &str) -> bool {
    answering(awaited)(name)
}

/// The same, for many calls.
pub fn answering(awaited: &str) -> impl Fn(&str) -> bool {
    let wanted = request(awaited);
    move |name| {
        let row = Syscall::named(name);
        let own = if row.same.is_empty() { name } else { row.same };
        own == wanted || row.answers == awaited
    }
}

/// In alphabetical order.
#[rustfmt::skip]
const TABLE: &[Syscall] = &[
    row("accept", WAITS | SPEAKS | NEW_FD | VALUE | FIRST | VISIBLE | ACCEPTS | SOCKETS),
    row("accept4", WAITS | SPEAKS | NEW_FD | VALUE | FIRST | VISIBLE | ACCEPTS | SOCKETS).answers("accept"),
    row("access", QUIET | VISIBLE | LOOKS_UP).same("access"),
    row("alarm", BEGINS | VISIBLE),
    row("arch_prctl", QUIET),
    row("bind", SPEAKS | VISIBLE | SOCKETS),
    row("brk", QUIET | ALLOCATES),
    row("chdir", PATH | VISIBLE | LOOKS_UP),
    row("clock_nanosleep", WAITS | SLEEPS | BEGINS | VISIBLE),
    row("clone", FORKS | VALUE | VISIBLE).same("fork"),
    row("clone3", FORKS | VALUE | VISIBLE).same("fork"),
    row("close", FIRST | CLOSES | BEGINS | VISIBLE),
    row("close_range", CLOSES | VISIBLE),
    row("connect", MAY_WAIT | SPEAKS | VISIBLE | SOCKETS),
    row("creat", NEW_FD | VALUE | PATH | VISIBLE | OPENS | NAMES),
    row("dup", NEW_FD | VALUE | FIRST | DUPLICATES),
    row("dup2", NEW_FD | VALUE | BEGINS | VISIBLE | DUPLICATES),
    row("dup3", NEW_FD | VALUE | VISIBLE | DUPLICATES),
    row("epoll_create", NEW_FD | VALUE).same("epoll_create1"),
    row("epoll_create1", NEW_FD | VALUE),
    row("epoll_ctl", FIRST),
    row("epoll_pwait", WAITS | VISIBLE | POLLS).same("epoll_wait"),
    row("epoll_pwait2", WAITS | VISIBLE | POLLS).answers("epoll_wait"),
    row("epoll_wait", WAITS | VISIBLE | POLLS),
    row("execve", EXECS | PATH | BEGINS | VISIBLE),
    row("execveat", EXECS | PATH | VISIBLE),
    row("exit", EXITS | QUIET | VISIBLE).same("exit"),
    row("exit_group", EXITS | QUIET | VISIBLE).same("exit"),
    row("faccessat", QUIET | VISIBLE | LOOKS_UP).same("access"),
    row("faccessat2", QUIET | VISIBLE | LOOKS_UP).same("access"),
    row("fallocate", VISIBLE),
    row("fcntl", MAY_WAIT | VISIBLE),
    row("fdatasync", MAY_WAIT),
    row("flock", MAY_WAIT | VISIBLE),
    row("fork", FORKS | VALUE | VISIBLE).same("fork"),
    row("fstat", QUIET | BEGINS).same("fstat"),
    row("fsync", MAY_WAIT),
    row("ftruncate", VISIBLE),
    row("futex", MAY_WAIT | QUIET | VISIBLE),
    row("futex_waitv", MAY_WAIT | VISIBLE),
    row("getdents", VISIBLE),
    row("getdents64", VISIBLE),
    row("getegid", ASKS | QUIET),
    row("geteuid", ASKS | QUIET),
    row("getgid", ASKS | QUIET),
    row("getpeername", 0),
    row("getpgid", ASKS | VISIBLE),
    row("getpgrp", ASKS | VISIBLE),
    row("getpid", ASKS | QUIET | BEGINS),
    row("getppid", ASKS | QUIET | BEGINS | VISIBLE),
    row("getrandom", MAY_WAIT | QUIET),
    row("getsid", ASKS | VISIBLE),
    row("getsockname", 0),
    row("getsockopt", 0),
    row("gettid", ASKS),
    row("getuid", ASKS | QUIET),
    row("io_getevents", MAY_WAIT | VISIBLE),
    row("ioctl", QUIET),
    row("kill", KILLS | VISIBLE),
    row("link", VISIBLE | NAMES),
    row("linkat", VISIBLE | NAMES),
    row("listen", SPEAKS | FIRST | VISIBLE | SOCKETS),
    row("lseek", QUIET | VISIBLE),
    row("lstat", PATH | VISIBLE | LOOKS_UP).same("fstat"),
    row("madvise", QUIET),
    row("mkdir", VISIBLE | NAMES),
    row("mkdirat", VISIBLE | NAMES),
    row("mknod", PATH | VISIBLE | NAMES).same("mknod"),
    row("mknodat", PATH | VISIBLE | NAMES).same("mknod"),
    row("mmap", QUIET | VISIBLE | SHARES | ALLOCATES),
    row("mprotect", QUIET),
    row("mq_open", VISIBLE | SHARES),
    row("mq_timedreceive", MAY_WAIT | VISIBLE | SHARES),
    row("mq_timedsend", MAY_WAIT | VISIBLE | SHARES),
    row("mq_unlink", VISIBLE | SHARES),
    row("mremap", ALLOCATES),
    row("msgctl", VISIBLE | SHARES),
    row("msgget", VISIBLE | KEYED | SHARES),
    row("msgrcv", MAY_WAIT | VISIBLE | SHARES),
    row("msgsnd", MAY_WAIT | VISIBLE | SHARES),
    row("munmap", QUIET),
    row("nanosleep", WAITS | SLEEPS | VISIBLE).answers("clock_nanosleep"),
    row("newfstatat", QUIET | VISIBLE | LOOKS_UP).same("fstat"),
    row("open", MAY_WAIT | NEW_FD | VALUE | PATH | VISIBLE | OPENS | NAMES).same("openat"),
    row("openat", MAY_WAIT | NEW_FD | VALUE | PATH | VISIBLE | OPENS | NAMES),
    row("openat2", MAY_WAIT | NEW_FD | VALUE | PATH | VISIBLE | OPENS | NAMES),
    row("pause", WAITS | BEGINS | VISIBLE),
    row("pipe", VISIBLE | PAIRS).same("pipe"),
    row("pipe2", VISIBLE | PAIRS).same("pipe"),
    row("poll", WAITS | VISIBLE | POLLS),
    row("ppoll", WAITS | VISIBLE | POLLS).same("poll").answers("pause"), // where there is no call of its own for it
    row("prctl", FIRST | BEGINS | VISIBLE),
    row("pread64", MAY_WAIT | QUIET | VISIBLE),
    row("preadv", MAY_WAIT | VISIBLE),
    row("preadv2", MAY_WAIT | VISIBLE),
    row("prlimit64", QUIET),
    row("pselect6", WAITS | VISIBLE | POLLS).same("select"),
    row("pwrite64", MAY_WAIT | VISIBLE),
    row("pwritev", MAY_WAIT | VISIBLE),
    row("pwritev2", MAY_WAIT | VISIBLE),
    row("read", WAITS | SPEAKS | READS | BEGINS | VISIBLE),
    row("readlink", VISIBLE | LOOKS_UP),
    row("readlinkat", VISIBLE | LOOKS_UP),
    row("readv", WAITS | SPEAKS | READS | VECTOR | VISIBLE).answers("read"),
    row("recv", WAITS | SPEAKS | READS).answers("read"),
    row("recvfrom", WAITS | SPEAKS | READS | VISIBLE | SOCKETS).answers("read"),
    row("recvmmsg", WAITS | VISIBLE | SOCKETS),
    row("recvmsg", WAITS | SPEAKS | READS | VISIBLE | SOCKETS).answers("read"),
    row("rename", VISIBLE | NAMES),
    row("renameat", VISIBLE | NAMES),
    row("renameat2", VISIBLE | NAMES),
    row("restart_syscall", MAY_WAIT | QUIET | VISIBLE),
    row("rmdir", VISIBLE | NAMES),
    row("rseq", QUIET),
    row("rt_sigaction", BEGINS | VISIBLE),
    row("rt_sigprocmask", QUIET),
    row("rt_sigqueueinfo", KILLS | VISIBLE),
    row("rt_sigreturn", QUIET),
    row("rt_sigsuspend", WAITS | VISIBLE),
    row("rt_sigtimedwait", WAITS | VISIBLE),
    row("sched_yield", VISIBLE),
    row("select", WAITS | VISIBLE | POLLS),
    row("semctl", VISIBLE | SHARES),
    row("semget", VALUE | VISIBLE | KEYED | SHARES),
    row("semop", MAY_WAIT | BEGINS | VISIBLE | SHARES),
    row("semtimedop", MAY_WAIT | VISIBLE | SHARES).same("semop"),
    row("send", MAY_WAIT | SPEAKS | WRITES).answers("write"),
    row("sendfile", MAY_WAIT | VISIBLE),
    row("sendmmsg", MAY_WAIT | VISIBLE | SOCKETS),
    row("sendmsg", MAY_WAIT | SPEAKS | WRITES | VISIBLE | SOCKETS).answers("write"),
    row("sendto", MAY_WAIT | SPEAKS | WRITES | VISIBLE | SOCKETS).answers("write"),
    row("set_robust_list", QUIET | BEGINS),
    row("set_tid_address", QUIET),
    row("setitimer", VISIBLE),
    row("setpgid", VISIBLE),
    row("setsid", VALUE | BEGINS | VISIBLE),
    row("setsockopt", FIRST),
    row("shmat", VISIBLE | SHARES),
    row("shmctl", VISIBLE | SHARES),
    row("shmdt", 0),
    row("shmget", VALUE | VISIBLE | KEYED | SHARES),
    row("shutdown", SPEAKS | FIRST | VISIBLE | SOCKETS),
    row("socket", NEW_FD | VALUE | VISIBLE | SOCKETS),
    row("socketpair", VISIBLE | PAIRS),
    row("splice", MAY_WAIT | VISIBLE),
    row("stat", PATH | VISIBLE | LOOKS_UP).same("fstat"),
    row("statx", VISIBLE | LOOKS_UP),
    row("symlink", VISIBLE | NAMES),
    row("symlinkat", VISIBLE | NAMES),
    row("tee", VISIBLE),
    row("tgkill", KILLS | VISIBLE),
    row("tkill", KILLS | VISIBLE),
    row("truncate", VISIBLE | NAMES),
    row("umask", FIRST),
    row("uname", QUIET),
    row("unlink", PATH | VISIBLE | NAMES).same("unlink"),
    row("unlinkat", PATH | VISIBLE | NAMES).same("unlink"),
    row("vfork", MAY_WAIT | FORKS | VALUE | VISIBLE).same("fork"),
    row("wait4", WAITS | REAPS | VISIBLE),
    row("waitid", WAITS | REAPS | VISIBLE).answers("wait4"),
    row("write", MAY_WAIT | SPEAKS | WRITES | BEGINS | VISIBLE),
    row("writev", MAY_WAIT | SPEAKS | WRITES | VECTOR | VISIBLE).answers("write"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_found() {
        assert!(TABLE.is_sorted_by(|one, other| one.name < other.name));
        for row in TABLE {
            assert_eq!(Syscall::named(row.name), row);
        }
    }

    #[test]
    fn one_request_has_several_names() {
        assert_eq!((request("clone3"), request("exit_group")), ("fork", "exit"));
        assert!(
            answers("recvmsg", "read")
                && answers("sendto", "write")
                && answers("clone", "vfork")
                && answers("ppoll", "pause")
        );
        assert!(!answers("read", "recvmsg") && !answers("", "read"));
        assert_eq!(request("unheard_of"), "unheard_of");
    }

    #[test]
    fn who_closes_or_asks_never_waits() {
        let waits = WAITS | MAY_WAIT;
        assert!(names(CLOSES | ASKS | EXITS).all(|name| !Syscall::named(name).is(waits)));
    }

    #[test]
    fn what_a_machine_lacks_is_asked_for_otherwise() {
        let instead = |name| in_place_of(name).collect::<Vec<_>>();
        assert_eq!(instead("fork"), ["clone", "clone3", "fork", "vfork"]);
        assert_eq!(instead("pipe"), ["pipe", "pipe2"]);
        assert!(instead("pause").contains(&"ppoll"));
        assert!(instead("nonsense").is_empty());
    }
}

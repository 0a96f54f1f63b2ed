//! The structures that calls take and give. Where machines differ, both are said.

use nix::libc;

use crate::decode::form::{Form, signal};
use crate::decode::layout::{Found, Layout, Member, Type, begin, member, number, whole};
use crate::decode::{sets, siginfo};

const INT: Type = Type::Number(4, Form::Int);

/// `int`, `unsigned`, `long`, `size_t` at an address.
pub const LONG: Type = Type::Number(8, Form::Long);
pub const UNSIGNED: Type = Type::Number(4, Form::Unsigned);
pub const ANY_INT: Type = INT;

pub const TIMESPEC: Type = Type::Struct(&whole(
    16,
    &[
        number("tv_sec", 0, 8, Form::Long),
        number("tv_nsec", 8, 8, Form::Long),
    ],
));
pub const TIMEVAL: Type = Type::Struct(&whole(
    16,
    &[
        number("tv_sec", 0, 8, Form::Long),
        number("tv_usec", 8, 8, Form::Long),
    ],
));
pub const TIMEZONE: Type = Type::Struct(&whole(
    8,
    &[
        number("tz_minuteswest", 0, 4, Form::Int),
        number("tz_dsttime", 4, 4, Form::Int),
    ],
));
pub const INTERVAL: Type = Type::Struct(&whole(
    32,
    &[
        member("it_interval", 0, TIMEVAL),
        member("it_value", 16, TIMEVAL),
    ],
));
pub const TIMER: Type = Type::Struct(&whole(
    32,
    &[
        member("it_interval", 0, TIMESPEC),
        member("it_value", 16, TIMESPEC),
    ],
));
pub const TIMES: Type = Type::Struct(&whole(
    32,
    &[
        number("tms_utime", 0, 8, Form::Size),
        number("tms_stime", 8, 8, Form::Size),
        number("tms_cutime", 16, 8, Form::Size),
        number("tms_cstime", 24, 8, Form::Size),
    ],
));
pub const RUSAGE: Type = Type::Struct(&begin(
    144,
    &[
        member("ru_utime", 0, TIMEVAL),
        member("ru_stime", 16, TIMEVAL),
    ],
));
pub const RLIMIT: Type = Type::Struct(&whole(
    16,
    &[
        number("rlim_cur", 0, 8, Form::Limit),
        number("rlim_max", 8, 8, Form::Limit),
    ],
));
pub const UTSNAME: Type = Type::Struct(&begin(
    390,
    &[
        member("sysname", 0, Type::Chars(65)),
        member("nodename", 65, Type::Chars(65)),
    ],
));
pub const SYSINFO: Type = Type::Struct(&whole(
    112,
    &[
        number("uptime", 0, 8, Form::Long),
        member("loads", 8, Type::Numbers(3, 8, Form::Size)),
        number("totalram", 32, 8, Form::Size),
        number("freeram", 40, 8, Form::Size),
        number("sharedram", 48, 8, Form::Size),
        number("bufferram", 56, 8, Form::Size),
        number("totalswap", 64, 8, Form::Size),
        number("freeswap", 72, 8, Form::Size),
        number("procs", 80, 2, Form::Unsigned),
        number("totalhigh", 88, 8, Form::Size),
        number("freehigh", 96, 8, Form::Size),
        number("mem_unit", 104, 4, Form::Unsigned),
    ],
));

/// x86_64 has the links before the mode, aarch64 behind it, in a shorter structure.
const STAT_SIZE: usize = if cfg!(target_arch = "aarch64") {
    128
} else {
    144
};
const ST_MODE: usize = if cfg!(target_arch = "aarch64") {
    16
} else {
    24
};
const ST_RDEV: usize = if cfg!(target_arch = "aarch64") {
    32
} else {
    40
};

pub const STAT: Type = Type::Struct(&begin(
    STAT_SIZE,
    &[
        number("st_mode", ST_MODE, 4, Form::FileMode),
        number("st_rdev", ST_RDEV, 8, Form::Device).only_if(|it| is_device(it.number(ST_MODE, 4))),
        number("st_size", 48, 8, Form::Size).only_if(|it| !is_device(it.number(ST_MODE, 4))),
    ],
));
pub const STATX: Type = Type::Struct(&begin(
    256,
    &[
        number("stx_mask", 0, 4, Form::Flags(sets::STATX)),
        number("stx_attributes", 8, 8, Form::Hex),
        number("stx_mode", 28, 2, Form::FileMode),
        number("stx_size", 40, 8, Form::Size),
    ],
));
const FILE_SYSTEM_ID: Type = Type::Struct(&whole(
    8,
    &[member("val", 0, Type::Numbers(2, 4, Form::Hex))],
));
pub const STATFS: Type = Type::Struct(&whole(
    120,
    &[
        number("f_type", 0, 8, Form::One(sets::FILE_SYSTEM)),
        number("f_bsize", 8, 8, Form::Size),
        number("f_blocks", 16, 8, Form::Size),
        number("f_bfree", 24, 8, Form::Size),
        number("f_bavail", 32, 8, Form::Size),
        number("f_files", 40, 8, Form::Size),
        number("f_ffree", 48, 8, Form::Size),
        member("f_fsid", 56, FILE_SYSTEM_ID),
        number("f_namelen", 64, 8, Form::Size),
        number("f_frsize", 72, 8, Form::Size),
        number("f_flags", 80, 8, Form::Flags(sets::MOUNT)),
    ],
));

/// Whether it is the mode of a device.
pub fn is_device(mode: u64) -> bool {
    matches!(mode as u32 & libc::S_IFMT, libc::S_IFCHR | libc::S_IFBLK)
}

pub const SIGSET: Type = Type::Special(8, siginfo::set);
pub const SIGACTION: Type = Type::Struct(&whole(
    32,
    &[
        number("sa_handler", 0, 8, Form::Handler),
        member("sa_mask", 24, SIGSET),
        number("sa_flags", 8, 8, Form::Flags(sets::SIGNAL_ACTION)),
        number("sa_restorer", 16, 8, Form::Address).only_if(has_restorer),
    ],
));
pub const SIGSTACK: Type = Type::Struct(&whole(
    24,
    &[
        number("ss_sp", 0, 8, Form::Address),
        number("ss_flags", 8, 4, Form::Flags(sets::SIGNAL_STACK)),
        number("ss_size", 16, 8, Form::Size),
    ],
));
pub const SIGINFO: Type = Type::Special(siginfo::SIZE, siginfo::details);

fn has_restorer(action: &Found) -> bool {
    const SA_RESTORER: u64 = 0x0400_0000;
    action.number(8, 8) & SA_RESTORER != 0
}

pub const POLLFD: Type = Type::Struct(&whole(
    8,
    &[
        number("fd", 0, 4, Form::Int),
        number("events", 4, 2, Form::Flags(sets::POLL)).only_if(|it| it.number(0, 4) as i32 >= 0),
    ],
));
pub const READY: Type = Type::Struct(&whole(
    8,
    &[
        number("fd", 0, 4, Form::Int),
        number("revents", 6, 2, Form::Flags(sets::POLL)),
    ],
));

/// On x86_64 the data follows the events without a gap.
const EPOLL_DATA: usize = if cfg!(target_arch = "x86_64") { 4 } else { 8 };

pub const EPOLL_EVENT: Type = Type::Struct(&whole(
    EPOLL_DATA + 8,
    &[
        number("events", 0, 4, Form::Flags(sets::EPOLL)),
        member("data", EPOLL_DATA, Type::Struct(&EPOLL_DATA_UNION)),
    ],
));
const EPOLL_DATA_UNION: Layout = whole(
    8,
    &[
        number("u32", 0, 4, Form::Unsigned),
        number("u64", 0, 8, Form::Size),
    ],
);

pub const FLOCK: Type = Type::Struct(&whole(24, FLOCK_MEMBERS.split_at(4).0));
pub const FLOCK_OUT: Type = Type::Struct(&whole(32, FLOCK_MEMBERS));
const FLOCK_MEMBERS: &[Member] = &[
    number("l_type", 0, 2, Form::One(sets::FILE_LOCK)),
    number("l_whence", 2, 2, Form::One(sets::SEEK)),
    number("l_start", 8, 8, Form::Long),
    number("l_len", 16, 8, Form::Long),
    number("l_pid", 24, 4, Form::Int),
];

pub const WINDOW: Type = Type::Struct(&whole(
    8,
    &[
        number("ws_row", 0, 2, Form::Unsigned),
        number("ws_col", 2, 2, Form::Unsigned),
        number("ws_xpixel", 4, 2, Form::Unsigned),
        number("ws_ypixel", 6, 2, Form::Unsigned),
    ],
));
pub const LINGER: Type = Type::Struct(&whole(
    8,
    &[
        number("l_onoff", 0, 4, Form::Int),
        number("l_linger", 4, 4, Form::Int),
    ],
));
pub const SEMBUF: Type = Type::Struct(&whole(
    6,
    &[
        number("sem_num", 0, 2, Form::Unsigned),
        number("sem_op", 2, 2, Form::Int),
        number("sem_flg", 4, 2, Form::Flags(sets::SEM_OPERATION)),
    ],
));
pub const SCHEDULING: Type = Type::Special(4, |found| format!("[{}]", found.number(0, 4) as i32));

/// Who may use a thing of System V.
const IPC_PERMISSIONS: Type = Type::Struct(&whole(
    48,
    &[
        number("uid", 4, 4, Form::Unsigned),
        number("gid", 8, 4, Form::Unsigned),
        number("mode", 20, 4, Form::Mode),
        number("key", 0, 4, Form::Unsigned),
        number("cuid", 12, 4, Form::Unsigned),
        number("cgid", 16, 4, Form::Unsigned),
    ],
));
pub const SHM_STATUS: Type = Type::Struct(&whole(
    112,
    &[
        member("shm_perm", 0, IPC_PERMISSIONS),
        number("shm_segsz", 48, 8, Form::Size),
        number("shm_cpid", 80, 4, Form::Int),
        number("shm_lpid", 84, 4, Form::Int),
        number("shm_nattch", 88, 8, Form::Size),
        number("shm_atime", 56, 8, Form::Size),
        number("shm_dtime", 64, 8, Form::Size),
        number("shm_ctime", 72, 8, Form::Size),
    ],
));
pub const MSG_STATUS: Type = Type::Struct(&whole(
    120,
    &[
        member("msg_perm", 0, IPC_PERMISSIONS),
        number("msg_stime", 48, 8, Form::Size),
        number("msg_rtime", 56, 8, Form::Size),
        number("msg_ctime", 64, 8, Form::Size),
        number("msg_qnum", 80, 8, Form::Size),
        number("msg_qbytes", 88, 8, Form::Size),
        number("msg_lspid", 96, 4, Form::Int),
        number("msg_lrpid", 100, 4, Form::Int),
    ],
));

/// The arguments of clone3(2).
pub const CLONE_ARGS: Type = Type::Struct(&whole(
    64,
    &[
        number("flags", 0, 8, Form::Flags(sets::CLONE)),
        number("pidfd", 8, 8, Form::Address).only_if(|it| has_flag(it, libc::CLONE_PIDFD)),
        number("child_tid", 16, 8, Form::Address)
            .only_if(|it| has_flag(it, libc::CLONE_CHILD_SETTID | libc::CLONE_CHILD_CLEARTID)),
        number("parent_tid", 24, 8, Form::Address)
            .only_if(|it| has_flag(it, libc::CLONE_PARENT_SETTID)),
        number("exit_signal", 32, 4, Form::Signal),
        number("stack", 40, 8, Form::Address),
        number("stack_size", 48, 8, Form::Hex),
        number("tls", 56, 8, Form::Address).only_if(|it| has_flag(it, libc::CLONE_SETTLS)),
    ],
));

fn has_flag(clone: &Found, flag: i32) -> bool {
    clone.number(0, 8) & flag as u64 != 0
}

/// How a child ended or was stopped: `[{WIFEXITED(s) && WEXITSTATUS(s) == 3}]`.
pub const WAIT_STATUS: Type = Type::Special(4, |found| {
    let status = found.number(0, 4) as i32;
    let name = |number: i32| signal(number as u32);
    let told = match status {
        _ if libc::WIFEXITED(status) => format!(
            "WIFEXITED(s) && WEXITSTATUS(s) == {}",
            libc::WEXITSTATUS(status)
        ),
        _ if libc::WIFSTOPPED(status) => format!(
            "WIFSTOPPED(s) && WSTOPSIG(s) == {}",
            name(libc::WSTOPSIG(status))
        ),
        _ if libc::WIFCONTINUED(status) => "WIFCONTINUED(s)".to_owned(),
        _ if libc::WIFSIGNALED(status) => {
            let core = if libc::WCOREDUMP(status) {
                " && WCOREDUMP(s)"
            } else {
                ""
            };
            format!(
                "WIFSIGNALED(s) && WTERMSIG(s) == {}{core}",
                name(libc::WTERMSIG(status))
            )
        }
        _ => return format!("[{status:#x}]"),
    };
    format!("[{{{told}}}]")
});

/// A terminal's settings, of which the four sets of flags are told.
pub const TERMIOS: Type = Type::Struct(&begin(
    36,
    &[
        number("c_iflag", 0, 4, Form::Flags(sets::TERMINAL_INPUT)),
        number("c_oflag", 4, 4, Form::Fields(sets::TERMINAL_OUTPUT)),
        number("c_cflag", 8, 4, Form::Fields(sets::TERMINAL_CONTROL)),
        number("c_lflag", 12, 4, Form::Flags(sets::TERMINAL_LOCAL)),
    ],
));
pub const QUEUE: Type = Type::Struct(&whole(
    64,
    &[
        number("mq_flags", 0, 8, Form::Flags(sets::OPEN)),
        number("mq_maxmsg", 8, 8, Form::Long),
        number("mq_msgsize", 16, 8, Form::Long),
        number("mq_curmsgs", 24, 8, Form::Long),
    ],
));

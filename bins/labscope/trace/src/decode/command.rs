//! Calls whose later arguments depend on a command: one row a command.

#![allow(clippy::unnecessary_cast)] // as in sets

use nix::libc;

use crate::decode::argument::{Argument, Call, Case, Commands, What, When, argument, out};
use crate::decode::form::Form;
use crate::decode::kinds::*;
use crate::decode::layout::Type;
use crate::decode::{sets, socket, structs, text};

/// What strace calls a command: its name, or what is said here.
macro_rules! name {
    ($name:ident) => {
        stringify!($name)
    };
    ($name:ident $told:literal) => {
        $told
    };
}

/// Rows `NAME = value => [argument, …];` of which the value is the C library's if none is said.
macro_rules! commands {
    ($($(#[$doc:meta])* $set:ident $unknown:literal { $($name:ident $(($told:literal))? $(= $value:expr)? => [$($rest:expr),*];)* })*) => {
        $($(#[$doc])* pub const $set: Argument = argument(What::Command(&Commands {
            unknown: $unknown,
            cases: &[$(Case {
                value: sets::value!($name $($value)?),
                name: name!($name $($told)?),
                rest: &[$($rest),*],
            }),*],
        }));)*
    };
}

const FLOCK: Argument = argument(What::To(structs::FLOCK));
const FLOCK_OUT: Argument = out(argument(What::To(structs::FLOCK_OUT)));
const OPEN_FLAGS: Argument = argument(What::Value(Form::OneAndFlags(
    sets::OPEN_ACCESS,
    sets::OPEN,
)));

commands! {
    FCNTL "F_???" {
        F_DUPFD => [INT];
        F_DUPFD_CLOEXEC => [INT];
        F_GETFD => [];
        F_SETFD => [flags(sets::DESCRIPTOR)];
        F_GETFL => [];
        F_SETFL => [OPEN_FLAGS];
        F_GETLK => [FLOCK_OUT];
        F_SETLK => [FLOCK];
        F_SETLKW => [FLOCK];
        F_OFD_GETLK => [FLOCK_OUT];
        F_OFD_SETLK => [FLOCK];
        F_OFD_SETLKW => [FLOCK];
        F_GETOWN => [];
        F_SETOWN => [INT];
        F_GETSIG = 11 => [];
        F_SETSIG = 10 => [SIGNAL];
        F_GETLEASE => [];
        F_SETLEASE => [one(sets::FILE_LOCK)];
        F_GETPIPE_SZ => [];
        F_SETPIPE_SZ => [INT];
        F_ADD_SEALS => [flags(sets::SEALS)];
        F_GET_SEALS => [];
    }
}

const TERMIOS: Argument = argument(What::To(structs::TERMIOS));
const WINDOW: Argument = argument(What::To(structs::WINDOW));
const INT_AT: Argument = argument(What::To(structs::ANY_INT));

commands! {
    IOCTL "" {
        TCGETS => [out(TERMIOS)];
        // Sound cards have the same numbers.
        TCSETS("SNDCTL_TMR_START or TCSETS") => [TERMIOS];
        TCSETSW("SNDCTL_TMR_STOP or TCSETSW") => [TERMIOS];
        TCSETSF("SNDCTL_TMR_CONTINUE or TCSETSF") => [TERMIOS];
        TIOCGWINSZ => [out(WINDOW)];
        TIOCSWINSZ => [WINDOW];
        TIOCGPGRP => [out(INT_AT)];
        TIOCSPGRP => [INT_AT];
        TIOCGSID => [out(INT_AT)];
        TIOCSCTTY => [INT];
        TIOCNOTTY => [];
        TIOCGPTN => [out(INT_AT)];
        TIOCSPTLCK => [INT_AT];
        TIOCGPTPEER => [OPEN_FLAGS];
        TIOCOUTQ => [out(INT_AT)];
        TCSBRK => [INT];
        TCFLSH => [one(sets::QUEUE_OF_TERMINAL)];
        TCXONC => [one(sets::FLOW_OF_TERMINAL)];
        TIOCEXCL => [];
        TIOCNXCL => [];
        FIONREAD => [out(INT_AT)];
        FIONBIO => [INT_AT];
        FIOASYNC => [INT_AT];
        FICLONE("BTRFS_IOC_CLONE or FICLONE") = 0x4004_9409 => [INT];
        FIOCLEX => [];
        FIONCLEX => [];
    }
}

const TIMEOUT: Argument = argument(What::To(structs::TIMESPEC));
const MATCHES: Argument = argument(What::Special(|_, bits| match bits as u32 {
    u32::MAX => "FUTEX_BITSET_MATCH_ANY".to_owned(),
    bits => Form::Hex.tell(bits.into()),
}));

/// The commands of futex(2), each alone, in private memory, and by the clock of the day.
macro_rules! futexes {
    ($($name:ident => [$($rest:expr),*];)*) => {
        pub const FUTEX: Argument = argument(What::Command(&Commands {
            unknown: "FUTEX_???",
            cases: &[$(
                Case { value: libc::$name as u64, name: stringify!($name), rest: &[$($rest),*] },
                Case {
                    value: (libc::$name | libc::FUTEX_PRIVATE_FLAG) as u64,
                    name: concat!(stringify!($name), "_PRIVATE"),
                    rest: &[$($rest),*],
                },
                Case {
                    value: (libc::$name | libc::FUTEX_CLOCK_REALTIME) as u64,
                    name: concat!(stringify!($name), "|FUTEX_CLOCK_REALTIME"),
                    rest: &[$($rest),*],
                },
                Case {
                    value: (libc::$name | libc::FUTEX_PRIVATE_FLAG | libc::FUTEX_CLOCK_REALTIME) as u64,
                    name: concat!(stringify!($name), "_PRIVATE|FUTEX_CLOCK_REALTIME"),
                    rest: &[$($rest),*],
                },
            )*],
        }));
    };
}

futexes! {
    FUTEX_WAIT => [INT, TIMEOUT];
    FUTEX_WAKE => [INT];
    FUTEX_REQUEUE => [INT, INT, ADDRESS];
    FUTEX_CMP_REQUEUE => [INT, INT, ADDRESS, UNSIGNED];
    FUTEX_WAKE_OP => [INT, INT, ADDRESS, HEX];
    FUTEX_LOCK_PI => [TIMEOUT.at(3)];
    FUTEX_LOCK_PI2 => [TIMEOUT.at(3)];
    FUTEX_UNLOCK_PI => [];
    FUTEX_TRYLOCK_PI => [];
    FUTEX_WAIT_REQUEUE_PI => [INT, TIMEOUT, ADDRESS];
    FUTEX_CMP_REQUEUE_PI => [INT, INT, ADDRESS, UNSIGNED];
    FUTEX_WAIT_BITSET => [INT, TIMEOUT, MATCHES.at(5)];
    FUTEX_WAKE_BITSET => [INT, MATCHES.at(5)];
}

const COMMAND_NAME: Argument = argument(What::Text);

commands! {
    PRCTL "PR_???" {
        PR_SET_PDEATHSIG => [SIGNAL];
        PR_GET_PDEATHSIG => [out(argument(What::To(Type::Special(4, |it| format!("[{}]", Form::Signal.tell(it.number(0, 4)))))))];
        PR_GET_DUMPABLE => [];
        PR_SET_DUMPABLE => [one(sets::DUMPABLE)];
        PR_GET_KEEPCAPS => [];
        PR_SET_KEEPCAPS => [SIZE];
        PR_SET_NAME => [COMMAND_NAME];
        PR_GET_NAME => [out(COMMAND_NAME)];
        PR_GET_SECCOMP => [];
        PR_CAPBSET_READ => [one(sets::CAPABILITY)];
        PR_CAPBSET_DROP => [one(sets::CAPABILITY)];
        PR_GET_TIMERSLACK => [];
        PR_SET_TIMERSLACK => [SIZE];
        PR_SET_CHILD_SUBREAPER => [SIZE];
        PR_GET_CHILD_SUBREAPER => [out(INT_AT)];
        PR_SET_NO_NEW_PRIVS => [SIZE, SIZE, SIZE, SIZE];
        PR_GET_NO_NEW_PRIVS => [SIZE, SIZE, SIZE, SIZE];
        PR_SET_VMA => [one(sets::MEMORY_NAME), ADDRESS, SIZE, COMMAND_NAME];
        PR_SET_PTRACER => [INT];
    }

    /// x86_64 alone has it.
    ARCH_PRCTL "ARCH_???" {
        ARCH_SET_GS = 0x1001 => [ADDRESS];
        ARCH_SET_FS = 0x1002 => [ADDRESS];
        ARCH_GET_FS = 0x1003 => [out(argument(What::To(Type::Number(8, Form::Address))))];
        ARCH_GET_GS = 0x1004 => [out(argument(What::To(Type::Number(8, Form::Address))))];
        ARCH_GET_CPUID = 0x1011 => [];
        ARCH_SET_CPUID = 0x1012 => [INT];
    }
}

const SOCKET_OPTION: Argument = one(sets::SOCKET_OPTION);
const OPTION: Argument = argument(What::Special(|call, at| {
    option(call, at, call.request.args[4])
}));
const OPTION_OUT: Argument = out(argument(What::Special(|call, at| {
    let length = socket::length_before::<4>(call); // by now it is that of what was written
    option(call, at, length.unwrap_or_default())
})));

/// Names of options, by their level.
macro_rules! levels {
    ($set:ident: $($rest:expr),*) => {
        commands! {
            $set "SOL_??" {
                SOL_SOCKET => [SOCKET_OPTION, $($rest),*];
                SOL_IP => [one(sets::IP_OPTION), $($rest),*];
                SOL_TCP => [one(sets::TCP_OPTION), $($rest),*];
                SOL_IPV6 => [one(sets::IPV6_OPTION), $($rest),*];
            }
        }
    };
}

levels! { SETSOCKOPT: OPTION, INT }
levels! { GETSOCKOPT: OPTION_OUT, argument(What::Special(socket::length_out)).when(When::ReturnAlways) }

/// The value of a socket's option, whose length the next argument holds or points to.
fn option(call: &Call, at: u64, length: u64) -> String {
    let args = &call.request.args;
    let kind = match (args[1] as i32, args[2] as i32) {
        (libc::SOL_SOCKET, libc::SO_LINGER) => structs::LINGER,
        (libc::SOL_SOCKET, libc::SO_PEERCRED) => socket::PEER,
        _ if length == 4 => structs::ANY_INT,
        _ => return text::bytes(call.memory, at, length),
    };
    kind.tell_at(call.memory, at)
}

commands! {
    SEMCTL "SEM_???" {
        IPC_RMID => [ADDRESS];
        IPC_SET => [ADDRESS];
        IPC_STAT => [out(ADDRESS)];
        IPC_INFO = 3 => [ADDRESS];
        GETPID = 11 => [ADDRESS];
        GETVAL = 12 => [ADDRESS];
        GETALL = 13 => [out(ADDRESS)];
        GETNCNT = 14 => [ADDRESS];
        GETZCNT = 15 => [ADDRESS];
        SETVAL = 16 => [ADDRESS];
        SETALL = 17 => [ADDRESS];
    }

    SHMCTL "SHM_???" {
        IPC_RMID => [ADDRESS];
        IPC_SET => [ADDRESS];
        IPC_STAT => [out(argument(What::To(structs::SHM_STATUS)))];
        SHM_LOCK => [ADDRESS];
        SHM_UNLOCK => [ADDRESS];
    }

    MSGCTL "MSG_???" {
        IPC_RMID => [ADDRESS];
        IPC_SET => [ADDRESS];
        IPC_STAT => [out(argument(What::To(structs::MSG_STATUS)))];
    }
}

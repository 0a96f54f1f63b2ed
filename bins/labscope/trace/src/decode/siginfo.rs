//! The details of a signal, and sets of signals.

use nix::libc;

use crate::decode::form::{Form, Set, signal};
use crate::decode::layout::{Found, Member, number, tell_members};
use crate::decode::request::Memory;
use crate::decode::sets;

/// The size of a siginfo.
pub const SIZE: usize = 128;

const SIGNO: usize = 0;
const ERRNO: usize = 4;
const CODE: usize = 8;
const PID: usize = 16;
const UID: usize = 20;
const VALUE: usize = 24;

const SENDER: &[Member] = &[
    number("si_pid", PID, 4, Form::Int),
    number("si_uid", UID, 4, Form::Unsigned),
];
const VALUES: &[Member] = &[
    number("si_int", VALUE, 4, Form::Int),
    number("si_ptr", VALUE, 8, Form::Address),
];
const TIMER: &[Member] = &[
    number("si_timerid", PID, 4, Form::Hex),
    number("si_overrun", UID, 4, Form::Int),
];
const CHILD: &[Member] = &[
    number("si_pid", PID, 4, Form::Int),
    number("si_uid", UID, 4, Form::Unsigned),
    number("si_status", VALUE, 4, Form::Int).only_if(has_exited),
    number("si_status", VALUE, 4, Form::Signal).only_if(has_not_exited),
    number("si_utime", 32, 8, Form::Size),
    number("si_stime", 40, 8, Form::Size),
];
const FAULT: &[Member] = &[number("si_addr", PID, 8, Form::Address)];
const POLL: &[Member] = &[
    number("si_band", PID, 8, Form::Long),
    number("si_fd", VALUE, 4, Form::Int),
];
const SECCOMP: &[Member] = &[
    number("si_call_addr", PID, 8, Form::Address),
    number("si_syscall", VALUE, 4, Form::Int),
    number("si_arch", 28, 4, Form::Hex),
];

fn has_exited(found: &Found) -> bool {
    code(found) == libc::CLD_EXITED
}

fn has_not_exited(found: &Found) -> bool {
    !has_exited(found)
}

fn code(found: &Found) -> i32 {
    found.number(CODE, 4) as i32
}

struct Nowhere;

impl Memory for Nowhere {
    fn read(&self, _: u64, _: &mut [u8]) -> usize {
        0
    }
}

/// The name of a signal, and its details.
pub fn tell(siginfo: &[u8]) -> (String, String) {
    let mut bytes = [0; SIZE];
    let length = siginfo.len().min(SIZE);
    bytes[..length].copy_from_slice(&siginfo[..length]);
    let found = Found {
        bytes: &bytes,
        at: 0,
        memory: &Nowhere,
    };
    (signal(found.number(SIGNO, 4) as u32), details(&found))
}

/// `{si_signo=SIGCHLD, …}`.
pub fn details(found: &Found) -> String {
    let signo = found.number(SIGNO, 4) as i32;
    if signo == 0 {
        return "{}".to_owned();
    }
    let mut parts = vec![
        format!("si_signo={}", signal(signo as u32)),
        format!("si_code={}", code_name(signo, code(found))),
    ];
    let errno = found.number(ERRNO, 4) as i32;
    if errno != 0 {
        parts.push(format!(
            "si_errno={}",
            nix::errno::Errno::from_raw(errno) as i32
        ));
    }
    for members in members(signo, found) {
        parts.extend(tell_members(members, found));
    }
    format!("{{{}}}", parts.join(", "))
}

/// Which members the union holds, by the signal and where it comes from.
fn members(signo: i32, found: &Found) -> Vec<&'static [Member]> {
    let has_value = found.number(VALUE, 8) != 0;
    let value: &[Member] = if has_value { VALUES } else { &[] };
    let value = Some(value).filter(|value| !value.is_empty());
    let sender = (found.number(PID, 8) != 0).then_some(SENDER);
    match (code(found), signo) {
        (libc::SI_USER | libc::SI_TKILL, _) => vec![SENDER],
        (libc::SI_TIMER, _) => [Some(TIMER), value].into_iter().flatten().collect(),
        (libc::SI_SIGIO, _) => vec![POLL],
        (code, _) if code <= 0 => [Some(SENDER), value].into_iter().flatten().collect(),
        (_, libc::SIGCHLD) => vec![CHILD],
        (_, libc::SIGILL | libc::SIGTRAP | libc::SIGFPE | libc::SIGSEGV | libc::SIGBUS) => {
            vec![FAULT]
        }
        (code, libc::SIGIO) if sets::POLL_CODES.name(code as u64).is_some() => vec![POLL],
        (_, libc::SIGSYS) => vec![SECCOMP],
        _ => [sender, value].into_iter().flatten().collect(),
    }
}

fn code_name(signo: i32, code: i32) -> String {
    let of_signal: &Set = match signo {
        libc::SIGCHLD => sets::CHILD_CODES,
        libc::SIGSEGV => sets::SEGV_CODES,
        libc::SIGBUS => sets::BUS_CODES,
        libc::SIGFPE => sets::FPE_CODES,
        libc::SIGILL => sets::ILL_CODES,
        libc::SIGIO => sets::POLL_CODES,
        libc::SIGTRAP => sets::TRAP_CODES,
        libc::SIGSYS => sets::SYS_CODES,
        _ => sets::SIGNAL_CODES,
    };
    let value = i64::from(code) as u64;
    let name = sets::SIGNAL_CODES.name(value).or(of_signal.name(value));
    name.map_or_else(|| Form::Hex32.tell(value), str::to_owned)
}

/// A set of signals, the eight bytes of the kernel: `[INT CHLD]`, `~[KILL STOP]` where most are in it.
pub fn set(found: &Found) -> String {
    const MOST: u32 = 64 * 2 / 3;
    let bits = found.number(0, 8);
    let (sign, bits) = match bits.count_ones() >= MOST {
        true => ("~", !bits),
        false => ("", bits),
    };
    let signals = (1..=64u32).filter(|number| bits & (1 << (number - 1)) != 0);
    let names = signals.map(|number| match signal(number).strip_prefix("SIG") {
        Some(name) => name.to_owned(),
        None => number.to_string(),
    });
    format!("{sign}[{}]", names.collect::<Vec<_>>().join(" "))
}

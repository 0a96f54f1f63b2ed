//! Slide "프로세스 제어", `kill -9 25578`: a signal is sent to processes. C: `mykill.c`.
//!
//! Watch: one `kill` for each PID. It returns before the other process has done
//! anything: 0 only says that the signal was accepted, for a zombie too.
//! Trace: `make strace-mykill ARGS="-0 1"`
//! Helper: `complain` tells what is wrong with an argument.
//!
//! Differences from the C: none.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::complain;
use rawlabs::signal::{SIGTERM, kill};
use rawlabs::stdio::{fwrite, stderr};
use rawlabs::stdlib::strtol;

/// Signals 1 to 31 by number, as nearly every processor has them.
const NAMES: [&[u8]; 31] = [
    b"HUP", b"INT", b"QUIT", b"ILL", b"TRAP", b"ABRT", b"BUS", b"FPE", b"KILL", b"USR1", b"SEGV",
    b"USR2", b"PIPE", b"ALRM", b"TERM", b"STKFLT", b"CHLD", b"CONT", b"STOP", b"TSTP", b"TTIN",
    b"TTOU", b"URG", b"XCPU", b"XFSZ", b"VTALRM", b"PROF", b"WINCH", b"IO", b"PWR", b"SYS",
];

/// Digits and nothing else, up to INT_MAX.
fn number(text: &[u8]) -> Option<c_int> {
    match (text, strtol(text)) {
        ([b'0'..=b'9', ..], (Some(value), b"")) => c_int::try_from(value).ok(),
        _ => None,
    }
}

/// A number, or a name with or without SIG, in capitals or not.
fn signal_number(text: &[u8]) -> Option<c_int> {
    let name = match text {
        [b'0'..=b'9', ..] => return number(text),
        [b'S' | b's', b'I' | b'i', b'G' | b'g', name @ ..] => name, // strncasecmp
        name => name,
    };
    let place = NAMES.iter().position(|it| name.eq_ignore_ascii_case(it))?; // strcasecmp
    Some(place as c_int + 1)
}

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    let (mut sig, mut first, mut failed) = (SIGTERM, 1, 0);
    if let Some([b'-', name @ ..]) = argv.get(1).map(|text| text.to_bytes()) {
        let Some(number) = signal_number(name) else {
            complain(argv.get(1).unwrap_or_default(), "not a signal");
            return 2;
        };
        (sig, first) = (number, 2);
    }
    if argv.get(first).is_none() {
        fwrite(b"Usage : mykill [-SIGNAL] PID...\n", stderr);
        return 2;
    }
    for text in argv.into_iter().skip(first) {
        if number(text.to_bytes()).is_none_or(|pid| pid < 1) {
            complain(text, "not a PID"); // nor a group; and no signal is sent
            return 2;
        }
    }
    for text in argv.into_iter().skip(first) {
        let what = match number(text.to_bytes()).map(|pid| kill(pid, sig)) {
            Some(Err(Errno::ESRCH)) => "no such process (ESRCH)",
            Some(Err(Errno::EPERM)) => "not permitted (EPERM)",
            Some(Err(Errno::EINVAL)) => "no such signal (EINVAL)",
            Some(Err(_)) => "unknown error",
            Some(Ok(())) | None => continue,
        };
        complain(text, what);
        failed = 1;
    }
    failed
}

//! What labs have beyond C: for arguments, and for a whole buffer. What else a lab
//! uses beyond C, the table of [the crate](crate) names.

use core::ffi::CStr;

use libc::{c_int, key_t};
use syscalls::Errno;

use crate::arpa::inet::{htonl, htons, inet_pton};
use crate::crt0::Argv;
use crate::netinet::r#in::{INADDR_LOOPBACK, any_address, sockaddr_in};
use crate::stdio::report_bytes;
use crate::unistd::write;

/// Reads the arguments `[ADDRESS [PORT]]`: 127.0.0.1 and `port` where they are
/// missing. What is wrong with them is told on stderr, and the result is the
/// status to leave with, 2.
pub fn address_and_port(argv: Argv, port: u16) -> Result<sockaddr_in, c_int> {
    let mut arguments = argv.into_iter().skip(1);
    let address = address_then_port(&mut arguments, port)?;
    no_more(arguments, "too much, expected [ADDRESS [PORT]]").map(|()| address)
}

/// Reads the arguments `PORT [ADDRESS]`: 127.0.0.1 where the second is missing. What is wrong with them is told on stderr, and
/// the result is the status to leave with, 2.
pub fn port_and_address(argv: Argv) -> Result<sockaddr_in, c_int> {
    let mut arguments = argv.into_iter().skip(1);
    let port = arguments
        .next()
        .ok_or_else(|| refuse(c"", "a port is missing, expected PORT [ADDRESS]"))?;
    let port = read_port(port)?;
    let address = address_then_port(arguments.by_ref().take(1), port)?;
    no_more(arguments, "too much, expected PORT [ADDRESS]").map(|()| address)
}

/// Reads the arguments `[ADDRESS [PORT [WORKERS]]]`, from 1 to 64 workers. What is wrong with them is told on stderr, and the result
/// is the status to leave with, 2.
pub fn address_port_and_workers(
    argv: Argv,
    port: u16,
    workers: usize,
) -> Result<(sockaddr_in, usize), c_int> {
    let mut arguments = argv.into_iter().skip(1);
    let address = address_then_port(&mut arguments, port)?;
    let workers = match arguments.next() {
        Some(text) => number(text, 1, 64, "not a number of workers (1 to 64)")?,
        None => workers,
    };
    no_more(arguments, "too much, expected [ADDRESS [PORT [WORKERS]]]").map(|()| (address, workers))
}

/// An option with a number: what it is called, its value (at first the default), the largest, and what is said of any other.
pub type NumberOption<'a> = (&'a CStr, &'a mut usize, usize, &'a str);

/// Reads options with numbers from 1 on, as `-j 4`, and behind them `[ADDRESS [PORT]]`. What is wrong with them is told on
/// stderr, and the result is the status to leave with, 2.
pub fn options_address_and_port(
    argv: Argv,
    port: u16,
    mut options: [NumberOption; 3],
) -> Result<sockaddr_in, c_int> {
    let mut arguments = argv.into_iter().skip(1);
    let mut first = arguments.next();
    while let Some(name) = first.filter(|text| text.to_bytes().starts_with(b"-")) {
        let known = options.iter_mut().find(|option| option.0 == name);
        let (_, value, most, why) = known.ok_or_else(|| refuse(name, "no such option"))?;
        **value = number(arguments.next().unwrap_or(c""), 1, *most, why)?;
        first = arguments.next();
    }
    let mut rest = first.into_iter().chain(arguments);
    let address = address_then_port(&mut rest, port)?;
    no_more(rest, "too much, expected [ADDRESS [PORT]]").map(|()| address)
}

/// A number in that range.
fn number(text: Argument, least: usize, most: usize, why: &str) -> Result<usize, c_int> {
    match port_number(text).map(usize::from) {
        Some(number) if (least..=most).contains(&number) => Ok(number),
        _ => Err(refuse(text, why)),
    }
}

type Argument = &'static CStr;

/// 127.0.0.1 and `port` where the arguments say nothing else; takes two of them.
fn address_then_port(
    mut arguments: impl Iterator<Item = Argument>,
    port: u16,
) -> Result<sockaddr_in, c_int> {
    let mut address = any_address();
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if let Some(text) = arguments.next() {
        address.sin_addr =
            inet_pton(text).ok_or_else(|| refuse(text, "not an IPv4 address such as 127.0.0.1"))?;
    }
    if let Some(text) = arguments.next() {
        address.sin_port = htons(read_port(text)?);
    }
    Ok(address)
}

fn read_port(text: Argument) -> Result<u16, c_int> {
    port_number(text).ok_or_else(|| refuse(text, "not a port (0 to 65535)"))
}

fn no_more(mut arguments: impl Iterator<Item = Argument>, why: &str) -> Result<(), c_int> {
    match arguments.next() {
        Some(text) => Err(refuse(text, why)),
        None => Ok(()),
    }
}

fn port_number(text: &CStr) -> Option<u16> {
    let digits = text.to_bytes();
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u16, |value, digit| {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            None
        } else {
            value.checked_mul(10)?.checked_add(digit.into())
        }
    })
}

/// Reads the argument `[KEY]` of `shmget(2)` and `semget(2)`; `None` where it is missing.
/// What is wrong with it is told on stderr, and the result is the status to leave with, 2.
pub fn key(argv: Argv) -> Result<Option<key_t>, c_int> {
    let Some(text) = argv.get(1) else {
        return Ok(None);
    };
    if let Some(more) = argv.get(2) {
        return Err(refuse(more, "too much, expected [KEY]"));
    }
    let digit = |key: key_t, digit: &u8| match digit.wrapping_sub(b'0') {
        digit @ 0..=9 => key.checked_mul(10)?.checked_add(digit.into()),
        _ => None,
    };
    match text.to_bytes().iter().try_fold(0, digit) {
        Some(key @ 1..) => Ok(Some(key)), // 0 is IPC_PRIVATE: nobody else would find it
        _ => Err(refuse(text, "not a key (1 to 2147483647)")),
    }
}

/// Refuses an argument; the result is the status to leave with, 2.
fn refuse(argument: &CStr, what: &str) -> c_int {
    complain(argument, what);
    2
}

/// Tells in one line on stderr what is wrong with an argument: `"abc": not a port`.
/// A `write`. In C: `fprintf(stderr, "\"%s\": %s\n", argument, what);`
pub fn complain(argument: &CStr, what: &str) {
    let (argument, what) = (argument.to_bytes(), what.as_bytes());
    report_bytes(&[b"\"", argument, b"\": ", what, b"\n"]);
}

/// Writes all of `buf`: a short write is followed by another, and so is one that
/// a signal interrupted. A `write` each. One that takes nothing is an error, `EIO`.
pub fn write_all(fd: c_int, mut buf: &[u8]) -> Result<(), Errno> {
    while !buf.is_empty() {
        match write(fd, buf) {
            Ok(0) => return Err(Errno::EIO),
            Ok(written) => buf = buf.get(written..).unwrap_or_default(),
            Err(Errno::EINTR) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

//! The two helpers of the network labs. What else a lab uses beyond C, the table of
//! [the crate](crate) names.

use core::ffi::CStr;

use libc::c_int;
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
    let mut address = any_address();
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    let mut arguments = argv.into_iter().skip(1);
    if let Some(text) = arguments.next() {
        address.sin_addr = inet_pton(text)
            .ok_or_else(|| wrong(text, "\": not an IPv4 address such as 127.0.0.1\n"))?;
    }
    if let Some(text) = arguments.next() {
        address.sin_port =
            htons(port_number(text).ok_or_else(|| wrong(text, "\": not a port (0 to 65535)\n"))?);
    }
    match arguments.next() {
        Some(text) => Err(wrong(text, "\": too much, expected [ADDRESS [PORT]]\n")),
        None => Ok(address),
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

fn wrong(argument: &CStr, what: &str) -> c_int {
    report_bytes([b"\"", argument.to_bytes(), what.as_bytes()]);
    2
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

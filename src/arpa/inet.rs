//! `<arpa/inet.h>`: byte order, and addresses as text. No function here makes a system call.

use core::ffi::CStr;
use core::fmt;

use crate::netinet::r#in::in_addr;
use crate::stdio::Printable;

/// A port from the machine's byte order to the network's. `htons(3)`: `uint16_t htons(uint16_t hostshort);`
pub const fn htons(hostshort: u16) -> u16 {
    hostshort.to_be()
}

/// A port from the network's byte order to the machine's. `ntohs(3)`: `uint16_t ntohs(uint16_t netshort);`
pub const fn ntohs(netshort: u16) -> u16 {
    u16::from_be(netshort)
}

/// A number from the machine's byte order to the network's. `htonl(3)`: `uint32_t htonl(uint32_t hostlong);`
pub const fn htonl(hostlong: u32) -> u32 {
    hostlong.to_be()
}

/// A number from the network's byte order to the machine's. `ntohl(3)`: `uint32_t ntohl(uint32_t netlong);`
pub const fn ntohl(netlong: u32) -> u32 {
    u32::from_be(netlong)
}

/// Reads an address: four decimal numbers from 0 to 255 with dots between them, and nothing else.
///
/// `inet_pton(3)` for `AF_INET`: `int inet_pton(int af, const char *src, void *dst);`
///
/// `None` where C returns 0. Leading zeros are refused, as they mean octal elsewhere.
pub fn inet_pton(src: &CStr) -> Option<in_addr> {
    let mut address: u32 = 0;
    let mut numbers = 0;
    for number in src.to_bytes().split(|&byte| byte == b'.') {
        if numbers == 4 {
            return None;
        }
        address = address << 8 | u32::from(decimal_byte(number)?);
        numbers += 1;
    }
    (numbers == 4).then_some(in_addr {
        s_addr: htonl(address),
    })
}

/// One to three digits, at most 255, without a leading zero.
fn decimal_byte(digits: &[u8]) -> Option<u8> {
    match digits {
        [] | [b'0', _, ..] => None,
        _ => digits.iter().try_fold(0u8, |value, digit| {
            let digit = digit.wrapping_sub(b'0');
            if digit > 9 {
                None
            } else {
                value.checked_mul(10)?.checked_add(digit)
            }
        }),
    }
}

/// An address as text, to be printed with `{}`.
///
/// `inet_ntoa(3)`: `char *inet_ntoa(struct in_addr in);` C returns a buffer that the next call overwrites.
pub fn inet_ntoa(address: in_addr) -> impl fmt::Display + Printable {
    Dotted(ntohl(address.s_addr))
}

struct Dotted(u32);

impl Printable for Dotted {
    fn print(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let mut dot = "";
        for number in self.0.to_be_bytes() {
            f.write_str(dot)?;
            number.print(f)?;
            dot = ".";
        }
        Ok(())
    }
}

impl fmt::Display for Dotted {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.print(f)
    }
}

//! `<netinet/in.h>`: internet addresses. In memory both address and port stand
//! in network order, the most significant byte first.
#![allow(non_camel_case_types)]

use libc::in_addr_t;
pub use libc::{in_addr, sockaddr_in};

use crate::arpa::inet::htonl;
use crate::sys::socket::AF_INET;

/// Every address of this machine, in host order. A server that uses it can be reached from outside.
pub const INADDR_ANY: in_addr_t = 0x0000_0000;
/// 127.0.0.1, in host order: this machine only.
pub const INADDR_LOOPBACK: in_addr_t = 0x7f00_0001;

/// An address with nothing in it but its family: C's
/// `memset(&addr, 0, sizeof(addr)); addr.sin_family = AF_INET;`
pub const fn any_address() -> sockaddr_in {
    sockaddr_in {
        sin_family: AF_INET as u16,
        sin_port: 0,
        sin_addr: in_addr {
            s_addr: htonl(INADDR_ANY),
        },
        sin_zero: [0; 8],
    }
}

//! `<sys/un.h>`: addresses of Unix sockets, which are names of files.

use core::ffi::{CStr, c_char};

pub use libc::sockaddr_un;

use crate::sys::socket::AF_UNIX;

/// The address that is the name of a file; none if that is longer than the 107 bytes there is room for.
///
/// C's `memset(&addr, 0, sizeof(addr)); addr.sun_family = AF_UNIX; strcpy(addr.sun_path, path);`, and `strcpy`
/// goes on beyond the end. The kernel would take 108 bytes without a NUL, but those who ask for the name then get
/// one byte more than `sockaddr_un` holds. `unix(7)`, no system call.
pub fn unix_address(path: &CStr) -> Option<sockaddr_un> {
    let mut addr = no_address();
    let name = path.to_bytes_with_nul();
    let room = addr.sun_path.get_mut(..name.len())?;
    for (place, &byte) in room.iter_mut().zip(name) {
        *place = byte as c_char;
    }
    Some(addr)
}

/// An address with nothing in it but its family, to be filled in.
pub const fn no_address() -> sockaddr_un {
    sockaddr_un {
        sun_family: AF_UNIX as u16,
        sun_path: [0; 108],
    }
}

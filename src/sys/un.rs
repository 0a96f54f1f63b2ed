//! `<sys/un.h>`: addresses of Unix sockets, which are names of files.

use core::ffi::{CStr, c_char};

pub use libc::sockaddr_un;

use crate::sys::socket::AF_UNIX;

/// The address that is the name of a file; none if that is longer than the 107 bytes there is room for, or empty
/// (for Linux a name of another kind, which is no file's).
///
/// C's `memset(&addr, 0, sizeof(addr)); addr.sun_family = AF_UNIX; strcpy(addr.sun_path, path);`, and `strcpy`
/// goes on beyond the end. The kernel would take 108 bytes without a NUL, but those who ask for the name then get
/// one byte more than `sockaddr_un` holds. `unix(7)`, no system call.
pub fn unix_address(path: &CStr) -> Option<sockaddr_un> {
    let mut addr = no_address();
    let name = path.to_bytes_with_nul();
    if path.is_empty() {
        return None;
    }
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

/// The name in an address: C's `addr.sun_path`. Empty if it has none.
pub fn sun_path(addr: &sockaddr_un) -> &CStr {
    let path: *const [c_char; 108] = &addr.sun_path;
    // SAFETY: as many bytes in the same place; that C gives them a sign is nothing to them.
    let path = unsafe { &*path.cast::<[u8; 108]>() };
    CStr::from_bytes_until_nul(path).unwrap_or_default()
}

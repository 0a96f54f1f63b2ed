//! Unix sockets: their addresses are names, and their errors are those of names.

use std::ffi::{CStr, CString};
use std::os::unix::net::{UnixListener, UnixStream};

use rawlabs::errno::Errno;
use rawlabs::sys::socket::*;
use rawlabs::sys::stat::{S_ISSOCK, stat};
use rawlabs::sys::un::*;
use rawlabs::unistd::{close, read, unlink};

use crate::support::Scratch;

fn name(scratch: &Scratch, name: &str) -> CString {
    let path = scratch.path(name).into_os_string().into_encoded_bytes();
    CString::new(path).unwrap()
}

fn address(path: &CStr) -> sockaddr_un {
    unix_address(path).expect("a name that fits")
}

#[test]
fn a_name_of_1_to_107_bytes_is_an_address() {
    for length in [1, 2, 106, 107] {
        let path = CString::new("n".repeat(length)).unwrap();
        let addr = address(&path);
        assert_eq!((addr.sun_family, sun_path(&addr)), (1, path.as_c_str()));
    }
    for length in [0, 108, 109, 4096] {
        let path = CString::new("n".repeat(length)).unwrap();
        assert!(unix_address(&path).is_none(), "{length} bytes");
    }
    assert_eq!(sun_path(&no_address()), c"");
    // Without a NUL it is no string.
    let mut full = no_address();
    full.sun_path = [1; 108];
    assert_eq!(sun_path(&full), c"");
}

#[test]
fn a_connection_is_made_through_a_name() {
    let scratch = Scratch::new();
    let path = name(&scratch, "sock");
    let addr = address(&path);
    let listen_fd = socket(AF_UNIX, SOCK_STREAM, 0).unwrap();
    bind(listen_fd, &addr).unwrap();
    assert!(S_ISSOCK(stat(&path).unwrap().st_mode));
    listen(listen_fd, 1).unwrap();
    let mut own = no_address();
    getsockname(listen_fd, &mut own).unwrap();
    assert_eq!(sun_path(&own), path.as_c_str());
    // Rust's client at our server.
    let client = UnixStream::connect(scratch.path("sock")).unwrap();
    let mut peer = addr;
    let accepted = accept(listen_fd, &mut peer).unwrap();
    assert_eq!(peer.sun_family, 1);
    std::io::Write::write_all(&mut { &client }, b"x").unwrap();
    assert_eq!(read(accepted, &mut [0]), Ok(1));
    // Our client at Rust's server.
    let server = UnixListener::bind(scratch.path("theirs")).unwrap();
    let connected = socket(AF_UNIX, SOCK_STREAM, 0).unwrap();
    connect(connected, &address(&name(&scratch, "theirs"))).unwrap();
    server.accept().unwrap();
    for fd in [listen_fd, accepted, connected] {
        close(fd).unwrap();
    }
    // The name outlives the socket.
    assert_eq!(unlink(&path), Ok(()));
}

#[test]
fn errors_are_those_of_names() {
    let scratch = Scratch::new();
    scratch.file("file", "");
    let fd = socket(AF_UNIX, SOCK_STREAM, 0).unwrap();
    for (path, of_bind, of_connect) in [
        ("file", Errno::EADDRINUSE, Errno::ECONNREFUSED),
        ("no/no", Errno::ENOENT, Errno::ENOENT),
        ("file/x", Errno::ENOTDIR, Errno::ENOTDIR),
    ] {
        let addr = address(&name(&scratch, path));
        assert_eq!(bind(fd, &addr), Err(of_bind), "{path}");
        assert_eq!(connect(fd, &addr), Err(of_connect), "{path}");
    }
    let stale = address(&name(&scratch, "stale"));
    drop(UnixListener::bind(scratch.path("stale")).unwrap());
    assert_eq!(connect(fd, &stale), Err(Errno::ECONNREFUSED));
    assert_eq!(bind(fd, &stale), Err(Errno::EADDRINUSE));
    assert_eq!(accept(fd, &mut no_address()), Err(Errno::EINVAL));
    close(fd).unwrap();
}

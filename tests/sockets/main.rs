//! The calls of `<sys/socket.h>`: what each fills in, and the error of each that fails.
#![forbid(unsafe_code)]

mod calls;
mod errors;
#[path = "../support/mod.rs"]
mod support;
mod unix;

use libc::c_int;
use rawlabs::arpa::inet::{htonl, htons, inet_ntoa, ntohs};
use rawlabs::netinet::r#in::{INADDR_LOOPBACK, any_address, sockaddr_in};
use rawlabs::sys::socket::getsockname;

/// This machine only, at that port.
fn loopback(port: u16) -> sockaddr_in {
    let mut address = any_address();
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    address
}

/// As Rust writes an address.
fn text(address: &sockaddr_in) -> String {
    format!(
        "{}:{}",
        inet_ntoa(address.sin_addr),
        ntohs(address.sin_port)
    )
}

fn name_of(fd: c_int) -> String {
    let mut address = any_address();
    getsockname(fd, &mut address).unwrap();
    text(&address)
}

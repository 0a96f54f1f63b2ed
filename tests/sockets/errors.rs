//! The error of each call that fails.

use std::fmt::Debug;
use std::io;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsRawFd;

use libc::timeval;
use rawlabs::arpa::inet::htonl;
use rawlabs::errno::Errno;
use rawlabs::netinet::r#in::any_address;
use rawlabs::sys::socket::*;
use rawlabs::unistd::close;

use crate::loopback;
use crate::support::server::free_port;
use crate::support::tracer::Traced;
use crate::support::{bounded, output, probe, text_of};

/// Fails, at the caller's line, unless the call fails so.
#[track_caller]
fn assert_fails<T: Debug + PartialEq>(call: Result<T, Errno>, errno: Errno) {
    assert_eq!(call, Err(errno));
}

#[test]
fn calls_on_what_is_no_socket() {
    let (pipe, _writer) = io::pipe().unwrap();
    let mut a = any_address();
    for (fd, errno) in [(-1, Errno::EBADF), (pipe.as_raw_fd(), Errno::ENOTSOCK)] {
        assert_fails(bind(fd, &a), errno);
        assert_fails(listen(fd, 1), errno);
        assert_fails(accept(fd, &mut a), errno);
        assert_fails(connect(fd, &a), errno);
        assert_fails(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &1), errno);
        assert_fails(getsockname(fd, &mut a), errno);
        assert_fails(sendto(fd, b"x", 0, &a), errno);
        assert_fails(recvfrom(fd, &mut [0], 0, &mut a), errno);
    }
}

#[test]
fn calls_on_a_socket_of_another_kind_or_state() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connection = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let datagrams = UdpSocket::bind("127.0.0.1:0").unwrap();
    let fresh = socket(AF_INET, SOCK_STREAM, 0).unwrap();
    let (listening, connected) = (listener.as_raw_fd(), connection.as_raw_fd());
    let udp = datagrams.as_raw_fd();
    let taken = loopback(listener.local_addr().unwrap().port());
    let mut a = any_address();
    assert_fails(bind(listening, &loopback(0)), Errno::EINVAL); // it has an address
    assert_fails(bind(fresh, &taken), Errno::EADDRINUSE);
    assert_fails(listen(udp, 1), Errno::EOPNOTSUPP);
    assert_fails(listen(connected, 1), Errno::EINVAL);
    assert_fails(accept(udp, &mut a), Errno::EOPNOTSUPP);
    assert_fails(accept(fresh, &mut a), Errno::EINVAL);
    assert_fails(connect(connected, &taken), Errno::EISCONN);
    assert_fails(sendto(udp, &[0; 65_508], 0, &taken), Errno::EMSGSIZE);
    close(fresh).unwrap();
}

#[test]
fn arguments_that_mean_nothing() {
    assert_fails(socket(99, SOCK_STREAM, 0), Errno::EAFNOSUPPORT);
    assert_fails(socket(AF_INET, 99, 0), Errno::EINVAL);
    assert_fails(socket(AF_INET, SOCK_STREAM, 17), Errno::EPROTONOSUPPORT); // UDP's
    let fresh = socket(AF_INET, SOCK_STREAM, 0).unwrap();
    let mut address = loopback(0);
    address.sin_family = 99;
    assert_fails(bind(fresh, &address), Errno::EAFNOSUPPORT);
    address = loopback(0);
    address.sin_addr.s_addr = htonl(0xc000_0201); // 192.0.2.1, the documentation's
    assert_fails(bind(fresh, &address), Errno::EADDRNOTAVAIL);
    assert_fails(setsockopt(fresh, SOL_SOCKET, 9999, &1), Errno::ENOPROTOOPT);
    let second = timeval {
        tv_sec: 0,
        tv_usec: 1_000_000,
    };
    assert_fails(
        setsockopt(fresh, SOL_SOCKET, SO_RCVTIMEO, &second),
        Errno::EDOM,
    );
    close(fresh).unwrap();
}

#[test]
fn nobody_there_is_an_error() {
    let mut nobody = loopback(free_port());
    let stream = socket(AF_INET, SOCK_STREAM, 0).unwrap();
    assert_eq!(connect(stream, &nobody), Err(Errno::ECONNREFUSED));
    let datagrams = socket(AF_INET, SOCK_DGRAM, 0).unwrap();
    connect(datagrams, &nobody).unwrap(); // says nothing yet
    assert_eq!(sendto(datagrams, b"x", 0, &nobody), Ok(1));
    let answer = recvfrom(datagrams, &mut [0], 0, &mut nobody);
    assert_eq!(answer, Err(Errno::ECONNREFUSED));
    let millisecond = timeval {
        tv_sec: 0,
        tv_usec: 1000,
    };
    setsockopt(datagrams, SOL_SOCKET, SO_RCVTIMEO, &millisecond).unwrap();
    let silence = recvfrom(datagrams, &mut [0], 0, &mut nobody);
    assert_eq!(silence, Err(Errno::EAGAIN));
    close(stream).unwrap();
    close(datagrams).unwrap();
}

#[test]
fn no_descriptor_and_interruptions_are_errors() {
    for call in ["socket", "accept"] {
        let mut limited = bounded("prlimit");
        limited
            .arg("--nofile=10:10")
            .arg(probe("probe_errno"))
            .arg(call);
        let seen = text_of(&output(&mut limited));
        assert_eq!(seen, Errno::EMFILE.into_raw().to_string(), "{limited:?}");
    }
    for (call, name) in [("accept of nobody", "accept"), ("recvfrom", "recvfrom")] {
        let signal = format!("{name}:signal=USR1");
        let (seen, processes) = Traced::new(&[&signal], probe("probe_errno"), [call]).run();
        let number = Errno::EINTR.into_raw().to_string();
        assert_eq!(text_of(&seen), number, "{call}\n{}", processes[0].text());
    }
}

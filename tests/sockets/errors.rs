//! The error of each call that fails.

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
use crate::support::strace::Strace;
use crate::support::{bounded, output, probe, text_of};

fn assert_errors(cases: &[(&str, Option<Errno>, Errno)]) {
    for (call, seen, expected) in cases {
        assert_eq!(*seen, Some(*expected), "{call}");
    }
}

#[test]
fn calls_on_what_is_no_socket() {
    let (pipe, _writer) = io::pipe().unwrap();
    let mut a = any_address();
    for (fd, errno) in [(-1, Errno::EBADF), (pipe.as_raw_fd(), Errno::ENOTSOCK)] {
        assert_errors(&[
            ("bind", bind(fd, &a).err(), errno),
            ("listen", listen(fd, 1).err(), errno),
            ("accept", accept(fd, &mut a).err(), errno),
            ("connect", connect(fd, &a).err(), errno),
            (
                "setsockopt",
                setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &1).err(),
                errno,
            ),
            ("getsockname", getsockname(fd, &mut a).err(), errno),
            ("shutdown", shutdown(fd, SHUT_RDWR).err(), errno),
            ("sendto", sendto(fd, b"x", 0, &a).err(), errno),
            ("recvfrom", recvfrom(fd, &mut [0], 0, &mut a).err(), errno),
        ]);
    }
}

#[test]
fn calls_on_a_socket_of_another_kind_or_state() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let connection = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let datagrams = UdpSocket::bind("127.0.0.1:0").unwrap();
    let fresh = socket(AF_INET, SOCK_STREAM, 0).unwrap();
    let [listening, connected, udp] = [
        listener.as_raw_fd(),
        connection.as_raw_fd(),
        datagrams.as_raw_fd(),
    ];
    let mut a = any_address();
    let taken = loopback(listener.local_addr().unwrap().port());
    let mut unspecified = any_address();
    unspecified.sin_family = 99;
    let second = timeval {
        tv_sec: 0,
        tv_usec: 1_000_000,
    };
    assert_errors(&[
        (
            "socket, family",
            socket(99, SOCK_STREAM, 0).err(),
            Errno::EAFNOSUPPORT,
        ),
        ("socket, type", socket(AF_INET, 99, 0).err(), Errno::EINVAL),
        (
            "socket, protocol",
            socket(AF_INET, SOCK_STREAM, 17).err(),
            Errno::EPROTONOSUPPORT,
        ),
        (
            "bind again",
            bind(listening, &loopback(0)).err(),
            Errno::EINVAL,
        ),
        ("bind, taken", bind(fresh, &taken).err(), Errno::EADDRINUSE),
        (
            "bind, family",
            bind(fresh, &unspecified).err(),
            Errno::EAFNOSUPPORT,
        ),
        ("listen, datagrams", listen(udp, 1).err(), Errno::EOPNOTSUPP),
        (
            "listen, connected",
            listen(connected, 1).err(),
            Errno::EINVAL,
        ),
        (
            "accept, datagrams",
            accept(udp, &mut a).err(),
            Errno::EOPNOTSUPP,
        ),
        (
            "accept, not listening",
            accept(fresh, &mut a).err(),
            Errno::EINVAL,
        ),
        (
            "connect again",
            connect(connected, &taken).err(),
            Errno::EISCONN,
        ),
        (
            "setsockopt, no such",
            setsockopt(fresh, SOL_SOCKET, 9999, &1).err(),
            Errno::ENOPROTOOPT,
        ),
        (
            "setsockopt, no time",
            setsockopt(fresh, SOL_SOCKET, SO_RCVTIMEO, &second).err(),
            Errno::EDOM,
        ),
        (
            "shutdown, unconnected",
            shutdown(fresh, SHUT_WR).err(),
            Errno::ENOTCONN,
        ),
        ("shutdown, how", shutdown(connected, 9).err(), Errno::EINVAL),
        (
            "sendto, too long",
            sendto(udp, &[0; 65_508], 0, &taken).err(),
            Errno::EMSGSIZE,
        ),
    ]);
    let mut elsewhere = loopback(0);
    elsewhere.sin_addr.s_addr = htonl(0xc000_0201); // 192.0.2.1, the documentation's
    assert_eq!(bind(fresh, &elsewhere), Err(Errno::EADDRNOTAVAIL));
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
        let strace = Strace::new(&["-e", &format!("inject={name}:signal=USR1")]);
        let (seen, processes) = strace.program(probe("probe_errno"), [call]).run();
        let number = Errno::EINTR.into_raw().to_string();
        assert_eq!(text_of(&seen), number, "{call}\n{}", processes[0].text());
    }
}

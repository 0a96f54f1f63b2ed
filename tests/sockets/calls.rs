//! What each call fills in, with Rust's own sockets on the other side.

use std::io;
use std::net::{SocketAddr, TcpStream, UdpSocket};

use rawlabs::errno::Errno;
use rawlabs::netinet::r#in::any_address;
use rawlabs::sys::socket::*;
use rawlabs::unistd::{close, read};

use crate::support::proc::DEADLINE;
use crate::{loopback, name_of, text};

#[test]
fn a_connection_is_made_with_the_addresses_of_both() {
    let listen_fd = socket(AF_INET, SOCK_STREAM, 0).unwrap();
    setsockopt(listen_fd, SOL_SOCKET, SO_REUSEADDR, &1).unwrap();
    bind(listen_fd, &loopback(0)).unwrap();
    listen(listen_fd, SOMAXCONN).unwrap();
    let address: SocketAddr = name_of(listen_fd).parse().unwrap();
    assert_ne!(address.port(), 0);
    // Rust's client at our server.
    let client = TcpStream::connect(address).unwrap();
    let mut peer = any_address();
    let accepted = accept(listen_fd, &mut peer).unwrap();
    assert_eq!(text(&peer), client.local_addr().unwrap().to_string());
    assert_eq!(name_of(accepted), address.to_string());
    io::Write::write_all(&mut { &client }, b"x").unwrap();
    assert_eq!(read(accepted, &mut [0]), Ok(1));
    // Our client at our server.
    let connected = socket(AF_INET, SOCK_STREAM, 0).unwrap();
    connect(connected, &loopback(address.port())).unwrap();
    let again = accept(listen_fd, &mut peer).unwrap();
    assert_eq!(text(&peer), name_of(connected));
    for fd in [listen_fd, accepted, connected, again] {
        close(fd).unwrap();
    }
}

#[test]
fn a_connection_that_does_not_block_and_one_that_is_half_closed() {
    let listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0).unwrap();
    bind(listen_fd, &loopback(0)).unwrap();
    listen(listen_fd, SOMAXCONN).unwrap();
    assert_eq!(accept4(listen_fd, SOCK_NONBLOCK), Err(Errno::EAGAIN));
    assert_eq!(accept4(-1, 0), Err(Errno::EBADF));
    assert_eq!(accept4(listen_fd, -1), Err(Errno::EINVAL));
    assert_eq!(shutdown(listen_fd, 99), Err(Errno::EINVAL));
    let address: SocketAddr = name_of(listen_fd).parse().unwrap();
    let client = TcpStream::connect(address).unwrap();
    let accepted = accept4(listen_fd, SOCK_NONBLOCK).unwrap();
    assert_eq!(read(accepted, &mut [0]), Err(Errno::EAGAIN));
    io::Write::write_all(&mut { &client }, b"x").unwrap();
    shutdown(accepted, SHUT_RD).unwrap();
    assert_eq!(read(accepted, &mut [0; 2]), Ok(1)); // what has come already
    assert_eq!(read(accepted, &mut [0; 2]), Ok(0));
    shutdown(accepted, SHUT_WR).unwrap();
    assert_eq!(io::Read::read(&mut { &client }, &mut [0]).unwrap(), 0);
    for fd in [listen_fd, accepted] {
        close(fd).unwrap();
    }
}

#[test]
fn a_datagram_arrives_with_its_sender_and_its_length() {
    let theirs = UdpSocket::bind("127.0.0.1:0").unwrap();
    theirs.set_read_timeout(Some(DEADLINE)).unwrap();
    let ours = socket(AF_INET, SOCK_DGRAM, 0).unwrap();
    bind(ours, &loopback(0)).unwrap();
    let mut to = loopback(theirs.local_addr().unwrap().port());
    for length in [0, 1, 20, 65_507] {
        assert_eq!(sendto(ours, &vec![b'x'; length], 0, &to), Ok(length));
        let (count, from) = theirs.recv_from(&mut vec![0; 70_000]).unwrap();
        assert_eq!((count, from.to_string()), (length, name_of(ours)));
        for (flags, told) in [(0, length.min(20)), (MSG_TRUNC, length)] {
            theirs.send_to(&vec![b'y'; length], name_of(ours)).unwrap();
            let mut data = [0; 20];
            to = any_address();
            assert_eq!(recvfrom(ours, &mut data, flags, &mut to), Ok(told));
            assert_eq!(text(&to), theirs.local_addr().unwrap().to_string());
            let filled = data.iter().filter(|&&byte| byte == b'y').count();
            assert_eq!(filled, length.min(20));
        }
    }
    close(ours).unwrap();
}

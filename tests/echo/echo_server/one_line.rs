//! One client at a time, and one line of each: who is silent keeps the others waiting, and nobody is forgotten.

use std::io::{Read, Write};

use crate::every_server::{assert_answered, assert_settles, connect, end, settled};
use crate::read_to_end;
use crate::support::proc::{await_that, sleeps_in};
use crate::support::server::Server;

const READ: i64 = 0; // its number on x86_64

#[test]
fn a_silent_client_keeps_the_next_one_waiting() {
    let server = Server::new("echo_server");
    let before = settled(&server);
    let (mut silent, mut next) = (connect(&server), connect(&server));
    next.write_all(b"next\n").unwrap();
    await_that("a server in read", || match sleeps_in(server.pid) {
        Some(READ) => Ok(()),
        other => Err(format!("{other:?}")),
    });
    next.set_nonblocking(true).unwrap();
    let error = next.read(&mut [0]).unwrap_err(); // the server cannot answer: it sleeps for the other
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    next.set_nonblocking(false).unwrap();
    silent.write_all(b"at last\n").unwrap();
    assert_answered(&silent, "at last\n");
    assert_answered(&next, "next\n");
    assert_settles(&server, &before);
    end(server);
}

#[test]
fn a_line_is_answered_and_the_connection_is_over() {
    let server = Server::new("echo_server");
    for line in [&b"hello\n"[..], b"a\0b\n", &[b'x'; 1024]] {
        let mut client = connect(&server);
        client.write_all(line).unwrap();
        assert!(read_to_end(&client).unwrap() == line);
    }
    end(server);
}

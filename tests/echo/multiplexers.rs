//! One process, many connections: no client keeps another waiting but by not reading, no fault ends the server,
//! and every descriptor is given back.

use std::net::TcpStream;
use std::process::Stdio;

use crate::support::proc::{await_that, state};
use crate::support::server::{Server, free_port};
use crate::support::{bounded, output};
use crate::{assert_echoed, connect, noise, read_to_end, reset};

/// A server that waits by a call, in which it has so many descriptors when nobody is connected.
pub struct Kind {
    pub name: &'static str,
    pub call: &'static str,
    pub idle: usize,
}

fn await_descriptors(server: &Server, count: usize) {
    await_that("a server asleep, with so many descriptors", || {
        let (state, held) = (state(server.pid), server.own_descriptors(server.pid));
        match state == 'S' && held.len() == count {
            true => Ok(()),
            false => Err(format!("state {state}, {held:?}")),
        }
    });
}

fn end(kind: &Kind, server: Server) {
    await_descriptors(&server, kind.idle);
    assert_eq!(server.end(), "");
}

pub fn a_silent_client_and_half_a_line_keep_nobody_waiting(kind: &Kind) {
    let server = Server::new(kind.name);
    let (silent, half) = (connect(&server), connect(&server));
    assert_echoed(&half, "half a ");
    let clients: Vec<TcpStream> = (0..4).map(|_| connect(&server)).collect(); // a burst
    for client in clients.iter().rev() {
        assert_echoed(client, "hello\n");
    }
    assert_echoed(&half, "line\n");
    assert_echoed(&silent, "at last\n");
    drop((silent, half, clients));
    end(kind, server);
}

pub fn every_byte_comes_back(kind: &Kind) {
    let server = Server::new(kind.name);
    let client = connect(&server);
    assert_echoed(&client, b"ab\0cd\n");
    assert_echoed(&client, [b'x'; 1024]);
    assert_echoed(&client, noise(3000));
    drop(client);
    end(kind, server);
}

pub fn quit_closes_that_connection(kind: &Kind) {
    let server = Server::new(kind.name);
    let (client, other) = (connect(&server), connect(&server));
    assert_echoed(&client, "hello\n");
    std::io::Write::write_all(&mut &client, b"quit\n").unwrap();
    assert_eq!(read_to_end(&client).unwrap(), b"");
    assert_echoed(&other, "still here\n");
    drop((client, other));
    end(kind, server);
}

pub fn a_reset_ends_its_own_connection(kind: &Kind) {
    let server = Server::new(kind.name);
    let other = connect(&server);
    for _ in 0..2 {
        let client = connect(&server);
        std::io::Write::write_all(&mut &client, &noise(3000)).unwrap();
        reset(client);
        assert_echoed(&other, "still here\n");
    }
    await_descriptors(&server, kind.idle + 1);
    drop(other);
    end(kind, server);
}

pub fn a_wait_or_an_accept_that_is_interrupted_is_made_again(kind: &Kind) {
    for inject in [
        format!("{}:error=EINTR:when=2..4", kind.call),
        "accept:error=ECONNABORTED:when=1..2".to_owned(),
        "accept:error=EINTR:when=1..2".to_owned(),
    ] {
        let (server, run) = Server::traced(kind.name, &[&inject]);
        let (one, other) = (connect(&server), connect(&server));
        assert_echoed(&one, "one\n");
        assert_echoed(&other, "other\n");
        drop((one, other));
        await_descriptors(&server, kind.idle);
        assert_eq!(server.end(), "");
        let trace = run.processes()[0].text();
        assert!(trace.contains("(INJECTED)"), "{trace}");
        assert!(!trace.contains("Timeout"), "no reason to pause\n{trace}");
    }
}

pub fn without_a_free_descriptor_it_serves_on_and_does_not_spin(kind: &Kind) {
    let (server, run) = Server::traced(kind.name, &[]);
    let served = connect(&server);
    assert_echoed(&served, "before\n");
    let held = crate::support::proc::descriptors(server.pid);
    let next = (0..).find(|fd| !held.contains_key(fd)).unwrap();
    limit_descriptors(&server, next);
    let waiting: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    let failed = || {
        let calls = &run.so_far()[0].calls;
        let failed = calls.iter().filter(|call| call.result.contains("EMFILE"));
        failed.map(|call| call.time).collect::<Vec<f64>>()
    };
    await_that("a few accepts that fail", || match failed().len() {
        6.. => Ok(()),
        count => Err(format!("{count}")),
    });
    assert_echoed(&served, "meanwhile\n");
    limit_descriptors(&server, next + 3);
    for client in &waiting {
        assert_echoed(client, "after\n");
    }
    let times = failed();
    // Each failure but the one after "meanwhile" has a tenth of a second before it.
    let spins = times.windows(4).any(|window| window[3] - window[0] < 0.1);
    assert!(!spins, "{times:?}");
    drop((served, waiting));
    end(kind, server);
}

/// Sets how many descriptors a running process may have.
fn limit_descriptors(server: &Server, count: i32) {
    let mut prlimit = bounded("prlimit");
    prlimit.args([
        format!("--pid={}", server.pid),
        format!("--nofile={count}:1100"),
    ]);
    let done = output(prlimit.stdout(Stdio::null()));
    assert!(done.status.success(), "{prlimit:?}: {done:?}");
}

pub fn it_is_started_again_at_once(kind: &Kind) {
    let port = free_port();
    for _ in 0..2 {
        let server = Server::on_port(kind.name, port);
        let client = connect(&server);
        assert_echoed(&client, "hello\n");
        assert_eq!(server.end(), ""); // with a client connected: it is first to close
    }
}

pub fn a_signal_ends_it_while_clients_are_served(kind: &Kind) {
    let server = Server::new(kind.name);
    let clients: Vec<TcpStream> = (0..50).map(|_| connect(&server)).collect();
    for client in &clients {
        assert_echoed(client, "hello\n");
    }
    for mut client in &clients {
        std::io::Write::write_all(&mut client, b"more\n").unwrap();
    }
    assert_eq!(server.end(), "");
}

/// The tests of one server, below its name.
macro_rules! multiplexer {
    ($name:ident, $call:literal, $idle:literal, $($own:ident)*) => {
        mod $name {
            use crate::multiplexers::{self, Kind};

            const KIND: Kind = Kind {
                name: stringify!($name),
                call: $call,
                idle: $idle,
            };
            multiplexers::multiplexer!(@ a_silent_client_and_half_a_line_keep_nobody_waiting every_byte_comes_back
                quit_closes_that_connection a_reset_ends_its_own_connection
                a_wait_or_an_accept_that_is_interrupted_is_made_again
                without_a_free_descriptor_it_serves_on_and_does_not_spin
                it_is_started_again_at_once a_signal_ends_it_while_clients_are_served);
            crate::every_server::survives!(stringify!($name),
                clients_that_vanish_in_the_queue_disturb_nobody what_was_sent_before_a_half_close_comes_back
                it_ends_under_load_and_is_started_again_at_once who_does_not_read_is_forgotten_when_it_goes
                $($own)*);
        }
    };
    (@ $($promise:ident)*) => {
        $(#[test]
        fn $promise() {
            multiplexers::$promise(&KIND);
        })*
    };
}
pub(crate) use multiplexer;

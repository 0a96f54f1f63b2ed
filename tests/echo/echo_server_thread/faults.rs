//! Calls that fail, by injection and for real: the server lives, everyone is served or closed at once,
//! nothing is leaked, and nobody spins.

use std::io::Write;
use std::net::TcpStream;

use super::process::{SERVER, assert_idle};
use crate::echo_server_fork::faults::{assert_does_not_spin, calls, limit_descriptors};
use crate::support::proc::{await_that, descriptors};
use crate::support::server::Server;
use crate::support::tracer::{Process, Traced};
use crate::{assert_echoed, connect, read_to_end};

/// A server into whose calls this is injected.
fn faulty(inject: &str) -> (Server, Traced) {
    Server::traced(SERVER, &[inject])
}

/// The trace of the first thread.
fn first(run: &Traced) -> Process {
    run.processes().remove(0)
}

#[test]
fn an_accept_that_fails_is_made_again_after_a_pause_where_that_helps() {
    for (error, pauses) in [
        ("EINTR", false),
        ("ECONNABORTED", false),
        ("EMFILE", true),
        ("ENOBUFS", true),
    ] {
        let (server, run) = faulty(&format!("accept:error={error}:when=1..3"));
        for i in 0..3 {
            assert_echoed(&connect(&server), format!("client {i}\n"));
        }
        assert_idle(&server);
        assert_eq!(server.end(), "", "{error}");
        let seen = first(&run);
        let naps = calls(&seen, "clock_nanosleep").len();
        assert_eq!(naps, if pauses { 3 } else { 0 }, "{error}\n{}", seen.text());
        assert_does_not_spin(&seen);
    }
}

#[test]
fn where_no_thread_can_be_made_that_connection_is_closed_and_no_other() {
    // The first mmap is that of all stacks; of the three mprotect that served needs, one is its own.
    for refused in [
        "clone:error=EAGAIN:when=2..3",
        "clone:error=ENOMEM:when=2..3",
        "mprotect:error=ENOMEM:when=2..3",
    ] {
        let (server, run) = faulty(refused);
        let served = connect(&server);
        assert_echoed(&served, "before\n");
        for _ in 0..2 {
            assert_eq!(read_to_end(&connect(&server)).unwrap(), b"", "{refused}");
        }
        assert_echoed(&served, "meanwhile\n");
        assert_echoed(&connect(&server), "after\n");
        drop(served);
        assert_idle(&server);
        assert_eq!(server.end(), "", "{refused}");
        assert_does_not_spin(&first(&run));
    }
}

#[test]
fn without_memory_for_stacks_connections_are_closed_until_there_is_some() {
    let (server, _run) = faulty("mmap:error=ENOMEM:when=1..2");
    for _ in 0..2 {
        assert_eq!(read_to_end(&connect(&server)).unwrap(), b"");
    }
    assert_echoed(&connect(&server), "after\n");
    assert_idle(&server);
    assert_eq!(server.end(), "");
}

#[test]
fn reads_and_writes_that_are_interrupted_are_made_again() {
    for inject in ["read:error=EINTR:when=1..3", "write:error=EINTR:when=2+2"] {
        let (server, _run) = faulty(inject);
        let client = connect(&server);
        for i in 0..4 {
            assert_echoed(&client, format!("{inject}, {i}\n"));
        }
        drop(client);
        assert_idle(&server);
        assert_eq!(server.end(), "", "{inject}");
    }
}

#[test]
fn a_connection_that_fails_ends_its_own_thread_only() {
    for inject in [
        "read:error=ECONNRESET:when=2",
        "read:error=EIO:when=2",
        "write:error=EPIPE:when=2",
        "write:error=ECONNRESET:when=2",
    ] {
        let (server, _run) = faulty(inject);
        let client = connect(&server);
        assert_echoed(&client, "first\n");
        let _ = { &client }.write_all(b"second\n");
        let _ = read_to_end(&client); // the end, or a reset if "second" was not read
        assert_echoed(&connect(&server), "another\n");
        drop(client);
        assert_idle(&server);
        assert_eq!(server.end(), "", "{inject}");
    }
}

#[test]
fn without_a_free_descriptor_it_waits_until_there_is_one() {
    let (server, run) = Server::traced(SERVER, &[]);
    assert_echoed(&connect(&server), "before\n");
    assert_idle(&server);
    let held = descriptors(server.pid);
    let next = (0..).find(|fd| !held.contains_key(fd)).unwrap();
    limit_descriptors(&server, next);
    let waiting: Vec<TcpStream> = (0..20).map(|_| connect(&server)).collect();
    await_that("a dozen accepts that fail", || {
        let seen = run.so_far().remove(0);
        let failed = calls(&seen, "accept")
            .into_iter()
            .filter(|call| call.result.contains("EMFILE"));
        match failed.count() {
            12.. => Ok(()),
            failed => Err(format!("{failed}")),
        }
    });
    // The accept that was waiting before may have had its number already.
    assert!(descriptors(server.pid).len() <= held.len() + 1);
    // One descriptor is enough for all, but not at once: each is served when the one before has gone.
    limit_descriptors(&server, next + 1);
    for (i, client) in waiting.into_iter().enumerate() {
        assert_echoed(&client, format!("client {i}\n"));
    }
    assert_idle(&server);
    assert_eq!(server.end(), "");
    assert_does_not_spin(&first(&run));
}

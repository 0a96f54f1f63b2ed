//! accept and fork that fail, by injection and for real: the server lives,
//! everyone is served or closed at once, nothing is leaked, and nobody spins.

use std::net::TcpStream;
use std::process::Stdio;

use crate::support::proc::{await_that, descriptors};
use crate::support::server::{ANY_PORT, Server};
use crate::support::tracer::{Call, Process, Traced};
use crate::support::{bounded, output, traced};
use crate::{SERVER, assert_echoed, connect, read_to_end};

/// A server into whose calls this is injected.
pub fn faulty(inject: &str) -> (Server, Traced) {
    Server::traced(SERVER, &[inject])
}

/// The calls of that name.
pub fn calls<'a>(process: &'a Process, name: &str) -> Vec<&'a Call> {
    process
        .calls
        .iter()
        .filter(|call| call.name == name)
        .collect()
}

/// Fails if more than a dozen accepts fail in any second.
pub fn assert_does_not_spin(server: &Process) {
    let accepts = calls(server, "accept").into_iter();
    let failed = accepts.filter(|call| call.result.starts_with("-1"));
    let times: Vec<f64> = failed.map(|call| call.time).collect();
    for window in times.windows(13) {
        assert!(
            window[12] - window[0] >= 1.0,
            "13 accepts in less than a second\n{}",
            server.text()
        );
    }
}

/// Serves a few clients while this goes on, and returns the trace of server and children.
pub fn served_despite(inject: &str) -> Vec<Process> {
    let (server, run) = faulty(inject);
    let clients: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    for round in 0..4 {
        for (i, client) in clients.iter().enumerate() {
            assert_echoed(client, format!("{inject}: client {i}, round {round}\n"));
        }
    }
    drop(clients);
    server.assert_idle();
    assert_eq!(server.end(), "", "{inject}");
    let processes = run.processes();
    let injected = |process: &Process| {
        process
            .calls
            .iter()
            .filter(|call| call.result.ends_with("(INJECTED)"))
            .count()
    };
    assert!(
        processes.iter().any(|process| injected(process) > 0),
        "{inject}: nothing was injected"
    );
    processes
}

#[test]
fn an_accept_that_is_interrupted_is_made_again() {
    for error in ["EINTR", "ECONNABORTED"] {
        let server = served_despite(&format!("accept:error={error}:when=1..3")).remove(0);
        let naps = calls(&server, "clock_nanosleep");
        assert!(
            naps.is_empty(),
            "{error} is no reason to pause\n{}",
            server.text()
        );
    }
}

#[test]
fn an_accept_that_fails_for_a_while_is_not_asked_without_end() {
    for error in [
        "EMFILE", "ENFILE", "ENOBUFS", "ENOMEM", "EPROTO", "ENETDOWN", "EPERM",
    ] {
        let server = served_despite(&format!("accept:error={error}:when=1..5")).remove(0);
        let behind = |call: &Call| {
            server
                .calls
                .iter()
                .skip_while(|one| one.time < call.time)
                .nth(1)
        };
        for failed in calls(&server, "accept")
            .iter()
            .filter(|call| call.result.contains(error))
        {
            let pause = behind(failed).unwrap();
            let tenth = pause.name == "clock_nanosleep"
                && pause.args.contains("{tv_sec=0, tv_nsec=100000000}");
            assert!(tenth, "{error}\n{}", server.text());
        }
        assert_does_not_spin(&server);
    }
}

#[test]
fn an_accept_that_cannot_succeed_any_more_ends_the_server() {
    for error in ["EBADF", "EINVAL", "ENOTSOCK", "EOPNOTSUPP"] {
        let inject = format!("accept:error={error}");
        let (output, processes) = Traced::new(&[&inject], traced(SERVER), ANY_PORT).run();
        let seen = processes[0].text();
        assert_eq!(
            String::from_utf8_lossy(&output.stdout),
            "accept error\n",
            "{error}\n{seen}"
        );
        assert_eq!(processes[0].end, "exited with 1", "{error}\n{seen}");
        assert_eq!(calls(&processes[0], "accept").len(), 1, "{error}\n{seen}");
    }
}

#[test]
fn calls_that_fail_before_the_first_client_say_so() {
    for (call, error, said) in [
        ("bind", "EACCES", "bind error: Permission denied\n"),
        (
            "listen",
            "EADDRINUSE",
            "listen error: Address already in use\n",
        ),
        ("socket", "EMFILE", ""), // as in C
    ] {
        let inject = format!("{call}:error={error}");
        let (output, processes) = Traced::new(&[&inject], traced(SERVER), ANY_PORT).run();
        let seen = processes[0].text();
        assert_eq!(String::from_utf8_lossy(&output.stderr), said, "{seen}");
        assert_eq!(processes[0].end, "exited with 1", "{seen}");
    }
}

#[test]
fn a_fork_that_fails_closes_that_connection_and_no_other() {
    for error in ["EAGAIN", "ENOMEM"] {
        let (server, run) = faulty(&format!("fork:error={error}:when=2..3"));
        let served = connect(&server);
        assert_echoed(&served, "before\n");
        for _ in 0..2 {
            let refused = connect(&server);
            assert_eq!(read_to_end(&refused).unwrap(), b"", "{error}");
        }
        assert_echoed(&served, "meanwhile\n");
        assert_echoed(&connect(&server), "after\n");
        drop(served);
        server.assert_idle();
        assert_eq!(server.end(), "");
        assert_does_not_spin(&run.processes()[0]);
    }
}

#[test]
fn without_a_free_descriptor_it_waits_until_there_is_one() {
    let (server, run) = Server::traced(SERVER, &[]);
    assert_echoed(&connect(&server), "before\n");
    server.assert_idle();
    let held = descriptors(server.pid);
    let next = (0..).find(|fd| !held.contains_key(fd)).unwrap();
    limit_descriptors(&server, next);
    let waiting: Vec<TcpStream> = (0..20).map(|_| connect(&server)).collect();
    await_that("a dozen accepts that fail", || {
        let failed = calls(&run.so_far()[0], "accept")
            .iter()
            .filter(|call| call.result.contains("EMFILE"))
            .count();
        if failed >= 12 {
            Ok(())
        } else {
            Err(format!("{failed}"))
        }
    });
    assert_eq!(descriptors(server.pid), held);
    limit_descriptors(&server, next + 1); // one is enough for all
    waiting
        .iter()
        .enumerate()
        .for_each(|(i, client)| assert_echoed(client, format!("client {i}\n")));
    drop(waiting);
    server.assert_idle();
    assert_eq!(server.end(), "");
    assert_does_not_spin(&run.processes()[0]);
}

/// Sets how many descriptors a running process may have.
pub fn limit_descriptors(server: &Server, count: i32) {
    let mut prlimit = bounded("prlimit");
    prlimit.args([
        format!("--pid={}", server.pid),
        format!("--nofile={count}:1024"),
    ]);
    let done = output(prlimit.stdout(Stdio::null()));
    assert!(done.status.success(), "{prlimit:?}: {done:?}");
}

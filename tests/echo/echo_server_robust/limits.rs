//! What one client may use up: a place, a buffer, some time; and no client stops another.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::every_server::{
    assert_answered, assert_injected, assert_served, assert_settles, connect, end, settled,
};
use crate::support::proc::{await_that, descriptors, status};
use crate::support::server::{ANY_PORT, Server};
use crate::support::{bounded, lab, output};
use crate::{noise, read_to_end, reset};

const SERVER: &str = "echo_server_robust";

fn with(options: &[&str]) -> Server {
    let mut command = bounded(lab(SERVER));
    let command = command.args(options).args(ANY_PORT);
    Server::start(SERVER, command.stdout(Stdio::null()))
}

fn line(client: &mut TcpStream, line: &str) {
    client.write_all(line.as_bytes()).unwrap();
    assert_answered(client, line);
}

#[test]
fn one_client_too_many_is_told_and_its_place_is_given_to_the_next() {
    let server = with(&["-c", "3"]);
    let before = settled(&server);
    let mut clients: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    clients.iter_mut().for_each(|client| line(client, "in\n"));
    for _ in 0..3 {
        assert_eq!(read_to_end(&connect(&server)).unwrap(), b"server full\n");
    }
    clients
        .iter_mut()
        .for_each(|client| line(client, "still\n"));
    drop(clients.pop());
    await_that("a free place", || {
        let mut client = connect(&server);
        let mut back = [0; 4];
        match client
            .write_all(b"new\n")
            .and_then(|()| client.read_exact(&mut back))
        {
            Ok(()) if &back == b"new\n" => Ok(()),
            other => Err(format!("{other:?} {}", back.escape_ascii())),
        }
    });
    drop(clients);
    assert_settles(&server, &before);
    end(server);
}

#[test]
fn who_is_silent_for_long_is_closed_and_who_speaks_is_not() {
    let server = with(&["-t", "1"]);
    let before = settled(&server);
    let (silent, mut talker) = (connect(&server), connect(&server));
    silent.set_nonblocking(true).unwrap();
    await_that("the end of a silent client", || {
        line(&mut talker, "here\n");
        match { &silent }.read(&mut [0]) {
            Ok(0) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    });
    line(&mut talker, "still here\n");
    drop((silent, talker));
    assert_settles(&server, &before);
    end(server);
}

/// Sends until neither side takes any more, without reading. What was sent is the beginning of `noise`.
fn fill(mut stream: &TcpStream, worker: i32, pattern: &[u8]) -> usize {
    const EPOLL_WAIT: i64 = 232; // its number on x86_64
    let mut sent = 0;
    stream.set_nonblocking(true).unwrap();
    await_that("buffers that are full", || {
        let before = sent;
        while let Ok(count) = stream.write(&pattern[sent..]) {
            sent += count;
        }
        let sleeps = crate::support::proc::sleeps_in(worker) == Some(EPOLL_WAIT);
        (sent == before && sleeps)
            .then_some(())
            .ok_or(format!("{sent}"))
    });
    stream.set_nonblocking(false).unwrap();
    sent
}

#[test]
fn who_does_not_read_stops_nobody_and_gets_everything_later() {
    let server = with(&[]);
    let before = settled(&server);
    let worker = server.children(1)[0];
    let pattern = noise(40_000_000);
    let clients: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    let sent: Vec<usize> = clients
        .iter()
        .map(|client| fill(client, worker, &pattern))
        .collect();
    for i in 0..10 {
        assert_served(&server, &format!("client {i} meanwhile\n"));
    }
    let memory: u32 = status(worker, "VmRSS")
        .trim_end_matches(" kB")
        .trim()
        .parse()
        .unwrap();
    assert!(memory < 300, "{memory} kB");
    for (i, (client, sent)) in clients.into_iter().zip(sent).enumerate() {
        if i == 0 {
            reset(client); // with its buffer full
            continue;
        }
        client.shutdown(std::net::Shutdown::Write).unwrap();
        assert!(read_to_end(&client).unwrap() == pattern[..sent]);
    }
    assert_settles(&server, &before);
    end(server);
}

#[test]
fn a_read_or_a_write_that_would_wait_loses_nothing() {
    for inject in [
        "write:error=EAGAIN:when=2+3",
        "read:error=EAGAIN:when=1+3",
        "write:error=EINTR:when=2+3",
    ] {
        let (server, _run) = Server::traced(SERVER, &[inject]);
        let mut client = connect(&server);
        for i in 0..10 {
            line(&mut client, &format!("{inject} {i}\n"));
        }
        drop(client);
        end(server);
    }
}

#[test]
fn without_a_free_descriptor_it_serves_on_and_does_not_spin() {
    let (server, run) = Server::traced(SERVER, &[]);
    let mut served = connect(&server);
    line(&mut served, "before\n");
    let worker = server.children(1)[0];
    let held = descriptors(worker);
    let next = (0..).find(|fd| !held.contains_key(fd)).unwrap();
    limit_descriptors(worker, next);
    let mut waiting: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
    let failed = || {
        let processes = run.so_far();
        let calls = processes.iter().flat_map(|process| &process.calls);
        let failed = calls.filter(|call| call.result.contains("EMFILE"));
        failed.map(|call| call.time).collect::<Vec<f64>>()
    };
    await_that("a few accepts that fail", || match failed().len() {
        6.. => Ok(()),
        count => Err(format!("{count}")),
    });
    for i in 0..200 {
        line(&mut served, &format!("meanwhile {i}\n")); // the load is no reason to ask more often
    }
    let times = failed();
    let spins = times.windows(4).any(|window| window[3] - window[0] < 0.1);
    assert!(!spins, "{times:?}");
    limit_descriptors(worker, next + 64); // some of these may be taken, by what was handed down to us
    waiting
        .iter_mut()
        .for_each(|client| line(client, "after\n"));
    drop((served, waiting));
    end(server);
}

/// Sets how many descriptors a running process may have.
fn limit_descriptors(pid: i32, count: i32) {
    let mut prlimit = bounded("prlimit");
    prlimit.args([format!("--pid={pid}"), format!("--nofile={count}:1024")]);
    let done = output(prlimit.stdout(Stdio::null()));
    assert!(done.status.success(), "{prlimit:?}: {done:?}");
}

/// A worker that cannot set itself up ends, and the next one serves.
#[test]
fn without_memory_a_worker_is_made_anew() {
    for inject in [
        "mmap:error=ENOMEM:when=1:process=2",
        "mmap:error=ENOMEM:when=2:process=2",
        "epoll_create1:error=ENOMEM:process=2",
        "epoll_ctl:error=ENOMEM:when=1:process=2",
    ] {
        let (server, run) = Server::traced(SERVER, &[inject]);
        assert_served(&server, "here\n");
        assert_settles(&server, &settled(&server));
        assert_eq!(server.end(), "a worker has ended\n", "{inject}");
        assert_injected(&run, inject);
    }
}

#[test]
fn a_connection_that_cannot_be_listed_is_closed_and_no_other() {
    let inject = "epoll_ctl:error=ENOMEM:when=5:process=2"; // the first three are the worker's own
    let (server, run) = Server::traced(SERVER, &[inject]);
    let before = settled(&server);
    let mut served = connect(&server);
    line(&mut served, "before\n");
    assert_eq!(read_to_end(&connect(&server)).unwrap(), b"");
    line(&mut served, "meanwhile\n");
    assert_served(&server, "after\n");
    drop(served);
    assert_settles(&server, &before);
    end(server);
    assert_injected(&run, inject);
}

#[test]
fn quit_ends_a_connection_and_every_byte_comes_back() {
    let server = with(&["-j", "2"]);
    let mut client = connect(&server);
    line(&mut client, "a\0b\n");
    line(&mut client, "quit");
    client.write_all(b"quit\n").unwrap();
    assert_eq!(read_to_end(&client).unwrap(), b"");
    let mut server = server;
    server.workers = 2;
    end(server);
}

//! So many clients at once as there are workers, and all of it ends as a whole.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use rawlabs::signal::{SIGTERM, kill};

use crate::every_server::{assert_answered, assert_settles, connect, end, settled};
use crate::support::proc::{await_that, state};
use crate::support::server::Server;
use crate::support::traced;
use crate::support::tracer::Traced;

const SERVER: &str = "echo_server_prefork";

#[test]
fn one_client_more_than_workers_waits_until_one_has_left() {
    let server = Server::new(SERVER);
    let before = settled(&server);
    let mut clients: Vec<TcpStream> = (0..4).map(|_| connect(&server)).collect();
    for mut client in &clients {
        client.write_all(b"hello\n").unwrap();
        assert_answered(client, "hello\n");
    }
    let mut late = connect(&server);
    late.write_all(b"late\n").unwrap();
    late.set_nonblocking(true).unwrap();
    let error = late.read(&mut [0]).unwrap_err(); // no worker is left that could answer
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
    late.set_nonblocking(false).unwrap();
    clients.pop();
    assert_answered(&late, "late\n");
    drop((clients, late));
    assert_settles(&server, &before);
    end(server);
}

#[test]
fn sigterm_ends_the_workers_before_the_parent() {
    let mut server = Server::new(SERVER);
    let workers = server.children(4);
    let client = connect(&server);
    kill(server.pid, SIGTERM).unwrap();
    assert!(server.wait().success());
    assert!(workers.iter().all(|&worker| state(worker) == '-'));
    assert!(!matches!({ &client }.read(&mut [0]), Ok(1)));
}

#[test]
fn workers_that_end_at_once_are_made_anew_after_a_pause() {
    let inject = ["accept:signal=KILL"]; // each dies in its first call
    let mut run = Traced::new(&inject, traced(SERVER), ["127.0.0.1", "0", "1"]);
    let server = Server::start(SERVER, run.command.stdout(Stdio::null()));
    let seen = await_that("a few workers", || {
        let first = run.so_far().into_iter().next(); // none before its first call
        let text = first.map_or_else(String::new, |process| process.text());
        let forks = text.matches("fork(").count();
        (forks >= 4).then_some(text).ok_or(format!("{forks}"))
    });
    let pauses = seen.matches("clock_nanosleep(").count();
    assert!(seen.matches("fork(").count() <= pauses + 1, "{seen}");
    drop(server);
}

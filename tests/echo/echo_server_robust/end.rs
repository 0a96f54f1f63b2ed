//! How it ends: what has come is answered, new clients are refused, and whatever happens it does end.

use std::io::{Read, Write};
use std::net::TcpStream;

use rawlabs::signal::{SIGCONT, SIGINT, SIGKILL, SIGSTOP, SIGTERM, kill};

use crate::every_server::{assert_answered, connect, settled};
use crate::support::proc::{await_that, state};
use crate::support::server::Server;
use crate::{noise, read_to_end};

const SERVER: &str = "echo_server_robust";

#[test]
fn what_has_come_before_the_signal_is_answered() {
    for signal in [SIGTERM, SIGINT] {
        let mut server = Server::new(SERVER);
        settled(&server);
        let clients: Vec<TcpStream> = (0..20).map(|_| connect(&server)).collect();
        for mut client in &clients {
            client.write_all(b"hello\n").unwrap();
            assert_answered(client, "hello\n");
        }
        let worker = server.children(1)[0];
        kill(worker, SIGSTOP).unwrap();
        for mut client in &clients {
            client.write_all(&noise(3000)).unwrap(); // in the kernel, and no further
        }
        kill(server.pid, signal).unwrap();
        await_that("a port that is free", || {
            match TcpStream::connect(server.address) {
                Err(_) => Ok(()),
                Ok(_) => {
                    let _ = kill(worker, SIGCONT); // it has a descriptor for it, too, until it ends
                    Err("it listens".to_owned())
                }
            }
        });
        for client in &clients {
            assert!(read_to_end(client).unwrap() == noise(3000));
        }
        assert!(server.wait().success());
    }
}

#[test]
fn a_client_that_neither_reads_nor_leaves_does_not_keep_it() {
    let mut server = Server::new(SERVER);
    settled(&server); // the signal is caught by then
    let client = connect(&server);
    client.set_nonblocking(true).unwrap();
    let (mut sent, pattern) = (0, noise(1_000_000));
    await_that("buffers that are full", || {
        let before = sent;
        while let Ok(count) = { &client }.write(&pattern) {
            sent += count;
        }
        (sent == before && sent > 0)
            .then_some(())
            .ok_or(format!("{sent}"))
    });
    kill(server.pid, SIGTERM).unwrap();
    assert!(server.wait().success());
}

#[test]
fn a_client_that_sends_without_end_does_not_keep_it() {
    let mut server = Server::new(SERVER);
    settled(&server); // the signal is caught by then
    let client = connect(&server);
    std::thread::scope(|scope| {
        let (mut sender, mut reader) = (&client, &client);
        scope.spawn(move || while sender.write_all(&[b'x'; 4096]).is_ok() {});
        scope.spawn(move || while reader.read(&mut [0; 65_536]).is_ok_and(|count| count > 0) {});
        kill(server.pid, SIGTERM).unwrap();
        assert!(server.wait().success());
    });
}

#[test]
fn a_worker_that_was_stopped_does_not_keep_it() {
    let mut server = Server::new(SERVER);
    settled(&server);
    let worker = server.children(1)[0];
    kill(worker, SIGSTOP).unwrap();
    kill(server.pid, SIGTERM).unwrap();
    assert!(server.wait().success());
    assert_eq!(state(worker), '-');
}

#[test]
fn when_the_parent_is_killed_its_workers_end_in_order() {
    let mut server = Server::new(SERVER);
    settled(&server);
    let client = connect(&server);
    { &client }.write_all(b"hello\n").unwrap();
    assert_answered(&client, "hello\n");
    let worker = server.children(1)[0];
    kill(server.pid, SIGKILL).unwrap();
    server.wait();
    assert_eq!(read_to_end(&client).unwrap(), b"");
    await_that("the end of the worker", || match state(worker) {
        '-' | 'Z' => Ok(()),
        other => Err(other.to_string()),
    });
}

#[test]
fn a_stop_and_a_continue_change_nothing() {
    let server = Server::new(SERVER);
    settled(&server);
    let mut client = connect(&server);
    for _ in 0..3 {
        for pid in [server.pid, server.children(1)[0]] {
            kill(pid, SIGSTOP).unwrap();
            await_that("a stop", || match state(pid) {
                'T' => Ok(()),
                other => Err(other.to_string()),
            });
            kill(pid, SIGCONT).unwrap();
        }
        client.write_all(b"here\n").unwrap();
        assert_answered(&client, "here\n");
    }
    drop(client);
    crate::every_server::end(server);
}

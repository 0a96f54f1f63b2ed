//! One process for all: its threads and descriptors come and go with the connections, and it ends as a whole.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::process::ExitStatusExt;

use rawlabs::signal::{SIGTERM, kill};

use crate::support::proc::{TIME_WAIT, await_that, descriptors, state, status, tcp_sockets};
use crate::support::server::{Server, free_port};
use crate::support::{bounded, lab, output, text_of};
use crate::{assert_echoed, connect, read_to_end};

pub const SERVER: &str = "echo_server_thread";

/// The threads of a server but for its first.
pub fn workers(server: &Server) -> Vec<i32> {
    let tasks = fs::read_dir(format!("/proc/{}/task", server.pid)).unwrap();
    let numbers = tasks.filter_map(|task| task.unwrap().file_name().to_str()?.parse().ok());
    numbers.filter(|&thread| thread != server.pid).collect()
}

/// The same, once there are so many.
pub fn await_workers(server: &Server, count: usize) -> Vec<i32> {
    await_that(&format!("{count} threads"), || {
        let seen = workers(server);
        (seen.len() == count)
            .then(|| seen.clone())
            .ok_or(format!("{seen:?}"))
    })
}

/// Fails unless nothing is left of the clients: no thread, no descriptor.
pub fn assert_idle(server: &Server) {
    await_workers(server, 0);
    server.assert_idle();
}

#[test]
fn a_thousand_clients_at_once_have_a_thread_each_and_leave_nothing_behind() {
    let server = Server::new(SERVER);
    let clients: Vec<TcpStream> = (0..1000).map(|_| connect(&server)).collect();
    await_workers(&server, 1000);
    let number = |field| {
        status(server.pid, field)
            .trim_end_matches(" kB")
            .trim()
            .parse::<u32>()
    };
    let (memory, tables) = (number("VmRSS").unwrap(), number("VmPTE").unwrap());
    assert!(
        memory < 10_000 && tables < 300,
        "{memory} kB, page tables {tables} kB"
    );
    for (i, client) in clients.iter().enumerate().rev() {
        assert_echoed(client, format!("client {i}\n"));
    }
    drop(clients);
    assert_idle(&server);
    // Their stacks are used again: a thousand more need no more of them.
    let mappings = || {
        fs::read_to_string(format!("/proc/{}/maps", server.pid))
            .unwrap()
            .lines()
            .count()
    };
    let before = mappings();
    let clients: Vec<TcpStream> = (0..1000).map(|_| connect(&server)).collect();
    await_workers(&server, 1000);
    drop(clients);
    assert_idle(&server);
    assert_eq!(mappings(), before);
    assert_eq!(server.end(), "");
}

#[test]
fn two_thousand_one_after_the_other_leave_nothing_behind() {
    let server = Server::new(SERVER);
    let before = descriptors(server.pid);
    for i in 0..2000 {
        let client = connect(&server);
        assert_echoed(&client, format!("client {i}\n"));
        client.shutdown(std::net::Shutdown::Write).unwrap();
        assert_eq!(read_to_end(&client).unwrap(), b"", "client {i}");
    }
    assert_idle(&server);
    assert_eq!(descriptors(server.pid), before);
    assert_eq!(server.end(), "");
}

#[test]
fn a_crash_ends_all_and_each_client_is_told() {
    let mut server = Server::new(SERVER);
    let clients: Vec<TcpStream> = (0..5).map(|_| connect(&server)).collect();
    clients
        .iter()
        .for_each(|client| assert_echoed(client, "before\n"));
    let worker = await_workers(&server, 5)[2];
    kill(worker, libc::SIGSEGV).unwrap(); // one thread is named, and the process is meant
    assert_eq!(server.wait().signal(), Some(libc::SIGSEGV));
    for mut client in &clients {
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
    }
}

#[test]
fn sigterm_ends_it_in_the_middle_of_its_work() {
    let mut server = Server::new(SERVER);
    let clients: Vec<TcpStream> = (0..50).map(|_| connect(&server)).collect();
    for mut client in &clients {
        client.write_all(&[b'x'; 5000]).unwrap();
    }
    kill(server.pid, SIGTERM).unwrap();
    assert_eq!(server.wait().signal(), Some(SIGTERM));
    for client in &clients {
        let _ = read_to_end(client); // the end, or a reset where something had not been read
    }
}

#[test]
fn a_new_server_takes_the_port_at_once() {
    let port = free_port();
    let mut old = Server::on_port(SERVER, port);
    let client = connect(&old);
    assert_echoed(&client, "to the old server\n");
    // The side that closes first keeps the address for a minute: TIME_WAIT.
    kill(old.pid, SIGTERM).unwrap();
    old.wait();
    assert_eq!({ &client }.read(&mut [0]).unwrap(), 0);
    drop(client);
    await_that("a connection in TIME_WAIT", || {
        let seen = tcp_sockets(port);
        let waits = seen.iter().any(|socket| socket.state == TIME_WAIT);
        waits.then_some(()).ok_or(format!("{seen:?}"))
    });
    let new = Server::on_port(SERVER, port);
    assert_echoed(&connect(&new), "to the new server\n");
    assert_idle(&new);
    assert_eq!(state(new.pid), 'S');
}

#[test]
fn a_second_server_on_the_port_says_so() {
    let server = Server::new(SERVER);
    let port = server.address.port().to_string();
    let second = output(bounded(lab(SERVER)).args(["127.0.0.1", &port]));
    assert_eq!(text_of(&second), "bind error: Address already in use\n");
    assert_eq!(second.status.code(), Some(1));
    assert_eq!(server.end(), "");
}

#[test]
fn sigpipe_ends_nobody() {
    let server = Server::new(SERVER);
    let client = connect(&server);
    assert_echoed(&client, "before\n");
    let ignored = u64::from_str_radix(status(server.pid, "SigIgn").trim(), 16).unwrap();
    assert_eq!(
        ignored & 1 << (libc::SIGPIPE - 1),
        1 << (libc::SIGPIPE - 1),
        "{ignored:016x}"
    );
    kill(server.pid, libc::SIGPIPE).unwrap();
    assert_echoed(&client, "after\n");
    drop(client);
    assert_idle(&server);
    assert_eq!(server.end(), "");
}

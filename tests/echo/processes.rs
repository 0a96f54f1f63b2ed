//! One process a connection: what each holds, that none harms another, and what stays when the server ends.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::TcpStream;

use libc::SIGSEGV;
use rawlabs::signal::{SIGCHLD, SIGKILL, SIGPIPE, kill};

use crate::support::proc::*;
use crate::support::server::{Server, free_port};
use crate::support::{bounded, lab, output, text_of};
use crate::{SERVER, assert_echoed, connect};

/// The one descriptor of its own that a process holds, which must be a TCP socket.
fn socket_of(server: &Server, pid: i32) -> Tcp {
    let own = server.own_descriptors(pid);
    let known = tcp_sockets(server.address.port());
    let names: Vec<&String> = own.values().collect();
    let [name] = names[..] else {
        panic!("{pid} holds {own:?} besides 0, 1 and 2");
    };
    let socket = known.into_iter().find(|socket| socket.name == *name);
    socket.unwrap_or_else(|| panic!("{name} of {pid} is not in /proc/net/tcp"))
}

/// The children by the ports of their clients.
fn by_client(server: &Server, count: usize) -> BTreeMap<u16, i32> {
    let children = server.children(count).into_iter();
    children
        .map(|child| (socket_of(server, child).remote, child))
        .collect()
}

fn port_of(client: &TcpStream) -> u16 {
    client.local_addr().unwrap().port()
}

#[test]
fn the_child_holds_the_connection_and_the_parent_the_listening_socket() {
    let server = Server::new(SERVER);
    let clients = [connect(&server), connect(&server), connect(&server)];
    clients
        .iter()
        .for_each(|client| assert_echoed(client, "hello\n"));
    let children = by_client(&server, 3);
    for client in &clients {
        let child = children
            .get(&port_of(client))
            .unwrap_or_else(|| panic!("nobody serves {client:?}: {children:?}"));
        assert_eq!(socket_of(&server, *child).state, ESTABLISHED);
    }
    let listening = socket_of(&server, server.pid);
    assert_eq!((listening.state, listening.remote), (LISTEN, 0));
}

#[test]
fn the_child_inherits_the_ignored_signals() {
    let server = Server::new(SERVER);
    let client = connect(&server);
    assert_echoed(&client, "hello\n");
    let ignored = |pid| u64::from_str_radix(&status(pid, "SigIgn"), 16).unwrap();
    let both = 1 << (SIGCHLD - 1) | 1 << (SIGPIPE - 1);
    let (parent, child) = (ignored(server.pid), ignored(server.children(1)[0]));
    assert_eq!(parent & both, both, "SigIgn {parent:016x}");
    assert_eq!(
        child, parent,
        "SigIgn {child:016x}, the parent's {parent:016x}"
    );
}

#[test]
fn a_child_that_is_killed_takes_only_its_own_client_with_it() {
    for signal in [SIGKILL, SIGSEGV] {
        let server = Server::new(SERVER);
        let clients: Vec<TcpStream> = (0..5).map(|_| connect(&server)).collect();
        clients
            .iter()
            .for_each(|client| assert_echoed(client, "before\n"));
        let victim = by_client(&server, 5)[&port_of(&clients[2])];
        kill(victim, signal).unwrap();
        let left = server.children(4);
        assert!(
            !left.contains(&victim),
            "{victim} was killed, left {left:?}"
        );
        for (i, mut client) in clients.iter().enumerate() {
            match i {
                2 => assert_eq!(client.read(&mut [0]).unwrap(), 0, "signal {signal}"),
                _ => assert_echoed(client, format!("client {i}, after\n")),
            }
        }
        assert_echoed(&connect(&server), "new\n");
        drop(clients);
        server.assert_idle();
        assert_eq!(server.end(), "");
    }
}

#[test]
fn a_new_server_takes_the_port_at_once() {
    let port = free_port();
    let old = Server::on_port(SERVER, port);
    let (client, closed) = (connect(&old), connect(&old));
    assert_echoed(&client, "to the old server\n");
    assert_echoed(&closed, "to be closed\n");
    // The side that closes first keeps the address for a minute: TIME_WAIT.
    kill(by_client(&old, 2)[&port_of(&closed)], SIGKILL).unwrap();
    assert_eq!({ &closed }.read(&mut [0]).unwrap(), 0);
    drop(closed);
    await_that("a connection in TIME_WAIT", || {
        let seen = tcp_sockets(port);
        let waits = seen.iter().any(|socket| socket.state == TIME_WAIT);
        waits.then_some(()).ok_or(format!("{seen:?}"))
    });
    kill(old.pid, SIGKILL).unwrap();
    await_that("the end of the old server", || match state(old.pid) {
        '-' | 'Z' => Ok(()),
        state => Err(state.to_string()),
    });
    let new = Server::on_port(SERVER, port);
    assert_echoed(&connect(&new), "to the new server\n");
    // The old server is dead, its child is not.
    assert_echoed(&client, "to the orphan\n");
    new.assert_idle();
}

#[test]
fn a_second_server_on_the_port_says_so() {
    let server = Server::new(SERVER);
    let port = server.address.port().to_string();
    let second = output(bounded(lab(SERVER)).args(["127.0.0.1", &port]));
    assert_eq!(text_of(&second), "bind error: Address already in use\n");
    assert_eq!((second.status.code(), second.stdout.len()), (Some(1), 0));
    assert_echoed(&connect(&server), "to the first\n");
    assert_eq!(server.end(), "");
}

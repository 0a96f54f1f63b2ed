//! Many clients: at once, each with a process of its own, and one after the other.

use std::collections::HashSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use crate::support::proc::descriptors;
use crate::support::server::{ANY_PORT, Server};
use crate::support::{bounded, lab};
use crate::{SERVER, assert_echoed, connect, read_to_end};

#[test]
fn two_hundred_clients_at_once_have_a_process_each() {
    let server = Server::new(SERVER);
    let clients: Vec<TcpStream> = (0..200).map(|_| connect(&server)).collect();
    let children: HashSet<i32> = server.children(200).into_iter().collect();
    assert_eq!(children.len(), 200);
    // All speak before anyone listens.
    let text = |i: usize| format!("client {i} says {}\n", "x".repeat(i));
    for (i, mut client) in clients.iter().enumerate() {
        client.write_all(text(i).as_bytes()).unwrap();
    }
    for (i, mut client) in clients.iter().enumerate().rev() {
        let mut back = vec![0; text(i).len()];
        client.read_exact(&mut back).unwrap();
        assert_eq!(String::from_utf8_lossy(&back), text(i));
    }
    let own = children
        .iter()
        .flat_map(|&child| server.own_descriptors(child));
    let connections: HashSet<String> = own.map(|(_, socket)| socket).collect();
    assert_eq!(connections.len(), 200, "{connections:?}");
    assert_eq!(
        server.children(200).into_iter().collect::<HashSet<_>>(),
        children
    );
    drop(clients);
    server.assert_idle();
    assert_eq!(server.end(), "");
}

#[test]
fn two_thousand_one_after_the_other_leave_nothing_behind() {
    // Room for 64 descriptors: whoever leaks one a client is soon out of them.
    let mut limited = bounded("prlimit");
    limited
        .arg("--nofile=64:64")
        .arg(lab(SERVER))
        .args(ANY_PORT);
    let server = Server::start(SERVER, limited.stdout(Stdio::null()));
    let before = descriptors(server.pid);
    for i in 0..2000 {
        let client = connect(&server);
        assert_echoed(&client, format!("client {i}\n"));
        client.shutdown(std::net::Shutdown::Write).unwrap();
        assert_eq!(read_to_end(&client).unwrap(), b"", "client {i}");
    }
    server.children(0);
    assert_eq!(descriptors(server.pid), before);
    server.assert_idle();
    assert_eq!(server.end(), "");
}

//! Whatever a client sends comes back, and whatever it does, it stops nobody else: all are served by one process.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use super::process::{SERVER, assert_idle, await_workers};
use crate::support::server::Server;
use crate::{assert_echoed, clog, connect, noise, read_to_end, reset};

#[test]
fn whatever_is_sent_comes_back() {
    let server = Server::new(SERVER);
    let client = connect(&server);
    for line in [
        "hello\n",
        "\n",
        "without a newline",
        "%s%n{}\n",
        "\0",
        "a\0b\n",
    ] {
        assert_echoed(&client, line);
    }
    assert_echoed(&client, noise(1024)); // a full buffer, and one byte more
    assert_echoed(&client, noise(1025));
    for count in [0, 1, 1023, 1024, 1025, 60_000] {
        let client = connect(&server);
        { &client }.write_all(&noise(count)).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        assert!(
            read_to_end(&client).unwrap() == noise(count),
            "{count} bytes"
        );
    }
    drop(client);
    assert_idle(&server);
}

#[test]
fn each_of_a_burst_is_answered() {
    // The C's thread looks at main's variable, which may be the next client's by then.
    let server = Server::new(SERVER);
    for round in 0..60 {
        let clients: Vec<TcpStream> = (0..4).map(|_| connect(&server)).collect();
        let text = |i: usize| format!("round {round}, client {i}\n");
        for (i, mut client) in clients.iter().enumerate() {
            client.write_all(text(i).as_bytes()).unwrap();
        }
        for (i, mut client) in clients.iter().enumerate() {
            let mut back = vec![0; text(i).len()];
            client.read_exact(&mut back).unwrap();
            assert_eq!(String::from_utf8_lossy(&back), text(i));
        }
    }
    assert_idle(&server);
    assert_eq!(server.end(), "");
}

#[test]
fn a_client_that_does_not_read_stops_nobody_and_gets_everything_later() {
    let server = Server::new(SERVER);
    let silent = connect(&server);
    let half = connect(&server);
    { &half }.write_all(b"half a li").unwrap();
    await_workers(&server, 2);
    let client = connect(&server);
    let worker = *await_workers(&server, 3).iter().max().unwrap();
    let sent = clog(&client, worker);
    for i in 0..10 {
        assert_echoed(&connect(&server), format!("client {i} meanwhile\n"));
    }
    client.shutdown(Shutdown::Write).unwrap();
    assert!(read_to_end(&client).unwrap() == sent);
    drop((silent, half, client));
    assert_idle(&server);
    assert_eq!(server.end(), "");
}

/// A way to vanish: what a client does whom this thread serves.
type Way = (&'static str, fn(TcpStream, i32));

const WAYS: [Way; 5] = [
    ("reset before anything was sent", |client, _| reset(client)),
    ("reset after 3 kB", |mut client, _| {
        client.write_all(&[b'x'; 3000]).unwrap();
        reset(client);
    }),
    ("reset after 3 kB, again", |mut client, _| {
        client.write_all(&[b'x'; 3000]).unwrap();
        reset(client);
    }),
    ("close with the echo unread", |mut client, _| {
        client.write_all(b"hello\n").unwrap();
        client.peek(&mut [0]).unwrap(); // it is there
    }),
    ("reset while the server is writing", |client, worker| {
        clog(&client, worker);
        reset(client);
    }),
];

#[test]
fn a_client_that_vanishes_disturbs_nobody() {
    let server = Server::new(SERVER);
    let bystander = connect(&server);
    assert_echoed(&bystander, "before\n");
    let its_thread = await_workers(&server, 1);
    for (way, vanish) in WAYS {
        let client = connect(&server);
        let mut workers = await_workers(&server, 2).into_iter();
        let worker = workers.find(|thread| !its_thread.contains(thread)).unwrap();
        vanish(client, worker);
        assert_eq!(await_workers(&server, 1), its_thread, "after: {way}");
        assert_echoed(&bystander, way);
        assert_echoed(&connect(&server), way);
        assert_eq!(await_workers(&server, 1), its_thread, "after: {way}");
    }
    drop(bystander);
    assert_idle(&server);
    assert_eq!(server.end(), "");
}

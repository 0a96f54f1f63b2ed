//! Whatever a client sends comes back, byte for byte, and a client that vanishes takes nobody with it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;

use rawlabs::signal::{SIGCONT, SIGSTOP, kill};

use crate::support::proc::{await_that, state};
use crate::support::server::Server;
use crate::{SERVER, assert_echoed, clog, connect, noise, read_to_end, reset};

/// Sends all of it while another thread reads it back, then half-closes: fails unless
/// the same bytes and the end come.
fn assert_all_echoed(stream: &TcpStream, bytes: &[u8]) {
    let back = thread::scope(|scope| {
        let reader = scope.spawn(|| read_to_end(stream).unwrap());
        { stream }.write_all(bytes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        reader.join().unwrap()
    });
    let differs = back.iter().zip(bytes).position(|(back, sent)| back != sent);
    assert!(
        back == bytes,
        "{} of {} bytes back, the first other at {differs:?}",
        back.len(),
        bytes.len()
    );
}

#[test]
fn a_line_comes_back_and_the_next_one_too() {
    let server = Server::new(SERVER);
    let client = connect(&server);
    for line in [
        "hello\n",
        "\n",
        "without a newline",
        "안녕\n",
        "%s%n{}\n",
        "\0",
        "a\0b\n",
    ] {
        assert_echoed(&client, line);
    }
    assert_echoed(&client, noise(1024)); // a full buffer, and one byte more
    assert_echoed(&client, noise(1025));
    drop(client);
    assert_eq!(server.end(), "");
}

#[test]
fn a_mebibyte_of_anything_comes_back() {
    let server = Server::new(SERVER);
    assert_all_echoed(&connect(&server), &noise(1 << 20));
    assert_all_echoed(&connect(&server), &vec![0; 1 << 20]);
    assert_eq!(server.end(), "");
}

#[test]
fn one_byte_at_a_time_comes_back() {
    let server = Server::new(SERVER);
    let client = connect(&server);
    // Each waits for the one before, then all follow one another as they may.
    for byte in 0..=255 {
        assert_echoed(&client, [byte]);
    }
    let mut back = vec![0; 2000];
    noise(2000)
        .iter()
        .for_each(|&byte| { &client }.write_all(&[byte]).unwrap());
    { &client }.read_exact(&mut back).unwrap();
    assert_eq!(
        back.escape_ascii().to_string(),
        noise(2000).escape_ascii().to_string()
    );
}

#[test]
fn after_a_half_close_everything_still_comes_back_and_then_the_end() {
    let server = Server::new(SERVER);
    for count in [0, 1, 1023, 1024, 1025, 60_000] {
        let client = connect(&server);
        { &client }.write_all(&noise(count)).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let back = read_to_end(&client).unwrap();
        assert!(back == noise(count), "{} of {count} bytes back", back.len());
    }
    server.assert_idle();
}

#[test]
fn a_client_that_reads_late_gets_everything() {
    let server = Server::new(SERVER);
    let client = connect(&server);
    let child = server.children(1)[0];
    let sent = clog(&client, child);
    assert_echoed(&connect(&server), "nobody else waits\n");
    // A write that is stopped half done has been a short one: the rest must follow.
    for _ in 0..20 {
        for (signal, expected) in [(SIGSTOP, 'T'), (SIGCONT, 'S')] {
            kill(child, signal).unwrap();
            await_that("the state after a signal", || match state(child) {
                seen if seen == expected => Ok(()),
                seen => Err(format!("{seen}, not {expected}")),
            });
        }
    }
    client.shutdown(Shutdown::Write).unwrap();
    let back = read_to_end(&client).unwrap();
    let differs = back.iter().zip(&sent).position(|(back, sent)| back != sent);
    assert!(
        back == sent,
        "{} of {} bytes back, the first other at {differs:?}",
        back.len(),
        sent.len()
    );
}

/// A way to vanish: what a client does whom this process of the server serves.
type Way = (&'static str, fn(TcpStream, i32));

const WAYS: [Way; 5] = [
    ("reset before anything was sent", |client, _| reset(client)),
    ("reset after an echo", |client, _| {
        assert_echoed(&client, "hello\n");
        reset(client);
    }),
    ("close with the echo unread", |mut client, _| {
        client.write_all(b"hello\n").unwrap();
        client.peek(&mut [0]).unwrap(); // it is there
    }),
    ("reset while the server is writing", |client, child| {
        clog(&client, child);
        reset(client);
    }),
    (
        "half-close, then reset while the server is writing",
        |client, child| {
            clog(&client, child);
            client.shutdown(Shutdown::Write).unwrap();
            reset(client);
        },
    ),
];

#[test]
fn a_client_that_vanishes_disturbs_nobody() {
    let server = Server::new(SERVER);
    let bystander = connect(&server);
    assert_echoed(&bystander, "before\n");
    let its_process = server.children(1)[0];
    for (way, vanish) in WAYS {
        let client = connect(&server);
        let children = server.children(2);
        let child = children
            .into_iter()
            .find(|&child| child != its_process)
            .unwrap();
        vanish(client, child);
        assert_eq!(server.children(1), [its_process], "after: {way}");
        assert_echoed(&bystander, way);
        assert_echoed(&connect(&server), way);
        assert_eq!(server.children(1), [its_process], "after: {way}");
    }
    drop(bystander);
    server.assert_idle();
    assert_eq!(server.end(), "");
}

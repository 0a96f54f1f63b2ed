//! What the server shows: each message with its sender, on a terminal at once, in a
//! pipe when the connection's process ends.

use std::fs::File;
use std::io::{self, Read};
use std::net::TcpStream;
use std::process::Stdio;

use crate::support::server::{ANY_PORT, Server};
use crate::support::terminal::{assert_shown, open_terminal, readable};
use crate::support::{bounded, lab};
use crate::{SERVER, assert_echoed, connect};

/// A server that writes there.
fn server(stdout: impl Into<Stdio>) -> Server {
    Server::start(SERVER, bounded(lab(SERVER)).args(ANY_PORT).stdout(stdout))
}

/// What a message of this client looks like.
fn logged(client: &TcpStream, text: &str) -> String {
    format!(
        "Read Data 127.0.0.1({}) : {text}",
        client.local_addr().unwrap().port()
    )
}

#[test]
fn in_a_pipe_all_messages_of_a_client_come_at_its_end() {
    let (reader, writer) = io::pipe().unwrap();
    let server = server(writer);
    let (client, other) = (connect(&server), connect(&server));
    let mut expected = String::new();
    // Text up to the first NUL; the newline is the client's own.
    for (sent, shown) in [
        ("hello\n", "hello\n"),
        ("no newline", "no newline"),
        ("a\0b\n", "a"),
        ("\0", ""),
        ("%s {}\n", "%s {}\n"),
    ] {
        assert_echoed(&client, sent);
        assert_echoed(&other, "other\n");
        expected += &logged(&client, shown);
    }
    assert!(!readable(&reader), "shown before the end");
    drop(client);
    assert_shown(&reader, &expected);
    drop(server);
    assert_shown_nothing_more(reader);
}

/// A child that is killed loses its buffer: the other client's five messages never show.
fn assert_shown_nothing_more(mut source: impl Read) {
    let mut rest = String::new();
    source.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
}

#[test]
fn on_a_terminal_each_line_comes_at_once() {
    let (screen, slave) = open_terminal();
    let server = server(slave);
    let clients = [connect(&server), connect(&server)];
    for text in ["hello\n", "more\n"] {
        for client in &clients {
            assert_echoed(client, text);
            // The terminal makes CR LF of a newline.
            assert_shown(&screen, logged(client, text).replace('\n', "\r\n"));
        }
    }
    // What has no newline waits for the next one, and is shown before it.
    assert_echoed(&clients[0], "no newline");
    assert_echoed(&clients[1], "between\n");
    assert_shown(&screen, logged(&clients[1], "between\r\n"));
    assert_echoed(&clients[0], "\n");
    assert_shown(
        &screen,
        &(logged(&clients[0], "no newline") + &logged(&clients[0], "\r\n")),
    );
}

#[test]
fn where_nobody_reads_the_echo_goes_on() {
    let (reader, writer) = io::pipe().unwrap();
    let full = File::options().write(true).open("/dev/full").unwrap();
    drop(reader);
    for server in [server(writer), server(full)] {
        for _ in 0..3 {
            let client = connect(&server);
            // More than a buffer of messages.
            (0..200).for_each(|i| assert_echoed(&client, format!("line {i}\n")));
        }
        server.assert_idle();
        assert_eq!(server.end(), "");
    }
}

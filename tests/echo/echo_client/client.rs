//! The client sends the line that was typed, shows the whole answer however it
//! comes, and says what is wrong when there is none.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::thread;

use crate::support::proc::await_that;
use crate::support::server::Server;
use crate::support::tracer::Traced;
use crate::support::{lab, text_of, traced};
use crate::{SERVER, bounded, noise};

pub const CLIENT: &str = "echo_client";

pub fn listener() -> TcpListener {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()
}

/// The client's command, for the server at that port.
pub fn client(port: u16) -> Command {
    let mut command = crate::support::bounded(lab(CLIENT));
    command.args(["127.0.0.1", &port.to_string()]);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts the client and has typed this, by one write, and then the end.
pub fn typed(mut command: Command, bytes: &[u8]) -> Child {
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(bytes); // it may have gone
    child
}

pub fn assert_ended(what: &str, seen: &Output, status: i32, stdout: &[u8], stderr: &str) {
    let told = (
        seen.stdout.escape_ascii().to_string(),
        String::from_utf8_lossy(&seen.stderr),
    );
    let expected = (stdout.escape_ascii().to_string(), stderr.into());
    assert_eq!(told, expected, "{what}: {}", seen.status);
    assert_eq!(seen.status.code(), Some(status), "{what}");
}

/// The next connection.
pub fn accept(server: &TcpListener) -> TcpStream {
    server.set_nonblocking(true).unwrap();
    let look = || server.accept().map_err(|error| error.to_string());
    let (stream, _) = await_that("a client", look);
    stream.set_nonblocking(false).unwrap();
    bounded(stream)
}

/// Runs the client against a server that does this with the connection.
pub fn against(bytes: &[u8], serve: impl FnOnce(TcpStream) + Send) -> Output {
    let server = listener();
    let child = typed(client(server.local_addr().unwrap().port()), bytes);
    thread::scope(|scope| {
        scope.spawn(|| serve(accept(&server)));
        child.wait_with_output().unwrap()
    })
}

/// Reads so many bytes.
pub fn take(mut stream: &TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

#[test]
fn what_was_typed_comes_back() {
    let server = Server::new(SERVER);
    let cases = [
        b"hello\n".to_vec(),
        b"\n".to_vec(),
        b"no newline".to_vec(),
        b"two\nlines\n".to_vec(),
        b"a\0b\n".to_vec(),
        noise(1024),
    ];
    for bytes in cases {
        let seen = typed(client(server.address.port()), &bytes)
            .wait_with_output()
            .unwrap();
        assert_ended(
            "a real server",
            &seen,
            0,
            &[b"read : ", &bytes[..]].concat(),
            "",
        );
    }
    server.assert_idle();
    assert_eq!(server.end(), "");
}

#[test]
fn an_answer_in_pieces_is_put_together() {
    for piece in [1, 7, 500, 1023] {
        let sent = noise(1024);
        let seen = against(&sent, |mut stream| {
            let bytes = take(&stream, 1024);
            bytes
                .chunks(piece)
                .for_each(|piece| stream.write_all(piece).unwrap());
        });
        assert_ended(
            &format!("pieces of {piece}"),
            &seen,
            0,
            &[b"read : ", &sent[..]].concat(),
            "",
        );
    }
    // What the server adds is not the answer.
    let seen = against(b"hello\n", |mut stream| {
        stream
            .write_all(&[&take(&stream, 6)[..], b"more"].concat())
            .unwrap()
    });
    assert_ended("more than was sent", &seen, 0, b"read : hello\n", "");
}

#[test]
fn only_what_was_typed_is_sent_and_a_kilobyte_at_most() {
    for count in [1, 6, 1023, 1024, 1025, 3000] {
        let sent = noise(count);
        let mut arrived = Vec::new();
        let seen = against(&sent, |mut stream| {
            let expected = count.min(1024);
            arrived = take(&stream, expected);
            stream.write_all(&arrived).unwrap();
            stream.read_to_end(&mut arrived).unwrap(); // nothing follows
        });
        assert!(
            arrived == sent[..count.min(1024)],
            "{count} typed, {} arrived",
            arrived.len()
        );
        assert_eq!(seen.status.code(), Some(0), "{}", text_of(&seen));
    }
}

#[test]
fn it_connects_before_it_reads_and_prints_last() {
    let server = Server::new(SERVER);
    let port = server.address.port().to_string();
    let mut run = Traced::new(&[], traced(CLIENT), ["127.0.0.1", &port]);
    let (reader, mut writer) = std::io::pipe().unwrap();
    writer.write_all(b"hello\n").unwrap();
    run.command.stdin(reader);
    let (_, processes) = run.run();
    let names: Vec<&str> = processes[0]
        .calls
        .iter()
        .map(|call| call.name.as_str())
        .collect();
    let expected = [
        "execve",
        "socket",
        "connect",
        "read",
        "rt_sigaction",
        "write",
        "read",
        "fstat",
        "close",
        "write",
        "exit_group",
    ];
    assert_eq!(names, expected, "{}", processes[0].text());
}

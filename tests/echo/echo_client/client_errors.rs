//! A client that gets no answer, or not all of it, says why and ends with status 1;
//! no signal kills it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use super::client::{CLIENT, accept, against, assert_ended, client, listener, take, typed};
use crate::support::server::{Server, free_port};
use crate::support::tracer::Traced;
use crate::support::{bounded, lab, output, traced};
use crate::{SERVER, read_to_end, reset};

#[test]
fn without_a_server_it_says_so() {
    let seen = typed(client(free_port()), b"hello\n")
        .wait_with_output()
        .unwrap();
    assert_ended(
        "no server",
        &seen,
        1,
        b"",
        "connect error :: Connection refused\n",
    );
}

#[test]
fn the_end_of_the_input_says_so() {
    let server = listener();
    let seen = typed(client(server.local_addr().unwrap().port()), b"")
        .wait_with_output()
        .unwrap();
    assert_ended("no input", &seen, 1, b"", "end of input: nothing to send\n");
    let arrived = read_to_end(&accept(&server)).unwrap();
    assert_eq!(arrived, b"");
}

#[test]
fn an_input_that_is_closed_says_so() {
    // The socket would become descriptor 0, and the client read its own connection.
    let port = listener().local_addr().unwrap().port().to_string();
    let closed = "exec \"$0\" 127.0.0.1 \"$1\" <&-";
    let mut shell = bounded("sh");
    shell.args(["-c", closed]).arg(lab(CLIENT)).arg(port);
    let said = "standard input is closed: try echo hello | ./echo_client\n";
    assert_ended("<&-", &output(&mut shell), 1, b"", said);
}

/// What a server does, how, and what the client says to it.
type Case = (&'static str, fn(TcpStream), &'static str);

#[test]
fn a_server_that_ends_early_is_told_of() {
    let cases: [Case; 5] = [
        (
            "ends at once",
            |stream| drop(take(&stream, 6)),
            "the server closed after 0 of 6 bytes\n",
        ),
        (
            "ends after a part",
            |mut stream| {
                take(&stream, 6);
                stream.write_all(b"hel").unwrap()
            },
            "the server closed after 3 of 6 bytes\n",
        ),
        (
            "half-closes",
            |stream| {
                take(&stream, 6);
                stream.shutdown(Shutdown::Write).unwrap();
                let _ = { &stream }.read(&mut [0]);
            },
            "the server closed after 0 of 6 bytes\n",
        ),
        (
            "resets",
            |stream| {
                take(&stream, 6);
                reset(stream)
            },
            "read error :: Connection reset by peer\n",
        ),
        (
            "closes without reading all",
            |stream| drop(take(&stream, 3)),
            "read error :: Connection reset by peer\n",
        ),
    ];
    for (what, serve, said) in cases {
        assert_ended(what, &against(b"hello\n", serve), 1, b"", said);
    }
}

/// A way for a server to go.
type Way = (&'static str, fn(TcpStream));

/// After the last, Linux answers a `write` by SIGPIPE.
const GOING: [Way; 3] = [
    ("close", drop),
    ("reset", reset),
    ("half-close, then reset", |stream| {
        stream.shutdown(Shutdown::Write).unwrap();
        reset(stream);
    }),
];

#[test]
fn a_server_that_has_gone_meanwhile_kills_nobody() {
    // It vanishes before the line is typed: what the write meets is an error, not SIGPIPE.
    for (how, vanish) in GOING {
        let server = listener();
        let port = server.local_addr().unwrap().port();
        let mut child = client(port).spawn().unwrap();
        vanish(accept(&server));
        drop(server);
        let _ = child.stdin.take().unwrap().write_all(b"hello\n");
        let seen = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&seen.stderr);
        let known = [
            "write error :: Connection reset by peer\n",
            "write error :: Broken pipe\n",
            "read error :: Connection reset by peer\n",
            "the server closed after 0 of 6 bytes\n",
        ];
        assert!(known.contains(&&*said), "{how}: {said:?}");
        assert_ended(how, &seen, 1, b"", &said);
    }
}

#[test]
fn calls_of_the_client_that_fail_say_so() {
    let server = Server::new(SERVER);
    let port = server.address.port().to_string();
    for (inject, said) in [
        (
            "read:error=EIO:when=1",
            "read error :: Input/output error\n",
        ),
        (
            "write:error=ECONNRESET:when=1",
            "write error :: Connection reset by peer\n",
        ),
        (
            "read:error=ECONNRESET:when=2",
            "read error :: Connection reset by peer\n",
        ),
        (
            "write:retval=0:when=1",
            "write error :: Input/output error\n",
        ),
        ("read:error=EINTR:when=2..4", ""),
        ("write:error=EINTR:when=1..3", ""),
    ] {
        let mut run = Traced::new(&[inject], traced(CLIENT), ["127.0.0.1", &port]);
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"hello\n").unwrap();
        let seen = output(run.command.stdin(reader));
        let (status, stdout) = if said.is_empty() {
            (0, &b"read : hello\n"[..])
        } else {
            (1, &b""[..])
        };
        assert_ended(inject, &seen, status, stdout, said);
    }
}

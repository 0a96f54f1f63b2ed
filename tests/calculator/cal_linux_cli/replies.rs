//! What the client takes for an answer: only the server's, and only to this question.

use std::io::Write;
use std::net::{SocketAddr, UdpSocket};
use std::process::Child;

use rawlabs::signal::{SIGCONT, SIGSTOP, kill};

use super::client::client;
use crate::support::proc::{await_that, descendant, sleeps_in, state};
use crate::support::server::Server;
use crate::support::traced;
use crate::support::tracer::Traced;
use crate::{answer, question, socket};

/// A client that has typed this, and the server it talks to: a socket of the test's.
fn with_server(input: &str) -> (Child, UdpSocket) {
    let server = socket();
    let mut child = client(server.local_addr().unwrap().port()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    (child, server)
}

/// Fails unless the server is asked this; returns by whom.
fn asked(server: &UdpSocket, left_num: i32, op: u8, right_num: i32) -> SocketAddr {
    let mut data = [0; 100];
    let (count, client) = server.recv_from(&mut data).unwrap();
    assert_eq!(data[..count], question(left_num, op, right_num));
    client
}

fn assert_said(child: Child, expected: &str) {
    let seen = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&seen.stdout), expected);
    assert_eq!((seen.status.code(), seen.stderr.len()), (Some(0), 0));
}

/// Answers to `1+2` that are none: too short, too long, or to something else.
fn foreign() -> Vec<Vec<u8>> {
    let right = answer(1, b'+', 2);
    let longer = |count: usize| [&right[..], &vec![0; count]].concat();
    vec![
        vec![],
        right[..9].to_vec(),
        right[..19].to_vec(),
        longer(1),
        longer(20),
        longer(60_000),
        answer(2, b'+', 1).to_vec(),
        answer(1, b'-', 2).to_vec(),
        answer(0, 0, 0).to_vec(),
        vec![0xff; 20],
    ]
}

#[test]
fn what_is_no_answer_to_the_question_is_passed_over() {
    let (child, server) = with_server("1+2\nquit\n");
    let client = asked(&server, 1, b'+', 2);
    for data in foreign() {
        server.send_to(&data, client).unwrap();
    }
    server.send_to(&answer(1, b'+', 2), client).unwrap();
    assert_said(child, "> 1 + 2 = 3\n> ");
}

#[test]
fn a_strangers_answer_is_not_heard() {
    let (child, server) = with_server("1+2\nquit\n");
    let client = asked(&server, 1, b'+', 2);
    let stranger = socket();
    let mut lie = answer(1, b'+', 2);
    lie[15] = 66;
    for _ in 0..10 {
        stranger.send_to(&lie, client).unwrap();
    }
    server.send_to(&answer(1, b'+', 2), client).unwrap();
    assert_said(child, "> 1 + 2 = 3\n> ");
}

#[test]
fn a_server_that_says_nothing_is_given_up_and_its_late_answer_ignored() {
    let (child, server) = with_server("1+2\n3+4\nquit\n");
    let client = asked(&server, 1, b'+', 2);
    // The next question comes when the client has given up the first.
    asked(&server, 3, b'+', 4);
    server.send_to(&answer(1, b'+', 2), client).unwrap();
    server.send_to(&answer(3, b'+', 4), client).unwrap();
    assert_said(child, "> error: no reply within 3 s\n> 3 + 4 = 7\n> ");
}

#[test]
fn the_errors_of_an_answer_are_shown() {
    let (child, server) = with_server("1/0\n1+2\nquit\n");
    let client = asked(&server, 1, b'/', 0);
    server.send_to(&answer(1, b'/', 0), client).unwrap();
    asked(&server, 1, b'+', 2);
    let mut unknown = answer(1, b'+', 2);
    unknown[17] = 1; // for this server `+` is no operator
    server.send_to(&unknown, client).unwrap();
    assert_said(
        child,
        "> error: division by zero\n> error: unknown operator\n> ",
    );
    // An error that the client does not know is none the less no result.
    for error in [3, 17, 255, 256, 257, 512, i16::MAX, i16::MIN, -1] {
        let (child, server) = with_server("1+2\nquit\n");
        let client = asked(&server, 1, b'+', 2);
        let mut data = answer(1, b'+', 2);
        data[16..18].copy_from_slice(&error.to_be_bytes());
        server.send_to(&data, client).unwrap();
        assert_said(child, "> error: unknown error\n> ");
    }
}

#[test]
fn a_server_that_answers_something_else_without_end_is_given_up() {
    for (count, said) in [
        (15, "1 + 2 = 3\n> 3 + 4 = 7"),
        (16, "error: no reply among 16 datagrams\n> 3 + 4 = 7"),
    ] {
        let (child, server) = with_server("1+2\n3+4\nquit\n");
        let client = asked(&server, 1, b'+', 2);
        for _ in 0..count {
            server.send_to(b"x", client).unwrap();
        }
        server.send_to(&answer(1, b'+', 2), client).unwrap();
        asked(&server, 3, b'+', 4);
        server.send_to(&answer(3, b'+', 4), client).unwrap();
        assert_said(child, &format!("> {said}\n> "));
    }
}

#[test]
fn stopping_and_going_on_is_no_reason_to_give_up() {
    const RECVFROM: i64 = 45; // its number on x86_64
    let (child, server) = with_server("1+2\nquit\n");
    let address = asked(&server, 1, b'+', 2);
    let pid = descendant(child.id() as i32, "cal_linux_cli").unwrap();
    for (signal, expected) in [(SIGSTOP, 'T'), (SIGCONT, 'S')] {
        await_that("a client that waits for the answer", || {
            match (sleeps_in(pid), state(pid)) {
                (Some(RECVFROM), 'S') => Ok(()),
                _ if signal == SIGCONT => Ok(()),
                other => Err(format!("{other:?}")),
            }
        });
        kill(pid, signal).unwrap();
        await_that("the state after a signal", || match state(pid) {
            seen if seen == expected => Ok(()),
            seen => Err(format!("{seen}, not {expected}")),
        });
    }
    server.send_to(&answer(1, b'+', 2), address).unwrap();
    assert_said(child, "> 1 + 2 = 3\n> ");
}

#[test]
fn a_call_of_the_client_that_fails_is_one_error_line() {
    const OUT_OF_REACH: &str = "error: the server cannot be reached";
    let server = Server::new("cal_linux_server");
    let port = server.address.port().to_string();
    for (inject, said) in [
        ("recvfrom:error=EINTR:when=1..3", "1 + 2 = 3"),
        (
            "recvfrom:error=ECONNREFUSED:when=1",
            "error: no server there",
        ),
        ("recvfrom:error=EAGAIN:when=1", "error: no reply within 3 s"),
        ("sendto:error=ECONNREFUSED:when=1", "error: no server there"),
        ("sendto:error=ENETUNREACH:when=1", OUT_OF_REACH),
        ("sendto:error=EPERM:when=1", OUT_OF_REACH),
        ("recvfrom:error=EHOSTUNREACH:when=1", OUT_OF_REACH),
    ] {
        let mut run = Traced::new(&[inject], traced("cal_linux_cli"), ["127.0.0.1", &port]);
        let (reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(b"1+2\n7*6\nquit\n").unwrap();
        run.command.stdin(reader);
        let (seen, processes) = run.run();
        // The second question is answered as if nothing had been.
        assert_eq!(
            String::from_utf8_lossy(&seen.stdout),
            format!("> {said}\n> 7 * 6 = 42\n> "),
            "{inject}\n{}",
            processes[0].text()
        );
    }
}

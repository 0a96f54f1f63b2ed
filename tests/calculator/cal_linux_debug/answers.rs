//! `cal_linux_debug` is the same server, and tells who asks what.

use std::fs::File;
use std::io;
use std::process::Stdio;

use crate::support::server::{ANY_PORT, Server};
use crate::support::terminal::{assert_shown, open_terminal, readable};
use crate::support::{bounded, lab, root};
use crate::{answer, ask, question, socket};

const SERVER: &str = "cal_linux_debug";

fn server(stdout: impl Into<Stdio>) -> Server {
    Server::start(SERVER, bounded(lab(SERVER)).args(ANY_PORT).stdout(stdout))
}

/// Asks and fails unless the answer is right; returns what the server prints of it.
fn told(server: &Server, left_num: i32, op: u8, right_num: i32) -> Vec<u8> {
    let client = socket();
    client.connect(server.address).unwrap();
    let seen = ask(&client, &question(left_num, op, right_num));
    assert_eq!(
        seen,
        answer(left_num, op, right_num),
        "{left_num} {} {right_num}",
        op.escape_ascii()
    );
    let port = client.local_addr().unwrap().port();
    let info = format!("Client Info : 127.0.0.1 ({port})\n{left_num:02x} ");
    [
        info.as_bytes(),
        &[op],
        format!(" {right_num:02x}\n").as_bytes(),
    ]
    .concat()
}

#[test]
fn on_a_terminal_each_question_is_told_at_once() {
    let (screen, slave) = open_terminal();
    let server = server(slave);
    for (left_num, op, right_num, shown) in [
        (1, b'+', 2, "01 + 02\n"),
        (-1, b'-', i32::MIN, "ffffffff - 80000000\n"),
        (255, b'x', 4096, "ff x 1000\n"),
        (0, b'/', 0, "00 / 00\n"),
        (9, b'%', 1, "09 % 01\n"),
    ] {
        let told = String::from_utf8(told(&server, left_num, op, right_num)).unwrap();
        assert!(told.ends_with(shown), "{told:?}");
        assert_shown(&screen, told.replace('\n', "\r\n"));
    }
    assert_eq!(server.end(), "");
}

#[test]
fn in_a_pipe_a_bufferful_at_a_time_is_told() {
    let (reader, writer) = io::pipe().unwrap();
    let server = server(writer);
    let mut expected = Vec::new();
    let mut op = 0;
    while expected.len() < 2 * 4096 {
        expected.extend(told(&server, 5, op, -3)); // any byte may be the operator
        op = op.wrapping_add(1);
    }
    assert_shown(&reader, &expected[..2 * 4096]);
    assert!(!readable(&reader), "more than two bufferfuls");
}

#[test]
fn what_is_no_question_is_not_told() {
    let (screen, slave) = open_terminal();
    let server = server(slave);
    let client = socket();
    for length in [0, 19, 21, 65_507] {
        client.send_to(&vec![b'+'; length], server.address).unwrap();
        let told = String::from_utf8(told(&server, 1, b'+', 2)).unwrap();
        assert_shown(&screen, told.replace('\n', "\r\n"));
    }
}

#[test]
fn where_nobody_reads_it_answers_all_the_same() {
    let full = File::options().write(true).open("/dev/full").unwrap();
    let server = server(full);
    (0..300).for_each(|i| drop(told(&server, i, b'+', 1)));
    assert_eq!(server.end(), "");
}

#[test]
fn it_is_the_same_source() {
    let folder = root().join("bins");
    let source = |name: &str| {
        folder
            .join(name)
            .join(name)
            .with_extension("rs")
            .canonicalize()
            .unwrap()
    };
    assert_eq!(source(SERVER), source("cal_linux_server"));
}

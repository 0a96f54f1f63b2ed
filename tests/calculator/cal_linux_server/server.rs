//! The server: what stands on the wire, and that nothing which arrives or fails ends it.

use std::net::UdpSocket;
use std::process::Stdio;

use crate::support::server::{ANY_PORT, Server};
use crate::support::{bounded, lab, output, text_of};
use crate::{answer, ask, question, receive, socket};

pub const SERVER: &str = "cal_linux_server";

/// A client of that server.
pub fn client(server: &Server) -> UdpSocket {
    let client = socket();
    client.connect(server.address).unwrap();
    client
}

/// Asks, and fails unless the answer is right.
pub fn assert_answered(client: &UdpSocket, left_num: i32, op: u8, right_num: i32) {
    let seen = ask(client, &question(left_num, op, right_num));
    let expected = answer(left_num, op, right_num);
    assert_eq!(
        seen,
        expected,
        "{left_num} {} {right_num}",
        op.escape_ascii()
    );
}

#[test]
fn the_bytes_on_the_wire_are_these() {
    let server = Server::new(SERVER);
    let client = client(&server);
    for (asked, answered) in [
        (
            "00000001 00000002 2b000000 00000000 00000000",
            "00000001 00000002 2b000000 00000003 00000000",
        ),
        (
            "00000007 fffffffe 2f000000 00000000 00000000",
            "00000007 fffffffe 2f000000 fffffffd 00000000",
        ),
        (
            "00000007 00000000 2f000000 00000000 00000000",
            "00000007 00000000 2f000000 00000000 00020000",
        ),
        (
            "00000007 00000002 25000000 00000000 00000000",
            "00000007 00000002 25000000 00000000 00010000",
        ),
        // What the client left in the other fields and between them does not come back.
        (
            "00000001 00000002 2dffffff ffffffff ffffffff",
            "00000001 00000002 2d000000 ffffffff 00000000",
        ),
    ] {
        let bytes = |text: &str| -> Vec<u8> {
            let digits = text.replace(' ', "");
            (0..digits.len())
                .step_by(2)
                .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap())
                .collect()
        };
        assert_eq!(ask(&client, &bytes(asked)), bytes(answered), "{asked}");
    }
}

#[test]
fn every_operator_with_every_kind_of_number() {
    let server = Server::new(SERVER);
    let client = client(&server);
    let edges = [
        0,
        1,
        -1,
        2,
        -2,
        7,
        255,
        256,
        46_340,
        46_341,
        65_536,
        -65_536,
        i32::MAX - 1,
        i32::MAX,
        i32::MIN,
        i32::MIN + 1,
    ];
    for op in *b"+-*x/" {
        for left_num in edges {
            edges
                .iter()
                .for_each(|&right_num| assert_answered(&client, left_num, op, right_num));
        }
    }
    // Any other byte is no operator.
    (0..=255).for_each(|op| assert_answered(&client, 6, op, 3));
    assert_eq!(server.end(), "");
}

#[test]
fn everyone_gets_the_answer_to_his_own_question() {
    let server = Server::new(SERVER);
    let clients: Vec<UdpSocket> = (0..50).map(|_| client(&server)).collect();
    for (i, client) in (0..).zip(&clients) {
        client.send(&question(i, b'*', 1000)).unwrap();
    }
    drop(client(&server).send(&question(1, b'+', 1))); // gone before the answer
    for (i, client) in (0..50).zip(&clients).rev() {
        assert_eq!(receive(client), answer(i, b'*', 1000), "client {i}");
    }
}

#[test]
fn a_second_server_on_the_port_says_so() {
    let server = Server::new(SERVER);
    for second in [SERVER, "cal_linux_debug"] {
        let port = server.address.port().to_string();
        let seen = output(bounded(lab(second)).args(["127.0.0.1", &port]));
        assert_eq!(
            text_of(&seen),
            "bind error: Address already in use\n",
            "{second}"
        );
        assert_eq!(
            (seen.status.code(), seen.stdout.len()),
            (Some(1), 0),
            "{second}"
        );
    }
    assert_answered(&client(&server), 1, b'+', 2);
}

#[test]
fn it_prints_nothing() {
    let (mut reader, writer) = std::io::pipe().unwrap();
    let server = Server::start(
        SERVER,
        bounded(lab(SERVER))
            .args(ANY_PORT)
            .stdout(Stdio::from(writer)),
    );
    let client = client(&server);
    (0..300).for_each(|i| assert_answered(&client, i, b'-', 300)); // more than a buffer if each were told
    assert_eq!(server.end(), "");
    let mut shown = String::new();
    std::io::Read::read_to_string(&mut reader, &mut shown).unwrap();
    assert_eq!(shown, "");
}

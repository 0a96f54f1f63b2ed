//! Whatever arrives, and whatever call fails: the server goes on answering.

use super::server::{SERVER, assert_answered, client};
use crate::support::proc::descriptors;
use crate::support::server::Server;
use crate::support::tracer::{Call, Process};
use crate::{answer, numbers, question, receive};

#[test]
fn what_is_not_20_bytes_long_is_not_answered() {
    let server = Server::new(SERVER);
    let client = client(&server);
    for length in [0, 1, 8, 9, 19, 21, 24, 40, 100, 1500, 65_507] {
        client.send(&vec![b'+'; length]).unwrap();
        // The next thing that comes is the answer to the next question.
        assert_answered(&client, length as i32, b'+', 1);
    }
    server.assert_idle();
    assert_eq!(server.end(), "");
}

#[test]
fn ten_thousand_random_datagrams_do_no_harm() {
    let server = Server::new(SERVER);
    let client = client(&server);
    let mut next = numbers();
    for _ in 0..10_000 {
        let length = match next() % 4 {
            0 | 1 => 20,
            2 => next() as usize % 64,
            _ => next() as usize % 1500,
        };
        let bytes: Vec<u8> = (0..length).map(|_| next() as u8).collect();
        client.send(&bytes).unwrap();
        if let [l0, l1, l2, l3, r0, r1, r2, r3, op, ..] = bytes[..]
            && length == 20
        {
            let (left_num, right_num) = (
                i32::from_be_bytes([l0, l1, l2, l3]),
                i32::from_be_bytes([r0, r1, r2, r3]),
            );
            assert_eq!(
                receive(&client),
                answer(left_num, op, right_num),
                "{}",
                bytes.escape_ascii()
            );
        }
    }
    assert_answered(&client, 1, b'+', 2);
    server.assert_idle();
    assert_eq!(server.end(), "");
}

/// Runs a server into whose calls this is injected. `unanswered` questions get no answer, then all do.
fn answers_despite(inject: &str, unanswered: usize) -> Process {
    let (server, run) = Server::traced(SERVER, &[inject]);
    let client = client(&server);
    let held = descriptors(server.pid);
    for _ in 0..unanswered {
        client.send(&question(9, b'-', 9)).unwrap();
    }
    for i in 0..5 {
        assert_answered(&client, i, b'+', 1);
    }
    assert_eq!(descriptors(server.pid), held, "{inject}");
    assert_eq!(server.end(), "", "{inject}");
    run.processes().remove(0)
}

#[test]
fn a_call_that_fails_does_not_end_it() {
    let named = |process: &Process, name: &str| {
        process
            .calls
            .iter()
            .filter(|call| call.name == name)
            .count()
    };
    for error in ["ENOMEM", "ENOBUFS", "ECONNREFUSED", "EIO", "EBADF"] {
        let process = answers_despite(&format!("recvfrom:error={error}:when=1..4"), 0);
        // No question is lost, and after each failure it pauses for a tenth of a second.
        let pauses = process
            .calls
            .iter()
            .filter(|call| call.args.contains("tv_nsec=100000000"));
        assert_eq!(pauses.count(), 4, "{error}\n{}", process.text());
    }
    let process = answers_despite("recvfrom:error=EINTR:when=1..4", 0);
    assert_eq!(named(&process, "clock_nanosleep"), 0, "{}", process.text());
    for error in ["EPERM", "ENOBUFS", "ECONNREFUSED", "EINTR"] {
        let process = answers_despite(&format!("sendto:error={error}:when=1..4"), 4);
        let failed = |call: &&Call| call.result.contains(error) && call.name == "sendto";
        assert_eq!(
            process.calls.iter().filter(failed).count(),
            4,
            "{}",
            process.text()
        );
    }
}

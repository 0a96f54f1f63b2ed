//! The echo labs do what the lecture says, with real clients and servers: nothing is
//! lost, nobody is disturbed by another, and no fault ends the server.
#![forbid(unsafe_code)]

#[path = "../support/mod.rs"]
mod support;

mod every_server;
mod multiplexers;

// Below the name of the lab that they are about.
mod echo_client {
    mod client;
    mod client_errors;
}
mod echo_server {
    crate::every_server::survives!("echo_server",
        a_burst_is_answered resets_disturb_nobody clients_that_vanish_in_the_queue_disturb_nobody
        an_accept_that_fails_is_made_again it_ends_under_load_and_is_started_again_at_once);
    mod one_line;
}
mod echo_server_fork {
    pub mod faults;
    mod interruptions;
    mod load;
    mod output;
    mod processes;
    mod tools;
    mod transfer;
    crate::every_server::survives!("echo_server_fork",
        a_burst_is_answered resets_disturb_nobody clients_that_vanish_in_the_queue_disturb_nobody
        it_ends_under_load_and_is_started_again_at_once a_descriptor_beyond_1023_is_served
        who_is_silent_and_half_a_line_keep_nobody_waiting);
}
mod echo_server_prefork {
    crate::every_server::survives!("echo_server_prefork",
        a_burst_is_answered resets_disturb_nobody clients_that_vanish_in_the_queue_disturb_nobody
        an_accept_that_fails_is_made_again it_ends_under_load_and_is_started_again_at_once
        what_was_sent_before_a_half_close_comes_back a_killed_worker_takes_its_own_clients_and_is_made_anew
        a_worker_that_cannot_be_made_is_tried_again who_does_not_read_is_forgotten_when_it_goes
        a_descriptor_beyond_1023_is_served who_is_silent_and_half_a_line_keep_nobody_waiting
        a_wait_that_is_interrupted_is_made_again);
    mod workers;
}
mod echo_server_robust {
    crate::every_server::survives!("echo_server_robust",
        a_burst_is_answered resets_disturb_nobody clients_that_vanish_in_the_queue_disturb_nobody
        an_accept_that_fails_is_made_again it_ends_under_load_and_is_started_again_at_once
        what_was_sent_before_a_half_close_comes_back a_killed_worker_takes_its_own_clients_and_is_made_anew
        a_worker_that_cannot_be_made_is_tried_again a_descriptor_beyond_1023_is_served
        a_thousand_held_are_served_and_given_back five_thousand_held_are_served_and_given_back
        who_is_silent_and_half_a_line_keep_nobody_waiting a_wait_that_is_interrupted_is_made_again);
    mod end;
    mod limits;
}
mod echo_server_thread {
    mod clients;
    mod faults;
    mod process;
    crate::every_server::survives!("echo_server_thread",
        resets_disturb_nobody clients_that_vanish_in_the_queue_disturb_nobody
        it_ends_under_load_and_is_started_again_at_once a_descriptor_beyond_1023_is_served
        five_thousand_held_are_served_and_given_back who_is_silent_and_half_a_line_keep_nobody_waiting);
}

multiplexers::multiplexer!(echo_server_multi, "pselect6", 1,
    a_descriptor_beyond_1023_is_closed a_thousand_held_are_served_and_given_back);
multiplexers::multiplexer!(echo_server_poll, "poll", 1,
    a_descriptor_beyond_1023_is_served a_thousand_held_are_served_and_given_back
    five_thousand_held_are_served_and_given_back);
multiplexers::multiplexer!(echo_server_epoll, "epoll_wait", 2,
    a_descriptor_beyond_1023_is_served a_thousand_held_are_served_and_given_back
    five_thousand_held_are_served_and_given_back);

use std::io::{Read, Write};
use std::net::TcpStream;

use nix::sys::socket::{setsockopt, sockopt::Linger};
use support::proc::{DEADLINE, await_that, sleeps_in, state};
use support::server::Server;

const SERVER: &str = "echo_server_fork";

/// A connection that fails the test instead of hanging.
fn connect(server: &Server) -> TcpStream {
    bounded(TcpStream::connect_timeout(&server.address, DEADLINE).unwrap())
}

/// A connection on which nothing waits longer than the deadline.
fn bounded(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    stream.set_write_timeout(Some(DEADLINE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Sends these bytes and fails unless the same come back.
fn assert_echoed(mut stream: &TcpStream, bytes: impl AsRef<[u8]>) {
    let bytes = bytes.as_ref();
    stream.write_all(bytes).unwrap();
    let mut back = vec![0; bytes.len()];
    let read = stream.read_exact(&mut back);
    assert!(
        read.is_ok() && back == bytes,
        "{read:?}\nsent {}\nback {}",
        bytes.escape_ascii(),
        back.escape_ascii()
    );
}

/// Everything up to the end of the connection; `Err` if it ended by a reset.
fn read_to_end(mut stream: &TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map(|_| bytes)
}

/// Makes a peer vanish: its end says RST, not FIN.
fn reset(stream: TcpStream) {
    let at_once = nix::libc::linger {
        l_onoff: 1,
        l_linger: 0,
    };
    setsockopt(&stream, Linger, &at_once).unwrap();
}

/// Bytes without a pattern, NULs among them, and the same each time.
fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 8) as u8
    };
    (0..count).map(|_| next()).collect()
}

/// Sends without reading until that task of the server is stuck in `write`. Returns what was sent.
fn clog(mut stream: &TcpStream, task: i32) -> Vec<u8> {
    const WRITE: i64 = 1; // its number on x86_64
    let pattern = noise(100_003);
    let mut sent = Vec::new();
    stream.set_nonblocking(true).unwrap();
    await_that("a task that is stuck in write", || {
        while let Ok(count) = stream.write(&pattern[sent.len() % pattern.len()..]) {
            let start = sent.len() % pattern.len();
            sent.extend(&pattern[start..start + count]);
        }
        match (sleeps_in(task), state(task)) {
            (Some(WRITE), 'S') => Ok(()),
            other => Err(format!("{other:?} after {} bytes", sent.len())),
        }
    });
    stream.set_nonblocking(false).unwrap();
    sent
}

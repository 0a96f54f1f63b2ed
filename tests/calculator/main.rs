//! The calculator's labs: every operator and error on the wire, whatever arrives, and
//! a client that answers every line with one line.
#![forbid(unsafe_code)]

#[path = "../support/mod.rs"]
mod support;

// Below the name of the lab that they are about.
mod cal_linux_cli {
    mod client;
    mod replies;
    mod session;
}
mod cal_linux_debug {
    mod answers;
}
mod cal_linux_server {
    mod hostile;
    mod server;
}

use std::net::{Ipv4Addr, UdpSocket};

use support::proc::DEADLINE;

/// A socket that fails the test instead of hanging.
fn socket() -> UdpSocket {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.set_read_timeout(Some(DEADLINE)).unwrap();
    socket
}

/// A question as it stands on the wire.
fn question(left_num: i32, op: u8, right_num: i32) -> [u8; 20] {
    let mut data = [0; 20];
    data[..4].copy_from_slice(&left_num.to_be_bytes());
    data[4..8].copy_from_slice(&right_num.to_be_bytes());
    data[8] = op;
    data
}

/// The answer to it, by arithmetic in 64 bits of which 32 are kept.
fn answer(left_num: i32, op: u8, right_num: i32) -> [u8; 20] {
    let (left, right) = (i64::from(left_num), i64::from(right_num));
    let (result, error) = match op {
        b'+' => (left + right, 0),
        b'-' => (left - right, 0),
        b'*' | b'x' => (left * right, 0),
        b'/' if right == 0 => (0, 2),
        b'/' => (left / right, 0),
        _ => (0, 1),
    };
    let mut data = question(left_num, op, right_num);
    data[12..16].copy_from_slice(&(result as i32).to_be_bytes());
    data[17] = error;
    data
}

/// Sends a datagram, and returns the next that comes.
fn ask(socket: &UdpSocket, data: &[u8]) -> Vec<u8> {
    socket.send(data).unwrap();
    receive(socket)
}

fn receive(socket: &UdpSocket) -> Vec<u8> {
    let mut data = [0; 100];
    let count = socket
        .recv(&mut data)
        .unwrap_or_else(|error| panic!("no answer: {error}"));
    data[..count].to_vec()
}

/// Numbers without a pattern, the same each time.
fn numbers() -> impl FnMut() -> u32 {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as u32
    }
}

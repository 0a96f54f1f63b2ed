//! The calculator's client: a line, a datagram, an answer. C: `cal_linux_cli.c`.
//!
//! Watch: two calls for each line, `sendto` and `recvfrom`; without a server
//! nothing says so but the error of the second (or the time that passes).
//! Trace: `make strace-cal_linux_cli ARGS=127.0.0.1`
//! Helper: `address_and_port` reads `ADDRESS [PORT]`.
//!
//! Differences from the C:
//! 1. `[PORT]`; the socket is connected, so that only the server's datagrams arrive;
//! 2. signs and spaces are read (`5 + -3`); what is no calculation, or too large
//!    for 32 bits, is answered with one error line (the C sends old numbers);
//! 3. the answer's `error` is shown; an answer to an older question is passed over;
//! 4. the end of the input leaves; a question is given up when nothing comes for 3 s,
//!    or when 16 datagrams have come that do not answer it.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

#[path = "../cal_linux_server/datagram.rs"]
mod datagram;

use datagram::cal_data;
use libc::{c_int, timeval};
use rawlabs::arpa::inet::{htonl, ntohl, ntohs};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::address_and_port;
use rawlabs::netinet::r#in::{any_address, sockaddr_in};
use rawlabs::printf;
use rawlabs::stdio::{EOF, fgets, fwrite, getchar, perror, stdin, stdout};
use rawlabs::stdlib::{skip_spaces, strtol};
use rawlabs::string::strncmp;
use rawlabs::sys::socket::*;

const MAXLINE: usize = 256;
const PORTNUM: u16 = 3800;

/// C's `sscanf(buf, "%d%[^0-9]%d", …)`, but with signs and spaces, and nothing may follow.
fn scan(line: &[u8]) -> Result<(i32, u8, i32), &'static str> {
    let (left_num, rest) = strtol(line);
    let (op, rest) = skip_spaces(rest).split_first().unwrap_or((&0, b""));
    let (right_num, rest) = strtol(rest);
    let (Some(left_num), Some(right_num), b"") = (left_num, right_num, skip_spaces(rest)) else {
        return Err("not a calculation");
    };
    match (i32::try_from(left_num), i32::try_from(right_num)) {
        (Ok(left_num), Ok(right_num)) => Ok((left_num, *op, right_num)),
        _ => Err("beyond 32 bits"),
    }
}

/// Sends the question of a line and prints its answer; or tells what is wrong with either.
#[inline(never)] // a frame of its own in the stack of each call
fn ask(sockfd: c_int, line: &[u8], server_addr: &sockaddr_in) -> Result<(), &'static str> {
    let (left_num, op, right_num) = scan(line)?;
    let mut data = cal_data::from_bytes([0; 20]); // memset
    data.left_num = htonl(left_num as u32) as c_int;
    data.right_num = htonl(right_num as u32) as c_int;
    data.op = op;
    let (question, mut answer) = (data.to_bytes(), [0; 20]);
    let mut received = sendto(sockfd, &question, 0, server_addr);
    let mut foreign = 0;
    while matches!(received, Ok(_) | Err(Errno::EINTR)) && foreign < 16 {
        received = recvfrom(sockfd, &mut answer, MSG_TRUNC, &mut any_address()); // connected: it is the server
        if received == Ok(20) && answer[..9] == question[..9] {
            break;
        }
        foreign += 1; // differences 3 and 4
    }
    data = cal_data::from_bytes(answer);
    // `error`, which the C does not look at
    match (received, ntohs(data.error as u16)) {
        (Err(Errno::ECONNREFUSED), _) => Err("no server there"),
        (Err(Errno::EAGAIN), _) => Err("no reply within 3 s"),
        (Err(_), _) => Err("the server cannot be reached"),
        (Ok(_), _) if foreign == 16 => Err("no reply among 16 datagrams"),
        (Ok(_), 1) => Err("unknown operator"),
        (Ok(_), 2) => Err("division by zero"),
        (Ok(_), 3..) => Err("unknown error"),
        (Ok(_), 0) => {
            printf!("{} ", left_num);
            fwrite(&[op], stdout);
            printf!(" {} = {}\n", right_num, ntohl(data.result as u32) as c_int);
            Ok(())
        }
    }
}

rawlabs::main!(main, argc, argv);

fn main(argc: c_int, argv: Argv) -> c_int {
    let mut buf = [0; MAXLINE];
    if argc < 2 {
        printf!("Usage : ");
        fwrite(argv.get(0).unwrap_or_default().to_bytes(), stdout);
        printf!(" [ipaddress]\n");
        return 1;
    }
    let server_addr = match address_and_port(argv, PORTNUM) {
        Ok(server_addr) => server_addr,
        Err(status) => return status,
    };
    let Ok(sockfd) = socket(AF_INET, SOCK_DGRAM, 0) else {
        return 1;
    };
    if let Err(errno) = connect(sockfd, &server_addr) {
        perror("connect error", errno);
        return 1;
    }
    let limit = timeval {
        tv_sec: 3,
        tv_usec: 0,
    };
    let _ = setsockopt(sockfd, SOL_SOCKET, SO_RCVTIMEO, &limit);
    loop {
        printf!("> ");
        let Some(length) = fgets(&mut buf, MAXLINE, stdin) else {
            return 0; // difference 4
        };
        if strncmp(&buf, b"quit\n", 5) == 0 {
            return 0;
        }
        let mut line = buf.get(..length).unwrap_or_default();
        if length == MAXLINE - 1 && !line.ends_with(b"\n") {
            while !matches!(getchar(), EOF | 0x0a) {} // the rest of the line
            line = b""; // what was cut off may have been a digit
        }
        if let Err(what) = ask(sockfd, line, &server_addr) {
            printf!("error: {}\n", what);
        }
    }
}

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
//! 4. the end of the input leaves, and a question nobody answers within 3 s is given up.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::{c_int, timeval};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::address_and_port;
use rawlabs::netinet::r#in::{any_address, sockaddr_in};
use rawlabs::printf;
use rawlabs::stdio::{EOF, fgets, fwrite, getchar, perror, stdin, stdout};
use rawlabs::stdlib::strtol;
use rawlabs::string::strncmp;
use rawlabs::sys::socket::*;

const MAXLINE: usize = 256;
const PORTNUM: u16 = 3800;

/// C's `sscanf(buf, "%d%[^0-9]%d", …)`, but with signs and spaces, and nothing may follow.
fn scan(line: &[u8]) -> Result<(i32, u8, i32), &'static str> {
    let (left_num, rest) = strtol(line);
    let [op, rest @ ..] = rest.trim_ascii_start() else {
        return Err("not a calculation");
    };
    let (right_num, rest) = strtol(rest);
    let (Some(left_num), Some(right_num), b"") = (left_num, right_num, rest.trim_ascii_start())
    else {
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
    let mut data = [0; 20];
    data[..4].copy_from_slice(&left_num.to_be_bytes()); // htonl
    data[4..8].copy_from_slice(&right_num.to_be_bytes()); // htonl
    data[8] = op;
    let mut addr = any_address();
    let mut answer = [0; 20];
    let mut received = sendto(sockfd, &data, 0, server_addr);
    while matches!(received, Ok(_) | Err(Errno::EINTR)) {
        received = recvfrom(sockfd, &mut answer, MSG_TRUNC, &mut addr);
        if received == Ok(20) && answer[..9] == data[..9] {
            break; // difference 3
        }
    }
    let [.., r0, r1, r2, r3, _, error, _, _] = answer;
    match (received, error) {
        (Err(Errno::ECONNREFUSED), _) => Err("no server there"),
        (Err(_), _) => Err("no reply within 3 s"),
        (Ok(_), 1) => Err("unknown operator"),
        (Ok(_), 2) => Err("division by zero"),
        (Ok(_), _) => {
            let result = i32::from_be_bytes([r0, r1, r2, r3]); // ntohl
            printf!("{} ", left_num);
            fwrite(&[op], stdout);
            printf!(" {} = {}\n", right_num, result);
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

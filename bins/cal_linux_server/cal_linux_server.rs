//! A calculator over UDP, the week before's lab in the lecture's folder. C: `cal_linux_server.c`.
//!
//! Watch: no connection, no fork: one datagram in, one out, one process for everyone.
//! Trace: `make strace-cal_linux_server TO=server.trace`
//! Helper: `address_and_port` reads `[ADDRESS [PORT]]`.
//!
//! The same source is `cal_linux_debug`, which also prints who asks and what (C: `-DDEBUG`).
//!
//! Differences from the C:
//! 1. 127.0.0.1 unless told otherwise, and for port 0 the port that the kernel chose
//!    is told on stderr; a second server on the port says so and exits 1;
//! 2. a datagram that is not 20 bytes long is not answered (the C computes with old fields);
//! 3. arithmetic wraps, INT_MIN / -1 too (the C dies of it); an unknown operator
//!    or a division by zero is answered with an error and the result 0;
//! 4. a `recvfrom` or `sendto` that fails does not end the server.
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use libc::c_int;
use rawlabs::arpa::inet::{inet_ntoa, ntohs};
use rawlabs::crt0::Argv;
use rawlabs::errno::Errno;
use rawlabs::helpers::address_and_port;
use rawlabs::netinet::r#in::any_address;
use rawlabs::printf;
use rawlabs::stdio::{fprintf, fwrite, perror, stderr, stdout};
use rawlabs::sys::socket::*;
use rawlabs::unistd::usleep;

const PORTNUM: u16 = 3800;
const DEBUG: bool = matches!(env!("CARGO_BIN_NAME").as_bytes(), b"cal_linux_debug");

rawlabs::main!(main, argc, argv);

fn main(_argc: c_int, argv: Argv) -> c_int {
    // C's struct cal_data: left_num 0..4, right_num 4..8, op 8, result 12..16, error 16..18.
    let mut data = [0; 20];
    let mut addr = any_address();
    let server_addr = match address_and_port(argv, PORTNUM) {
        Ok(server_addr) => server_addr,
        Err(status) => return status,
    };
    let Ok(sockfd) = socket(AF_INET, SOCK_DGRAM, 0) else {
        return 1;
    };
    if let Err(errno) = bind(sockfd, &server_addr) {
        perror("bind error", errno);
        return 1;
    }
    let mut bound_addr = server_addr;
    if server_addr.sin_port == 0 && getsockname(sockfd, &mut bound_addr).is_ok() {
        let (name, port) = (inet_ntoa(bound_addr.sin_addr), ntohs(bound_addr.sin_port));
        fprintf(stderr, format_args!("bound to {}:{}\n", name, port));
    }
    loop {
        // MSG_TRUNC: the datagram's own length, also when it is longer than `data`.
        match recvfrom(sockfd, &mut data, MSG_TRUNC, &mut addr) {
            Ok(20) => {}
            Ok(_) | Err(Errno::EINTR) => continue, // difference 2
            Err(_) => {
                let _ = usleep(100_000); // clock_nanosleep; difference 4, without spinning
                continue;
            }
        }
        let [l0, l1, l2, l3, r0, r1, r2, r3, op, ..] = data;
        let left_num = i32::from_be_bytes([l0, l1, l2, l3]); // ntohl
        let right_num = i32::from_be_bytes([r0, r1, r2, r3]); // ntohl
        if DEBUG {
            printf!(
                "Client Info : {} ({})\n",
                inet_ntoa(addr.sin_addr),
                ntohs(addr.sin_port)
            );
            printf!("{:02x} ", left_num);
            fwrite(&[op], stdout);
            printf!(" {:02x}\n", right_num);
        }
        let (result, error): (i32, i16) = match op {
            b'+' => (left_num.wrapping_add(right_num), 0),
            b'-' => (left_num.wrapping_sub(right_num), 0),
            b'*' | b'x' => (left_num.wrapping_mul(right_num), 0),
            b'/' if right_num == 0 => (0, 2),
            b'/' => (left_num.wrapping_div(right_num), 0),
            _ => (0, 1),
        };
        data[9..].fill(0);
        data[12..16].copy_from_slice(&result.to_be_bytes()); // htonl
        data[16..18].copy_from_slice(&error.to_be_bytes()); // htons
        let _ = sendto(sockfd, &data, 0, &addr);
    }
}

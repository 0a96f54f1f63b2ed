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

#[path = "../cal_linux_server/datagram.rs"] // the same from cal_linux_debug
mod datagram;

use datagram::cal_data;
use libc::{c_int, c_short};
use rawlabs::arpa::inet::{htonl, htons, inet_ntoa, ntohl, ntohs};
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
    let mut buf = [0; 20]; // sizeof(struct cal_data)
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
        fprintf!(stderr, "bound to {}:{}\n", name, port);
    }
    loop {
        // MSG_TRUNC: the datagram's own length, also when it is longer than `buf`.
        match recvfrom(sockfd, &mut buf, MSG_TRUNC, &mut addr) {
            Ok(20) => {}
            Ok(_) | Err(Errno::EINTR) => continue, // difference 2
            Err(_) => {
                let _ = usleep(100_000); // clock_nanosleep; difference 4, without spinning
                continue;
            }
        }
        let mut data = cal_data::from_bytes(buf);
        let left_num = ntohl(data.left_num as u32) as c_int;
        let right_num = ntohl(data.right_num as u32) as c_int;
        if DEBUG {
            printf!(
                "Client Info : {} ({})\n",
                inet_ntoa(addr.sin_addr),
                ntohs(addr.sin_port)
            );
            printf!("{:02x} ", left_num);
            fwrite(&[data.op], stdout);
            printf!(" {:02x}\n", right_num);
        }
        let (result, error): (c_int, u16) = match data.op {
            b'+' => (left_num.wrapping_add(right_num), 0),
            b'-' => (left_num.wrapping_sub(right_num), 0),
            b'*' | b'x' => (left_num.wrapping_mul(right_num), 0),
            b'/' if right_num == 0 => (0, 2),
            b'/' => (left_num.wrapping_div(right_num), 0),
            _ => (0, 1),
        };
        data.result = htonl(result as u32) as c_int;
        data.error = htons(error) as c_short;
        let _ = sendto(sockfd, &data.to_bytes(), 0, &addr);
    }
}

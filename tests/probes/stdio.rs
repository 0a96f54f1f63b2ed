#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use rawlabs::stdio::{getc, stdin};

rawlabs::main!(main);

fn main() -> libc::c_int {
    getc(stdin);
    0
}

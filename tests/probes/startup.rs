//! Shows what it was started with, byte for byte; or, by its first argument:
//! `align`, `memory` (what compiled code takes for granted), `panic`,
//! `execl PATH` (another program), `execve PATH` (without arguments).
#![no_std]
#![no_main]
#![forbid(unsafe_code)]

use core::cmp::Ordering;
use core::ffi::CStr;
use core::hint::black_box;

use libc::c_int;
use rawlabs::crt0::{Argv, environ};
use rawlabs::printf;
use rawlabs::stdio::{fflush, stdout};
use rawlabs::unistd::{execl, execve, write};

/// One string a line, behind its length; it may hold anything, newlines too.
fn show(name: &str, string: &CStr) {
    printf!("{}[{}] ", name, string.count_bytes());
    fflush(stdout);
    let _ = write(1, string.to_bytes());
    printf!("\n");
}

fn show_all(argc: c_int, argv: Argv) {
    printf!("argc {}\n", argc);
    argv.into_iter().for_each(|arg| show("argv", arg));
    environ().for_each(|variable| show("environ", variable));
}

#[repr(align(16))]
struct Aligned([u8; 16]);

/// How far a value that wants a multiple of 16 lies beside one: not at all if the
/// stack was as the compiler was promised it would be.
#[inline(never)]
fn misalignment() -> usize {
    let value = black_box(Aligned([0; 16]));
    black_box(value.0.as_ptr() as usize) % 16
}

const SIZE: usize = 1000;

/// A pattern in which each neighbour differs, and no constant the compiler could fill in.
fn pattern(i: usize) -> u8 {
    (i * 7 + i / 256) as u8
}

fn patterned() -> [u8; SIZE] {
    let mut bytes = [0; SIZE];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = black_box(pattern(i));
    }
    bytes
}

fn assert_bytes(what: &str, bytes: &[u8], expected: impl Fn(usize) -> u8) {
    for (i, byte) in bytes.iter().enumerate() {
        assert!(*byte == expected(i), "{what}: byte {i} is {byte}");
    }
}

/// memcpy, memmove, memset and memcmp, by the operations that become calls of
/// them when the compiler does not know the length.
fn memory() {
    for length in [0, 1, 2, 7, 8, 15, 16, 17, 255, 256, 500] {
        let length = black_box(length);
        let within = |i: usize, start: usize| (start..start + length).contains(&i);

        let mut bytes = [0xee; SIZE];
        bytes[3..3 + length].copy_from_slice(&patterned()[..length]);
        let copied = |i| if within(i, 3) { pattern(i - 3) } else { 0xee };
        assert_bytes("memcpy", &bytes, copied);

        // Apart, and overlapping in both directions.
        for (from, to) in [
            (0, 500),
            (500, 0),
            (10, 10),
            (10, 11),
            (11, 10),
            (0, 100),
            (100, 0),
        ] {
            let (from, to) = black_box((from, to));
            let mut bytes = patterned();
            bytes.copy_within(from..from + length, to);
            let moved = |i| pattern(if within(i, to) { i - to + from } else { i });
            assert_bytes("memmove", &bytes, moved);
        }

        let mut bytes = patterned();
        bytes[5..5 + length].fill(black_box(0xa5));
        let filled = |i| if within(i, 5) { 0xa5 } else { pattern(i) };
        assert_bytes("memset", &bytes, filled);

        compare(length);
    }
}

fn compare(length: usize) {
    let one = patterned();
    let mut other = patterned();
    let equal = one[..length].cmp(&other[..length]);
    assert!(equal == Ordering::Equal && one[..length] == other[..length]);
    for place in [0, length / 2, length - length.min(1)] {
        // A byte counts as a number from 0 to 255, and only within the length.
        for (byte, another) in [(0x00, 0xff), (0x7f, 0x80), (0x01, 0x02)] {
            let mut one = patterned();
            (one[place], other[place]) = (byte, another);
            let expected = if place < length {
                Ordering::Less
            } else {
                Ordering::Equal
            };
            assert!(one[..length].cmp(&other[..length]) == expected);
            assert!(other[..length].cmp(&one[..length]) == expected.reverse());
            assert!((one[..length] == other[..length]) == (expected == Ordering::Equal));
            other[place] = pattern(place);
        }
    }
}

rawlabs::main!(main, argc, argv);

fn main(argc: c_int, argv: Argv) -> c_int {
    let path = argv.get(2).unwrap_or(c"");
    match argv.get(1).map(CStr::to_bytes) {
        Some(b"align") => drop(printf!("{}\n", misalignment())),
        Some(b"memory") => memory(),
        Some(b"panic") => panic!("{} bottles", argc),
        Some(b"execl") => drop(execl(path, [path, c"", c"last"])),
        Some(b"execve") => drop(execve(path, [], [c"", c"no equals sign", c"A=b=c"])),
        _ => show_all(argc, argv),
    }
    0
}

//! Addresses, byte order and numbers as text, against what C's and Rust's own
//! functions make of the same texts: a table, and thousands that are generated.
#![forbid(unsafe_code)]

mod support;

use std::ffi::CString;
use std::net::Ipv4Addr;
use std::process::Stdio;
use std::str::FromStr;

use rawlabs::arpa::inet::*;
use rawlabs::netinet::r#in::{INADDR_ANY, INADDR_LOOPBACK, any_address, in_addr};
use rawlabs::stdlib::strtol;
use support::{Scratch, bounded, compile_c, output};

/// Texts about which implementations might differ, with bars between them.
const ADDRESSES: &str = "|0|.|...|....|0.0.0.0|255.255.255.255|127.0.0.1|1.2.3.4|1.2.3|1.2.3.4.5|\
    1.2.3.4.|.1.2.3.4|1..3.4|256.1.1.1|1.1.1.256|1.1.1.999|1.1.1.1000|01.2.3.4|1.2.3.04|00.0.0.0|\
    0.0.0.00|1.2.3.4 | 1.2.3.4|1.2.3.4\t|+1.2.3.4|-1.2.3.4|1.2.3.a|0x1.2.3.4|1.2.3.4/8|\
    4294967296.0.0.1|1.2.3.4294967297|٣.1.1.1|1,2,3,4|1.2.3.4\u{a0}|127.1|2130706433";
const NUMBERS: &str = "7|-7|+7|--7|+-7|- 7| 7|\t7|\u{b}7|\u{c}7|\r7| \t\u{b}\u{c}\r 7|7 |7x|x7|007|-0|0x10|\
    9223372036854775807|9223372036854775808|-9223372036854775808|-9223372036854775809|\
    99999999999999999999999|-99999999999999999999999|18446744073709551616|\u{a0}7|+|-| ";

/// Thousands of texts, the same each time: near misses of an address and of a number.
fn generated() -> Vec<Vec<u8>> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut below = move |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize % limit
    };
    let mut texts = Vec::new();
    for _ in 0..10_000 {
        let count = [3, 4, 4, 4, 4, 4, 5][below(7)];
        let limit = [10, 256, 256, 300, 1000][below(5)];
        let numbers: Vec<String> = (0..count).map(|_| below(limit).to_string()).collect();
        let mut text = numbers.join(".").into_bytes();
        for _ in 0..below(3) {
            let bytes = b"0123456789.. +-\t\x0b\x0c\rx\x7f\xff";
            let (at, byte) = (below(text.len() + 1), bytes[below(bytes.len())]);
            match below(3) {
                0 => text.insert(at, byte),
                1 if at < text.len() => text[at] = byte,
                _ => text.truncate(at.max(1)),
            }
        }
        texts.push(text);
    }
    texts
}

fn texts() -> Vec<Vec<u8>> {
    let table = ADDRESSES.split('|').chain(NUMBERS.split('|'));
    let table = table.map(|text| text.as_bytes().to_vec());
    table.chain(generated()).collect()
}

/// What `probes/inet.c` says of each text.
fn told_by_c(texts: &[Vec<u8>]) -> Vec<String> {
    let scratch = Scratch::new();
    let input = scratch.file("input", [texts.join(&b'\n'), b"\n".to_vec()].concat());
    let mut c = bounded(compile_c("inet"));
    c.stdin(Stdio::from(std::fs::File::open(input).unwrap()));
    let lines = String::from_utf8(output(&mut c).stdout).unwrap();
    lines.lines().map(str::to_owned).collect()
}

/// The same of the library's functions.
fn told_by_us(text: &[u8]) -> String {
    let address = match inet_pton(&CString::new(text).unwrap()) {
        Some(address) => format!("{:08x} {}", ntohl(address.s_addr), inet_ntoa(address)),
        None => "- -".to_owned(),
    };
    let (number, rest) = strtol(text);
    // Where C says 0 and takes nothing, there is no number.
    format!(
        "{address} {} {}",
        number.unwrap_or(0),
        text.len() - rest.len()
    )
}

#[test]
fn texts_are_read_as_in_c() {
    let texts = texts();
    let c = told_by_c(&texts);
    assert_eq!(c.len(), texts.len());
    let mut addresses = 0;
    for (text, c) in texts.iter().zip(&c) {
        assert_eq!(
            told_by_us(text),
            *c,
            "{:?}",
            text.escape_ascii().to_string()
        );
        addresses += usize::from(!c.starts_with('-'));
    }
    assert!(
        addresses > 1000 && texts.len() - addresses > 1000,
        "{addresses} of {}",
        texts.len()
    );
}

#[test]
fn addresses_are_read_as_rust_reads_them() {
    for text in texts() {
        let rust = str::from_utf8(&text)
            .ok()
            .and_then(|text| Ipv4Addr::from_str(text).ok());
        let ours = CString::new(text.clone()).unwrap();
        let seen = inet_pton(&ours).map(|address| Ipv4Addr::from_bits(ntohl(address.s_addr)));
        assert_eq!(seen, rust, "{ours:?}");
    }
}

#[test]
fn addresses_are_written_as_rust_writes_them() {
    let some = (0..=u32::MAX)
        .step_by(65_521)
        .chain([0, 1, INADDR_LOOPBACK, u32::MAX]);
    for bits in some {
        let ours = inet_ntoa(in_addr {
            s_addr: htonl(bits),
        })
        .to_string();
        assert_eq!(ours, Ipv4Addr::from_bits(bits).to_string());
    }
}

#[test]
fn network_order_has_the_most_significant_byte_first() {
    for short in 0..=u16::MAX {
        assert_eq!(htons(short).to_ne_bytes(), short.to_be_bytes());
        assert_eq!(ntohs(htons(short)), short);
    }
    for long in (0..=u32::MAX).step_by(65_521) {
        assert_eq!(htonl(long).to_ne_bytes(), long.to_be_bytes());
        assert_eq!(ntohl(htonl(long)), long);
    }
    assert_eq!(Ipv4Addr::from_bits(INADDR_LOOPBACK), Ipv4Addr::LOCALHOST);
    let any = any_address();
    assert_eq!(
        (any.sin_family, any.sin_port, any.sin_addr.s_addr),
        (libc::AF_INET as u16, 0, INADDR_ANY)
    );
    assert_eq!(any.sin_zero, [0; 8]);
}

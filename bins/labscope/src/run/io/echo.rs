//! What a terminal echoes.

use std::collections::VecDeque;
use std::fs::File;

use nix::sys::termios::{LocalFlags, tcgetattr};

/// What a terminal in its present mode shows of what is typed.
pub fn expected_echo(terminal: &File, typed: &[u8]) -> VecDeque<u8> {
    let flags = tcgetattr(terminal)
        .map(|mode| mode.local_flags)
        .unwrap_or(LocalFlags::empty());
    let mut echo = VecDeque::new();
    if !flags.contains(LocalFlags::ECHO) {
        return echo;
    }
    for &byte in typed {
        match byte {
            b'\n' | b'\r' => echo.extend(b"\r\n"),
            4 if flags.contains(LocalFlags::ICANON) => {}
            b'\t' | 0x20..=0x7e | 0x80.. => echo.push_back(byte),
            control => echo.extend([b'^', control ^ 0x40]),
        }
    }
    echo
}

//! What a terminal echoes.

use std::collections::VecDeque;
use std::fs::File;

use nix::sys::termios::{InputFlags, LocalFlags, tcgetattr};

/// The keys that stop output, and let it go on: ^S and ^Q.
pub const STOP: u8 = 19;
const START: u8 = 17;

/// What a terminal in its present mode shows of what is typed.
pub fn expected_echo(terminal: &File, typed: &[u8]) -> VecDeque<u8> {
    let mut echo = VecDeque::new();
    let Ok(mode) = tcgetattr(terminal) else {
        return echo;
    };
    let (flags, has_stop) = (
        mode.local_flags,
        mode.input_flags.contains(InputFlags::IXON),
    );
    if !flags.contains(LocalFlags::ECHO) {
        return echo;
    }
    for &byte in typed {
        match byte {
            b'\n' | b'\r' => echo.extend(b"\r\n"),
            4 if flags.contains(LocalFlags::ICANON) => {}
            STOP | START if has_stop => {}
            b'\t' | 0x20..=0x7e | 0x80.. => echo.push_back(byte),
            control => echo.extend([b'^', control ^ 0x40]),
        }
    }
    echo
}

//! `<stdlib.h>`: ending a process in good order.

use libc::{c_int, c_long};

use crate::{stdio, unistd};

/// Ends the process: what waits in stdout's buffer is written, input that was
/// read ahead is offered back, then the parent is told the low 8 bits of `status`.
///
/// `exit(3)`: `noreturn void exit(int status);`
///
/// A `write` if something waits (stdout), an `lseek` if something is unread (stdin), then `exit_group`.
/// Returning from `main` does the same. [`unistd::_exit`], exec and a signal that
/// kills do not: what was in the buffers is lost. A forked child has a *copy* of
/// its parent's buffers and writes that copy out here.
pub fn exit(status: c_int) -> ! {
    stdio::close_all();
    unistd::_exit(status)
}

/// Reads a decimal number at the start of a text, after spaces and with or without a sign.
///
/// `strtol(3)`: `long strtol(const char *nptr, char **endptr, int base);`
///
/// Returns the number, or `None` if there is no digit, and what stands behind it
/// (C's `endptr`). No system call. A number too large for a `long` becomes the
/// largest there is, as in C.
pub fn strtol(nptr: &[u8]) -> (Option<c_long>, &[u8]) {
    let (sign, mut rest) = match skip_spaces(nptr) {
        [b'-', digits @ ..] => (-1, digits),
        [b'+', digits @ ..] => (1, digits),
        digits => (1, digits),
    };
    let mut number = None;
    while let [digit @ b'0'..=b'9', behind @ ..] = rest {
        let digit = sign * c_long::from(digit - b'0');
        number = Some(
            number
                .unwrap_or(0 as c_long)
                .saturating_mul(10)
                .saturating_add(digit),
        );
        rest = behind;
    }
    (number, if number.is_some() { rest } else { nptr })
}

/// What stands behind the spaces (what `isspace(3)` names) at the start of a text:
/// a step that in C belongs to [`strtol`] and to the formats of `scanf(3)`.
pub fn skip_spaces(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t'..=b'\r', behind @ ..] = text {
        text = behind;
    }
    text
}

//! `<stdio.h>`: buffered input and output, as glibc's does it.
//!
//! The most instructive facts about fork come from here: a buffer is memory, and
//! fork copies memory. The rules:
//!
//! - A stream that nobody uses costs nothing. The first use asks `fstat` what the
//!   descriptor is, and a character device that is no pseudo-terminal `ioctl(TCGETS)`
//!   whether it is a terminal.
//! - The buffer is as large as the file likes its blocks: 1024 bytes on a
//!   terminal, 4096 on a pipe or file, never more than 8192.
//! - stdout is *line buffered* on a terminal: what [`printf!`](crate::printf) leaves
//!   behind its last newline waits. Elsewhere it is *fully buffered*: everything waits until the buffer is full.
//! - Before stdin reads from a terminal, a line-buffered stdout is written out, so that a prompt shows.
//! - [`exit`](crate::stdlib::exit) and the return from main write stdout out and offer unread
//!   input back by `lseek`; `_exit`, exec and a signal that kills do neither.
//! - A failed write loses what was being written, and the program goes on.
//! - stderr has no buffer.
//!
//! - Of several threads one at a time uses a stream, and the others wait: a line is never torn or lost.
//!
//! One of these functions inside another (from a signal handler that interrupts it,
//! or from a `Display` that prints) fails; glibc promises nothing for the former (`signal-safety(7)`).

mod format;
mod input;
mod output;
mod owner;
mod stream;

use core::fmt;

pub use libc::EOF;
use libc::c_int;
use syscalls::Errno;

use crate::errno::words;
use crate::string::strlen;
use crate::unistd::STDERR_FILENO;
pub use crate::{dprintf, fprintf, printf_string};
use format::Decimal;
pub use format::{Argument, Printable, is_plain};
use input::Input;
use output::{Output, write_all};
use stream::STDIO;

/// A stream: [`stdin`], [`stdout`] or [`stderr`]. C's `FILE *`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FILE {
    /// Descriptor 0.
    Stdin,
    /// Descriptor 1.
    Stdout,
    /// Descriptor 2, which has no buffer.
    Stderr,
}

/// The standard input, descriptor 0.
#[allow(non_upper_case_globals)]
pub const stdin: FILE = FILE::Stdin;
/// The standard output, descriptor 1.
#[allow(non_upper_case_globals)]
pub const stdout: FILE = FILE::Stdout;
/// The standard error, descriptor 2: what a call prints leaves at once.
#[allow(non_upper_case_globals)]
pub const stderr: FILE = FILE::Stderr;

/// Writes text with `{}` in place of C's `%d` and `%s`; returns the number of bytes, or -1 if they could not be written.
///
/// `printf(3)`: `int printf(const char *format, ...);`
///
/// Makes an `fstat` at the first use (and an `ioctl` on a character device that is
/// no pseudo-terminal), and a `write` when there is reason to: a newline on a
/// terminal, a full buffer elsewhere.
#[macro_export]
macro_rules! printf {
    ($($format:tt)*) => {
        $crate::stdio::vprintf($crate::arguments!($($format)*))
    };
}

/// A format and its arguments: C's `const char *format, ...`.
#[doc(hidden)]
#[macro_export]
macro_rules! arguments {
    ($format:literal $(, $argument:expr)* $(,)?) => {
        ::core::format_args!(
            $format $(, $crate::stdio::Argument::<_, { $crate::stdio::is_plain($format) }>(&$argument))*
        )
    };
}

/// What [`printf!`](crate::printf) calls with its arguments. `vprintf(3)`: `int vprintf(const char *format, va_list ap);`
///
/// Whether a format has conversions is known when a lab is compiled: one that has none anywhere holds no code for them.
#[inline(always)]
pub fn vprintf(format: fmt::Arguments) -> c_int {
    match format.as_str() {
        Some(text) => print_bytes(text.as_bytes()),
        None => print(format),
    }
}

/// Formats into the buffer of stdout; the number of bytes, or -1.
#[inline(never)] // each other printf! is a call of this
fn print(format: fmt::Arguments) -> c_int {
    STDIO
        .stdout
        .with(|output| output.print(format))
        .unwrap_or(-1)
}

/// Puts bytes into the buffer of stdout; the number of bytes, or -1.
#[inline(never)] // each printf! without conversions is a call of this
fn print_bytes(bytes: &[u8]) -> c_int {
    match STDIO.stdout.with(|output| output.print_bytes(bytes)) {
        Some(true) => bytes.len() as c_int,
        _ => -1,
    }
}

/// Writes text, and behind it a string of any bytes up to its NUL: nothing of another thread comes in between.
///
/// What C writes as `printf("… %s", …, s)`, for Rust's `{}` takes only text: `printf_string!("… {} : ", number; s)`. Returns the
/// number of bytes, or -1. Makes the same calls as [`printf!`](crate::printf).
#[macro_export]
macro_rules! printf_string {
    ($format:literal $(, $argument:expr)*; $string:expr) => {
        $crate::stdio::printf_string($crate::arguments!($format $(, $argument)*), $string)
    };
}

/// What [`printf_string!`](crate::printf_string) calls with its arguments.
pub fn printf_string(format: fmt::Arguments, s: &[u8]) -> c_int {
    let string = s.get(..strlen(s)).unwrap_or_default();
    let both = STDIO.stdout.with(|output| {
        let count = output.print(format);
        let printed = count >= 0 && output.print_bytes(string);
        if printed {
            count + string.len() as c_int
        } else {
            -1
        }
    });
    both.unwrap_or(-1)
}

/// The next byte of stdin, or [`EOF`].
///
/// `getchar(3)`: `int getchar(void);`
///
/// Reads a bufferful when the buffer is empty: `fstat` at the first use (and `ioctl`,
/// as [`printf!`](crate::printf)), a `write` if stdin is a terminal and a line-buffered
/// stdout has something to show, then `read`. The end of the input is remembered and
/// not read again; an error is not.
pub fn getchar() -> c_int {
    getc(stdin)
}

/// The next byte of a stream, or [`EOF`]. `getc(3)`: `int getc(FILE *stream);` See [`getchar`].
pub fn getc(stream: FILE) -> c_int {
    if stream != stdin {
        return EOF;
    }
    let byte = STDIO.stdin.with(Input::next).flatten();
    byte.map_or(EOF, c_int::from)
}

/// Reads a line, its newline included, into `s`: at most `size` - 1 bytes, and a NUL behind them.
///
/// `fgets(3)`: `char *fgets(char s[size], int size, FILE *stream);`
///
/// Returns the number of bytes before that NUL, or `None` (C's `NULL`) when
/// there was nothing to read: the end of the input, or an error. Makes the same
/// calls as [`getchar`], and one `read` more for each bufferful the line needs.
pub fn fgets(s: &mut [u8], size: usize, stream: FILE) -> Option<usize> {
    let size = size.min(s.len());
    let (end, room) = s.get_mut(..size)?.split_last_mut()?;
    let count = match stream {
        FILE::Stdin => STDIO.stdin.with(|input| input.line(room))??,
        FILE::Stdout | FILE::Stderr => return None,
    };
    *room.get_mut(count).unwrap_or(end) = 0;
    Some(count)
}

/// [`printf!`](crate::printf) to a stream: `fprintf!(stderr, "{}\n", n)`.
///
/// `fprintf(3)`: `int fprintf(FILE *stream, const char *format, ...);` To stderr it makes one `write`.
#[macro_export]
macro_rules! fprintf {
    ($stream:expr, $($format:tt)*) => {
        $crate::stdio::fprintf($stream, $crate::arguments!($($format)*))
    };
}

/// What [`fprintf!`](crate::fprintf) calls with its arguments.
pub fn fprintf(stream: FILE, format: fmt::Arguments) -> c_int {
    match stream {
        FILE::Stdin => -1,
        FILE::Stdout => print(format),
        FILE::Stderr => report(format),
    }
}

/// [`printf!`](crate::printf) to a descriptor, without a stream: `dprintf!(STDOUT_FILENO, "{}\n", n)`.
///
/// `dprintf(3)`: `int dprintf(int fd, const char *format, ...);`
///
/// The text is collected on the stack and leaves in one `write` (in several, if it is longer than 512 bytes), ahead of what
/// still waits in stdout's buffer. It touches no memory that others use, so a signal handler may call it at any
/// moment; of glibc's nothing is promised.
#[macro_export]
macro_rules! dprintf {
    ($fd:expr, $($format:tt)*) => {
        $crate::stdio::dprintf($fd, $crate::arguments!($($format)*))
    };
}

/// What [`dprintf!`](crate::dprintf) calls with its arguments.
pub fn dprintf(fd: c_int, format: fmt::Arguments) -> c_int {
    let mut room = [0; 512];
    let mut text = Output::one_text(fd, &mut room);
    let count = text.print(format);
    if text.flush() { count } else { -1 }
}

/// Writes bytes as they are, NULs too, through the buffer of [`printf!`](crate::printf). Returns how many, or 0 if that failed.
///
/// `fwrite(3)`: `size_t fwrite(const void ptr[size * n], size_t size, size_t n, FILE *stream);`
/// Its elements are bytes here. Makes the same calls as `printf!`.
pub fn fwrite(ptr: &[u8], stream: FILE) -> usize {
    let written = match stream {
        FILE::Stdin => false,
        FILE::Stdout => print_bytes(ptr) >= 0,
        FILE::Stderr => write_all(STDERR_FILENO, ptr),
    };
    if written { ptr.len() } else { 0 }
}

/// Writes out what waits in stdout, or offers stdin's unread input back. Returns 0, or [`EOF`] on failure.
///
/// `fflush(3)`: `int fflush(FILE *stream);` A `write` if something waits (and another after a short one), or one `lseek`.
pub fn fflush(stream: FILE) -> c_int {
    let done = match stream {
        FILE::Stdin => STDIO.stdin.with(Input::give_back),
        FILE::Stdout => STDIO.stdout.with(Output::flush),
        FILE::Stderr => Some(true),
    };
    if done == Some(true) { 0 } else { EOF }
}

/// Writes `message: ` and what the error means to stderr.
///
/// `perror(3)`: `void perror(const char *s);` C finds the error in the variable
/// `errno`; here it is handed over. One `write` (glibc copies the descriptor to look
/// at it, `dup` and `fcntl`, and closes the copy: four calls on a pipe or a file,
/// and on a terminal an `fstat` and memory for a buffer besides).
pub fn perror(s: &str, errno: Errno) {
    let colon = if s.is_empty() { "" } else { ": " };
    let decimal;
    let (what, number) = match words(errno) {
        Some(words) => (words, ""),
        None => {
            let number = errno.into_raw();
            decimal = Decimal::new(number.unsigned_abs().into(), number < 0);
            (b"Unknown error ".as_slice(), decimal.text())
        }
    };
    report_bytes(&[
        s.as_bytes(),
        colon.as_bytes(),
        what,
        number.as_bytes(),
        b"\n",
    ]);
}

/// Writes one text to stderr, in one `write`, or in several if it is longer than
/// 512 bytes. Returns the number of bytes, or -1.
pub(crate) fn report(text: fmt::Arguments) -> c_int {
    dprintf(STDERR_FILENO, text)
}

/// Writes bytes to stderr as [`report`] does a text.
pub(crate) fn report_bytes(pieces: &[&[u8]; 5]) {
    let mut room = [0; 512];
    let mut line = Output::one_text(STDERR_FILENO, &mut room);
    for piece in pieces {
        line.put(piece);
    }
    line.flush();
}

/// What `exit` does to the streams: writes stdout out, then offers unread input back. A thread that waits for input has
/// stdin, and may have it for ever: then nobody takes what is in it.
pub(crate) fn close_all() {
    STDIO.stdout.with(Output::flush);
    STDIO.stdin.with_if_free(Input::give_back);
}

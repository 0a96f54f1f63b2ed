//! stdout: collected, and written when there is reason to; and one text for any descriptor.

use core::cell::Cell;
use core::fmt::{self, Write};
use core::slice;

use libc::c_int;

use super::stream::open;
use crate::unistd::{STDOUT_FILENO, write};

pub struct Output<'a> {
    above_stdout: c_int, // the descriptor less 1: what begins as zeros takes no room in the file
    buffer: Option<&'a mut [u8]>,
    end: usize,
    line_buffered: bool,
}

impl<'a> Output<'a> {
    /// stdout, which waits for its first use to ask what its descriptor is.
    pub const fn new() -> Self {
        Output {
            above_stdout: 0,
            buffer: None,
            end: 0,
            line_buffered: false,
        }
    }

    /// One text for a descriptor, which is collected in `room` and flushed by whoever made this.
    pub fn one_text(fd: c_int, room: &'a mut [u8]) -> Self {
        Output {
            above_stdout: fd.wrapping_sub(STDOUT_FILENO),
            buffer: Some(room),
            ..Output::new()
        }
    }

    fn fd(&self) -> c_int {
        self.above_stdout.wrapping_add(STDOUT_FILENO)
    }

    /// Formats into the buffer, then writes out what a terminal should show by now.
    pub fn print(&mut self, format: fmt::Arguments) -> c_int {
        let mut text = Text {
            stream: self,
            count: 0,
        };
        let put = fmt::write(&mut text, format);
        let count = text.count;
        match put.is_ok() && self.flush_lines() {
            true => count,
            false => -1,
        }
    }

    /// Puts bytes into the buffer, then writes out what a terminal should show by now.
    pub fn print_bytes(&mut self, bytes: &[u8]) -> bool {
        self.put(bytes) && self.flush_lines()
    }

    /// Puts bytes into the buffer. When they do not fit, the buffer is filled and
    /// written, then as many whole buffers as there are straight from `bytes`;
    /// the remainder waits. Before the first use there is no buffer, so nothing fits.
    pub fn put(&mut self, bytes: &[u8]) -> bool {
        let rest = self.append(bytes);
        if rest.is_empty() {
            return true;
        }
        if self.buffer.is_none() {
            (self.buffer, self.line_buffered) = open(self.fd());
        }
        let size = self.buffer.as_deref().unwrap_or_default().len().max(1);
        let (whole, remainder) = rest
            .split_at_checked(rest.len() / size * size)
            .unwrap_or_default();
        self.flush() && write_all(self.fd(), whole) && self.put_remainder(remainder)
    }

    /// What is left of a text that did not fit: on a terminal its lines leave one by one.
    fn put_remainder(&mut self, remainder: &[u8]) -> bool {
        if !self.line_buffered {
            self.append(remainder);
            return true;
        }
        remainder.iter().all(|byte| {
            self.append(slice::from_ref(byte));
            *byte != b'\n' || self.flush()
        })
    }

    /// Copies what fits behind the end of the buffer and returns what did not.
    fn append<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let room = self
            .buffer
            .as_deref_mut()
            .unwrap_or_default()
            .get_mut(self.end..)
            .unwrap_or_default();
        let fits = bytes.len().min(room.len());
        room.iter_mut()
            .zip(bytes)
            .for_each(|(place, byte)| *place = *byte);
        self.end += fits;
        bytes.get(fits..).unwrap_or_default()
    }

    /// Writes the buffer out. It is empty afterwards, also when that failed.
    pub fn flush(&mut self) -> bool {
        let waiting = self
            .buffer
            .as_deref()
            .and_then(|buffer| buffer.get(..self.end));
        self.end = 0;
        write_all(self.fd(), waiting.unwrap_or_default())
    }

    /// Before a read from a terminal: a prompt without a newline must show.
    pub fn flush_if_line_buffered(&mut self) {
        if self.line_buffered {
            self.flush();
        }
    }

    /// On a terminal, writes everything up to the last newline; the rest moves to
    /// the front of the buffer (or is lost, if the write failed).
    fn flush_lines(&mut self) -> bool {
        if !self.line_buffered {
            return true;
        }
        let end = self.end;
        let newline = self.waiting().iter().rposition(|&byte| byte == b'\n');
        let Some(newline) = newline else {
            return true;
        };
        let lines = newline + 1;
        self.end = lines;
        if !self.flush() {
            return false;
        }
        self.end = end - lines;
        let buffer = self.buffer.as_deref_mut().unwrap_or_default();
        let buffer = Cell::from_mut(buffer).as_slice_of_cells();
        let rest = buffer.get(lines..end).unwrap_or_default();
        for (to, from) in buffer.iter().zip(rest) {
            to.set(from.get());
        }
        true
    }

    /// What is in the buffer.
    fn waiting(&self) -> &[u8] {
        let buffer = self.buffer.as_deref().unwrap_or_default();
        buffer.get(..self.end).unwrap_or_default()
    }
}

/// One text on its way into the buffer: what fails ends it.
struct Text<'a, 'b> {
    stream: &'a mut Output<'b>,
    count: c_int,
}

impl Write for Text<'_, '_> {
    fn write_str(&mut self, s: &str) -> fmt::Result {
        self.count += s.len() as c_int;
        if self.stream.put(s.as_bytes()) {
            Ok(())
        } else {
            Err(fmt::Error)
        }
    }
}

/// Writes all of `bytes`; a short write is followed by another. False on an error,
/// which to glibc's stdio an interruption is too (unlike `helpers::write_all`).
pub fn write_all(fd: c_int, mut bytes: &[u8]) -> bool {
    while !bytes.is_empty() {
        match write(fd, bytes) {
            Ok(0) | Err(_) => return false,
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
        }
    }
    true
}

//! stdin: read in bufferfuls, handed out byte by byte.

use libc::off_t;
use syscalls::Errno;

use super::output::Output;
use super::stream::{STDIO, open};
use crate::unistd::{SEEK_CUR, STDIN_FILENO, lseek, read};

pub struct Input {
    buffer: Option<&'static mut [u8]>,
    next: usize,
    end: usize,
    line_buffered: bool,
    eof: bool,
}

impl Input {
    pub const fn new() -> Self {
        Input {
            buffer: None,
            next: 0,
            end: 0,
            line_buffered: false,
            eof: false,
        }
    }

    /// Reads a bufferful. False at the end of the input, which is final.
    fn fill(&mut self) -> Result<bool, Errno> {
        if self.eof {
            return Ok(false);
        }
        if self.buffer.is_none() {
            (self.buffer, self.line_buffered) = open(STDIN_FILENO);
        }
        if self.line_buffered {
            STDIO.stdout.with(Output::flush_if_line_buffered);
        }
        (self.next, self.end) = (0, 0);
        self.end = read(STDIN_FILENO, self.buffer.as_deref_mut().unwrap_or_default())?;
        self.eof = self.end == 0;
        Ok(!self.eof)
    }

    fn buffered(&self) -> Option<u8> {
        let filled = self.buffer.as_deref()?.get(..self.end)?;
        filled.get(self.next).copied()
    }

    /// The next byte: of the buffer, or of the system.
    pub fn next(&mut self) -> Option<u8> {
        self.try_next().unwrap_or(None)
    }

    fn try_next(&mut self) -> Result<Option<u8>, Errno> {
        if self.buffered().is_none() && !self.fill()? {
            return Ok(None);
        }
        let byte = self.buffered();
        self.next += 1;
        Ok(byte)
    }

    /// Bytes up to a newline, to the end of the input or of `room`. `None` if
    /// there are none, or if reading failed on the way.
    pub fn line(&mut self, room: &mut [u8]) -> Option<usize> {
        let mut count = 0;
        for place in room.iter_mut() {
            match self.try_next() {
                Ok(Some(byte)) => *place = byte,
                Ok(None) | Err(Errno::EAGAIN) if count > 0 => break,
                Ok(None) | Err(_) => return None,
            }
            count += 1;
            if *place == b'\n' {
                break;
            }
        }
        Some(count)
    }

    /// Unread input goes back to the file, so that whoever shares it reads on
    /// from there. A terminal or pipe cannot take it back (`ESPIPE`): it stays here.
    pub fn give_back(&mut self) -> bool {
        let unread = self.end.saturating_sub(self.next);
        if unread == 0 {
            return true;
        }
        match lseek(STDIN_FILENO, -(unread as off_t), SEEK_CUR) {
            Ok(_) => self.next = self.end,
            Err(errno) => return errno == Errno::ESPIPE,
        }
        true
    }
}

//! The runner's side of one terminal, and of the pipe or file beside it.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};

use crate::run::io::poll::{Arrival, Source};
use crate::run::io::writer::Output;

/// What the runner writes to and watches for the lab, or for one companion.
pub struct Desk {
    /// Towards the keyboard.
    pub keyboard: Output,
    /// Towards the stdin pipe.
    pub pipe: Option<Output>,
    /// The stdout file and how far it has been read.
    stdout_file: Option<(File, u64)>,
    /// The other ends, held until a companion has opened them itself: else they would seem closed.
    held: Vec<OwnedFd>,
}

impl Desk {
    /// A desk with a keyboard.
    pub fn new(keyboard: OwnedFd) -> Result<Desk> {
        Ok(Desk {
            keyboard: Output::new(keyboard)?,
            pipe: None,
            stdout_file: None,
            held: Vec::new(),
        })
    }

    /// Whether there is a file to look at again and again.
    pub fn has_file(&self) -> bool {
        self.stdout_file.is_some()
    }

    /// Lets go of what was held.
    pub fn release(&mut self) {
        self.held.clear();
    }

    /// Adds the stdout file.
    pub fn watch_file(&mut self, file: File) {
        self.stdout_file = Some((file, 0));
    }

    /// Holds the other end of something.
    pub fn hold(&mut self, descriptor: OwnedFd) {
        self.held.push(descriptor);
    }

    /// Closes the stdin pipe as soon as everything queued has left.
    pub fn close_pipe(&mut self) -> Result<()> {
        if let Some(pipe) = &mut self.pipe {
            pipe.close_when_empty = true;
        }
        self.flush_pipe()
    }

    /// Writes what waits for the stdin pipe.
    pub fn flush_pipe(&mut self) -> Result<()> {
        if let Some(pipe) = &mut self.pipe
            && !pipe.flush()?
        {
            self.pipe = None;
        }
        Ok(())
    }

    /// What is new in the stdout file.
    pub fn read_file(&mut self, place: usize, arrivals: &mut Vec<Arrival>) -> Result<()> {
        let Some((file, offset)) = &mut self.stdout_file else {
            return Ok(());
        };
        let mut buffer = vec![0; 1 << 16];
        loop {
            let length = file
                .read_at(&mut buffer, *offset)
                .context("cannot read the stdout file")?;
            if length == 0 {
                return Ok(());
            }
            *offset += length as u64;
            arrivals.push((Source::Stdout(place), buffer[..length].to_vec()));
        }
    }

    /// All that is written to.
    pub fn outputs(&self) -> impl Iterator<Item = &Output> {
        std::iter::once(&self.keyboard).chain(&self.pipe)
    }
}

//! The runner's side of one program: its terminal, and the pipe or file beside it.

use std::fs::File;
use std::os::fd::OwnedFd;
use std::os::unix::fs::FileExt;

use anyhow::{Context, Result};

use crate::run::io::source::{Arrival, Source};
use crate::run::io::writer::Writer;

/// What the runner writes to and watches for the lab, or for one companion.
pub struct Endpoint {
    /// Towards the keyboard side of the terminal.
    pub keyboard: Writer,
    /// Towards the stdin pipe.
    pub pipe: Option<Writer>,
    /// The stdout file and how far it has been read.
    pub stdout_file: Option<(File, u64)>,
    /// The program's own ends, kept open until it has them: else they would seem closed.
    pub held: Vec<OwnedFd>,
}

impl Endpoint {
    /// An endpoint with a terminal.
    pub fn new(keyboard: OwnedFd) -> Result<Endpoint> {
        Ok(Endpoint {
            keyboard: Writer::new(keyboard)?,
            pipe: None,
            stdout_file: None,
            held: Vec::new(),
        })
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
    pub fn read_file(&mut self, index: usize, arrivals: &mut Vec<Arrival>) -> Result<()> {
        let Some((file, offset)) = &mut self.stdout_file else {
            return Ok(());
        };
        let mut buffer = vec![0; 1 << 16];
        loop {
            let length = file.read_at(&mut buffer, *offset).context("read(2)")?;
            if length == 0 {
                return Ok(());
            }
            *offset += length as u64;
            arrivals.push((Source::Stdout(index), buffer[..length].to_vec()));
        }
    }

    /// All that is written to.
    pub fn writers(&self) -> impl Iterator<Item = &Writer> {
        std::iter::once(&self.keyboard).chain(&self.pipe)
    }
}

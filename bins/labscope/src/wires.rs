//! The runner's ends of everything: the terminal, the pipes, the trace, the connections; one poll(2) for all.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::output::{Output, set_nonblocking};

/// How often a file is looked at, and /proc is asked: what poll(2) cannot wait for.
pub const GLANCE: Duration = Duration::from_millis(4);

/// Which of the descriptors something came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Terminal,
    Stdout,
    Trace,
    /// A connection, by its place in the order of calling.
    Line(usize),
}

/// What came: bytes, or (empty) the end.
pub type Arrival = (Source, Vec<u8>);

/// A readable descriptor, until its end.
struct Input {
    source: Source,
    file: File,
}

/// All descriptors of a run.
pub struct Wires {
    listener: UnixListener,
    inputs: Vec<Input>,
    connections: usize,
    /// The stdout file and how far it has been read.
    stdout_file: Option<(File, u64)>,
    /// Towards the keyboard.
    pub keyboard: Output,
    /// Towards the stdin pipe.
    pub pipe: Option<Output>,
    /// The reaper's connection, to hang up on it.
    reaper: Option<UnixStream>,
}

impl Wires {
    /// Starts with the terminal and the socket that the shell's processes call.
    pub fn new(listener: UnixListener, master: OwnedFd) -> Result<Wires> {
        listener
            .set_nonblocking(true)
            .context("cannot make the socket non-blocking")?;
        let copy = master
            .try_clone()
            .context("cannot duplicate the terminal")?;
        let keyboard = Output::new(copy)?;
        let inputs = vec![Input {
            source: Source::Terminal,
            file: File::from(master),
        }];
        let (stdout_file, pipe, reaper) = (None, None, None);
        Ok(Wires {
            listener,
            inputs,
            connections: 0,
            stdout_file,
            keyboard,
            pipe,
            reaper,
        })
    }

    /// Adds a descriptor to read.
    pub fn read_from(&mut self, source: Source, descriptor: OwnedFd) -> Result<()> {
        set_nonblocking(&descriptor)?;
        self.inputs.push(Input {
            source,
            file: File::from(descriptor),
        });
        Ok(())
    }

    /// Adds the stdout file.
    pub fn watch_file(&mut self, file: File) {
        self.stdout_file = Some((file, 0));
    }

    /// Whether nothing at all can come any more, nobody being left at the other ends.
    ///
    /// A trace that strace never opened has no end; `quiet` says that nothing came lately.
    pub fn all_closed(&self, quiet: bool) -> bool {
        self.inputs
            .iter()
            .all(|input| input.source == Source::Trace && quiet)
    }

    /// Notes which connection is the reaper's.
    pub fn set_reaper(&mut self, line: usize) -> Result<()> {
        let input = self
            .inputs
            .iter()
            .find(|input| input.source == Source::Line(line));
        if let Some(input) = input {
            let copy = input
                .file
                .try_clone()
                .context("cannot duplicate a connection")?;
            self.reaper = Some(UnixStream::from(OwnedFd::from(copy)));
        }
        Ok(())
    }

    /// Tells the reaper that the run is over: it sees the end of the connection, and still can answer.
    pub fn hang_up(&mut self) {
        if let Some(reaper) = self.reaper.take() {
            let _ = reaper.shutdown(std::net::Shutdown::Write);
        }
    }

    /// Closes the stdin pipe as soon as everything queued has left.
    pub fn close_pipe(&mut self) -> Result<()> {
        if let Some(pipe) = &mut self.pipe {
            pipe.close_when_empty = true;
            if !pipe.flush()? {
                self.pipe = None;
            }
        }
        Ok(())
    }

    /// Waits until something comes, at most `timeout`, and returns what came.
    pub fn poll(&mut self, timeout: Duration) -> Result<Vec<Arrival>> {
        let timeout = if self.stdout_file.is_some() {
            timeout.min(GLANCE)
        } else {
            timeout
        };
        let (ready, called) = self.wait(timeout)?;
        let mut arrivals = Vec::new();
        for source in ready {
            self.read(source, &mut arrivals)?;
        }
        self.read_file(&mut arrivals)?;
        if called {
            self.answer()?;
        }
        self.keyboard.flush()?;
        if let Some(pipe) = &mut self.pipe
            && !pipe.flush()?
        {
            self.pipe = None;
        }
        Ok(arrivals)
    }

    /// poll(2) over everything; returns the sources that are ready, and whether somebody calls.
    fn wait(&self, timeout: Duration) -> Result<(Vec<Source>, bool)> {
        let mut fds = vec![PollFd::new(self.listener.as_fd(), PollFlags::POLLIN)];
        fds.extend(
            self.inputs
                .iter()
                .map(|input| PollFd::new(input.file.as_fd(), PollFlags::POLLIN)),
        );
        let outputs = [Some(&self.keyboard), self.pipe.as_ref()];
        for output in outputs
            .into_iter()
            .flatten()
            .filter(|output| !output.waiting.is_empty())
        {
            fds.push(PollFd::new(output.file().as_fd(), PollFlags::POLLOUT));
        }
        let milliseconds = timeout.as_millis().clamp(1, 60_000) as u16;
        match poll(&mut fds, PollTimeout::from(milliseconds)) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error).context("cannot poll"),
        }
        let is_ready = |fd: &PollFd| fd.any().unwrap_or(false);
        let inputs = self.inputs.iter().zip(&fds[1..]);
        let ready = inputs
            .filter(|(_, fd)| is_ready(fd))
            .map(|(input, _)| input.source)
            .collect();
        Ok((ready, is_ready(&fds[0])))
    }

    fn read(&mut self, source: Source, arrivals: &mut Vec<Arrival>) -> Result<()> {
        let Some(place) = self.inputs.iter().position(|input| input.source == source) else {
            return Ok(());
        };
        let mut buffer = vec![0; 1 << 16];
        match self.inputs[place].file.read(&mut buffer) {
            Ok(length) => buffer.truncate(length),
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                return Ok(());
            }
            // a terminal whose other side nobody holds; a process killed with words still in its socket
            Err(error)
                if matches!(
                    error.raw_os_error(),
                    Some(nix::libc::EIO | nix::libc::ECONNRESET)
                ) =>
            {
                buffer.clear();
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read from {source:?}"));
            }
        }
        if buffer.is_empty() {
            self.inputs.remove(place);
        }
        arrivals.push((source, buffer));
        Ok(())
    }

    fn read_file(&mut self, arrivals: &mut Vec<Arrival>) -> Result<()> {
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
            arrivals.push((Source::Stdout, buffer[..length].to_vec()));
        }
    }

    /// Accepts a call of one of the shell's processes.
    fn answer(&mut self) -> Result<()> {
        match self.listener.accept() {
            Ok((stream, _)) => {
                let source = Source::Line(self.connections);
                self.connections += 1;
                self.read_from(source, OwnedFd::from(stream))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error).context("cannot accept a connection"),
        }
    }
}

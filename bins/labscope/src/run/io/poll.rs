//! The runner's ends of everything: the terminal, the pipes, the trace, the connections; one poll(2) for all.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

use crate::run::io::endpoint::Desk;
use crate::run::io::writer::set_nonblocking;

/// How often a file is looked at, and /proc is asked: what poll(2) cannot wait for.
pub const GLANCE: Duration = Duration::from_millis(4);

/// Which of the descriptors something came from; numbers say whose it is: the lab's (0) or a companion's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Terminal(usize),
    Stdout(usize),
    Trace(usize),
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
    /// The lab's, then those of the companions.
    pub desks: Vec<Desk>,
    /// The reaper's connection, to hang up on it.
    reaper: Option<UnixStream>,
}

impl Wires {
    /// Starts with the socket that the shell's processes call.
    pub fn new(listener: UnixListener) -> Result<Wires> {
        listener
            .set_nonblocking(true)
            .context("cannot make the socket non-blocking")?;
        Ok(Wires {
            listener,
            inputs: Vec::new(),
            connections: 0,
            desks: Vec::new(),
            reaper: None,
        })
    }

    /// Adds a terminal, and returns whose it is.
    pub fn add_desk(&mut self, master: OwnedFd) -> Result<usize> {
        let place = self.desks.len();
        let copy = master
            .try_clone()
            .context("cannot duplicate the terminal")?;
        self.desks.push(Desk::new(copy)?);
        self.read_from(Source::Terminal(place), master)?;
        Ok(place)
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

    /// Lets go of what was held for the lab or a companion: it has its own ends now.
    pub fn release(&mut self, place: usize) {
        self.desks[place].release();
    }

    /// Says something to one of the shell's processes.
    pub fn tell(&mut self, line: usize, text: &str) -> Result<()> {
        let mut inputs = self.inputs.iter();
        match inputs.find(|input| input.source == Source::Line(line)) {
            Some(input) => (&input.file)
                .write_all(text.as_bytes())
                .context("cannot speak to the shell"),
            None => bail!("the shell has gone"),
        }
    }

    /// Whether nothing at all can come any more, nobody being left at the other ends.
    ///
    /// A trace that strace never opened has no end; `quiet` says that nothing came lately.
    pub fn all_closed(&self, quiet: bool) -> bool {
        self.inputs
            .iter()
            .all(|input| matches!(input.source, Source::Trace(_)) && quiet)
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
        for desk in &mut self.desks {
            desk.release();
        }
        if let Some(reaper) = self.reaper.take() {
            let _ = reaper.shutdown(std::net::Shutdown::Write);
        }
    }

    /// Closes every stdin pipe.
    pub fn close_pipes(&mut self) -> Result<()> {
        self.desks.iter_mut().try_for_each(Desk::close_pipe)
    }

    /// Waits until something comes, at most `timeout`, and returns what came.
    pub fn poll(&mut self, timeout: Duration) -> Result<Vec<Arrival>> {
        let has_file = Desk::has_file;
        let timeout = if self.desks.iter().any(has_file) {
            timeout.min(GLANCE)
        } else {
            timeout
        };
        let (ready, called) = self.wait(timeout)?;
        let mut arrivals = Vec::new();
        for source in ready {
            self.read(source, &mut arrivals)?;
        }
        if called {
            self.answer()?;
        }
        for (place, desk) in self.desks.iter_mut().enumerate() {
            desk.read_file(place, &mut arrivals)?;
            desk.keyboard.flush()?;
            desk.flush_pipe()?;
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
        let outputs = self.desks.iter().flat_map(Desk::outputs);
        let waiting = outputs.filter(|output| !output.waiting.is_empty());
        fds.extend(waiting.map(|output| PollFd::new(output.file().as_fd(), PollFlags::POLLOUT)));
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

//! The runner's ends of everything: the terminals, the pipes, the traces, the connections; one poll(2) for all.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::socket::sockopt::PeerCredentials;
use nix::sys::socket::{Shutdown, getsockopt, shutdown};

use crate::i18n::run;
use crate::proc::process::Process;
use crate::run::io::endpoint::Endpoint;
use crate::run::io::source::{Arrival, Source};
use crate::run::io::writer::set_nonblocking;

/// How often a file is looked at, and /proc is asked: what poll(2) cannot wait for.
pub const INTERVAL: Duration = Duration::from_millis(4);

/// No pipe and no terminal holds more than this.
const LARGEST_PIPE: usize = 1 << 20;

/// A readable descriptor, until its end.
struct Input {
    source: Source,
    file: File,
}

/// All descriptors of a run.
pub struct Poller {
    /// The socket that the shell's processes connect to.
    listener: Option<UnixListener>,
    inputs: Vec<Input>,
    connections: usize,
    /// Who is traced is not listened to: a program that is not trusted might speak for the shell.
    takes_nobody_else: bool,
    /// The lab's, then those of the companions.
    pub endpoints: Vec<Endpoint>,
}

impl Poller {
    /// Starts with the socket that the shell's processes connect to.
    pub fn new(listener: UnixListener, takes_nobody_else: bool) -> Result<Poller> {
        listener.set_nonblocking(true).context("ioctl(2)")?;
        Ok(Poller {
            listener: Some(listener),
            inputs: Vec::new(),
            connections: 0,
            takes_nobody_else,
            endpoints: Vec::new(),
        })
    }

    /// Adds a program's terminal; returns the program's number.
    pub fn add_terminal(&mut self, master: OwnedFd) -> Result<usize> {
        let index = self.endpoints.len();
        let copy = master.try_clone().context("dup(2)")?;
        self.endpoints.push(Endpoint::new(copy)?);
        self.read_from(Source::Terminal(index), master)?;
        Ok(index)
    }

    /// Adds a descriptor to read.
    pub fn read_from(&mut self, source: Source, descriptor: OwnedFd) -> Result<()> {
        set_nonblocking(&descriptor)?;
        let file = File::from(descriptor);
        self.inputs.push(Input { source, file });
        Ok(())
    }

    fn connection(&self, number: usize) -> Option<&File> {
        let mut inputs = self.inputs.iter();
        let input = inputs.find(|input| input.source == Source::Connection(number))?;
        Some(&input.file)
    }

    /// Sends something to one of the shell's processes.
    pub fn send(&self, connection: usize, text: &str) -> Result<()> {
        let Some(mut file) = self.connection(connection) else {
            bail!(run::has_gone(&run::shell()));
        };
        file.write_all(text.as_bytes()).context("write(2)")
    }

    /// Whether nothing at all can come any more, nobody being left at the other ends.
    pub fn all_closed(&self) -> bool {
        self.inputs.is_empty()
    }

    /// Tells the reaper that the run is over: it sees the end of its connection, and still can answer.
    ///
    /// As long as it is not known which one that is, nobody has started anything: each sees the end.
    pub fn hang_up(&mut self, reaper: Option<usize>) {
        for endpoint in &mut self.endpoints {
            endpoint.held.clear();
        }
        self.listener = None; // who has not connected yet is refused
        for input in &self.inputs {
            if let Source::Connection(number) = input.source
                && reaper.is_none_or(|reaper| reaper == number)
            {
                let _ = shutdown(input.file.as_raw_fd(), Shutdown::Write);
            }
        }
    }

    /// Closes every stdin pipe.
    pub fn close_pipes(&mut self) -> Result<()> {
        self.endpoints.iter_mut().try_for_each(Endpoint::close_pipe)
    }

    /// Waits until something comes, at most `timeout`, and returns what came.
    ///
    /// What a program printed before it ended comes before the message that it has ended.
    pub fn poll(&mut self, timeout: Duration) -> Result<Vec<Arrival>> {
        let mut files = self.endpoints.iter().map(|one| &one.stdout_file);
        let timeout = match files.any(Option::is_some) {
            true => timeout.min(INTERVAL),
            false => timeout,
        };
        let (ready, called) = self.wait(timeout)?;
        let (mut arrivals, mut messages) = (Vec::new(), Vec::new());
        for source in ready {
            match source {
                Source::Connection(_) => self.read(source, &mut messages)?,
                _ => self.read(source, &mut arrivals)?,
            };
        }
        if called {
            self.accept()?;
        }
        if !messages.is_empty() {
            self.drain(&mut arrivals)?;
        }
        for (index, endpoint) in self.endpoints.iter_mut().enumerate() {
            endpoint.read_file(index, &mut arrivals)?;
            endpoint.keyboard.flush()?;
            endpoint.flush_pipe()?;
        }
        arrivals.extend(messages);
        Ok(arrivals)
    }

    /// poll(2) over everything; returns the sources that are ready, and whether somebody connects.
    fn wait(&self, timeout: Duration) -> Result<(Vec<Source>, bool)> {
        let inputs = self.inputs.iter().map(|input| input.file.as_fd());
        let mut fds: Vec<PollFd> = inputs
            .chain(self.listener.as_ref().map(AsFd::as_fd))
            .map(|fd| PollFd::new(fd, PollFlags::POLLIN))
            .collect();
        let writers = self.endpoints.iter().flat_map(Endpoint::writers);
        let waiting = writers.filter(|writer| !writer.waiting.is_empty());
        fds.extend(waiting.map(|writer| PollFd::new(writer.file().as_fd(), PollFlags::POLLOUT)));
        let milliseconds = timeout.as_millis().clamp(1, 60_000) as u16;
        match poll(&mut fds, PollTimeout::from(milliseconds)) {
            Ok(_) | Err(Errno::EINTR) => {}
            Err(error) => return Err(error).context("poll(2)"),
        }
        let (inputs, others) = fds.split_at(self.inputs.len());
        let is_ready = |fd: &PollFd| fd.any().unwrap_or(false);
        let ready = self.inputs.iter().zip(inputs);
        let ready = ready.filter(|(_, fd)| is_ready(fd));
        let called = self.listener.is_some() && others.first().is_some_and(is_ready);
        Ok((ready.map(|(input, _)| input.source).collect(), called))
    }

    /// Reads once, without waiting; returns how many bytes came.
    fn read(&mut self, source: Source, arrivals: &mut Vec<Arrival>) -> Result<usize> {
        let Some(index) = self.inputs.iter().position(|input| input.source == source) else {
            return Ok(0);
        };
        let mut buffer = vec![0; 1 << 16];
        match self.inputs[index].file.read(&mut buffer) {
            Ok(length) => buffer.truncate(length),
            Err(error)
                if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) =>
            {
                return Ok(0);
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
                return Err(error).context("read(2)");
            }
        }
        if buffer.is_empty() {
            self.inputs.remove(index);
        }
        let length = buffer.len();
        arrivals.push((source, buffer));
        Ok(length)
    }

    /// Reads what the terminals and the stdout pipes hold at this moment.
    ///
    /// A read of a terminal that finds nothing has first waited for what was on its way to it.
    fn drain(&mut self, arrivals: &mut Vec<Arrival>) -> Result<()> {
        let sources = self.inputs.iter().map(|input| input.source);
        let printed = |source: &Source| matches!(source, Source::Terminal(_) | Source::Stdout(_));
        for source in sources.filter(printed).collect::<Vec<_>>() {
            let mut read = 0;
            while read < LARGEST_PIPE {
                match self.read(source, arrivals)? {
                    0 => break,
                    length => read += length,
                }
            }
        }
        Ok(())
    }

    /// Accepts the connection of one of the shell's processes.
    fn accept(&mut self) -> Result<()> {
        let Some(listener) = &self.listener else {
            return Ok(());
        };
        match listener.accept() {
            Ok((stream, _)) if self.takes_nobody_else && !is_ours(&stream) => Ok(()),
            Ok((stream, _)) => {
                let source = Source::Connection(self.connections);
                self.connections += 1;
                self.read_from(source, OwnedFd::from(stream))
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(()),
            Err(error) => Err(error).context("accept(2)"),
        }
    }
}

/// Whether one of the shell's processes has connected, and no program that is traced. A companion may have come to its
/// end by now: of who is gone nothing can be said.
fn is_ours(stream: &UnixStream) -> bool {
    let peer = getsockopt(stream, PeerCredentials);
    let peer = peer.ok().and_then(|peer| Process::read(peer.pid()));
    peer.is_none_or(|peer| peer.tracer == 0)
}

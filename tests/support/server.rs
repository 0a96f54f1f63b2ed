//! A server under test: it chooses its port, is known by the address that it
//! names on stderr, and is ended with all its children whatever happens.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStderr, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};

use rawlabs::signal::{SIGKILL, SIGTERM, kill};

use super::proc::{
    LISTEN, Tcp, await_children, await_that, descendant, descriptors, is_taken, state, tcp_sockets,
};
use super::tracer::Traced;
use super::{bounded, head, lab, traced};

/// What a server is given: this machine only, and a port that the kernel chooses.
pub const ANY_PORT: [&str; 2] = ["127.0.0.1", "0"];

/// The same in the order in which that lab wants it.
fn any_port(name: &str) -> [&'static str; 2] {
    in_order(name, ANY_PORT)
}

/// How many processes of its own a server has when it serves nobody.
fn workers_of(name: &str) -> usize {
    match name {
        "echo_server_prefork" => 4,
        "echo_server_robust" => 1,
        _ => 0,
    }
}

fn in_order<'a>(name: &str, [address, port]: [&'a str; 2]) -> [&'a str; 2] {
    match &head(name).arguments {
        Some(usage) if usage.starts_with("PORT") => [port, address],
        _ => [address, port],
    }
}

/// A running server.
pub struct Server {
    /// `timeout`, the leader of the process group in which all of it runs.
    leader: Child,
    /// The server itself.
    pub pid: i32,
    pub address: SocketAddr,
    /// The processes of its own that it has when it serves nobody; with any, it catches SIGTERM.
    pub workers: usize,
    stderr: BufReader<ChildStderr>,
    ended: bool,
}

impl Server {
    /// Starts a lab as it is shipped; nobody reads its stdout.
    pub fn new(name: &str) -> Server {
        Server::start(
            name,
            bounded(lab(name))
                .args(any_port(name))
                .stdout(Stdio::null()),
        )
    }

    /// Starts a lab that is traced, with these changes of its calls. The trace is complete after [`Server::end`].
    pub fn traced(name: &str, inject: &[&str]) -> (Server, Traced) {
        let mut run = Traced::new(inject, traced(name), any_port(name));
        let server = Server::start(name, run.command.stdout(Stdio::null()));
        (server, run)
    }

    /// Starts a command, which sooner or later runs the lab of that name with a
    /// port of 0, and waits until the lab says where it is.
    pub fn start(name: &str, command: &mut Command) -> Server {
        let mut server = Server::spawn(name, command);
        let mut line = String::new();
        server.stderr.read_line(&mut line).unwrap();
        let address = line.trim_end().rsplit(' ').next().unwrap().parse();
        server.address =
            address.unwrap_or_else(|_| panic!("{command:?} named no address: {line:?}"));
        server.pid = descendant(server.pid, name).unwrap();
        server
    }

    /// Starts a lab on a port of TCP that is given, and waits until it listens.
    pub fn on_port(name: &str, port: u16) -> Server {
        let mut command = bounded(lab(name));
        command
            .args(in_order(name, ["127.0.0.1", &port.to_string()]))
            .stdout(Stdio::null());
        let mut server = Server::spawn(name, &mut command);
        server.address.set_port(port);
        server.pid = await_that("a listening server", || {
            if server.leader.try_wait().unwrap().is_some() {
                let mut rest = String::new();
                server.stderr.read_to_string(&mut rest).unwrap();
                panic!("{command:?} has ended: {rest}");
            }
            let pid = descendant(server.pid, name).ok_or("no process")?;
            let (held, sockets) = (descriptors(pid), tcp_sockets(port));
            let own = |socket: &&Tcp| held.values().any(|name| *name == socket.name);
            let listening = sockets
                .iter()
                .filter(own)
                .any(|socket| socket.state == LISTEN);
            listening
                .then_some(pid)
                .ok_or(format!("{held:?} {sockets:?}"))
        });
        server
    }

    fn spawn(name: &str, command: &mut Command) -> Server {
        let command = command.stdin(Stdio::null()).stderr(Stdio::piped());
        let mut leader = command.process_group(0).spawn().unwrap();
        Server {
            pid: leader.id() as i32,
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            workers: workers_of(name),
            stderr: BufReader::new(leader.stderr.take().unwrap()),
            leader,
            ended: false,
        }
    }

    /// Its children, once there are that many.
    pub fn children(&self, count: usize) -> Vec<i32> {
        await_children(self.pid, count)
    }

    /// The descriptors of the server or of a child of it beyond 0, 1, 2 and those
    /// that were handed down to all of us (by a shell, by make).
    pub fn own_descriptors(&self, pid: i32) -> BTreeMap<i32, String> {
        let mut held = descriptors(pid);
        for (fd, inherited) in descriptors(self.leader.id() as i32) {
            let same = held.get(&fd).is_some_and(|name| *name == inherited);
            assert!(same || fd > 2, "{fd} was {inherited}, now: {held:?}");
            if same {
                held.remove(&fd);
            }
        }
        held
    }

    /// Fails unless it sleeps in wait of a client, without a child and with one descriptor of its own.
    pub fn assert_idle(&self) {
        self.children(0);
        await_that("an idle server with one socket of its own", || {
            let (state, held) = (state(self.pid), self.own_descriptors(self.pid));
            match state == 'S' && held.len() == 1 {
                true => Ok(()),
                false => Err(format!("state {state}, {held:?}")),
            }
        });
    }

    /// Waits for its end, which something else has brought about. A signal is told as `timeout` does, as its own end or by 128 + its number.
    pub fn wait(&mut self) -> ExitStatus {
        let status = self.leader.wait().unwrap();
        self.ended = true;
        match status.code() {
            Some(code @ 129..) => ExitStatus::from_raw(code - 128),
            _ => status,
        }
    }

    /// Ends the server as a person would, once its children are gone, and returns what
    /// it and they wrote on stderr after the address.
    pub fn end(mut self) -> String {
        self.children(self.workers);
        kill(self.pid, SIGTERM).unwrap_or_else(|error| panic!("the server is gone: {error:?}"));
        let mut rest = String::new();
        self.stderr.read_to_string(&mut rest).unwrap();
        let status = self.leader.wait().unwrap();
        self.ended = true;
        // `timeout` ends as its program did, or tells 128 + the signal.
        let killed = status.signal() == Some(SIGTERM) || status.code() == Some(128 + SIGTERM);
        assert!(
            killed || self.workers > 0 && status.success(),
            "the server was not there to be ended: {status}\n{rest}"
        );
        rest
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if !self.ended {
            // All that was started is in this group, and nothing else.
            let _ = kill(-(self.leader.id() as i32), SIGKILL);
            let _ = self.leader.wait();
        }
    }
}

/// A port that nobody has, below those that the kernel gives away. Looked up and not
/// tried out: a process that is just being started would hold a copy of the trial.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + (std::process::id() % 1000) as u16 * 20;
    loop {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if !is_taken(port) {
            return port;
        }
    }
}

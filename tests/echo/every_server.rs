//! What every server must survive, whatever it waits by: each test begins and ends with a server that has nobody, and compares
//! the processes, threads and descriptors of all of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use rawlabs::signal::{SIGTERM, kill};

use crate::support::proc::{await_that, children, descriptors, sleeps_in, state, tcp_sockets};
use crate::support::server::{ANY_PORT, Server, free_port};
use crate::support::tracer::Traced;
use crate::support::{lab, output};
use crate::{bounded, clog, noise, read_to_end, reset};

/// How many threads and which descriptors each process of a server has: the server first, then its children in the order of their making.
type Footprint = Vec<(usize, BTreeMap<i32, String>)>;

fn footprint(server: &Server) -> Footprint {
    let processes = [vec![server.pid], children(server.pid)].concat();
    let threads = |pid: i32| fs::read_dir(format!("/proc/{pid}/task")).map_or(0, Iterator::count);
    let of = |&pid: &i32| (threads(pid), descriptors(pid));
    processes.iter().map(of).collect()
}

/// The same, once all processes sleep and nothing changes: the server has set itself up.
pub fn settled(server: &Server) -> Footprint {
    let mut last = Footprint::new();
    await_that("a server that sleeps", || {
        let seen = footprint(server);
        let processes = [vec![server.pid], children(server.pid)].concat();
        let sleeps = processes.iter().all(|&pid| state(pid) == 'S');
        let is_same = seen == last && seen.len() == 1 + server.workers;
        last = seen.clone();
        (sleeps && is_same)
            .then_some(seen)
            .ok_or(format!("{last:?}"))
    })
}

/// Fails unless everything is given back.
pub fn assert_settles(server: &Server, before: &Footprint) {
    await_that("everything given back", || {
        let seen = footprint(server);
        (seen == *before)
            .then_some(())
            .ok_or(format!("{seen:?}\nbefore {before:?}"))
    });
}

/// Ends it; of a client that has gone it may have spoken.
pub fn end(server: Server) {
    let said = server.end();
    let mut other = said.lines().filter(|line| !line.starts_with("write error"));
    assert_eq!(other.next(), None, "{said}");
}

/// A connection to that server which fails the test instead of hanging.
pub fn connect(server: &Server) -> TcpStream {
    bounded(TcpStream::connect(server.address).unwrap())
}

/// Sends a line on a connection of its own, and fails unless it comes back.
pub fn assert_served(server: &Server, line: &str) {
    let mut client = connect(server);
    client.write_all(line.as_bytes()).unwrap();
    assert_answered(&client, line);
}

pub fn assert_answered(mut client: &TcpStream, line: &str) {
    let mut back = vec![0; line.len()];
    let read = client.read_exact(&mut back);
    assert!(
        read.is_ok() && back == line.as_bytes(),
        "{read:?} {line:?} {}",
        back.escape_ascii()
    );
}

pub fn a_burst_is_answered(name: &str) {
    let server = Server::new(name);
    let before = settled(&server);
    for round in 0..20 {
        let clients: Vec<TcpStream> = (0..4).map(|_| connect(&server)).collect();
        let line = |i: usize| format!("round {round}, client {i}\n");
        for (i, mut client) in clients.iter().enumerate() {
            client.write_all(line(i).as_bytes()).unwrap();
        }
        for (i, client) in clients.into_iter().enumerate() {
            assert_answered(&client, &line(i)); // and it leaves: its place may be needed
        }
    }
    assert_settles(&server, &before);
    end(server);
}

pub fn who_is_silent_and_half_a_line_keep_nobody_waiting(name: &str) {
    let server = Server::new(name);
    let before = settled(&server);
    let (mut silent, mut half) = (connect(&server), connect(&server));
    half.write_all(b"half a ").unwrap();
    assert_answered(&half, "half a ");
    for i in 0..4 {
        assert_served(&server, &format!("client {i}\n"));
    }
    half.write_all(b"line\n").unwrap();
    assert_answered(&half, "line\n");
    silent.write_all(b"at last\n").unwrap();
    assert_answered(&silent, "at last\n");
    drop((silent, half));
    assert_settles(&server, &before);
    end(server);
}

pub fn resets_disturb_nobody(name: &str) {
    let server = Server::new(name);
    let before = settled(&server);
    for _ in 0..2 {
        let mut client = connect(&server);
        client.write_all(&[b'x'; 3000]).unwrap();
        reset(client);
        reset(connect(&server)); // before anything was sent
        assert_served(&server, "still here\n");
    }
    assert_settles(&server, &before);
    end(server);
}

pub fn clients_that_vanish_in_the_queue_disturb_nobody(name: &str) {
    let server = Server::new(name);
    let before = settled(&server);
    kill(server.pid, libc::SIGSTOP).unwrap();
    let stopped = [vec![server.pid], children(server.pid)].concat();
    for &pid in &stopped {
        kill(pid, libc::SIGSTOP).unwrap();
    }
    for i in 0..20 {
        let client = connect(&server);
        match i % 2 {
            0 => reset(client),
            _ => drop(client),
        }
    }
    for &pid in &stopped {
        kill(pid, libc::SIGCONT).unwrap();
    }
    assert_served(&server, "here\n");
    assert_settles(&server, &before);
    end(server);
}

/// As much as the buffers of both sides take at once, and more.
pub fn what_was_sent_before_a_half_close_comes_back(name: &str) {
    let server = Server::new(name);
    let before = settled(&server);
    for count in [0, 1, 1023, 1024, 1025, 60_000] {
        let mut client = connect(&server);
        client.write_all(&noise(count)).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let back = read_to_end(&client).unwrap();
        assert!(back == noise(count), "{} of {count} bytes", back.len());
    }
    assert_settles(&server, &before);
    end(server);
}

/// The one process that holds the other end of this connection, and as which descriptor.
fn holder(server: &Server, client: &TcpStream) -> (i32, i32) {
    let port = client.local_addr().unwrap().port();
    await_that("a connection in one process", || {
        let sockets = tcp_sockets(server.address.port());
        let own = sockets.iter().find(|socket| socket.remote == port);
        let processes = [vec![server.pid], children(server.pid)].concat();
        let held = processes.into_iter().flat_map(|pid| {
            let held = descriptors(pid).into_iter();
            held.map(move |(fd, name)| (pid, fd, name))
        });
        let held = held.filter(|(_, _, name)| own.is_some_and(|socket| socket.name == *name));
        match held.collect::<Vec<_>>()[..] {
            [(pid, fd, _)] => Ok((pid, fd)),
            ref other => Err(format!("{other:?}")),
        }
    })
}

/// A server in which 4 to 1023 are taken before it begins: its first client gets 1024, or one beyond.
fn with_high_descriptors(name: &str) -> Server {
    let script = "ulimit -n 1100; for ((fd = 4; fd < 1024; fd++)); do eval \"exec $fd</dev/null\"; done; exec \"$@\"";
    let mut command = crate::support::bounded("bash");
    command.args(["-c", script, "bash"]).arg(lab(name));
    Server::start(name, command.args(ANY_PORT).stdout(Stdio::null()))
}

pub fn a_descriptor_beyond_1023_is_served(name: &str) {
    let server = with_high_descriptors(name);
    let before = settled(&server); // it has opened what it opens
    let mut client = connect(&server);
    client.write_all(b"far out\n").unwrap();
    assert_answered(&client, "far out\n");
    let (_, fd) = holder(&server, &client);
    assert!(fd > 1023, "{fd}");
    drop(client);
    assert_settles(&server, &before);
    end(server);
}

/// Of a server whose table ends there.
pub fn a_descriptor_beyond_1023_is_closed(name: &str) {
    let server = with_high_descriptors(name);
    let before = settled(&server);
    for _ in 0..3 {
        assert_eq!(read_to_end(&connect(&server)).unwrap(), b"");
    }
    assert_settles(&server, &before);
    end(server);
}

pub fn a_worker_that_cannot_be_made_is_tried_again(name: &str) {
    let (server, run) = Server::traced(name, &["fork:error=EAGAIN:when=1..3"]);
    let before = settled(&server); // with all its workers
    assert_served(&server, "here\n");
    assert_settles(&server, &before);
    end(server);
    let parent = &run.processes()[0];
    let injected = parent
        .calls
        .iter()
        .filter(|call| call.result.ends_with("(INJECTED)"));
    assert_eq!(injected.count(), 3, "{}", parent.text());
}

/// It sends and never reads, until the process that serves it is stuck in `write`. Who is served by another process does not notice;
/// in one process all wait. When it goes, they are served, and all is given back.
pub fn who_does_not_read_is_forgotten_when_it_goes(name: &str) {
    let server = Server::new(name);
    let before = settled(&server);
    for way in [reset, drop as fn(TcpStream)] {
        let silent = connect(&server);
        { &silent }.write_all(b"first\n").unwrap();
        let mut others: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
        others.iter_mut().for_each(|other| {
            other.write_all(b"before\n").unwrap();
            assert_answered(other, "before\n");
        });
        let (task, _) = holder(&server, &silent);
        clog(&silent, task);
        for other in &mut others {
            other.write_all(b"meanwhile\n").unwrap();
        }
        if server.workers > 0 {
            others
                .iter()
                .for_each(|other| assert_answered(other, "meanwhile\n"));
            way(silent);
        } else {
            assert_eq!(sleeps_in(task), Some(libc::SYS_write), "stuck for all");
            way(silent);
            others
                .iter()
                .for_each(|other| assert_answered(other, "meanwhile\n"));
        }
        drop(others);
        assert_settles(&server, &before);
    }
    end(server);
}

/// Whether there is room for both ends of so many connections, which are ours: the soft limit, usually 1024, becomes the hard one.
fn may_hold(count: usize) -> bool {
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let files = limits
        .lines()
        .find(|line| line.starts_with("Max open files"));
    let hard = files
        .and_then(|line| line.split_whitespace().nth(4))
        .unwrap();
    let mut prlimit = crate::support::bounded("prlimit");
    let me = format!("--pid={}", std::process::id());
    let done = output(prlimit.args([me, format!("--nofile={hard}:{hard}")]));
    assert!(done.status.success(), "{prlimit:?}: {done:?}");
    // Besides there are what other tests hold meanwhile, a thousand each, and what was handed down.
    let room = hard.parse().unwrap_or(usize::MAX);
    let is_room = count + 4_000 <= room;
    let must_be = std::env::var("CI").is_ok_and(|ci| ci == "true");
    assert!(
        is_room || !must_be,
        "{room} descriptors for {count} connections"
    );
    is_room
}

fn are_held(name: &str, count: usize, rounds: usize) {
    if !may_hold(count) {
        eprintln!("{name}: {count} connections were not held: too few descriptors (ulimit -Hn)");
        return;
    }
    // poll looks at all of them for each that comes: on a busy machine that is more than the usual minute.
    let mut command = Command::new("timeout");
    command.args(["--kill-after=1", "300"]).arg(lab(name));
    let server = Server::start(name, command.args(ANY_PORT).stdout(Stdio::null()));
    let before = settled(&server);
    for _ in 0..rounds {
        let mut clients: Vec<TcpStream> = Vec::new();
        while clients.len() < count {
            let more = (0..250).map(|_| connect(&server));
            clients.extend(more);
            assert_all_answered(&clients[clients.len() - 1..], "all are in"); // the queue is not endless
        }
        // Each has a line to lose, while all are held; the last that came is the first that speaks.
        clients.reverse();
        for some in clients.chunks(250) {
            assert_all_answered(some, "still here");
        }
        drop(clients);
        assert_settles(&server, &before);
    }
    end(server);
}

/// All speak, and then each gets its own line back.
fn assert_all_answered(clients: &[TcpStream], what: &str) {
    let line = |client: &TcpStream| format!("{what}, {}\n", client.local_addr().unwrap().port());
    for mut client in clients {
        client.write_all(line(client).as_bytes()).unwrap();
    }
    for client in clients {
        assert_answered(client, &line(client));
    }
}

pub fn a_thousand_held_are_served_and_given_back(name: &str) {
    are_held(name, 1_000, 2);
}

pub fn five_thousand_held_are_served_and_given_back(name: &str) {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _held = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    are_held(name, 5_000, 1);
}

/// Of several workers one is killed while each serves a client: that client sees the end, the others do not notice.
pub fn a_killed_worker_takes_its_own_clients_and_is_made_anew(name: &str) {
    let workers = if name == "echo_server_prefork" {
        vec!["127.0.0.1", "0", "3"]
    } else {
        vec!["-j", "3", "127.0.0.1", "0"]
    };
    let mut command = crate::support::bounded(lab(name));
    let mut server = Server::start(name, command.args(workers).stdout(Stdio::null()));
    server.workers = 3;
    let before = settled(&server);
    for signal in [libc::SIGKILL, libc::SIGSEGV] {
        let clients: Vec<TcpStream> = (0..3).map(|_| connect(&server)).collect();
        for mut client in &clients {
            client.write_all(b"before\n").unwrap();
            assert_answered(client, "before\n");
        }
        let held = |pid: &i32| server.own_descriptors(*pid).len();
        let victim = server.children(3).into_iter().max_by_key(held).unwrap();
        kill(victim, signal).unwrap();
        let (mut served, mut closed) = (0, 0);
        for mut client in &clients {
            match client
                .write_all(b"after\n")
                .and_then(|()| client.read(&mut [0; 6]))
            {
                Ok(6) => served += 1,
                _ => closed += 1,
            }
        }
        assert!(closed > 0 && served + closed == 3, "{served} {closed}");
        drop(clients);
        assert_settles(&server, &before);
        assert_served(&server, "new\n");
    }
    assert_settles(&server, &before);
    let told = server.end();
    assert_eq!(told.matches("has ended\n").count(), 2, "{told}");
}

pub fn an_accept_that_fails_is_made_again(name: &str) {
    for error in ["EINTR", "ECONNABORTED", "EMFILE", "ENOBUFS", "EPROTO"] {
        let inject = format!("accept,accept4:error={error}:when=1..3");
        let (server, run) = Server::traced(name, &[&inject]);
        let before = settled(&server);
        for i in 0..3 {
            assert_served(&server, &format!("{error} {i}\n"));
        }
        assert_settles(&server, &before);
        end(server);
        assert_injected(&run, &inject);
    }
}

/// Those in which a process waits for clients, and the one in which it waits for its workers.
pub fn a_wait_that_is_interrupted_is_made_again(name: &str) {
    let waits = match name {
        "echo_server_prefork" => "accept",
        _ => "epoll_wait",
    };
    for inject in [
        format!("{waits}:error=EINTR:when=2..4"),
        "rt_sigtimedwait:error=EINTR:when=1..3".to_owned(),
    ] {
        let (server, run) = Server::traced(name, &[&inject]);
        let before = settled(&server);
        for i in 0..20 {
            assert_served(&server, &format!("{inject} {i}\n")); // so that a worker waits more than once
        }
        assert_settles(&server, &before);
        end(server);
        assert_injected(&run, &inject);
    }
}

pub fn assert_injected(run: &Traced, inject: &str) {
    let processes = run.processes();
    let mut calls = processes.iter().flat_map(|process| &process.calls);
    let is_injected = calls.any(|call| call.result.ends_with("(INJECTED)"));
    assert!(is_injected, "{inject}");
}

/// Clients in a loop, each line on a connection of its own, until the server refuses them.
pub fn it_ends_under_load_and_is_started_again_at_once(name: &str) {
    let port = free_port();
    let mut server = Server::on_port(name, port);
    let (address, answered) = (server.address, AtomicUsize::new(0));
    let client = || {
        while let Ok(mut stream) = TcpStream::connect(address).map(bounded) {
            // Past the signal a connection may end in any way, but it must end.
            let mut back = [0; 6];
            if stream.write_all(b"hello\n").is_ok() && stream.read_exact(&mut back).is_ok() {
                assert_eq!(&back, b"hello\n");
                answered.fetch_add(1, Ordering::Relaxed);
            }
        }
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..8).map(|_| scope.spawn(client)).collect();
        await_that("a server under load", || {
            match answered.load(Ordering::Relaxed) {
                100.. => Ok(()),
                count => Err(format!("{count}")),
            }
        });
        kill(server.pid, SIGTERM).unwrap();
        server.wait();
        clients
            .into_iter()
            .for_each(|client| client.join().unwrap());
    });
    let again = Server::on_port(name, port);
    assert_served(&again, "again\n");
    end(again);
}

/// The tests of one server, in the module that is called like it.
macro_rules! survives {
    ($name:expr, $($promise:ident)*) => {
        $(#[test]
        fn $promise() {
            crate::every_server::$promise($name);
        })*
    };
}
pub(crate) use survives;

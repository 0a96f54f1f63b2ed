//! The clients of the echo servers.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::sync::{Barrier, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use labscope::proc::speed;

pub const PORT: u16 = 3600;
const LINE: &[u8] = b"hello\n";
const TIMEOUT: Duration = Duration::from_secs(10);

/// One line there and back.
fn echo(stream: &mut TcpStream) -> io::Result<()> {
    let mut answer = [0; LINE.len()];
    stream.write_all(LINE)?;
    stream.read_exact(&mut answer)?;
    match answer == LINE {
        true => Ok(()),
        false => Err(io::Error::other(format!("the echo is {answer:?}"))),
    }
}

/// A connection. It ends from this side, when dropped.
pub fn connect() -> io::Result<TcpStream> {
    let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, PORT))?;
    stream.set_read_timeout(Some(speed::here(TIMEOUT)))?;
    Ok(stream)
}

/// A connection that has been served once.
pub fn connect_and_echo() -> io::Result<TcpStream> {
    let mut stream = connect()?;
    echo(&mut stream)?;
    Ok(stream)
}

/// One more line on an open connection.
pub fn echo_again(stream: &mut TcpStream) -> Result<()> {
    echo(stream).context("no echo")
}

/// Connections a second: each client connects, gets one line back and closes, `each` times.
pub fn connections_per_second(clients: usize, each: usize) -> Result<f64> {
    let queue = Queue::new();
    together(
        clients,
        each,
        || Ok(()),
        |()| queue.connect_and_echo().map(drop),
    )
}

/// The room for connections that wait for accept. The C has a backlog of 5: of eight clients that connect at once,
/// some would be sent away, to come again after 0.2 or 1 s, and that would be all there is to see.
struct Queue {
    room: Mutex<usize>,
    changed: Condvar,
}

impl Queue {
    fn new() -> Queue {
        Queue {
            room: Mutex::new(5),
            changed: Condvar::new(),
        }
    }

    fn room(&self) -> MutexGuard<'_, usize> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connect_and_echo(&self) -> io::Result<TcpStream> {
        *self
            .changed
            .wait_while(self.room(), |room| *room == 0)
            .unwrap_or_else(PoisonError::into_inner) -= 1;
        let served = connect_and_echo();
        *self.room() += 1;
        self.changed.notify_one();
        served
    }
}

/// Requests a second: each client has one connection and sends `each` lines, one after the other's answer.
pub fn requests_per_second(clients: usize, each: usize) -> Result<f64> {
    together(clients, each, connect_and_echo, echo)
}

/// Lets clients work at the same time and counts what they get done in a second.
fn together<T>(
    clients: usize,
    each: usize,
    prepare: impl Fn() -> io::Result<T> + Sync,
    work: impl Fn(&mut T) -> io::Result<()> + Sync,
) -> Result<f64>
where
    T: Send,
{
    let mut prepared = (0..clients)
        .map(|_| prepare())
        .collect::<io::Result<Vec<T>>>()
        .context("no connection")?;
    let start = Barrier::new(clients);
    let one = |client: &mut T| -> io::Result<(Instant, Instant)> {
        start.wait();
        let begun = Instant::now();
        (0..each).try_for_each(|_| work(client))?;
        Ok((begun, Instant::now()))
    };
    let times = thread::scope(|scope| {
        let threads: Vec<_> = prepared
            .iter_mut()
            .map(|client| scope.spawn(|| one(client)))
            .collect();
        let ended = threads.into_iter().map(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("a client panicked")))
        });
        ended.collect::<io::Result<Vec<_>>>()
    });
    let times = times.context("a client failed")?;
    let begun = times.iter().map(|time| time.0).min();
    let ended = times.iter().map(|time| time.1).max();
    let elapsed = begun
        .zip(ended)
        .map(|(begun, ended)| ended - begun)
        .unwrap_or_default();
    Ok((clients * each) as f64 / elapsed.as_secs_f64().max(1e-9))
}

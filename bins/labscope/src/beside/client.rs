//! The client of servers: a process of its own in a run, in whose network it is.

use std::io;
use std::io::{ErrorKind, Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpStream};

use anyhow::{Context, Result, bail};

use crate::i18n::run;

/// The hidden command of it: `labscope __client JOB`.
pub const ROLE: &str = "__client";

/// Sends a line, reads the answer and tells whether it came. Goes on once something is typed.
pub const LINE: &str = "line";

/// Sends [`SENT`] bytes, closes its half, and tells how many have come back when the server has closed the other one.
pub const HALF: &str = "half";

/// What it says when it has closed its half.
pub const HALF_CLOSED: &str = "half-closed";

/// What it says of a line that has come back, and of one that has not.
pub const SERVED: &str = "served";
const NOT_SERVED: &str = "not served";

/// Where the servers listen, on 127.0.0.1. Each run has a network of its own.
pub const PORT: u16 = 3600;

/// How many bytes are sent before the half-close: several buffers full, and less than fits into a pipe. With more, a
/// server that only writes while its program only writes waits for ever now and then, as the program does.
pub const SENT: usize = 57_344;

/// The body of [`ROLE`].
pub fn run(job: &str) -> Result<()> {
    let connection = TcpStream::connect((Ipv4Addr::LOCALHOST, PORT));
    match job {
        LINE => line(connection),
        HALF => half(connection.context("connect(2)")?),
        _ => bail!(run::no_job(job)),
    }
}

fn line(connection: io::Result<TcpStream>) -> Result<()> {
    let came = connection
        .as_ref()
        .map_err(io::Error::kind)
        .and_then(|mut connection| {
            let sent = connection.write_all(b"x\n");
            let came = sent.and_then(|()| connection.read_exact(&mut [0; 2]));
            came.map_err(|error| error.kind())
        });
    println!("{}", if came.is_ok() { SERVED } else { NOT_SERVED });
    std::io::stdin()
        .read_exact(&mut [0])
        .with_context(run::nothing_typed)
}

fn half(mut connection: TcpStream) -> Result<()> {
    let mut writing = connection.try_clone().context("dup(2)")?;
    // Who only wrote would wait for ever for a server that waits until somebody reads.
    let writer = std::thread::spawn(move || {
        let sent = writing.write_all(&vec![b'x'; SENT]);
        let closed = sent.and_then(|()| writing.shutdown(Shutdown::Write));
        println!("{HALF_CLOSED}");
        closed
    });
    let mut back = 0;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match connection.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => back += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => break, // the server has gone
        }
    }
    println!("{back}");
    let _ = writer.join(); // what it could not send has not come back
    Ok(())
}

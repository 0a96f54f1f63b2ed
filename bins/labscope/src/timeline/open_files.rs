//! Open file descriptions, who holds them, and the bytes that went through them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::SocketAddr;

use crate::proc::descriptors::Target;
use crate::timeline::{Cause, Moment};

/// An open file description: what descriptors, also those of several processes, refer to.
#[derive(Clone, Debug)]
pub struct Object {
    pub target: Target,
    /// What bind was given.
    pub bound: Option<SocketAddr>,
    /// The name that bind was given, of a Unix socket.
    pub name: Option<String>,
    /// The two ends of a pipe have one number, and so have all that open one FIFO.
    pub pipe: Option<usize>,
    /// When connect was entered, or accept returned.
    pub connected: Option<f64>,
    /// The thread that called connect or accept.
    pub connected_by: Option<i32>,
    pub is_accepted: bool,
    /// The other end of a connection, if that is in the run too.
    pub other_end: Option<usize>,
}

/// Bytes that a call moved.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub object: usize,
    pub pid: i32,
    /// Which of its threads moved them.
    pub thread: i32,
    pub from: f64,
    pub to: f64,
    pub bytes: Vec<u8>,
    pub is_write: bool,
    /// Whom a datagram went to or came from.
    pub peer: Option<SocketAddr>,
}

/// What came of following all processes.
#[derive(Default)]
pub struct Followed {
    pub objects: Vec<Object>,
    pub transfers: Vec<Transfer>,
    pub moments: Vec<Moment>,
    /// What all processes hold from that time on, whenever it has changed for one.
    pub tables_since: Vec<(f64, Tables)>,
    /// What the scenario gives for standard output where that is no terminal.
    pub outputs: HashSet<usize>,
    pub(super) tables: HashMap<i32, BTreeMap<i32, Handle>>,
    pub(super) pipes: usize,
    /// The names of FIFOs, with the number of the pipe that each is.
    pub(super) fifos: HashMap<String, usize>,
    /// The lists of epoll instances: descriptors, and what they referred to when they were put there.
    pub(super) watched: HashMap<usize, Vec<(i32, usize)>>,
    pub(super) views: Vec<View>,
    pub(super) changes: Vec<(f64, Rows)>,
}

/// The descriptors of each process, by its pid.
pub type Tables = Vec<(i32, Vec<(i32, Target)>)>;

/// A descriptor's meaning.
#[derive(Clone, Copy, Debug)]
pub struct Handle {
    pub object: usize,
    pub close_on_exec: bool,
}

/// A descriptor, its object, and what that was at the moment.
pub(super) type Row = (i32, usize, Target);

/// The rows of each process, by its pid.
pub(super) type Rows = Vec<(i32, Vec<Row>)>;

/// A moment before the ends of connections are known.
pub(super) struct View {
    pub at: f64,
    pub pid: i32,
    pub cause: Cause,
    pub tables: Rows,
}

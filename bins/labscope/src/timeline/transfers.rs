//! Which read got which written bytes: through connections and pipes by their order, through UDP by their datagrams.

use std::collections::HashMap;

use crate::proc::descriptors::Target;
use crate::timeline::call_label::preview;
use crate::timeline::open_files::{Followed, Transfer};
use crate::timeline::{Arrow, ArrowKind, Point, Through};

/// How much of the bytes an arrow tells.
const PREVIEW: usize = 40;

/// Finds the two ends of each connection: a listening socket accepts in the order of the connects.
pub fn pair(followed: &mut Followed) {
    let mut ends: Vec<(f64, usize)> = Vec::new();
    for (place, object) in followed.objects.iter().enumerate() {
        ends.extend(object.connected.map(|at| (at, place)));
    }
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut waiting: HashMap<String, Vec<usize>> = HashMap::new();
    let (accepted, connecting): (Vec<_>, Vec<_>) = ends
        .into_iter()
        .partition(|&(_, place)| followed.objects[place].is_accepted);
    for (_, place) in connecting {
        let to = match &followed.objects[place].target {
            Target::Connection { peer, .. } => peer.port().to_string(),
            Target::UnixConnection { name, .. } => name.clone(),
            _ => continue,
        };
        waiting.entry(to).or_default().push(place);
    }
    for (at, server) in accepted {
        let at_name = match &followed.objects[server].target {
            Target::Connection { local, .. } => local.port().to_string(),
            Target::UnixConnection { name, .. } => name.clone(),
            _ => continue,
        };
        let queue = waiting.entry(at_name).or_default();
        let entered = |client: usize| {
            followed.objects[client]
                .connected
                .is_some_and(|entered| entered <= at)
        };
        let Some(client) = queue.first().copied().filter(|&client| entered(client)) else {
            continue; // connected by a program that is not traced
        };
        queue.remove(0);
        if let Target::Connection { local, peer, .. } = followed.objects[server].target {
            followed.objects[client].target = Target::Connection {
                local: peer,
                peer: local,
                whole: true,
            };
        }
        followed.objects[client].other_end = Some(server);
        followed.objects[server].other_end = Some(client);
    }
}

/// An arrow from each connect to the accept that returned its connection.
pub fn connections(followed: &Followed) -> Vec<Arrow> {
    let accepted = followed.objects.iter().filter(|one| one.is_accepted);
    let arrows = accepted.filter_map(|server| {
        let client = &followed.objects[server.other_end?];
        Some(Arrow {
            kind: ArrowKind::Connection,
            from: Point {
                pid: client.connected_by,
                at: client.connected?,
            },
            to: Point {
                pid: server.connected_by,
                at: server.connected?,
            },
        })
    });
    arrows.collect()
}

/// An arrow from each write to each read that got some of its bytes.
pub fn arrows(followed: &Followed) -> Vec<Arrow> {
    let is_datagram = |transfer: &&Transfer| {
        matches!(followed.objects[transfer.object].target, Target::Udp { .. })
    };
    let (datagrams, streams): (Vec<&Transfer>, Vec<&Transfer>) =
        followed.transfers.iter().partition(is_datagram);
    let mut arrows = self::streams(followed, &streams);
    arrows.extend(self::datagrams(followed, &datagrams));
    arrows
}

/// One direction of a connection, or a pipe, by what its writer holds.
fn channel(followed: &Followed, transfer: &Transfer) -> Option<(usize, Through)> {
    let object = &followed.objects[transfer.object];
    let through = match object.target {
        Target::Fifo(..) => Through::Fifo,
        Target::UnixConnection { .. } => Through::Unix,
        _ if object.pipe.is_some() => Through::Pipe,
        _ => Through::Tcp,
    };
    match (object.pipe, object.other_end) {
        (Some(pipe), _) => Some((pipe, through)),
        (None, Some(_)) if transfer.is_write => Some((transfer.object, through)),
        (None, Some(other)) => Some((other, through)),
        (None, None) => None,
    }
}

fn streams(followed: &Followed, transfers: &[&Transfer]) -> Vec<Arrow> {
    let mut channels: HashMap<(bool, usize), (Through, Vec<&Transfer>)> = HashMap::new();
    for transfer in transfers {
        if let Some((number, through)) = channel(followed, transfer) {
            let key = (matches!(through, Through::Pipe | Through::Fifo), number);
            channels
                .entry(key)
                .or_insert((through, Vec::new()))
                .1
                .push(transfer);
        }
    }
    let mut arrows = Vec::new();
    for (through, transfers) in channels.into_values() {
        let (mut writes, mut reads): (Vec<&Transfer>, Vec<&Transfer>) = transfers
            .into_iter()
            .partition(|transfer| transfer.is_write);
        writes.sort_by(|one, other| one.from.total_cmp(&other.from));
        reads.sort_by(|one, other| one.to.total_cmp(&other.to));
        arrows.extend(stream(through, &writes, &reads));
    }
    arrows
}

/// Reads take bytes in the order in which they were written.
fn stream(through: Through, writes: &[&Transfer], reads: &[&Transfer]) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    let (mut place, mut taken) = (0, 0);
    for read in reads {
        let mut wanted = read.bytes.len();
        while let Some(write) = writes.get(place).filter(|_| wanted > 0) {
            let count = wanted.min(write.bytes.len() - taken);
            let bytes = &write.bytes[taken..taken + count];
            arrows.push(arrow(through, write, read, bytes));
            (wanted, taken) = (wanted - count, taken + count);
            if taken == write.bytes.len() {
                (place, taken) = (place + 1, 0);
            }
        }
    }
    arrows
}

/// A datagram came from the first write of the same bytes to that socket; ports tell sockets apart.
fn datagrams(followed: &Followed, transfers: &[&Transfer]) -> Vec<Arrow> {
    let mut sent: Vec<&Transfer> = transfers
        .iter()
        .copied()
        .filter(|transfer| transfer.is_write)
        .collect();
    let mut received: Vec<&Transfer> = transfers
        .iter()
        .copied()
        .filter(|transfer| !transfer.is_write)
        .collect();
    sent.sort_by(|one, other| one.from.total_cmp(&other.from));
    received.sort_by(|one, other| one.to.total_cmp(&other.to));
    // The port that the kernel gave a socket shows where its datagrams come from.
    let mut ports: HashMap<usize, u16> = HashMap::new();
    for (place, object) in followed.objects.iter().enumerate() {
        if let Target::Udp { local, .. } = object.target
            && local.port() != 0
        {
            ports.insert(place, local.port());
        }
    }
    let mut arrows = Vec::new();
    for read in received {
        let fits = |write: &&Transfer| {
            let Target::Udp { peer, .. } = followed.objects[write.object].target else {
                return false;
            };
            let to = write.peer.or(peer).map(|peer| peer.port());
            let from_there = |port: &u16| read.peer.is_none_or(|peer| peer.port() == *port);
            write.from <= read.to
                && write.bytes == read.bytes
                && write.object != read.object
                && to.is_some()
                && to == ports.get(&read.object).copied()
                && ports.get(&write.object).is_none_or(from_there)
        };
        let Some(place) = sent.iter().position(fits) else {
            continue;
        };
        let write = sent.remove(place);
        if let Some(peer) = read.peer {
            ports.entry(write.object).or_insert(peer.port());
        }
        arrows.push(arrow(Through::Udp, write, read, &write.bytes));
    }
    arrows
}

fn arrow(through: Through, write: &Transfer, read: &Transfer, bytes: &[u8]) -> Arrow {
    let point = |pid, at| Point { pid: Some(pid), at };
    Arrow {
        kind: ArrowKind::Bytes {
            count: bytes.len(),
            text: preview(bytes, PREVIEW),
            through,
        },
        from: point(write.thread, write.from),
        to: point(read.thread, read.to),
    }
}

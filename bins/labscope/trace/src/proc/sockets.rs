//! The sockets of a process, from /proc/PID/net, proc(5).

use std::collections::HashMap;
use std::fs;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::proc::process::descriptors;

/// The transport of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Tcp,
    Udp,
}

/// The state LISTEN of a TCP socket, as /proc writes it.
const LISTEN: u8 = 0x0a;

/// The state ESTABLISHED.
const ESTABLISHED: u8 = 0x01;

/// An internet socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    pub transport: Transport,
    pub local: SocketAddr,
    pub peer: SocketAddr,
    state: u8,
}

impl Socket {
    /// TCP, and waiting for connections.
    pub fn is_listening(&self) -> bool {
        self.transport == Transport::Tcp && self.state == LISTEN
    }

    /// TCP, and neither side has closed.
    pub fn is_established(&self) -> bool {
        self.transport == Transport::Tcp && self.state == ESTABLISHED
    }
}

/// The tables of /proc/PID/net, in the order in which they are looked through.
const TABLES: [(&str, Transport); 4] = [
    ("tcp", Transport::Tcp),
    ("udp", Transport::Udp),
    ("tcp6", Transport::Tcp),
    ("udp6", Transport::Udp),
];

/// Those of the inodes that are internet sockets of the network that `pid` lives in.
///
/// The kernel walks through a large hash table for each of its tables, so one is read only while an inode is missing.
pub fn of_network(pid: i32, inodes: &[u64]) -> HashMap<u64, Socket> {
    let mut found = HashMap::new();
    for (file, transport) in TABLES {
        if inodes.iter().all(|inode| found.contains_key(inode)) {
            break;
        }
        let table = fs::read_to_string(format!("/proc/{pid}/net/{file}")).unwrap_or_default();
        let rows = table.lines().skip(1);
        let rows = rows.filter_map(|line| row(line, transport));
        found.extend(rows.filter(|(inode, _)| inodes.contains(inode)));
    }
    found
}

/// A Unix socket: its name, if it has one, and whether it waits for connections or is one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnixSocket {
    pub name: String,
    pub is_listening: bool,
    pub is_connected: bool,
}

/// The Unix sockets of the network that `pid` lives in, by inode.
pub fn unix_sockets(pid: i32) -> HashMap<u64, UnixSocket> {
    let table = fs::read_to_string(format!("/proc/{pid}/net/unix")).unwrap_or_default();
    table.lines().skip(1).filter_map(unix_row).collect()
}

/// The flag __SO_ACCEPTCON of a Unix socket, as /proc writes it.
const ACCEPTS: u32 = 0x0001_0000;

/// The state SS_CONNECTED of a Unix socket.
const CONNECTED: &str = "03";

fn unix_row(line: &str) -> Option<(u64, UnixSocket)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let name = fields.get(7..).map(|words| words.join(" "));
    let flags = u32::from_str_radix(fields.get(3)?, 16).ok()?;
    let socket = UnixSocket {
        name: name.unwrap_or_default(),
        is_listening: flags & ACCEPTS != 0,
        is_connected: fields.get(5) == Some(&CONNECTED),
    };
    Some((fields.get(6)?.parse().ok()?, socket))
}

/// Whether `pid` holds a Unix socket of that name that waits for connections.
pub fn listens_at(pid: i32, name: &str) -> bool {
    let sockets = unix_sockets(pid);
    let mut held = inodes(&descriptors(pid)).into_iter();
    held.any(|inode| {
        let socket = sockets.get(&inode);
        socket.is_some_and(|socket| socket.is_listening && socket.name == name)
    })
}

fn row(line: &str, transport: Transport) -> Option<(u64, Socket)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let socket = Socket {
        transport,
        local: address(fields.get(1)?)?,
        peer: address(fields.get(2)?)?,
        state: u8::from_str_radix(fields.get(3)?, 16).ok()?,
    };
    Some((fields.get(9)?.parse().ok()?, socket))
}

/// `0100007F:0E10`: words of the address in the machine's order, and the port.
fn address(text: &str) -> Option<SocketAddr> {
    let (address, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let words = (0..address.len() / 8).map(|place| address.get(place * 8..place * 8 + 8));
    let words: Option<Vec<[u8; 4]>> = words
        .map(|word| Some(u32::from_str_radix(word?, 16).ok()?.to_ne_bytes()))
        .collect();
    let ip: IpAddr = match words?.as_slice() {
        [word] => Ipv4Addr::from(*word).into(),
        words => Ipv6Addr::from(<[u8; 16]>::try_from(words.concat()).ok()?).into(),
    };
    Some(SocketAddr::new(ip, port))
}

/// The inode in `socket:[123]`.
pub fn inode(target: &str) -> Option<u64> {
    let number = target.strip_prefix("socket:[")?.strip_suffix(']')?;
    number.parse().ok()
}

/// The inodes of the sockets among descriptors.
pub fn inodes(descriptors: &[(i32, String)]) -> Vec<u64> {
    let targets = descriptors.iter();
    targets.filter_map(|(_, target)| inode(target)).collect()
}

/// Whether `pid` holds a socket that listens on (TCP) or is bound to (UDP) `port`.
pub fn has_port(pid: i32, transport: Transport, port: u16) -> bool {
    let held = of_network(pid, &inodes(&descriptors(pid)));
    held.values().any(|socket| {
        let is_ready = transport == Transport::Udp || socket.is_listening();
        socket.transport == transport && socket.local.port() == port && is_ready
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_table_is_read() {
        let line = "   0: 0100007F:0E10 0100007F:9DD0 01 00000000:00000000 00:00000000 00000000     0        0 345 1";
        let (inode, socket) = row(line, Transport::Tcp).expect("a row");
        assert_eq!(inode, 345);
        assert_eq!(socket.local.to_string(), "127.0.0.1:3600");
        assert_eq!(socket.peer.to_string(), "127.0.0.1:40400");
        assert!(socket.is_established() && !socket.is_listening());
        assert!(row("0: x", Transport::Udp).is_none());
    }

    #[test]
    fn a_row_of_the_table_of_unix_sockets_is_read() {
        let line = "0000000000000000: 00000002 00000000 00010000 0001 01 345 a name";
        let (inode, socket) = unix_row(line).expect("a row");
        assert_eq!((inode, socket.name.as_str()), (345, "a name"));
        assert!(socket.is_listening);
        let connected = "0000000000000000: 00000003 00000000 00000000 0001 03 346";
        let (inode, socket) = unix_row(connected).expect("a row");
        assert_eq!((inode, socket.name.as_str()), (346, ""));
        assert!(socket.is_connected && !socket.is_listening);
    }

    #[test]
    fn an_address_of_the_sixth_version_is_read() {
        let text = "00000000000000000000000001000000:0E10";
        assert_eq!(
            address(text).map(|it| it.to_string()).as_deref(),
            Some("[::1]:3600")
        );
        assert_eq!(address("0100:0E10"), None);
    }
}

//! The sockets of a process, from /proc/PID/net.

use std::fs;

use crate::process::descriptors;

/// The transport of a socket that a scenario waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// TCP, in the state LISTEN.
    Tcp,
    /// UDP, bound.
    Udp,
}

/// Whether `pid` holds a socket that listens on (TCP) or is bound to (UDP) `port`.
pub fn has_port(pid: i32, transport: Transport, port: u16) -> bool {
    let held = descriptors(pid);
    let (files, wanted_state) = match transport {
        Transport::Tcp => (["tcp", "tcp6"], Some("0A")),
        Transport::Udp => (["udp", "udp6"], None),
    };
    files.iter().any(|file| {
        let table = fs::read_to_string(format!("/proc/{pid}/net/{file}")).unwrap_or_default();
        table.lines().skip(1).any(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let (Some(local), Some(state), Some(inode)) =
                (fields.get(1), fields.get(3), fields.get(9))
            else {
                return false;
            };
            let local_port = local
                .rsplit_once(':')
                .and_then(|(_, hex)| u16::from_str_radix(hex, 16).ok());
            let socket = format!("socket:[{inode}]");
            local_port == Some(port)
                && wanted_state.is_none_or(|wanted| wanted == *state)
                && held.iter().any(|(_, target)| *target == socket)
        })
    })
}

//! What sockets take: addresses, messages, ancillary data.

use std::net::{Ipv4Addr, Ipv6Addr};

use nix::libc;

use crate::decode::argument::Call;
use crate::decode::form::{Form, address};
use crate::decode::layout::{Found, Layout, Member, Type, number, whole};
use crate::decode::request::Memory;
use crate::decode::{sets, text};

/// The largest address that is read.
const LONGEST_ADDRESS: u64 = 128;

/// The address in an argument, as long as the next argument says.
pub fn address_in<const LENGTH: usize>(call: &Call, at: u64) -> String {
    let length = call.request.args[LENGTH] as u32;
    socket_address(call.memory, at, length.into())
}

/// The address that the call wrote: as long as it says now, but no longer than the room that there was.
pub fn address_out<const LENGTH: usize>(call: &Call, at: u64) -> String {
    let now = length_at(call.memory, call.request.args[LENGTH]);
    match (now, call.length) {
        (Some(now), room) if !call.has_failed() => {
            socket_address(call.memory, at, room.map_or(now, |room| room.min(now)))
        }
        _ => address(at),
    }
}

/// The length behind an address that the call wrote: `[16]`, `[128 => 16]`.
pub fn length_out(call: &Call, at: u64) -> String {
    let now = length_at(call.memory, at);
    let before = call.length.or(now);
    match (before, now) {
        (Some(before), Some(now)) if before != now && !call.has_failed() => {
            format!("[{} => {}]", before as i32, now as i32)
        }
        (Some(before), _) => format!("[{}]", before as i32),
        _ => address(at),
    }
}

/// The length at the address in an argument, before the call.
pub fn length_before<const LENGTH: usize>(call: &Call) -> Option<u64> {
    length_at(call.memory, call.request.args[LENGTH])
}

/// The length of the name in a message, before the call.
pub fn name_length_before(call: &Call) -> Option<u64> {
    length_at(
        call.memory,
        call.request.args[1].wrapping_add(NAME_LENGTH as u64),
    )
}

fn length_at(memory: &dyn Memory, at: u64) -> Option<u64> {
    let bytes = text::read(memory, at, 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?).into())
}

/// `{sa_family=AF_INET, sin_port=htons(3600), sin_addr=inet_addr("127.0.0.1")}`.
pub fn socket_address(memory: &dyn Memory, at: u64, length: u64) -> String {
    let shown = match length as i32 {
        length if length < 0 => 0,
        _ => length.min(LONGEST_ADDRESS),
    };
    let Some(mut bytes) = text::read(memory, at, shown as usize).filter(|it| it.len() >= 2) else {
        return address(at);
    };
    let length = bytes.len();
    bytes.resize(LONGEST_ADDRESS as usize, 0);
    let found = Found {
        bytes: &bytes,
        at,
        memory,
    };
    let family = found.number(0, 2) as i32;
    let rest = match family {
        libc::AF_UNIX => unix(&bytes[2..length]),
        libc::AF_INET if length >= 16 => inet(&found),
        libc::AF_INET6 if length >= 24 => inet6(&found, length),
        libc::AF_NETLINK if length >= 12 => {
            format!(
                ", nl_pid={}, nl_groups={:08x}",
                found.number(4, 4),
                found.number(8, 4)
            )
        }
        _ if length > 2 => format!(", sa_data={}", text::quote(&bytes[2..length])),
        _ => String::new(),
    };
    format!(
        "{{sa_family={}{rest}}}",
        Form::One(sets::ADDRESS_FAMILY).tell(family as u64)
    )
}

fn unix(path: &[u8]) -> String {
    let end = |path: &[u8]| {
        path.iter()
            .position(|&byte| byte == 0)
            .unwrap_or(path.len())
    };
    match path {
        [] => String::new(),
        [0, name @ ..] => format!(", sun_path=@{}", text::quote(name)),
        path => format!(", sun_path={}", text::quote(&path[..end(path)])),
    }
}

fn inet(found: &Found) -> String {
    let port = Form::Htons.tell(found.number(2, 2));
    let ip = Ipv4Addr::from((found.number(4, 4) as u32).swap_bytes());
    format!(", sin_port={port}, sin_addr=inet_addr(\"{ip}\")")
}

fn inet6(found: &Found, length: usize) -> String {
    let port = Form::Htons.tell(found.number(2, 2));
    let flow = (found.number(4, 4) as u32).swap_bytes();
    let mut ip = [0; 16];
    ip.copy_from_slice(&found.bytes[8..24]);
    let ip = Ipv6Addr::from(ip);
    let scope = match length {
        28.. => format!(", sin6_scope_id={}", found.number(24, 4)),
        _ => String::new(),
    };
    format!(
        ", sin6_port={port}, sin6_flowinfo=htonl({flow}), inet_pton(AF_INET6, \"{ip}\", &sin6_addr){scope}"
    )
}

/// How the pieces of a message or of readv(2) are told.
#[derive(Clone, Copy)]
enum Pieces {
    /// All their bytes.
    All,
    /// As many bytes as were moved.
    First(u64),
    /// Their addresses alone.
    Addresses,
}

/// The pieces that writev(2) takes.
pub fn pieces_in(call: &Call, at: u64) -> String {
    pieces(call.memory, at, call.request.args[2], Pieces::All)
}

/// The pieces that readv(2) has filled.
pub fn pieces_out(call: &Call, at: u64) -> String {
    pieces(call.memory, at, call.request.args[2], moved(call))
}

fn moved(call: &Call) -> Pieces {
    match call.result {
        Some(result) if result >= 0 => Pieces::First(result as u64),
        _ => Pieces::Addresses,
    }
}

fn pieces(memory: &dyn Memory, at: u64, count: u64, how: Pieces) -> String {
    const SIZE: u64 = 16;
    let mut parts = Vec::new();
    let mut left = how;
    if count == 0 && at != 0 {
        return "[]".to_owned();
    }
    for place in 0..count.min(1024) {
        let here = at.wrapping_add(place * SIZE);
        let Some(bytes) = text::read(memory, here, SIZE as usize) else {
            match parts.is_empty() {
                true => return address(at),
                false => parts.push(format!("... /* {here:#x} */")),
            }
            break;
        };
        let found = Found {
            bytes: &bytes,
            at: here,
            memory,
        };
        let (base, length) = (found.number(0, 8), found.number(8, 8));
        let shown = match &mut left {
            Pieces::All => text::bytes(memory, base, length),
            Pieces::Addresses => address(base),
            Pieces::First(left) => {
                let here = length.min(*left);
                *left -= here;
                text::bytes(memory, base, here)
            }
        };
        parts.push(format!("{{iov_base={shown}, iov_len={length}}}"));
    }
    format!("[{}]", parts.join(", "))
}

/// Where the members of a message lie.
const NAME_LENGTH: usize = 8;
const MESSAGE_SIZE: usize = 56;

/// The message that sendmsg(2) takes.
pub fn message_in(call: &Call, at: u64) -> String {
    message(call.memory, at, None, Pieces::All)
}

/// The message that recvmsg(2) has filled.
pub fn message_out(call: &Call, at: u64) -> String {
    match call.length {
        Some(length) if call.has_failed() => format!("{{msg_namelen={}}}", length as i32),
        length => message(call.memory, at, length, moved(call)),
    }
}

/// The messages that sendmmsg(2) has sent, or recvmmsg(2) has filled: as many as the call returned.
pub fn messages(call: &Call, at: u64) -> String {
    const SIZE: u64 = 64;
    const MOST: u64 = 1024;
    let count = (call.result.unwrap_or_default() as u64).min(MOST);
    let parts = (0..count).map(|place| {
        let at = at.wrapping_add(place * SIZE);
        let moved = length_at(call.memory, at.wrapping_add(MESSAGE_SIZE as u64));
        let moved = moved.unwrap_or_default();
        let told = message(call.memory, at, None, Pieces::First(moved));
        format!("{{msg_hdr={told}, msg_len={moved}}}")
    });
    format!("[{}]", parts.collect::<Vec<_>>().join(", "))
}

fn message(memory: &dyn Memory, at: u64, room: Option<u64>, how: Pieces) -> String {
    let Some(bytes) = text::read(memory, at, MESSAGE_SIZE) else {
        return address(at);
    };
    let found = Found {
        bytes: &bytes,
        at,
        memory,
    };
    let length = found.number(NAME_LENGTH, 4);
    let shown = room.map_or(length, |room| room.min(length));
    let name = socket_address(memory, found.number(0, 8), shown);
    let length = match room {
        Some(room) if room != length => format!("{} => {}", room as i32, length as i32),
        _ => (length as i32).to_string(),
    };
    let iov = pieces(memory, found.number(16, 8), found.number(24, 8), how);
    let control_length = found.number(40, 8);
    let control = match control_length {
        0 => String::new(),
        _ => format!(
            "msg_control={}, ",
            ancillary(memory, found.number(32, 8), control_length)
        ),
    };
    format!(
        "{{msg_name={name}, msg_namelen={length}, msg_iov={iov}, msg_iovlen={}, {control}msg_controllen={control_length}, msg_flags={}}}",
        found.number(24, 8),
        Form::Flags(sets::MESSAGE).tell(found.number(48, 4)),
    )
}

const CREDENTIALS: &Layout = &whole(12, CREDENTIAL_MEMBERS);
const CREDENTIAL_MEMBERS: &[Member] = &[
    number("pid", 0, 4, Form::Int),
    number("uid", 4, 4, Form::Unsigned),
    number("gid", 8, 4, Form::Unsigned),
];

/// The credentials of who is at the other end.
pub const PEER: Type = Type::Struct(CREDENTIALS);

/// `[{cmsg_len=20, cmsg_level=SOL_SOCKET, cmsg_type=SCM_RIGHTS, cmsg_data=[4]}]`.
fn ancillary(memory: &dyn Memory, at: u64, length: u64) -> String {
    const HEAD: usize = 16;
    let longest = length.min(text::LONGEST as u64) as usize;
    let Some(bytes) = text::read(memory, at, longest) else {
        return address(at);
    };
    let mut parts = Vec::new();
    let mut rest: &[u8] = &bytes;
    while rest.len() >= HEAD {
        let head = Found {
            bytes: rest,
            at,
            memory,
        };
        let length = head.number(0, 8) as usize;
        let data = rest
            .get(HEAD..length.clamp(HEAD, rest.len()))
            .unwrap_or_default();
        let (level, kind) = (head.number(8, 4), head.number(12, 4));
        let is_socket = level as i32 == libc::SOL_SOCKET;
        let kind_name = match is_socket {
            true => Form::One(sets::SOCKET_CONTROL).tell(kind),
            false => Form::Hex.tell(kind),
        };
        let found = Found {
            bytes: data,
            at,
            memory,
        };
        let data = match kind as i32 {
            libc::SCM_RIGHTS if is_socket => {
                Type::Numbers(data.len() / 4, 4, Form::Int).tell(&found)
            }
            libc::SCM_CREDENTIALS if is_socket => PEER.tell(&found),
            _ => text::quote_hex(data),
        };
        parts.push(format!(
            "{{cmsg_len={length}, cmsg_level={}, cmsg_type={kind_name}, cmsg_data={data}}}",
            Form::One(sets::SOCKET_LEVEL).tell(level)
        ));
        let next = length.max(HEAD).next_multiple_of(8);
        rest = rest.get(next..).unwrap_or_default();
    }
    format!("[{}]", parts.join(", "))
}

//! What poll(2), select(2) and their kin wait for, and what they found ready.

use crate::decode::argument::Call;
use crate::decode::form::address;
use crate::decode::layout::{Found, Type};
use crate::decode::request::Memory;
use crate::decode::{structs, text};

/// A set of descriptors, as many bits of it as the first argument says: `[3 5]`.
pub fn set(call: &Call, at: u64) -> String {
    match descriptors(call.memory, at, call.request.args[0]) {
        Some(descriptors) => list(&descriptors),
        None => address(at),
    }
}

fn list(descriptors: &[u64]) -> String {
    let all: Vec<String> = descriptors.iter().map(u64::to_string).collect();
    format!("[{}]", all.join(" "))
}

fn descriptors(memory: &dyn Memory, at: u64, count: u64) -> Option<Vec<u64>> {
    const MOST: i32 = 1024;
    let count = (count as i32).clamp(0, MOST) as u64;
    // The kernel reads and writes whole words.
    let bytes = text::read(memory, at, count.div_ceil(64) as usize * 8)?;
    let is_set = |it: &u64| bytes[(it / 8) as usize] & (1 << (it % 8)) != 0;
    Some((0..count).filter(is_set).collect())
}

/// `in [3], left {tv_sec=0, tv_usec=5}`; `Timeout`.
fn selected(call: &Call, time: Type) -> Option<String> {
    if call.result == Some(0) {
        return Some("Timeout".to_owned());
    }
    let args = &call.request.args;
    let sets = [("in", args[1]), ("out", args[2]), ("except", args[3])];
    let ready = sets.iter().filter_map(|(name, at)| {
        let ready = descriptors(call.memory, *at, args[0]).filter(|it| !it.is_empty())?;
        Some(format!("{name} {}", list(&ready)))
    });
    let left = time.read(call.memory, args[4]);
    let left = left.map(|left| format!("left {left}"));
    Some(ready.chain(left).collect::<Vec<_>>().join(", "))
}

/// What select(2) found.
pub fn select(call: &Call) -> Option<String> {
    selected(call, structs::TIMEVAL)
}

/// What pselect6(2) found.
pub fn pselect(call: &Call) -> Option<String> {
    selected(call, structs::TIMESPEC)
}

/// What poll(2) found: `[{fd=3, revents=POLLIN}]`, `Timeout`.
pub fn poll(call: &Call) -> Option<String> {
    let [at, count, ..] = call.request.args;
    if call.result == Some(0) {
        return Some("Timeout".to_owned());
    }
    let size = structs::READY.size();
    let mut parts = Vec::new();
    for place in 0..count.min(text::LONGEST as u64) {
        let at = at.wrapping_add(place * size as u64);
        let Some(bytes) = text::read(call.memory, at, size) else {
            break;
        };
        let found = Found {
            bytes: &bytes,
            at,
            memory: call.memory,
        };
        if found.number(6, 2) != 0 {
            parts.push(structs::READY.tell(&found));
        }
    }
    Some(format!("[{}]", parts.join(", ")))
}

/// What ppoll(2) found, and how much of the time is left.
pub fn ppoll(call: &Call) -> Option<String> {
    let found = poll(call)?;
    let left = structs::TIMESPEC.read(call.memory, call.request.args[2]);
    match left {
        Some(left) if call.result != Some(0) => Some(format!("{found}, left {left}")),
        _ => Some(found),
    }
}

/// The mask of pselect6(2), which comes in a structure of its own.
pub fn mask(call: &Call, at: u64) -> String {
    let Some(bytes) = text::read(call.memory, at, 16) else {
        return address(at);
    };
    let found = Found {
        bytes: &bytes,
        at,
        memory: call.memory,
    };
    let mask = structs::SIGSET.tell_at(call.memory, found.number(0, 8));
    format!("{{sigmask={mask}, sigsetsize={}}}", found.number(8, 8))
}

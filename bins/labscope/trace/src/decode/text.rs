//! Strings and bytes of a process, quoted as C writes them.

use crate::decode::form::address;
use crate::decode::request::Memory;

/// Of a longer string only the beginning is told.
pub const LONGEST: usize = 65536;

/// The longest path that the kernel takes.
const LONGEST_PATH: usize = 4096;

/// Bytes as a C string: escapes by letter, all else that is not printable ASCII in octal.
pub fn quote(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + 2);
    text.push('"');
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => text.push_str("\\\""),
            b'\\' => text.push_str("\\\\"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\r' => text.push_str("\\r"),
            0x0b => text.push_str("\\v"),
            0x0c => text.push_str("\\f"),
            b' '..=b'~' => text.push(byte.into()),
            // An octal digit behind it would be taken for one of its own.
            _ if bytes
                .get(place + 1)
                .is_some_and(|next| (b'0'..=b'7').contains(next)) =>
            {
                text.push_str(&format!("\\{byte:03o}"));
            }
            _ => text.push_str(&format!("\\{byte:o}")),
        }
    }
    text.push('"');
    text
}

/// Bytes of which none is meant to be read: all in hexadecimal.
pub fn quote_hex(bytes: &[u8]) -> String {
    let digits: String = bytes.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    format!("\"{digits}\"")
}

/// So many bytes from an address on.
pub fn bytes(memory: &dyn Memory, at: u64, length: u64) -> String {
    quoted(memory, at, length, quote)
}

/// So many random bytes from an address on.
pub fn random_bytes(memory: &dyn Memory, at: u64, length: u64) -> String {
    quoted(memory, at, length, quote_hex)
}

fn quoted(memory: &dyn Memory, at: u64, length: u64, quote: fn(&[u8]) -> String) -> String {
    let shown = usize::try_from(length).map_or(LONGEST, |length| length.min(LONGEST));
    match read(memory, at, shown) {
        Some(bytes) if length > LONGEST as u64 => quote(&bytes) + "...",
        Some(bytes) => quote(&bytes),
        None => address(at),
    }
}

/// Exactly so many bytes from an address on; none if they cannot all be read.
pub fn read(memory: &dyn Memory, at: u64, length: usize) -> Option<Vec<u8>> {
    let mut bytes = vec![0; length];
    (at != 0 && memory.read(at, &mut bytes) == length).then_some(bytes)
}

/// The string that begins at an address.
pub fn string(memory: &dyn Memory, at: u64) -> String {
    terminated(memory, at, LONGEST)
}

/// The path that begins at an address.
pub fn path(memory: &dyn Memory, at: u64) -> String {
    terminated(memory, at, LONGEST_PATH - 1)
}

fn terminated(memory: &dyn Memory, at: u64, longest: usize) -> String {
    match up_to_nul(memory, at, longest) {
        Some((bytes, true)) => quote(&bytes),
        Some((bytes, false)) => quote(&bytes) + "...",
        None => address(at),
    }
}

/// What lies before the next NUL, and whether there is one before `longest` bytes; none if memory ends before both.
fn up_to_nul(memory: &dyn Memory, at: u64, longest: usize) -> Option<(Vec<u8>, bool)> {
    const PIECE: usize = 256;
    let mut bytes = Vec::new();
    let mut piece = [0; PIECE];
    while at != 0 && bytes.len() <= longest {
        let from = at.checked_add(bytes.len() as u64)?;
        let count = memory.read(from, &mut piece);
        if let Some(end) = piece[..count].iter().position(|&byte| byte == 0) {
            bytes.extend_from_slice(&piece[..end]);
            let is_whole = bytes.len() <= longest;
            bytes.truncate(longest);
            return Some((bytes, is_whole));
        }
        bytes.extend_from_slice(&piece[..count]);
        if count < PIECE && bytes.len() <= longest {
            return None;
        }
    }
    bytes.truncate(longest);
    (at != 0).then_some((bytes, false))
}

/// The strings of an array of pointers, as execve(2) takes them: `["ls", "-l"]`.
pub fn strings(memory: &dyn Memory, at: u64) -> String {
    let mut parts = Vec::new();
    let mut place = at;
    loop {
        match pointer(memory, place) {
            Some(0) => break,
            Some(_) if parts.len() >= LONGEST => {
                parts.push("...".to_owned());
                break;
            }
            Some(text) => parts.push(string(memory, text)),
            None if parts.is_empty() => return address(at),
            None => {
                parts.push(format!("... /* {place:#x} */"));
                break;
            }
        }
        place = place.wrapping_add(8);
    }
    format!("[{}]", parts.join(", "))
}

/// The address of an array of pointers and how many there are: `0x7ffd147dde48 /* 39 vars */`.
pub fn count_of_strings(memory: &dyn Memory, at: u64) -> String {
    let pointers = (0..LONGEST as u64).map(|place| pointer(memory, at.wrapping_add(8 * place)));
    let mut count = 0u64;
    let mut end = "";
    for pointer in pointers {
        match pointer {
            Some(0) => break,
            Some(_) => count += 1,
            None if count == 0 => return address(at),
            None => {
                end = ", unterminated";
                break;
            }
        }
    }
    let plural = if count == 1 { "" } else { "s" };
    format!("{at:#x} /* {count} var{plural}{end} */")
}

fn pointer(memory: &dyn Memory, at: u64) -> Option<u64> {
    (at != 0).then(|| memory.word(at))?
}

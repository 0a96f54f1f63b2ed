//! The program's own frames where the library that makes the call has no tables to undo its frames by, as musl has none.
//!
//! Not optimised, a function tells by its first instructions how large its frame is, and at the end of that lies where the
//! function comes back to that it has called. So a word of the stack belongs to the program if frames lead from there to
//! `main`, each behind a call of the one before. What earlier calls have left on the stack does not fit: below each frame
//! is one place for that address, and there lies the latest.

use crate::decode::Memory;
use crate::tracer::memory::ProcessMemory;

/// The stack of a thread, as far as it has been copied.
pub struct Words<'a> {
    pub start: u64,
    pub bytes: &'a [u8],
}

impl Words<'_> {
    pub fn at(&self, address: u64) -> Option<u64> {
        let place = usize::try_from(address.checked_sub(self.start)?).ok()?;
        let word = self.bytes.get(place..place.checked_add(8)?)?;
        Some(u64::from_le_bytes(word.try_into().ok()?))
    }

    /// Each with its address, from the top of the stack on.
    pub fn all(&self) -> impl Iterator<Item = (u64, u64)> {
        let words = self.bytes.chunks_exact(8);
        let words = words.map(|word| u64::from_le_bytes(word.try_into().unwrap_or_default()));
        (self.start..).step_by(8).zip(words)
    }
}

/// How a return address came onto the stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caller {
    /// By a call of the function at this address.
    Of(u64),
    /// By a call of a function that a register or the memory names.
    OfAny,
}

impl Caller {
    /// What the instruction before an address calls; none if it is no call.
    pub fn before(address: u64, memory: ProcessMemory) -> Option<Caller> {
        let mut code = [0; 7];
        let start = address.checked_sub(code.len() as u64)?;
        (memory.read(start, &mut code) == code.len()).then_some(())?;
        caller(&code, address)
    }
}

/// The same of the code that ends at the address.
fn caller(code: &[u8; 7], address: u64) -> Option<Caller> {
    // call *%reg; call *(%reg); with a number of 8, of 32 bits behind it.
    let names_it = [(2, 0xd0), (2, 0x10), (3, 0x50), (6, 0x10), (6, 0x90)];
    let is_any = |(length, kind): (usize, u8)| {
        let at = code.len() - length;
        code[at] == 0xff && code[at + 1] & 0xf8 == kind
    };
    if let [_, _, 0xe8, distance @ ..] = code {
        let target = address.wrapping_add_signed(i32::from_le_bytes(*distance).into());
        return Some(Caller::Of(target));
    }
    names_it.into_iter().any(is_any).then_some(Caller::OfAny)
}

/// How far above the place of a return address, which a function that begins here has left below its frame, that lies to
/// which it returns itself; none if its first instructions do not tell.
pub fn way_to_own(function: u64, returned: u64, memory: ProcessMemory) -> Option<u64> {
    let (mut first, mut behind) = ([0; 32], [0; 4]);
    let read = memory.read(function, &mut first);
    let arguments = match memory.read(returned, &mut behind) == behind.len() {
        true => taken_off(behind),
        false => 0,
    };
    Some(8 + arguments + size_of_frame(&first[..read])? + 8)
}

/// What lies between a frame pointer, which is pushed first, and the end of its frame.
fn size_of_frame(code: &[u8]) -> Option<u64> {
    let code = code.strip_prefix(b"\xf3\x0f\x1e\xfa").unwrap_or(code); // endbr64
    let mut code = code.strip_prefix(b"\x55\x48\x89\xe5")?; // push %rbp; mov %rsp, %rbp
    let mut pushed = 0;
    loop {
        code = match code {
            [0x53, rest @ ..] | [0x41, 0x54..=0x57, rest @ ..] => rest, // push %rbx, %r12 …
            _ => break,
        };
        pushed += 8;
    }
    let room = match code {
        [0x48, 0x83, 0xec, size, ..] => u64::from(*size), // sub $size, %rsp
        [0x48, 0x81, 0xec, a, b, c, d, ..] => u32::from_le_bytes([*a, *b, *c, *d]).into(),
        _ => 0,
    };
    Some(pushed + room)
}

/// How many bytes of arguments a caller takes off the stack when it goes on: those for which there was no register.
fn taken_off(code: [u8; 4]) -> u64 {
    match code {
        [0x48, 0x83, 0xc4, size] => size.into(), // add $size, %rsp
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_instructions_tell_how_large_a_frame_is() {
        let frame = |rest: &[u8]| size_of_frame(&[b"\x55\x48\x89\xe5", rest].concat());
        assert_eq!(frame(b"\xe8\0\0\0\0"), Some(0));
        assert_eq!(frame(b"\x48\x83\xec\x10"), Some(16));
        assert_eq!(frame(b"\x48\x81\xec\x30\x04\0\0"), Some(0x430));
        assert_eq!(frame(b"\x41\x54\x53\x48\x83\xec\x20"), Some(48));
        assert_eq!(
            size_of_frame(b"\xf3\x0f\x1e\xfa\x55\x48\x89\xe5\x90"),
            Some(0)
        );
        assert_eq!(size_of_frame(b"\x48\x83\xec\x10"), None);
        assert_eq!(taken_off(*b"\x48\x83\xc4\x10"), 16);
        assert_eq!(taken_off(*b"\x48\x83\xec\x10"), 0);
    }

    #[test]
    fn a_call_is_told_from_what_is_none() {
        assert_eq!(
            caller(b"\x90\x90\xe8\x10\0\0\0", 0x1000),
            Some(Caller::Of(0x1010))
        );
        assert_eq!(
            caller(b"\x90\x90\xe8\xf0\xff\xff\xff", 0x1000),
            Some(Caller::Of(0xff0))
        );
        for code in [
            b"\x90\x90\x90\x90\x90\xff\xd3",
            b"\x90\x90\x90\x90\xff\x55\x08",
        ] {
            assert_eq!(caller(code, 0x1000), Some(Caller::OfAny));
        }
        assert_eq!(caller(b"\x90\x90\x90\x90\x90\x89\xc7", 0x1000), None);
    }
}

//! What lies in memory, described as data: numbers, and structures as lists of (name, offset, type).

use crate::decode::form::{Form, address};
use crate::decode::request::Memory;
use crate::decode::text;

/// Of a longer array only the beginning is told: poll takes as many as a process may usually have descriptors, readv as many
/// pieces. A length that nobody has set may be any number, and the call that fails by it is made again and again.
const LONGEST: u64 = 1024;

/// What lies at an address.
#[derive(Clone, Copy, Debug)]
pub enum Type {
    /// A number of so many bytes.
    Number(usize, Form),
    Struct(&'static Layout),
    /// So many bytes that hold a string.
    Chars(usize),
    /// So many numbers of so many bytes: `[1, 2]`.
    Numbers(usize, usize, Form),
    /// So many bytes, told by a function of their own.
    Special(usize, fn(&Found) -> String),
}

/// A structure.
#[derive(Debug)]
pub struct Layout {
    pub size: usize,
    pub members: &'static [Member],
    /// Whether it has members that are not told: `...`.
    pub has_more: bool,
}

/// A member of a structure.
#[derive(Clone, Copy, Debug)]
pub struct Member {
    name: &'static str,
    offset: usize,
    kind: Type,
    /// It is told only if the structure is such.
    only_if: fn(&Found) -> bool,
}

/// A structure of which every member is told.
pub const fn whole(size: usize, members: &'static [Member]) -> Layout {
    Layout {
        size,
        members,
        has_more: false,
    }
}

/// A structure of which only these members are told.
pub const fn begin(size: usize, members: &'static [Member]) -> Layout {
    Layout {
        size,
        members,
        has_more: true,
    }
}

/// A member that is told always.
pub const fn member(name: &'static str, offset: usize, kind: Type) -> Member {
    Member {
        name,
        offset,
        kind,
        only_if: |_| true,
    }
}

/// A member that is a number of one of the common sizes.
pub const fn number(name: &'static str, offset: usize, width: usize, form: Form) -> Member {
    member(name, offset, Type::Number(width, form))
}

impl Member {
    /// The same, told only of such structures.
    pub const fn only_if(self, only_if: fn(&Found) -> bool) -> Member {
        Member { only_if, ..self }
    }
}

/// Bytes that were read, and where they and what they point to lie.
pub struct Found<'a> {
    pub bytes: &'a [u8],
    pub at: u64,
    pub memory: &'a dyn Memory,
}

impl Found<'_> {
    /// The number of so many bytes at an offset; zero where there is none.
    pub fn number(&self, offset: usize, width: usize) -> u64 {
        let found = self.bytes.get(offset..offset + width).unwrap_or_default();
        let mut bytes = [0; 8];
        bytes[..found.len()].copy_from_slice(found);
        u64::from_le_bytes(bytes)
    }

    fn part(&self, offset: usize, size: usize) -> Found<'_> {
        Found {
            bytes: self.bytes.get(offset..offset + size).unwrap_or_default(),
            at: self.at.wrapping_add(offset as u64),
            memory: self.memory,
        }
    }
}

impl Type {
    /// How many bytes it takes.
    pub fn size(self) -> usize {
        match self {
            Type::Number(width, _) => width,
            Type::Struct(layout) => layout.size,
            Type::Chars(size) | Type::Special(size, _) => size,
            Type::Numbers(count, width, _) => count * width,
        }
    }

    /// What lies there.
    pub fn tell(self, found: &Found) -> String {
        match self {
            Type::Number(width, form) => form.tell(extended(found.number(0, width), width, form)),
            Type::Struct(layout) => layout.tell(found),
            Type::Chars(_) => {
                let end = found.bytes.iter().position(|&byte| byte == 0);
                text::quote(&found.bytes[..end.unwrap_or(found.bytes.len())])
            }
            Type::Numbers(count, width, form) => {
                let each = Type::Number(width, form);
                let all = (0..count).map(|place| each.tell(&found.part(place * width, width)));
                format!("[{}]", all.collect::<Vec<_>>().join(", "))
            }
            Type::Special(_, tell) => tell(found),
        }
    }

    /// What a pointer leads to: a lone number in brackets. If it leads nowhere, itself.
    pub fn tell_at(self, memory: &dyn Memory, at: u64) -> String {
        let told = self.read(memory, at);
        match (told, self) {
            (Some(told), Type::Number(..)) => format!("[{told}]"),
            (Some(told), _) => told,
            (None, _) => address(at),
        }
    }

    /// What lies at an address, if it can be read.
    pub fn read(self, memory: &dyn Memory, at: u64) -> Option<String> {
        let bytes = text::read(memory, at, self.size())?;
        let bytes = &bytes;
        Some(self.tell(&Found { bytes, at, memory }))
    }

    /// So many of them, one behind the other.
    pub fn tell_array(self, memory: &dyn Memory, at: u64, count: u64) -> String {
        if at == 0 {
            return "NULL".to_owned();
        }
        let mut parts = Vec::new();
        for place in 0..count {
            let here = at.wrapping_add(place * self.size() as u64);
            match self.read(memory, here) {
                _ if place >= LONGEST => {
                    parts.push("...".to_owned());
                    break;
                }
                Some(part) => parts.push(part),
                None if place == 0 => return address(at),
                None => {
                    parts.push(format!("... /* {here:#x} */"));
                    break;
                }
            }
        }
        format!("[{}]", parts.join(", "))
    }
}

/// A number of a few bytes as the register would hold it.
fn extended(value: u64, width: usize, form: Form) -> u64 {
    match (form, width) {
        (Form::Int | Form::Long, 1) => i64::from(value as i8) as u64,
        (Form::Int | Form::Long, 2) => i64::from(value as i16) as u64,
        (Form::Int | Form::Long, 4) => i64::from(value as i32) as u64,
        _ => value,
    }
}

impl Layout {
    fn tell(&self, found: &Found) -> String {
        let mut parts = tell_members(self.members, found);
        if self.has_more {
            parts.push("...".to_owned());
        }
        format!("{{{}}}", parts.join(", "))
    }
}

/// The members of a structure, each with its name.
pub fn tell_members(members: &[Member], found: &Found) -> Vec<String> {
    let members = members.iter().filter(|it| (it.only_if)(found));
    let told = members.map(|it| {
        let told = it.kind.tell(&found.part(it.offset, it.kind.size()));
        format!("{}={told}", it.name)
    });
    told.collect()
}

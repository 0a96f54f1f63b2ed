//! The value of a variable as a reader would write it, by its type in the DWARF.

use gimli::{AttributeValue, DwAte, UnitOffset};

use crate::source::dwarf::{Bytes, Dwarf, Entry, Unit};
use crate::text::encoding;
use crate::trace::decode::Memory;

/// How deep types may lie in one another, how many elements of an array are shown, how much of a text.
const DEEPEST: usize = 8;
const MOST_ELEMENTS: u64 = 4;
const MOST_TEXT: usize = 24;

/// Where a value is.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Memory(u64),
    /// It is known, and lies nowhere.
    Known(u64),
}

impl Place {
    fn further(self, offset: u64) -> Place {
        match self {
            Place::Memory(address) => Place::Memory(address.wrapping_add(offset)),
            Place::Known(value) => Place::Known(value.checked_shr(8 * offset as u32).unwrap_or(0)),
        }
    }
}

/// The types of a unit.
pub(super) struct Types<'a> {
    pub dwarf: &'a Dwarf,
    pub unit: &'a Unit,
}

/// What an integer is shown as.
#[derive(Clone, Copy)]
struct Integer {
    size: usize,
    encoding: DwAte,
    /// In C, one byte is a letter.
    is_letter: bool,
}

impl Types<'_> {
    /// The value of this type at a place; none if it cannot be read, or is nothing that a line can show.
    pub(super) fn value(&self, kind: UnitOffset, at: Place, memory: &dyn Memory) -> Option<String> {
        self.text(kind, at, memory, 0)
    }

    fn text(
        &self,
        kind: UnitOffset,
        at: Place,
        memory: &dyn Memory,
        depth: usize,
    ) -> Option<String> {
        let kind = self.plain(kind)?;
        let entry = self.unit.entry(kind).ok()?;
        match entry.tag() {
            _ if depth > DEEPEST => None,
            gimli::DW_TAG_base_type => {
                let integer = self.integer(&entry)?;
                Some(integer.text(number(at, integer.size, memory)?))
            }
            gimli::DW_TAG_enumeration_type => self.named(&entry, at, memory),
            gimli::DW_TAG_pointer_type => {
                let letter = self.integer(&self.unit.entry(self.plain(type_of(&entry)?)?).ok()?)?;
                match number(at, 8, memory)? {
                    _ if !letter.is_letter => None,
                    0 => Some("NULL".to_owned()),
                    address => text_at(Place::Memory(address), None, memory),
                }
            }
            gimli::DW_TAG_array_type => self.array(&entry, at, memory, depth),
            gimli::DW_TAG_structure_type => self.structure(kind, at, memory, depth),
            _ => None,
        }
    }

    /// The type without typedef, const and volatile.
    fn plain(&self, mut kind: UnitOffset) -> Option<UnitOffset> {
        for _ in 0..DEEPEST {
            let entry = self.unit.entry(kind).ok()?;
            match entry.tag() {
                gimli::DW_TAG_typedef | gimli::DW_TAG_const_type | gimli::DW_TAG_volatile_type => {
                    kind = type_of(&entry)?;
                }
                _ => return Some(kind),
            }
        }
        None
    }

    fn integer(&self, entry: &Entry) -> Option<Integer> {
        let Some(AttributeValue::Encoding(encoding)) = entry.attr_value(gimli::DW_AT_encoding)
        else {
            return None;
        };
        let size = usize::try_from(size(entry)?).ok()?;
        let is_letter = matches!(
            encoding,
            gimli::DW_ATE_signed_char | gimli::DW_ATE_unsigned_char
        );
        let is_integer = matches!(
            encoding,
            gimli::DW_ATE_boolean | gimli::DW_ATE_signed | gimli::DW_ATE_unsigned
        );
        (size <= 8 && (is_integer || is_letter)).then_some(Integer {
            size,
            encoding,
            is_letter,
        })
    }

    /// A value of an enumeration, by its name if it has one.
    fn named(&self, entry: &Entry, at: Place, memory: &dyn Memory) -> Option<String> {
        let bytes = usize::try_from(size(entry)?)
            .ok()
            .filter(|size| *size <= 8)?;
        let value = number(at, bytes, memory)?;
        let mut tree = self.unit.entries_tree(Some(entry.offset())).ok()?;
        let mut names = tree.root().ok()?.children();
        while let Some(name) = names.next().ok()? {
            let name = name.entry();
            let own = name.attr_value(gimli::DW_AT_const_value).and_then(constant);
            if name.tag() == gimli::DW_TAG_enumerator
                && own.is_some_and(|own| own & mask(bytes) == value)
            {
                return self.name(name);
            }
        }
        Some(signed(value, bytes).to_string())
    }

    fn array(&self, entry: &Entry, at: Place, memory: &dyn Memory, depth: usize) -> Option<String> {
        let element = self.plain(type_of(entry)?)?;
        let mut tree = self.unit.entries_tree(Some(entry.offset())).ok()?;
        let mut ranges = tree.root().ok()?.children();
        let mut count = None;
        while let Some(range) = ranges.next().ok()? {
            let range = range.entry();
            if range.tag() == gimli::DW_TAG_subrange_type {
                let last = range
                    .attr_value(gimli::DW_AT_upper_bound)
                    .and_then(constant);
                let of = range.attr_value(gimli::DW_AT_count).and_then(constant);
                let of = of.or(last.map(|last| last.wrapping_add(1)));
                count = match count {
                    None => of,
                    Some(_) => return None, // of several dimensions
                };
            }
        }
        let (count, entry) = (count?, self.unit.entry(element).ok()?);
        let length = size(&entry)?;
        if length == 1 && count > MOST_ELEMENTS && self.integer(&entry).is_some() {
            return text_at(at, usize::try_from(count).ok(), memory);
        }
        if count == 0 || count > MOST_ELEMENTS {
            return None;
        }
        let texts = (0..count)
            .map(|place| self.text(element, at.further(place * length), memory, depth + 1));
        let texts: Option<Vec<String>> = texts.collect();
        Some(format!("[{}]", texts?.join(", ")))
    }

    /// The variant that an enum of Rust is in; of another structure, its only member.
    fn structure(
        &self,
        kind: UnitOffset,
        at: Place,
        memory: &dyn Memory,
        depth: usize,
    ) -> Option<String> {
        let mut tree = self.unit.entries_tree(Some(kind)).ok()?;
        let mut children = tree.root().ok()?.children();
        let mut only: Option<(u64, UnitOffset)> = None;
        while let Some(child) = children.next().ok()? {
            let entry = child.entry();
            if entry.tag() == gimli::DW_TAG_variant_part {
                return self.variant(entry.offset(), at, memory, depth);
            }
            if entry.tag() == gimli::DW_TAG_member {
                let member = (offset_of(entry), type_of(entry)?);
                if only.replace(member).is_some() {
                    return None;
                }
            }
        }
        let (offset, kind) = only?;
        self.text(kind, at.further(offset), memory, depth + 1)
    }

    fn variant(
        &self,
        part: UnitOffset,
        at: Place,
        memory: &dyn Memory,
        depth: usize,
    ) -> Option<String> {
        let entry = self.unit.entry(part).ok()?;
        let AttributeValue::UnitRef(tag) = entry.attr_value(gimli::DW_AT_discr)? else {
            return None;
        };
        let tag = self.unit.entry(tag).ok()?;
        let bytes = size(&self.unit.entry(self.plain(type_of(&tag)?)?).ok()?)? as usize;
        let found = number(at.further(offset_of(&tag)), bytes.min(8), memory)?;
        let mut tree = self.unit.entries_tree(Some(part)).ok()?;
        let mut variants = tree.root().ok()?.children();
        let mut other = None;
        while let Some(variant) = variants.next().ok()? {
            let entry = variant.entry();
            if entry.tag() != gimli::DW_TAG_variant {
                continue;
            }
            let own = entry
                .attr_value(gimli::DW_AT_discr_value)
                .and_then(constant);
            let is_it = own.map(|own| own & mask(bytes) == found);
            let mut members = variant.children();
            let Some(member) = members.next().ok()? else {
                continue;
            };
            let member = member.entry();
            let told = (self.name(member)?, offset_of(member), type_of(member)?);
            match is_it {
                Some(true) => return self.told(told, at, memory, depth),
                Some(false) => {}
                None => other = Some(told), // whatever has no value of its own
            }
        }
        self.told(other?, at, memory, depth)
    }

    /// `Ok(4711)`; the name alone of a variant that holds nothing.
    fn told(
        &self,
        (name, offset, kind): (String, u64, UnitOffset),
        at: Place,
        memory: &dyn Memory,
        depth: usize,
    ) -> Option<String> {
        let mut tree = self.unit.entries_tree(Some(kind)).ok()?;
        let mut children = tree.root().ok()?.children();
        let mut holds = false;
        while let Some(child) = children.next().ok()? {
            holds |= child.entry().tag() == gimli::DW_TAG_member;
        }
        if !holds {
            return Some(name);
        }
        let value = self.text(kind, at.further(offset), memory, depth + 1)?;
        Some(format!("{name}({value})"))
    }

    /// What an entry is called, if need be by that which it is an instance of.
    pub(super) fn name(&self, entry: &Entry) -> Option<String> {
        let name = entry.attr_value(gimli::DW_AT_name)?;
        let name = self.dwarf.attr_string(self.unit, name).ok()?;
        Some(String::from_utf8_lossy(name.bytes()).into_owned())
    }
}

impl Integer {
    fn text(self, value: u64) -> String {
        let letter = char::from(value as u8);
        match self.encoding {
            _ if self.is_letter && (letter.is_ascii_graphic() || letter == ' ') => {
                format!("'{letter}'")
            }
            gimli::DW_ATE_boolean if value < 2 => (value == 1).to_string(),
            gimli::DW_ATE_signed | gimli::DW_ATE_signed_char => {
                signed(value, self.size).to_string()
            }
            _ => value.to_string(),
        }
    }
}

/// The text that begins at a place, up to its NUL; none if it is no text, as in an array that nobody has filled.
fn text_at(at: Place, most: Option<usize>, memory: &dyn Memory) -> Option<String> {
    let Place::Memory(address) = at else {
        return None;
    };
    let mut bytes = vec![0; most.unwrap_or(4 * MOST_TEXT).min(4 * MOST_TEXT)];
    let read = memory.read(address, &mut bytes);
    let end = bytes[..read].iter().position(|byte| *byte == 0);
    let text = encoding::text(&bytes[..end.unwrap_or(read)]).into_owned();
    let is_odd =
        |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !"\n\r\t".contains(c);
    let shown: String = text.chars().take(MOST_TEXT).collect();
    if shown.chars().any(is_odd) || end.is_none() && read < bytes.len() {
        return None;
    }
    let more = match shown.len() < text.len() {
        true => "…",
        false => "",
    };
    Some(format!("\"{}{more}\"", shown.escape_debug()))
}

fn number(at: Place, size: usize, memory: &dyn Memory) -> Option<u64> {
    match at {
        Place::Known(value) => Some(value & mask(size)),
        Place::Memory(address) => {
            let mut bytes = [0; 8];
            let read = memory.read(address, bytes.get_mut(..size)?);
            (read == size).then(|| u64::from_le_bytes(bytes))
        }
    }
}

fn mask(size: usize) -> u64 {
    u64::MAX >> (64 - 8 * size.clamp(1, 8))
}

fn signed(value: u64, size: usize) -> i64 {
    let unused = 64 - 8 * size.clamp(1, 8);
    (value << unused) as i64 >> unused
}

fn size(entry: &Entry) -> Option<u64> {
    entry.attr_value(gimli::DW_AT_byte_size)?.udata_value()
}

fn offset_of(member: &Entry) -> u64 {
    let offset = member.attr_value(gimli::DW_AT_data_member_location);
    offset.and_then(|offset| offset.udata_value()).unwrap_or(0)
}

/// A constant of the DWARF, of whatever sign.
pub(super) fn constant(value: AttributeValue<Bytes>) -> Option<u64> {
    let signed = value.sdata_value().map(|value| value as u64);
    value.udata_value().or(signed)
}

pub(super) fn type_of(entry: &Entry) -> Option<UnitOffset> {
    match entry.attr_value(gimli::DW_AT_type)? {
        AttributeValue::UnitRef(offset) => Some(offset),
        _ => None,
    }
}

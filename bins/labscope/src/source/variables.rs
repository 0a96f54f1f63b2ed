//! Where the static variables of a program lie, and the members of their types.

use std::path::Path;

use anyhow::{Context, Result};
use gimli::{AttributeValue, DW_TAG_member, DW_TAG_variable, Operation, UnitOffset};

use crate::i18n::failure;
use crate::source::code::Elf;
use crate::source::dwarf::{self, Dwarf, Unit};
use crate::source::values::type_of;
use crate::text::file;

/// What is known of a program's variables.
pub struct Variables {
    dwarf: Dwarf,
}

impl Variables {
    /// Reads a program with debug information.
    pub fn read(program: &Path) -> Result<Variables> {
        let bytes = file::bytes(program)?;
        let file = Elf::minimal_parse(&bytes)
            .with_context(|| failure::is_no_program(program.display()))?;
        let dwarf = dwarf::sections(&file)?;
        Ok(Variables { dwarf })
    }

    /// The address of a static variable's member, by the names that lead there; none if there is no such one.
    pub fn member(&self, variable: &str, path: &[&str]) -> Option<u64> {
        let mut units = self.dwarf.units();
        while let Some(header) = units.next().ok()? {
            let unit = self.dwarf.unit(header).ok()?;
            if let Some((address, kind)) = self.variable(&unit, variable) {
                return Some(address + self.offset(&unit, kind, path)?);
            }
        }
        None
    }

    /// The address and the type of a static variable.
    fn variable(&self, unit: &Unit, wanted: &str) -> Option<(u64, UnitOffset)> {
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs().ok()? {
            if entry.tag() != DW_TAG_variable || !self.is_called(unit, entry, wanted) {
                continue;
            }
            let Some(AttributeValue::Exprloc(place)) = entry.attr_value(gimli::DW_AT_location)
            else {
                continue;
            };
            let mut operations = place.operations(unit.encoding());
            if let Ok(Some(Operation::Address { address })) = operations.next() {
                return Some((address, type_of(entry)?));
            }
        }
        None
    }

    /// How far into a type its member lies.
    fn offset(&self, unit: &Unit, kind: UnitOffset, path: &[&str]) -> Option<u64> {
        let Some((first, rest)) = path.split_first() else {
            return Some(0);
        };
        let mut tree = unit.entries_tree(Some(kind)).ok()?;
        let mut members = tree.root().ok()?.children();
        while let Some(member) = members.next().ok()? {
            let entry = member.entry();
            if entry.tag() != DW_TAG_member || !self.is_called(unit, entry, first) {
                continue;
            }
            let begin = entry.attr_value(gimli::DW_AT_data_member_location);
            let begin = begin.map_or(Some(0), |value| value.udata_value())?;
            return Some(begin + self.offset(unit, type_of(entry)?, rest)?);
        }
        None
    }

    fn is_called(&self, unit: &Unit, entry: &dwarf::Entry, wanted: &str) -> bool {
        let name = entry.attr_value(gimli::DW_AT_name);
        let name = name.and_then(|name| self.dwarf.attr_string(unit, name).ok());
        name.is_some_and(|name| name.bytes() == wanted.as_bytes())
    }
}

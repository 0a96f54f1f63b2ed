//! The variables of a program's own functions: which there are at an instruction, and what they hold.

use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result};
use gimli::{AttributeValue, Expression, UnitOffset};

use crate::i18n::failure;
use crate::source::code::{Code, Elf};
use crate::source::dwarf::{self, Bytes, Dwarf, Entry, Unit};
use crate::source::location::{Found, Frame};
use crate::source::values::{Types, type_of};
use crate::text::file;
use crate::trace::decode::Memory;
use crate::trace::tracer::{Activation, Variable};

type Node<'a, 'u> = gimli::EntriesTreeNode<'a, 'u, Bytes>;

/// The functions of the unit that `main` is in, with their variables.
pub(super) struct Locals {
    dwarf: Dwarf,
    unit: Unit,
    code: Code,
    functions: Vec<Function>,
    /// Variables of the whole program.
    statics: Vec<Local>,
}

struct Function {
    name: String,
    code: Vec<Range<u64>>,
    frame_base: Option<Expression<Bytes>>,
    /// In the order of the source, those of a block behind those around it.
    variables: Vec<Local>,
}

struct Local {
    name: String,
    declared: u64,
    kind: UnitOffset,
    /// Where in the code it is in scope.
    scope: Vec<Range<u64>>,
    /// Where it is, or what it is always; none if the compiler has done without it.
    location: Option<AttributeValue<Bytes>>,
}

impl Locals {
    /// Reads a program with debug information.
    pub(super) fn read(program: &Path) -> Result<Locals> {
        let bytes = file::bytes(program)?;
        let file = Elf::minimal_parse(&bytes)
            .with_context(|| failure::is_no_program(program.display()))?;
        let dwarf = dwarf::sections(&file)?;
        let main = dwarf::place_of_main(&dwarf)?;
        let (unit, _) =
            main.with_context(|| failure::has_no_debug_information(program.display()))?;
        let mut locals = Locals {
            code: Code::read(&file)?,
            dwarf,
            unit,
            functions: Vec::new(),
            statics: Vec::new(),
        };
        let (functions, statics) = locals.described()?;
        (locals.functions, locals.statics) = (functions, statics);
        Ok(locals)
    }

    fn types(&self) -> Types<'_> {
        let (dwarf, unit) = (&self.dwarf, &self.unit);
        Types { dwarf, unit }
    }

    fn described(&self) -> Result<(Vec<Function>, Vec<Local>), gimli::Error> {
        let (mut functions, mut statics) = (Vec::new(), Vec::new());
        let mut starts = Vec::new();
        let mut entries = self.unit.entries();
        while let Some(entry) = entries.next_dfs()? {
            if entry.tag() == gimli::DW_TAG_subprogram {
                starts.push(entry.offset());
            }
        }
        for start in starts {
            functions.extend(self.function(start)?);
        }
        let mut tree = self.unit.entries_tree(None)?;
        let mut children = tree.root()?.children();
        while let Some(child) = children.next()? {
            let entry = child.entry();
            let is_declared_only = entry.attr_value(gimli::DW_AT_declaration).is_some();
            if entry.tag() == gimli::DW_TAG_variable && !is_declared_only {
                statics.extend(self.local(entry, &[]));
            }
        }
        Ok((functions, statics))
    }

    fn function(&self, start: UnitOffset) -> Result<Option<Function>, gimli::Error> {
        let mut tree = self.unit.entries_tree(Some(start))?;
        let root = tree.root()?;
        let entry = root.entry();
        let code = self.ranges(entry)?;
        let Some(name) = self.name(entry).filter(|_| !code.is_empty()) else {
            return Ok(None);
        };
        let frame_base = match entry.attr_value(gimli::DW_AT_frame_base) {
            Some(AttributeValue::Exprloc(base)) => Some(base),
            _ => None,
        };
        let mut function = Function {
            name,
            frame_base,
            code: code.clone(),
            variables: Vec::new(),
        };
        self.collect(root, &code, &mut function.variables)?;
        Ok(Some(function))
    }

    /// The variables of a function, or of a block in it.
    fn collect(
        &self,
        block: Node,
        scope: &[Range<u64>],
        found: &mut Vec<Local>,
    ) -> Result<(), gimli::Error> {
        let mut children = block.children();
        while let Some(child) = children.next()? {
            let entry = child.entry();
            match entry.tag() {
                gimli::DW_TAG_variable | gimli::DW_TAG_formal_parameter => {
                    let is_artificial = entry.attr_value(gimli::DW_AT_artificial).is_some();
                    let is_elsewhere = entry.attr_value(gimli::DW_AT_external).is_some();
                    let own = (!is_artificial && !is_elsewhere).then(|| self.local(entry, scope));
                    found.extend(own.flatten());
                }
                gimli::DW_TAG_lexical_block => {
                    let own = self.ranges(entry)?;
                    let own = if own.is_empty() { scope.to_vec() } else { own };
                    self.collect(child, &own, found)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn ranges(&self, entry: &Entry) -> Result<Vec<Range<u64>>, gimli::Error> {
        let mut ranges = self.dwarf.die_ranges(&self.unit, entry)?;
        let mut found = Vec::new();
        while let Some(range) = ranges.next()? {
            found.push(range.begin..range.end);
        }
        Ok(found)
    }

    fn local(&self, entry: &Entry, scope: &[Range<u64>]) -> Option<Local> {
        let origin = self.origin(entry);
        Some(Local {
            name: self.name(entry)?,
            declared: self.declared(entry, origin.as_ref()),
            kind: type_of(entry).or_else(|| type_of(origin.as_ref()?))?,
            scope: scope.to_vec(),
            location: entry
                .attr_value(gimli::DW_AT_location)
                .or_else(|| entry.attr_value(gimli::DW_AT_const_value)),
        })
    }

    /// The line of a declaration.
    fn declared(&self, entry: &Entry, origin: Option<&Entry>) -> u64 {
        let line = |entry: &Entry| entry.attr_value(gimli::DW_AT_decl_line);
        let line = line(entry).or_else(|| line(origin?));
        line.and_then(|line| line.udata_value()).unwrap_or(0)
    }

    /// What an entry is an instance of.
    fn origin(&self, entry: &Entry) -> Option<Entry> {
        match entry.attr_value(gimli::DW_AT_abstract_origin)? {
            AttributeValue::UnitRef(offset) => self.unit.entry(offset).ok(),
            _ => None,
        }
    }

    fn name(&self, entry: &Entry) -> Option<String> {
        let types = self.types();
        types
            .name(entry)
            .or_else(|| types.name(&self.origin(entry)?))
    }

    /// The variables of a function in progress and their values, if it is one of these; no others, and none twice.
    pub(super) fn of(&self, activation: &Activation, memory: &dyn Memory) -> Vec<Variable> {
        let Some(here) = self.code.address(activation.frame.offset) else {
            return Vec::new();
        };
        // Behind a call, which may be the last of a block.
        let at = here.saturating_sub(1);
        let is_there = |ranges: &[Range<u64>]| ranges.iter().any(|range| range.contains(&at));
        let mut functions = self.functions.iter();
        let Some(function) = functions.find(|function| is_there(&function.code)) else {
            return Vec::new();
        };
        let frame = Frame {
            activation,
            base: function.frame_base.as_ref(),
            moved: activation.address.wrapping_sub(here),
            at,
        };
        let mut found: Vec<Variable> = Vec::new();
        for local in function.variables.iter().filter(|it| is_there(&it.scope)) {
            let function = Some(function.name.clone());
            let variable = self.variable(local, function, &frame, memory);
            // One of a block hides that of the same name around it.
            let hidden = found.iter().position(|other| other.name == local.name);
            match (hidden, variable) {
                (Some(place), Some(variable)) => found[place] = variable,
                (Some(place), None) => drop(found.remove(place)),
                (None, variable) => found.extend(variable),
            }
        }
        let statics = self.statics.iter();
        found.extend(statics.filter_map(|local| self.variable(local, None, &frame, memory)));
        found
    }

    /// None of one whose value cannot be told.
    fn variable(
        &self,
        local: &Local,
        function: Option<String>,
        frame: &Frame,
        memory: &dyn Memory,
    ) -> Option<Variable> {
        let value = match self.types().find(local.location.as_ref(), frame, memory) {
            Found::At(place) => Some(self.types().value(local.kind, place, memory)?),
            Found::Nowhere => None,
            Found::Unknown => return None,
        };
        Some(Variable {
            function,
            name: local.name.clone(),
            declared: local.declared,
            value,
        })
    }
}

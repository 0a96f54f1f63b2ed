//! What the DWARF of a program says about its `main`.

use std::collections::HashMap;
use std::ops::Range;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use elf::section::SectionHeader;
use gimli::{DW_TAG_subprogram, EndianArcSlice, LittleEndian, UnitOffset};

use crate::i18n::failure;
use crate::source::code::Elf;

pub(super) type Bytes = EndianArcSlice<LittleEndian>;
pub(super) type Dwarf = gimli::Dwarf<Bytes>;
pub(super) type Unit = gimli::Unit<Bytes>;
pub(super) type Entry = gimli::DebuggingInformationEntry<Bytes>;

/// The function `main` of the program's own source.
pub(super) struct Main {
    /// The source file: the main file of the compilation unit.
    pub source: PathBuf,
    /// The line on which it begins.
    pub declared: u32,
    /// Its code; none where it has been inlined.
    pub code: Option<Range<u64>>,
    pub is_rust: bool,
}

/// The sections of a file that describe its source.
pub(super) fn sections(file: &Elf) -> Result<Dwarf> {
    let headers = match file.section_headers_with_strtab()? {
        (Some(headers), Some(names)) => headers
            .iter()
            .filter_map(|header| {
                let name = names.get(header.sh_name as usize).ok()?;
                Some((name, header))
            })
            .collect(),
        _ => HashMap::new(),
    };
    Dwarf::load(|id| {
        let header = headers.get(id.name());
        let bytes = header.map_or(Ok(&[][..]), |header| bytes(file, header));
        let bytes = bytes.with_context(|| failure::cannot_read(id.name()))?;
        Ok(EndianArcSlice::new(bytes.into(), LittleEndian))
    })
}

/// What a section holds.
fn bytes<'a>(file: &Elf<'a>, header: &SectionHeader) -> Result<&'a [u8]> {
    match file.section_data(header)? {
        (bytes, None) => Ok(bytes),
        (_, Some(_)) => bail!(failure::is_compressed()),
    }
}

/// The unit that `main` is in, and its place there; none if nothing here was compiled with debug information.
pub(super) fn place_of_main(dwarf: &Dwarf) -> Result<Option<(Unit, UnitOffset)>, gimli::Error> {
    let mut units = dwarf.units();
    while let Some(header) = units.next()? {
        let unit = dwarf.unit(header)?;
        let mut entries = unit.entries();
        while let Some(entry) = entries.next_dfs()? {
            if entry.tag() == DW_TAG_subprogram && is_main(dwarf, &unit, entry)? {
                let place = entry.offset();
                return Ok(Some((unit, place)));
            }
        }
    }
    Ok(None)
}

/// Finds `main`.
pub(super) fn main(dwarf: &Dwarf) -> Result<Option<Main>, gimli::Error> {
    let Some((unit, place)) = place_of_main(dwarf)? else {
        return Ok(None);
    };
    described(dwarf, &unit, &unit.entry(place)?).map(Some)
}

fn is_main(dwarf: &Dwarf, unit: &Unit, entry: &Entry) -> Result<bool, gimli::Error> {
    let Some(name) = entry.attr_value(gimli::DW_AT_name) else {
        return Ok(false);
    };
    let name = dwarf.attr_string(unit, name)?;
    // musl's start-up code, which calls it, declares it.
    let is_elsewhere = entry.attr_value(gimli::DW_AT_declaration).is_some();
    Ok(!is_elsewhere && declared(entry).is_some() && text(&name) == "main")
}

fn described(dwarf: &Dwarf, unit: &Unit, entry: &Entry) -> Result<Main, gimli::Error> {
    let folder = unit.comp_dir.as_ref().map(text).unwrap_or_default();
    let name = unit.name.as_ref().map(text).unwrap_or_default();
    // rustc adds `/@/` and the name of the code generation unit.
    let name = name.split("/@/").next().unwrap_or(&name);
    let mut ranges = dwarf.die_ranges(unit, entry)?;
    Ok(Main {
        source: PathBuf::from(folder).join(name),
        declared: declared(entry).unwrap_or(0),
        code: ranges.next()?.map(|range| range.begin..range.end),
        is_rust: name.ends_with(".rs"),
    })
}

/// The line on which a function begins.
fn declared(entry: &Entry) -> Option<u32> {
    let line = entry.attr_value(gimli::DW_AT_decl_line)?;
    u32::try_from(line.udata_value()?).ok()
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(bytes.bytes()).into_owned()
}

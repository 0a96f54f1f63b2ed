//! Which C library a program has.

use std::path::Path;

use elf::abi::PT_INTERP;

use crate::source::code::Elf;
use crate::text::file;

/// A C library whose habits are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Library {
    Musl,
}

impl Library {
    /// As scenario files call it.
    pub fn name(self) -> &'static str {
        match self {
            Library::Musl => "musl",
        }
    }

    /// The one that a program names as its loader, or has taken in; none of glibc, or of one that is not known.
    pub fn of(program: &Path) -> Option<Library> {
        let bytes = file::bytes(program).ok()?;
        let file = Elf::minimal_parse(&bytes).ok()?;
        let is_musl = match loader(&file) {
            Some(name) => name.windows(8).any(|part| part == b"ld-musl-"),
            None => {
                let (symbols, names) = file.symbol_table().ok()??;
                let mut names = symbols
                    .iter()
                    .filter_map(|it| names.get(it.st_name as usize).ok());
                names.any(|name| name == "__stdio_exit_needed")
            }
        };
        is_musl.then_some(Library::Musl)
    }
}

/// Whether a program has no loader.
pub fn is_static(program: &Path) -> bool {
    let bytes = file::bytes(program).unwrap_or_default();
    Elf::minimal_parse(&bytes).is_ok_and(|file| loader(&file).is_none())
}

/// The path of the loader that a program names; a static one names none.
pub(super) fn loader<'a>(file: &Elf<'a>) -> Option<&'a [u8]> {
    let segment = file.segments()?.iter().find(|it| it.p_type == PT_INTERP)?;
    file.segment_data(&segment).ok()
}

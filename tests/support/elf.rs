//! As much of an ELF file (`elf(5)`) as the tests ask about, read by hand.

use std::fs;
use std::path::Path;

pub const PT_LOAD: u32 = 1;
pub const PT_DYNAMIC: u32 = 2;
pub const PT_INTERP: u32 = 3;
pub const PT_TLS: u32 = 7;
pub const PT_GNU_EH_FRAME: u32 = 0x6474_e550;
pub const PT_GNU_STACK: u32 = 0x6474_e551;

pub const PF_X: u32 = 1;
pub const PF_W: u32 = 2;
pub const PF_R: u32 = 4;

pub const SHT_RELA: u32 = 4;
pub const SHT_REL: u32 = 9;

/// A program header: what the kernel maps.
#[derive(Debug)]
pub struct Segment {
    pub kind: u32,
    pub flags: u32,
    /// Where in the file it begins, and where in memory.
    pub offset: usize,
    pub address: usize,
    /// How many bytes of the file it maps.
    pub size: usize,
    /// How large a page may be.
    pub align: usize,
}

/// A section header: what linkers and debuggers read.
#[derive(Debug)]
pub struct Section {
    pub name: String,
    pub kind: u32,
    pub bytes: Vec<u8>,
}

/// An entry of the symbol table.
#[derive(Debug)]
pub struct Symbol {
    pub name: String,
    pub undefined: bool,
}

/// An executable file.
pub struct Elf {
    pub size: usize,
    pub segments: Vec<Segment>,
    pub sections: Vec<Section>,
    pub symbols: Vec<Symbol>,
}

impl Elf {
    /// Reads a 64-bit little-endian ELF file.
    pub fn read(path: &Path) -> Elf {
        let file = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(
            file[..6],
            *b"\x7fELF\x02\x01",
            "{} is not a 64-bit ELF",
            path.display()
        );
        let mut elf = Elf {
            size: file.len(),
            segments: headers(&file, 32, 54).map(segment).collect(),
            sections: headers(&file, 40, 58)
                .map(|header| section(&file, header))
                .collect(),
            symbols: Vec::new(),
        };
        if let Some(names) = elf.sections.get(number(&file, 62, 2)) {
            let names = names.bytes.clone();
            for (section, header) in elf.sections.iter_mut().zip(headers(&file, 40, 58)) {
                section.name = name(&names, number(header, 0, 4));
            }
        }
        elf.symbols = elf.read_symbols();
        elf
    }

    fn read_symbols(&self) -> Vec<Symbol> {
        let (Some(table), Some(names)) = (self.section(".symtab"), self.section(".strtab")) else {
            return Vec::new();
        };
        let entries = table.bytes.chunks_exact(24).skip(1); // the first is empty
        let symbol = |entry: &[u8]| Symbol {
            name: name(&names.bytes, number(entry, 0, 4)),
            undefined: number(entry, 6, 2) == 0,
        };
        entries.map(symbol).collect()
    }

    /// The section of that name.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }

    /// The segments of one kind.
    pub fn segments(&self, kind: u32) -> impl Iterator<Item = &Segment> {
        self.segments
            .iter()
            .filter(move |segment| segment.kind == kind)
    }
}

fn number(bytes: &[u8], at: usize, size: usize) -> usize {
    let mut number = [0; 8];
    number[..size].copy_from_slice(&bytes[at..at + size]);
    usize::from_le_bytes(number)
}

/// The table whose offset stands at `at` in the file's header, size and number of entries at `sizes`.
fn headers(file: &[u8], at: usize, sizes: usize) -> impl Iterator<Item = &[u8]> {
    let (size, count) = (number(file, sizes, 2), number(file, sizes + 2, 2));
    file[number(file, at, 8)..].chunks(size.max(1)).take(count)
}

fn segment(header: &[u8]) -> Segment {
    Segment {
        kind: number(header, 0, 4) as u32,
        flags: number(header, 4, 4) as u32,
        offset: number(header, 8, 8),
        address: number(header, 16, 8),
        size: number(header, 32, 8),
        align: number(header, 48, 8),
    }
}

fn section(file: &[u8], header: &[u8]) -> Section {
    const SHT_NOBITS: u32 = 8;
    let kind = number(header, 4, 4) as u32;
    let (offset, size) = (number(header, 24, 8), number(header, 32, 8));
    let bytes = if kind == SHT_NOBITS {
        &[]
    } else {
        &file[offset..offset + size]
    };
    Section {
        name: String::new(),
        kind,
        bytes: bytes.to_vec(),
    }
}

fn name(table: &[u8], at: usize) -> String {
    let bytes = table[at..].split(|&byte| byte == 0).next().unwrap();
    String::from_utf8_lossy(bytes).into_owned()
}

//! A file of code that is mapped into memory: how its stack frames are undone, and its functions.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use elf::ElfBytes;
use elf::abi::{PT_LOAD, SHN_UNDEF, STT_FUNC, STT_GNU_IFUNC};
use elf::endian::LittleEndian;
use framehop::ExplicitModuleSectionInfo;

/// A third of what the table of one function takes at least, in bytes.
const LEAST_TABLE: usize = 8;

/// The sections that framehop reads.
pub type Bytes = Arc<[u8]>;

/// What is read of a file.
pub struct MappedFile {
    pub path: Arc<str>,
    /// Where in the file its segments lie, and at which address they want to be.
    segments: Vec<(Range<u64>, u64)>,
    sections: Vec<(String, Range<u64>, Bytes)>,
    /// The functions by address, with their names as they are written in the file.
    functions: Vec<(u64, Box<str>)>,
}

impl MappedFile {
    /// Reads a file; none if it is no ELF file, or cannot be read.
    pub fn read(path: &str) -> Option<MappedFile> {
        let data = std::fs::read(Path::new(path)).ok()?;
        let file = File::minimal_parse(&data).ok()?;
        Some(MappedFile {
            path: path.into(),
            segments: segments(&file),
            sections: sections(&file),
            functions: functions(&file),
        })
    }

    /// The address at which a place of the file wants to be.
    pub fn address(&self, offset: u64) -> Option<u64> {
        let mut segments = self.segments.iter();
        let (range, address) = segments.find(|(range, _)| range.contains(&offset))?;
        Some(offset - range.start + address)
    }

    /// The function before an address, the nearest one, and how far it lies behind its beginning.
    ///
    /// Of several names, the one that a program uses: malloc, not __libc_malloc.
    pub fn function(&self, address: u64) -> Option<(Arc<str>, u64)> {
        let functions = &self.functions;
        let behind = functions.partition_point(|(start, _)| *start <= address);
        let (start, _) = functions.get(behind.checked_sub(1)?)?;
        let first = functions.partition_point(|(other, _)| other < start);
        let names = functions[first..behind].iter().map(|(_, name)| name);
        let name =
            names.min_by_key(|name| (name.len() - name.trim_start_matches('_').len(), *name))?;
        let name = format!("{:#}", rustc_demangle::demangle(name));
        Some((name.into(), address - start))
    }

    /// Where the function of this name begins.
    pub fn start_of(&self, name: &str) -> Option<u64> {
        let mut functions = self.functions.iter();
        let (start, _) = functions.find(|(_, own)| own.as_ref() == name)?;
        Some(*start)
    }

    /// Whether it has next to no tables by which its frames could be undone: some of what the compiler brings along has.
    pub fn lacks_tables(&self) -> bool {
        let tables = self.sections.iter().find(|(own, ..)| own == ".eh_frame");
        let length = tables.map_or(0, |(_, _, bytes)| bytes.len());
        length < LEAST_TABLE * self.functions.len()
    }

    /// What framehop needs of it.
    pub fn section_info(&self) -> ExplicitModuleSectionInfo<Bytes> {
        let section = |name: &str| self.sections.iter().find(|(own, ..)| own == name);
        let range = |name: &str| section(name).map(|(_, range, _)| range.clone());
        let bytes = |name: &str| section(name).map(|(_, _, bytes)| Arc::clone(bytes));
        ExplicitModuleSectionInfo {
            base_svma: 0,
            text_svma: range(".text"),
            got_svma: range(".got"),
            eh_frame_svma: range(".eh_frame"),
            eh_frame: bytes(".eh_frame"),
            eh_frame_hdr_svma: range(".eh_frame_hdr"),
            eh_frame_hdr: bytes(".eh_frame_hdr"),
            ..ExplicitModuleSectionInfo::default()
        }
    }
}

type File<'data> = ElfBytes<'data, LittleEndian>;

fn segments(file: &File) -> Vec<(Range<u64>, u64)> {
    let all = file.segments().into_iter().flatten();
    let loaded = all.filter(|segment| segment.p_type == PT_LOAD);
    let segments = loaded.map(|segment| {
        let end = segment.p_offset.saturating_add(segment.p_filesz);
        (segment.p_offset..end, segment.p_vaddr)
    });
    segments.collect()
}

fn sections(file: &File) -> Vec<(String, Range<u64>, Bytes)> {
    let wanted = [".text", ".got", ".eh_frame", ".eh_frame_hdr"];
    let sections = wanted.iter().filter_map(|name| {
        let section = file.section_header_by_name(name).ok()??;
        let range = section.sh_addr..section.sh_addr.checked_add(section.sh_size)?;
        let data = match *name {
            ".eh_frame" | ".eh_frame_hdr" => file.section_data(&section).ok()?.0,
            _ => &[],
        };
        Some(((*name).to_owned(), range, data.into()))
    });
    sections.collect()
}

fn functions(file: &File) -> Vec<(u64, Box<str>)> {
    let tables = [file.symbol_table(), file.dynamic_symbol_table()];
    let mut functions: Vec<(u64, Box<str>)> = Vec::new();
    for (symbols, names) in tables.into_iter().flatten().flatten() {
        let defined = symbols.iter().filter(|symbol| {
            matches!(symbol.st_symtype(), STT_FUNC | STT_GNU_IFUNC) && symbol.st_shndx != SHN_UNDEF
        });
        let named = defined.filter_map(|symbol| {
            let name = names.get(symbol.st_name as usize).ok()?;
            Some((symbol.st_value, name.into()))
        });
        functions.extend(named);
    }
    functions.sort_unstable_by_key(|(address, _)| *address);
    functions
}

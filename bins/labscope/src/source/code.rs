//! The machine code of an ELF file, read for one thing: which function a call instruction calls.

use std::collections::HashMap;

use addr2line::demangle_auto;
use anyhow::{Context, Result};
use elf::ElfBytes;
use elf::abi::{EM_AARCH64, PT_LOAD, SHT_DYNSYM, SHT_RELA, STT_FUNC, STT_GNU_IFUNC};
use elf::endian::LittleEndian;

use crate::i18n::failure;

/// A program file.
pub(super) type Elf<'a> = ElfBytes<'a, LittleEndian>;

/// A part of the file that is mapped into memory.
struct Segment {
    offset: u64,
    address: u64,
    bytes: Vec<u8>,
}

/// The code and the names in it.
pub(super) struct Code {
    is_arm64: bool,
    segments: Vec<Segment>,
    /// Functions by their address.
    functions: HashMap<u64, String>,
    /// Functions of other files, by the address of the slot of the GOT that will point to them.
    slots: HashMap<u64, String>,
}

impl Code {
    pub(super) fn read(file: &Elf) -> Result<Code> {
        let segments = file.segments().into_iter().flatten();
        let loaded = segments.filter(|segment| segment.p_type == PT_LOAD);
        let segments = loaded.map(|segment| {
            let bytes = file.segment_data(&segment);
            Ok(Segment {
                offset: segment.p_offset,
                address: segment.p_vaddr,
                bytes: bytes.with_context(failure::segment_is_cut_off)?.to_vec(),
            })
        });
        Ok(Code {
            is_arm64: file.ehdr.e_machine == EM_AARCH64,
            segments: segments.collect::<Result<_>>()?,
            functions: functions(file)?,
            slots: slots(file)?,
        })
    }

    /// The address in memory (not yet moved, for a program that can be) of a place in the file.
    pub(super) fn address(&self, offset: u64) -> Option<u64> {
        let segment = self.segments.iter().find(|segment| {
            (segment.offset..segment.offset + segment.bytes.len() as u64).contains(&offset)
        })?;
        Some(segment.address + (offset - segment.offset))
    }

    /// The place in the file of what a stack tells: that itself, or, from strace with libdw, the address less one, where it
    /// is that of a caller.
    pub(super) fn offset(&self, told: u64, is_caller: bool) -> u64 {
        let holds = |segment: &&Segment| {
            (segment.address..segment.address + segment.bytes.len() as u64).contains(&told)
        };
        match (self.address(told), self.segments.iter().find(holds)) {
            (None, Some(segment)) => told - segment.address + segment.offset + u64::from(is_caller),
            _ => told,
        }
    }

    /// The function that is called by the instruction just before `address`.
    pub(super) fn called_before(&self, address: u64) -> Option<String> {
        if self.is_arm64 {
            let target = self.branch_with_link(address.checked_sub(4)?)?;
            let named = self.functions.get(&target);
            let name = named.or_else(|| self.slots.get(&self.slot_of_arm64_stub(target)?));
            return name.map(|name| as_written(name));
        }
        let name = match self.bytes(address.checked_sub(6)?)? {
            // call *slot(%rip)
            [0xff, 0x15, ..] => self.slots.get(&self.relative(address - 4)?)?,
            // call target
            [_, 0xe8, ..] => {
                let target = self.relative(address - 4)?;
                match self.functions.get(&target) {
                    Some(name) => name,
                    None => self.slots.get(&self.slot_of_stub(target)?)?,
                }
            }
            _ => return None,
        };
        Some(as_written(name))
    }

    /// The slot of the GOT through which a stub of the PLT jumps: `[endbr64] [bnd] jmp *slot(%rip)`.
    fn slot_of_stub(&self, mut stub: u64) -> Option<u64> {
        if self.bytes(stub)?.starts_with(&[0xf3, 0x0f, 0x1e, 0xfa]) {
            stub += 4;
        }
        if self.bytes(stub)?.starts_with(&[0xf2]) {
            stub += 1;
        }
        self.bytes(stub)?
            .starts_with(&[0xff, 0x25])
            .then(|| self.relative(stub + 2))?
    }

    /// Where `bl target` goes, the instruction at this address.
    fn branch_with_link(&self, address: u64) -> Option<u64> {
        let instruction = self.instruction(address)?;
        let is_it = instruction & 0xfc00_0000 == 0x9400_0000;
        // A signed number of instructions, of 26 bits.
        let distance = i64::from((instruction << 6).cast_signed() >> 6) * 4;
        is_it.then(|| address.wrapping_add_signed(distance))
    }

    /// The slot of the GOT through which a stub of the PLT jumps: `[bti c]; adrp x16, page; ldr x17, [x16, #place]`.
    fn slot_of_arm64_stub(&self, mut stub: u64) -> Option<u64> {
        if self.instruction(stub)? == 0xd503_245f {
            stub += 4;
        }
        let (adrp, ldr) = (self.instruction(stub)?, self.instruction(stub + 4)?);
        let is_it = adrp & 0x9f00_001f == 0x9000_0010 && ldr & 0xffc0_03ff == 0xf940_0211;
        // A signed number of pages, of 21 bits, the lowest two apart from the others; then one of words, of 12 bits.
        let pages = (adrp << 8).cast_signed() >> 11 & !3 | (adrp >> 29 & 3).cast_signed();
        let page = (stub & !0xfff).wrapping_add_signed(i64::from(pages) << 12);
        is_it.then(|| page + u64::from(ldr >> 10 & 0xfff) * 8)
    }

    /// An instruction of arm64.
    fn instruction(&self, address: u64) -> Option<u32> {
        let bytes = self.bytes(address)?.get(..4)?.try_into().ok()?;
        Some(u32::from_le_bytes(bytes))
    }

    /// What the 32-bit number at `address`, the last part of an instruction, points to.
    fn relative(&self, address: u64) -> Option<u64> {
        let number = self.bytes(address)?.get(..4)?.try_into().ok()?;
        Some((address + 4).wrapping_add_signed(i32::from_le_bytes(number).into()))
    }

    /// What lies in memory from `address` on.
    fn bytes(&self, address: u64) -> Option<&[u8]> {
        self.segments.iter().find_map(|segment| {
            let start = address.checked_sub(segment.address)?;
            segment
                .bytes
                .get(usize::try_from(start).ok()?..)
                .filter(|bytes| !bytes.is_empty())
        })
    }
}

/// The functions that the file names, each by the plainest of its names.
fn functions(file: &Elf) -> Result<HashMap<u64, String>> {
    let mut functions: HashMap<u64, String> = HashMap::new();
    let Some((symbols, names)) = file.symbol_table()? else {
        return Ok(functions);
    };
    for symbol in symbols {
        if !matches!(symbol.st_symtype(), STT_FUNC | STT_GNU_IFUNC) {
            continue;
        }
        let Ok(name) = names.get(symbol.st_name as usize) else {
            continue;
        };
        let known = functions
            .entry(symbol.st_value)
            .or_insert_with(|| name.to_owned());
        if rank(name) < rank(known) {
            *known = name.to_owned();
        }
    }
    Ok(functions)
}

/// The symbols that the dynamic linker will put into the GOT, by slot.
fn slots(file: &Elf) -> Result<HashMap<u64, String>> {
    let mut slots = HashMap::new();
    let Some((symbols, names)) = file.dynamic_symbol_table()? else {
        return Ok(slots);
    };
    let sections: Vec<_> = file.section_headers().into_iter().flatten().collect();
    let of_dynamic = |link: u32| {
        let linked = sections.get(link as usize);
        linked.is_some_and(|section| section.sh_type == SHT_DYNSYM)
    };
    for section in &sections {
        if section.sh_type != SHT_RELA || !of_dynamic(section.sh_link) {
            continue;
        }
        for relocation in file.section_data_as_relas(section)? {
            let symbol = symbols.get(relocation.r_sym as usize);
            let name = symbol.and_then(|symbol| names.get(symbol.st_name as usize));
            if let (1.., Ok(name)) = (relocation.r_sym, name) {
                slots.insert(relocation.r_offset, name.to_owned());
            }
        }
    }
    Ok(slots)
}

/// Of several names of one function the lowest is the one that a program uses: `fork`, not `__libc_fork`.
fn rank(name: &str) -> (usize, bool, usize, &str) {
    let underscores = name.bytes().take_while(|&byte| byte == b'_').count();
    let capital = name.bytes().any(|byte| byte.is_ascii_uppercase());
    (underscores, capital, name.len(), name)
}

/// A function's name as a program writes it.
///
/// Rust: the last part of the path, and `printf` for what the macro `printf!` calls.
/// C: without what the headers put before it (`__isoc99_scanf`), or tcc behind it (`fork@plt`).
pub(super) fn as_written(symbol: &str) -> String {
    let path = demangle_auto(symbol.into(), Some(gimli::DW_LANG_Rust));
    let path = path.split('@').next().unwrap_or_default();
    let part = path
        .split("::")
        .filter(|part| !part.starts_with(['{', '<']))
        .last()
        .unwrap_or(path);
    let header = ["__isoc99_", "__isoc23_"];
    let name = header
        .iter()
        .find_map(|header| part.strip_prefix(header))
        .unwrap_or(part);
    match name {
        "vprintf" if path.starts_with("rawlabs::") => "printf".to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_from_a_place_in_the_file() {
        let segment = Segment {
            offset: 0,
            address: 0x40_0000,
            bytes: vec![0x90; 0x100],
        };
        let code = Code {
            is_arm64: false,
            segments: vec![segment],
            functions: HashMap::new(),
            slots: HashMap::new(),
        };
        for (told, is_caller, offset) in [
            (0x20, true, 0x20),
            (0x40_0020, true, 0x21),
            (0x40_0020, false, 0x20),
            (0x90_0000, true, 0x90_0000),
        ] {
            assert_eq!(code.offset(told, is_caller), offset);
        }
    }

    /// As gcc and ld write it: `bl` to a function, `bl` to a stub of the PLT, back and forth, with and without `bti c`.
    #[test]
    fn a_call_of_arm64_leads_to_its_function_or_through_its_stub() {
        let code: [u32; 10] = [
            0x9400_0004, // 0x1000: bl 0x1010
            0x9400_0004, // 0x1004: bl 0x1014
            0x97ff_fffe, // 0x1008: bl 0x1000
            0x9400_0005, // 0x100c: bl 0x1020
            0xd65f_03c0, // 0x1010: ret
            0xd503_245f, // 0x1014: bti c
            0xf000_0090, // 0x1018: adrp x16, 0x14000
            0xf947_d211, // 0x101c: ldr x17, [x16, #4000]
            0xf0ff_fff0, // 0x1020: adrp x16, 0
            0xf940_0211, // 0x1024: ldr x17, [x16]
        ];
        let segment = Segment {
            offset: 0,
            address: 0x1000,
            bytes: code.iter().flat_map(|word| word.to_le_bytes()).collect(),
        };
        let names = |all: &[(u64, &str)]| {
            let all = all.iter();
            all.map(|(at, name)| (*at, (*name).to_owned())).collect()
        };
        let code = Code {
            is_arm64: true,
            segments: vec![segment],
            functions: names(&[(0x1010, "own"), (0x1000, "first")]),
            slots: names(&[(0x14fa0, "fork"), (0, "low")]),
        };
        for (after, called) in [
            (0x1004, Some("own")),
            (0x1008, Some("fork")),
            (0x100c, Some("first")),
            (0x1010, Some("low")),
            (0x1014, None),
        ] {
            assert_eq!(code.called_before(after).as_deref(), called, "{after:#x}");
        }
    }

    #[test]
    fn a_function_is_called_as_its_caller_writes_it() {
        for (symbol, name) in [
            ("perror", "perror"),
            ("_exit", "_exit"),
            ("__isoc99_scanf", "scanf"),
            ("fork@plt", "fork"),
            ("_ZN7rawlabs6unistd5sleep17h0123456789abcdefE", "sleep"),
            ("rawlabs::stdio::vprintf", "printf"),
            ("rawlabs::stdio::getc::{{closure}}", "getc"),
            ("rawlabs::unistd::execl::<1>", "execl"),
        ] {
            assert_eq!(as_written(symbol), name);
        }
    }

    #[test]
    fn the_plainest_of_several_names_is_taken() {
        for names in [
            ["fork", "__libc_fork"],
            ["_exit", "_Exit"],
            ["puts", "_IO_puts"],
            ["open", "open64"],
        ] {
            assert!(rank(names[0]) < rank(names[1]), "{names:?}");
        }
    }
}

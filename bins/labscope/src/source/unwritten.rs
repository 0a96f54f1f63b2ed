//! What a process has printed and not written: the bytes that lie in the buffer of its stdout.

use std::path::{Path, PathBuf};

use elf::ElfBytes;
use elf::abi::{PT_LOAD, SHN_UNDEF};
use elf::endian::LittleEndian;

use crate::source::variables::Variables;
use crate::trace::decode::Memory;
use crate::trace::files::Files;
use crate::trace::tracer::memory::ProcessMemory;

/// No buffer of stdout is larger.
const MOST: u64 = 1 << 20;

/// Of a 64-bit `struct _IO_FILE` (bits/types/struct_FILE.h): where what waits begins, and where it ends.
const WRITE_BASE: u64 = 32;
const WRITE_PTR: u64 = 40;

/// The labs that have been run.
static LABS: Files<LabStdout> = Files::empty();

/// The files that hold glibc: how far in them its stdout lies.
static GLIBC: Files<u64> = Files::empty();

/// The stdout of a lab: where its buffer's address and length lie, and how much of it is used.
#[derive(Clone, Copy)]
struct LabStdout {
    buffer: u64,
    end: u64,
}

/// The bytes, if the process has a stdout that is known.
pub fn unwritten(pid: i32) -> Option<Vec<u8>> {
    let memory = ProcessMemory { thread: pid };
    let program = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    let (start, length) = match LABS.get(&program, lab_stdout) {
        Some(lab) => (memory.word(lab.buffer)?, memory.word(lab.end)?),
        None => {
            let file = glibc_stdout(pid, &program)?;
            let base = memory.word(file + WRITE_BASE)?;
            (base, memory.word(file + WRITE_PTR)?.checked_sub(base)?)
        }
    };
    let mut bytes = vec![0; length.min(MOST) as usize];
    let read = memory.read(start, &mut bytes);
    (read == bytes.len()).then_some(bytes)
}

/// The address of glibc's stdout: in libc, or in a program that is linked with it statically.
fn glibc_stdout(pid: i32, program: &Path) -> Option<u64> {
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let paths = maps.lines().filter_map(|line| line.split_once('/'));
    let mut paths = paths.map(|(_, path)| PathBuf::from(format!("/{path}")));
    let is_libc = |path: &PathBuf| path.file_name().is_some_and(|name| name == "libc.so.6");
    let file = paths.find(is_libc).unwrap_or_else(|| program.to_owned());
    let mut lines = maps.lines();
    let first = lines.find(|line| line.ends_with(&*file.to_string_lossy()))?;
    let start = u64::from_str_radix(first.split_once('-')?.0, 16).ok()?;
    let place = GLIBC.get(&file, place_of_stdout)?;
    Some(start + *place)
}
fn lab_stdout(program: &Path) -> Option<LabStdout> {
    let variables = Variables::read(program).ok()?;
    let stdout = ["stdout", "stream", "value"];
    let member = |name| variables.member("STDIO", &[&stdout[..], &[name]].concat());
    Some(LabStdout {
        buffer: member("buffer")?,
        end: member("end")?,
    })
}

/// How far glibc's stdout lies from where its file begins in memory.
fn place_of_stdout(path: &Path) -> Option<u64> {
    let bytes = std::fs::read(path).ok()?;
    let file = ElfBytes::<LittleEndian>::minimal_parse(&bytes).ok()?;
    let tables = [file.dynamic_symbol_table(), file.symbol_table()];
    let mut tables = tables.into_iter().flatten().flatten();
    let address = tables.find_map(|(symbols, names)| {
        let mut defined = symbols.iter().filter(|symbol| symbol.st_shndx != SHN_UNDEF);
        let is_it = |name: &str| name == "_IO_2_1_stdout_";
        let it = defined.find(|it| names.get(it.st_name as usize).is_ok_and(is_it))?;
        Some(it.st_value)
    })?;
    let mut segments = file.segments()?.iter();
    let first = segments.find(|segment| segment.p_type == PT_LOAD)?;
    address.checked_sub(first.p_vaddr - first.p_offset)
}

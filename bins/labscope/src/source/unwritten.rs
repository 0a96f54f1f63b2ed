//! What a process has printed and not written: the bytes that lie in the buffer of its stdout.

use std::path::{Path, PathBuf};

use elf::ElfBytes;
use elf::abi::{PT_LOAD, SHN_UNDEF};
use elf::endian::LittleEndian;

use crate::source::library::Library;
use crate::source::variables::Variables;
use crate::trace::decode::Memory;
use crate::trace::files::Files;
use crate::trace::tracer::memory::ProcessMemory;

/// No buffer of stdout is larger.
const MOST: u64 = 1 << 20;

/// Of a 64-bit `struct _IO_FILE`, glibc's (bits/types/struct_FILE.h) and musl's: where what waits begins, and where it ends.
const GLIBC: [u64; 2] = [32, 40];
const MUSL: [u64; 2] = [56, 40];

/// The labs that have been run.
static LABS: Files<LabStdout> = Files::empty();

/// The library of each C program.
static LIBRARIES: Files<Option<Library>> = Files::empty();

/// The files that hold a C library: how far in them its stdout lies, or where that is told.
static STDOUTS: Files<u64> = Files::empty();

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
            let (file, [base, end]) = libc_stdout(pid, &program)?;
            let base = memory.word(file + base)?;
            (base, memory.word(file + end)?.checked_sub(base)?)
        }
    };
    let mut bytes = vec![0; length.min(MOST) as usize];
    let read = memory.read(start, &mut bytes);
    (read == bytes.len()).then_some(bytes)
}

/// The address of libc's stdout, in libc, or in a program that is linked with it statically; and where in it what waits
/// begins and ends. That of musl is told by a pointer.
fn libc_stdout(pid: i32, program: &Path) -> Option<(u64, [u64; 2])> {
    let library = *LIBRARIES.get(program, |path| Some(Library::of(path)))?;
    let is_libc = |name: &str| match library {
        Some(Library::Musl) => name == "libc.so" || name.starts_with("ld-musl-"),
        None => name == "libc.so.6",
    };
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let paths = maps.lines().filter_map(|line| line.split_once('/'));
    let mut paths = paths.map(|(_, path)| PathBuf::from(format!("/{path}")));
    let name = |path: &PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let file = paths.find(|path| name(path).is_some_and(|name| is_libc(&name)));
    let file = file.unwrap_or_else(|| program.to_owned());
    let mut lines = maps.lines();
    let first = lines.find(|line| line.ends_with(&*file.to_string_lossy()))?;
    let start = u64::from_str_radix(first.split_once('-')?.0, 16).ok()?;
    let at = |symbol| {
        let place = STDOUTS.get(&file, |path| place_of(symbol, path))?;
        Some(start + *place)
    };
    match library {
        Some(Library::Musl) => Some((ProcessMemory { thread: pid }.word(at("stdout")?)?, MUSL)),
        None => Some((at("_IO_2_1_stdout_")?, GLIBC)),
    }
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

/// How far a symbol lies from where its file begins in memory.
fn place_of(symbol: &str, path: &Path) -> Option<u64> {
    let bytes = std::fs::read(path).ok()?;
    let file = ElfBytes::<LittleEndian>::minimal_parse(&bytes).ok()?;
    let tables = [file.dynamic_symbol_table(), file.symbol_table()];
    let mut tables = tables.into_iter().flatten().flatten();
    let address = tables.find_map(|(symbols, names)| {
        let mut defined = symbols.iter().filter(|symbol| symbol.st_shndx != SHN_UNDEF);
        let is_it = |name: &str| name == symbol;
        let it = defined.find(|it| names.get(it.st_name as usize).is_ok_and(is_it))?;
        Some(it.st_value)
    })?;
    let mut segments = file.segments()?.iter();
    let first = segments.find(|segment| segment.p_type == PT_LOAD)?;
    address.checked_sub(first.p_vaddr - first.p_offset)
}

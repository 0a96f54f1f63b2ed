//! What a C program finds on its stack when `main` begins, and what a thread finds on its own.
//!
//! Below the stack pointer lies nothing then, and yet bytes are there: what the loader and libc have left, zeros of a new
//! mapping, or what a former thread has left. A variable without a value, a set that was never emptied, a buffer that was
//! not cleared would work by luck. So what lies below is made the same everywhere. At `main` a breakpoint stops the program;
//! it is gone before `main` makes its first step, and no signal comes of it.

use nix::libc::{self, c_long};
use nix::sys::ptrace;
use nix::unistd::Pid;

use crate::tracer::memory::ProcessMemory;
use crate::tracer::registers::{self, BREAKPOINT};
use crate::tracer::unwind::AddressSpace;

/// No zero and no printed character; set among the bits of small descriptors and of most signals. A number is large and
/// positive, so as a length it is none that the kernel refuses; an address belongs to nobody, and a descriptor is not open.
const FILLING: u8 = 0x7f;

/// How much is filled: half of what a stack has at exec.
const LENGTH: usize = 1 << 16;

/// Where proc_pid_auxv(5) tells at which address the program itself begins.
const AT_ENTRY: u64 = 9;

/// A breakpoint at the beginning of `main`.
#[derive(Clone, Copy, Debug)]
pub struct MainEntry {
    address: u64,
    /// What stands there in the program.
    code: c_long,
}

impl MainEntry {
    /// Sets one in a program that has just been started; none where nothing in its file is called `main`.
    pub fn stop_at(thread: i32, space: &mut AddressSpace) -> Option<MainEntry> {
        if is_kept_from(thread, libc::SIGTRAP) {
            return None;
        }
        let entry = entry(thread)?;
        let address = space.start_of("main", entry, ProcessMemory { thread })?;
        let pid = Pid::from_raw(thread);
        let code = ptrace::read(pid, address as *mut _).ok()?;
        let mut bytes = code.to_le_bytes();
        bytes[..BREAKPOINT.len()].copy_from_slice(BREAKPOINT);
        ptrace::write(pid, address as *mut _, c_long::from_le_bytes(bytes)).ok()?;
        Some(MainEntry { address, code })
    }

    /// Whether a thread is stopped there by this signal.
    pub fn is_met_by(self, thread: i32, signal: i32) -> bool {
        let is_there = || registers::read(thread)?.ip.checked_sub(self.address);
        signal == libc::SIGTRAP && is_there() == Some(registers::BEHIND_BREAKPOINT)
    }

    /// Takes it away from a thread that is there, and fills what lies below its stack pointer.
    pub fn enter(self, thread: i32) -> nix::Result<()> {
        ptrace::write(Pid::from_raw(thread), self.address as *mut _, self.code)?;
        registers::set_next(thread, self.address)?;
        fill_stack(thread);
        Ok(())
    }
}

/// Fills what lies below the stack pointer of a thread that begins, as far as its stack goes.
pub fn fill_stack(thread: i32) {
    let Some(registers) = registers::read(thread) else {
        return; // it has been killed
    };
    let lowest = registers.sp.saturating_sub(LENGTH as u64);
    let start = lowest.max(start_of_mapping(thread, registers.sp - 1).unwrap_or(registers.sp));
    let filling = [FILLING; LENGTH];
    let length = (registers.sp - start) as usize;
    let _ = ProcessMemory { thread }.write(start, &filling[..length]);
}

/// Where the mapping of an address begins, by proc_pid_maps(5).
fn start_of_mapping(thread: i32, address: u64) -> Option<u64> {
    let maps = std::fs::read_to_string(format!("/proc/{thread}/maps")).ok()?;
    let hexadecimal = |text: &str| u64::from_str_radix(text, 16).ok();
    let mut mappings = maps.lines().filter_map(|line| {
        let (start, end) = line.split_once(' ')?.0.split_once('-')?;
        Some(hexadecimal(start)?..hexadecimal(end)?)
    });
    Some(mappings.find(|mapping| mapping.contains(&address))?.start)
}

/// Whether a process blocks or ignores a signal: the kernel would end that for one that comes of an instruction.
fn is_kept_from(thread: i32, signal: i32) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{thread}/status")).unwrap_or_default();
    let is_kept = |line: &str| {
        let set = ["SigBlk:", "SigIgn:"].iter();
        let mut set = set.filter_map(|key| line.strip_prefix(key));
        let set = set.next().map(str::trim);
        let set = set.and_then(|set| u64::from_str_radix(set, 16).ok());
        set.is_some_and(|set| set >> (signal - 1) & 1 == 1)
    };
    status.lines().any(is_kept)
}

/// Where a program begins, behind its loader.
fn entry(thread: i32) -> Option<u64> {
    let told = std::fs::read(format!("/proc/{thread}/auxv")).ok()?;
    let word = |bytes: &[u8]| bytes.try_into().ok().map(u64::from_ne_bytes);
    let mut pairs = told.chunks_exact(16).map(|pair| pair.split_at(8));
    let (_, address) = pairs.find(|(key, _)| word(key) == Some(AT_ENTRY))?;
    word(address)
}

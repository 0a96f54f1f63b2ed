//! The stack of a stopped thread, undone by the `.eh_frame` of the program, of libc and of the loader.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::os::unix::fs::MetadataExt;
use std::sync::{Arc, Mutex, PoisonError};

use framehop::{
    CacheNative, FrameAddress, MayAllocateDuringUnwind, Module, Unwinder, UnwinderNative,
};

use crate::decode::Memory;
use crate::stack::StackFrame;
use crate::tracer::mapped_file::{Bytes, MappedFile};
use crate::tracer::memory::ProcessMemory;
use crate::tracer::reading::Activation;
use crate::tracer::registers::{self, Registers};

/// No stack that a student looks at is deeper.
const MOST_FRAMES: usize = 100;

/// How much of a stack is copied at once, and how much more when that was not enough.
const FIRST_PIECE: usize = 2048;
const LARGEST_PIECE: usize = 1 << 18;

/// A file by its path, and by what changes when another one takes its place.
type FileKey = (String, u64, u64, i64, i64);

/// The files that have been read, for all programs that are traced: nearly all map the same libc.
static FILES: Mutex<BTreeMap<FileKey, Option<Arc<MappedFile>>>> = Mutex::new(BTreeMap::new());

fn mapped_file(path: &str) -> Option<Arc<MappedFile>> {
    let meta = std::fs::metadata(path).ok()?;
    let changed = (meta.mtime(), meta.mtime_nsec());
    let key = (
        path.to_owned(),
        meta.dev(),
        meta.ino(),
        changed.0,
        changed.1,
    );
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    let read = || MappedFile::read(path).map(Arc::new);
    files.entry(key).or_insert_with(read).clone()
}

/// The code that is mapped into a process; a child has its parent's until one of them calls exec.
#[derive(Default)]
pub struct AddressSpace {
    unwinder: UnwinderNative<Bytes, MayAllocateDuringUnwind>,
    cache: CacheNative<MayAllocateDuringUnwind>,
    mapped: Vec<Mapping>,
    /// Frames that have been looked up.
    frames: HashMap<u64, Option<StackFrame>>,
    /// Whether handlers of signals come back to an address.
    returns_from_signals: HashMap<u64, bool>,
}

struct Mapping {
    range: Range<u64>,
    offset: u64,
    file: Arc<MappedFile>,
}

impl AddressSpace {
    /// The frames of a stopped thread, innermost first.
    pub fn stack(&mut self, thread: i32, memory: ProcessMemory) -> Vec<StackFrame> {
        let registers = registers::read(thread);
        registers.map_or_else(Vec::new, |it| self.stack_from(it, thread, memory))
    }

    fn stack_from(
        &mut self,
        registers: Registers,
        thread: i32,
        memory: ProcessMemory,
    ) -> Vec<StackFrame> {
        // The code that a handler comes back to may be the kernel's, which is in no file.
        if self.frame(registers.ip, thread).is_none()
            && !self.is_return_from_signal(registers.ip, memory)
        {
            return Vec::new();
        }
        let mut interrupted = Some(registers);
        let mut addresses: Vec<u64> = Vec::new();
        while let Some(registers) = interrupted
            && addresses.len() < MOST_FRAMES
        {
            let own = self.addresses_from(&registers, memory);
            let handler_ends = own
                .iter()
                .position(|&(address, _)| self.is_return_from_signal(address, memory));
            let own_end = handler_ends.map_or(own.len(), |place| place + 1);
            addresses.extend(own[..own_end].iter().map(|(address, _)| address));
            interrupted =
                handler_ends.and_then(|place| registers::interrupted(own[place].1, memory));
        }
        let frames = addresses.into_iter();
        frames
            .filter_map(|address| self.frame(address, thread))
            .collect()
    }

    /// The functions in progress of a stopped thread, innermost first, up to a handler of a signal.
    pub fn activations(&mut self, thread: i32, memory: ProcessMemory) -> Vec<Activation> {
        let Some(registers) = registers::read(thread) else {
            return Vec::new();
        };
        if self.frame(registers.ip, thread).is_none() {
            return Vec::new();
        }
        let mut word = |address: u64| memory.word(address).ok_or(());
        let mut undone = registers.for_unwinding();
        let mut at = FrameAddress::from_instruction_pointer(registers.ip);
        let mut found = Vec::new();
        while found.len() < MOST_FRAMES {
            let (stack_pointer, frame_pointer) = registers::pointers(&undone);
            let cache = &mut self.cache;
            let next = self
                .unwinder
                .unwind_frame(at, &mut undone, cache, &mut word);
            let (cfa, _) = registers::pointers(&undone);
            found.push((at.address(), stack_pointer, frame_pointer, cfa));
            let next = next
                .ok()
                .flatten()
                .and_then(FrameAddress::from_return_address);
            let Some(next) = next else { break };
            at = next;
        }
        let found = found.into_iter().filter_map(|found| {
            let (address, stack_pointer, frame_pointer, cfa) = found;
            Some(Activation {
                frame: self.frame(address, thread)?,
                address,
                stack_pointer,
                frame_pointer,
                cfa,
            })
        });
        found.collect()
    }

    /// Whether a handler of a signal comes back there: what it interrupted lies on the stack, but is no caller.
    fn is_return_from_signal(&mut self, address: u64, memory: ProcessMemory) -> bool {
        let known = self.returns_from_signals.entry(address);
        *known.or_insert_with(|| registers::is_return_from_signal(address, memory))
    }

    /// The return addresses up to the outermost one that can be found, each with the stack pointer that is there then.
    fn addresses_from(&mut self, registers: &Registers, memory: ProcessMemory) -> Vec<(u64, u64)> {
        let mut size = FIRST_PIECE;
        loop {
            let (addresses, is_whole) = self.addresses(registers, memory, size);
            if is_whole || size >= LARGEST_PIECE {
                return addresses;
            }
            size *= 8;
        }
    }

    /// The return addresses, and whether the piece of the stack that was copied held them all.
    fn addresses(
        &mut self,
        registers: &Registers,
        memory: ProcessMemory,
        size: usize,
    ) -> (Vec<(u64, u64)>, bool) {
        let mut piece = vec![0; size];
        let read = memory.read(registers.sp, &mut piece);
        piece.truncate(read);
        let mut was_enough = true;
        let mut word = |address: u64| {
            let start = address.wrapping_sub(registers.sp) as usize;
            let bytes = start.checked_add(8).and_then(|end| piece.get(start..end));
            was_enough &= bytes.is_some() || read < size;
            let bytes: [u8; 8] = bytes.and_then(|bytes| bytes.try_into().ok()).ok_or(())?;
            Ok(u64::from_le_bytes(bytes))
        };
        let mut undone = registers.for_unwinding();
        let mut at = FrameAddress::from_instruction_pointer(registers.ip);
        let mut addresses = Vec::new();
        while addresses.len() < MOST_FRAMES {
            addresses.push((at.address(), registers::pointers(&undone).0));
            let cache = &mut self.cache;
            let next = self
                .unwinder
                .unwind_frame(at, &mut undone, cache, &mut word);
            let next = next
                .ok()
                .flatten()
                .and_then(FrameAddress::from_return_address);
            let Some(next) = next else { break };
            at = next;
        }
        (addresses, was_enough)
    }

    /// What lies at an address; the mappings are read (again) when it lies in none that is known.
    fn frame(&mut self, address: u64, thread: i32) -> Option<StackFrame> {
        if let Some(known) = self.frames.get(&address) {
            return known.clone();
        }
        if !self.is_mapped(address) {
            self.read_mappings(thread);
        }
        let found = self.find(address);
        self.frames.insert(address, found.clone());
        found
    }

    fn is_mapped(&self, address: u64) -> bool {
        self.mapped
            .iter()
            .any(|mapping| mapping.range.contains(&address))
    }

    fn find(&self, address: u64) -> Option<StackFrame> {
        let mut mapped = self.mapped.iter();
        let mapping = mapped.find(|mapping| mapping.range.contains(&address))?;
        let offset = address - mapping.range.start + mapping.offset;
        let file = &mapping.file;
        Some(StackFrame {
            file: file.path.clone(),
            function: file
                .address(offset)
                .and_then(|address| file.function(address)),
            offset,
        })
    }

    /// Reads proc_pid_maps(5) and adds what is new.
    fn read_mappings(&mut self, thread: i32) {
        let maps = std::fs::read_to_string(format!("/proc/{thread}/maps")).unwrap_or_default();
        for (range, offset, path) in maps.lines().filter_map(executable) {
            if self.mapped.iter().any(|mapping| mapping.range == range) {
                continue;
            }
            let Some(file) = mapped_file(path) else {
                continue;
            };
            let Some(address) = file.address(offset) else {
                continue;
            };
            let base = range.start.wrapping_sub(address);
            let name = path.to_owned();
            let module = Module::new(name, range.clone(), base, file.section_info());
            self.unwinder.add_module(module);
            self.mapped.push(Mapping {
                range,
                offset,
                file,
            });
        }
    }
}

/// The frames of a thread that is blocked in this call, whoever traces it; none if it is in no call, or in another one.
///
/// The kernel tells where it will go on, and its stack pointer; a function that needs its frame pointer ends the stack.
pub fn stack_in_call(thread: i32, call: &str) -> Vec<StackFrame> {
    let waits = || std::fs::read_to_string(format!("/proc/{thread}/syscall")).unwrap_or_default();
    let before = waits();
    let Some(registers) = registers::in_call(&before, call) else {
        return Vec::new();
    };
    let mut space = AddressSpace::default();
    let stack = space.stack_from(registers, thread, ProcessMemory { thread });
    // It may have gone on meanwhile: then it is not known what was read.
    match waits() == before {
        true => stack,
        false => Vec::new(),
    }
}

/// A line of the mappings that tells of a file's code: where it lies, from which place of which file.
fn executable(line: &str) -> Option<(Range<u64>, u64, &str)> {
    let mut words = line.splitn(6, ' ');
    let (from, to) = words.next()?.split_once('-')?;
    let may_execute = words.next()?.contains('x');
    let hex = |text: &str| u64::from_str_radix(text, 16).ok();
    let offset = hex(words.next()?)?;
    let path = words.nth(2)?.trim_start();
    (may_execute && path.starts_with('/')).then_some((hex(from)?..hex(to)?, offset, path))
}

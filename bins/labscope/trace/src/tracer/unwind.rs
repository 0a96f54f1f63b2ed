//! The stack of a stopped thread, undone by the `.eh_frame` of the program, of libc and of the loader.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use framehop::{
    CacheNative, FrameAddress, MayAllocateDuringUnwind, Module, UnwindRegsNative, Unwinder,
    UnwinderNative,
};

use crate::decode::Memory;
use crate::files::Files;
use crate::stack::StackFrame;
use crate::tracer::mapped_file::{Bytes, MappedFile};
use crate::tracer::memory::ProcessMemory;
use crate::tracer::reading::Activation;
use crate::tracer::registers::{self, Registers};
use crate::tracer::without_tables::{Caller, Words, way_to_own};

/// No stack that a student looks at is deeper.
const MOST_FRAMES: usize = 100;
/// So many frames need no second piece of memory.
const USUAL_FRAMES: usize = 8;

/// How much of a stack is copied at once, and how much more when that was not enough.
const FIRST_PIECE: usize = 2048;
const LARGEST_PIECE: usize = 1 << 18;

/// For all programs that are traced: nearly all map the same libc.
static FILES: Files<MappedFile> = Files::empty();

/// The code that is mapped into a process; a child has its parent's until one of them calls exec.
#[derive(Default)]
pub struct AddressSpace {
    unwinder: UnwinderNative<Bytes, MayAllocateDuringUnwind>,
    cache: CacheNative<MayAllocateDuringUnwind>,
    mapped: Vec<Mapping>,
    /// Where a stack is copied to, again and again.
    piece: Vec<u8>,
    /// Addresses of code that have been looked up.
    known: BTreeMap<u64, Place>,
    /// Stacks by the addresses on them: a program that makes a call a thousand times mostly has one there.
    stacks: BTreeMap<Vec<u64>, Arc<[StackFrame]>>,
}

/// What lies at an address of code.
struct Place {
    /// None where no file is mapped.
    frame: Option<StackFrame>,
    /// A handler of a signal comes back there: what it interrupted lies on the stack, but is no caller.
    is_return_from_signal: bool,
}

/// Where a stack leads that has been looked through for the program's own frames.
enum Chain {
    /// To `main`: where each of them goes on, innermost first.
    Main(Vec<u64>),
    /// To `exit`, which begins there.
    Exit(u64),
    /// To a function that the library has called: the same.
    CalledBack(Vec<u64>),
    /// To a handler of a signal, from below what it interrupted: the same, and what that had in its registers.
    Handler(Vec<u64>, Registers),
}

struct Mapping {
    range: Range<u64>,
    offset: u64,
    file: Arc<MappedFile>,
}

impl AddressSpace {
    /// The frames of a stopped thread, innermost first.
    pub fn stack(&mut self, memory: ProcessMemory) -> Arc<[StackFrame]> {
        let registers = registers::read(memory.thread);
        registers.map_or_else(Arc::default, |it| self.stack_from(it, memory))
    }

    fn stack_from(&mut self, registers: Registers, memory: ProcessMemory) -> Arc<[StackFrame]> {
        let mut found = Vec::with_capacity(USUAL_FRAMES);
        let first = self.place(registers.ip, memory);
        // The code that a handler comes back to may be the kernel's, which is in no file.
        if first.frame.is_none() && !first.is_return_from_signal {
            return Arc::default();
        }
        if self.lacks_tables(registers.ip) {
            let mut addresses = vec![registers.ip];
            addresses.extend(self.own_addresses(&registers, memory));
            let frames = addresses.into_iter();
            let frames = frames.map(|address| self.place(address, memory).frame.clone());
            return frames.flatten().collect();
        }
        let mut interrupted = Some(registers);
        while let Some(registers) = interrupted.take()
            && found.len() < MOST_FRAMES
        {
            for (address, stack_pointer) in self.addresses_from(&registers, memory) {
                found.push(address);
                if self.place(address, memory).is_return_from_signal {
                    interrupted = registers::interrupted(stack_pointer, memory);
                    break;
                }
            }
        }
        if let Some(stack) = self.stacks.get(&found) {
            return Arc::clone(stack);
        }
        let frames = found.iter().filter_map(|at| self.known[at].frame.clone());
        let stack: Arc<[StackFrame]> = frames.collect();
        self.stacks.insert(found, Arc::clone(&stack));
        stack
    }

    /// The functions in progress of a stopped thread, innermost first, up to a handler of a signal.
    pub fn activations(&mut self, memory: ProcessMemory) -> Vec<Activation> {
        let Some(registers) = registers::read(memory.thread) else {
            return Vec::new();
        };
        if self.place(registers.ip, memory).frame.is_none() {
            return Vec::new();
        }
        let mut word = |address: u64| memory.word(address).ok_or(());
        let mut undone = registers.for_unwinding();
        let mut at = FrameAddress::from_instruction_pointer(registers.ip);
        let mut found = Vec::new();
        while found.len() < MOST_FRAMES {
            let (stack_pointer, frame_pointer) = registers::pointers(&undone);
            let cache = &mut self.cache;
            let next = caller(&self.unwinder, at, &mut undone, cache, &mut word);
            let (cfa, _) = registers::pointers(&undone);
            found.push((at.address(), stack_pointer, frame_pointer, cfa));
            let Some(next) = next else { break };
            at = next;
        }
        let found = found.into_iter().filter_map(|found| {
            let (address, stack_pointer, frame_pointer, cfa) = found;
            Some(Activation {
                frame: self.place(address, memory).frame.clone()?,
                address,
                stack_pointer,
                frame_pointer,
                cfa,
            })
        });
        found.collect()
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
        self.piece.resize(size, 0);
        let read = memory.read(registers.sp, &mut self.piece);
        let piece = &self.piece[..read];
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
        let mut addresses = Vec::with_capacity(USUAL_FRAMES);
        while addresses.len() < MOST_FRAMES {
            addresses.push((at.address(), registers::pointers(&undone).0));
            let cache = &mut self.cache;
            let next = caller(&self.unwinder, at, &mut undone, cache, &mut word);
            let Some(next) = next else { break };
            at = next;
        }
        (addresses, was_enough)
    }

    fn lacks_tables(&self, address: u64) -> bool {
        let mapping = self.mapping(address);
        mapping.is_some_and(|mapping| mapping.file.lacks_tables())
    }

    /// Where the program's own functions go on, up to `main`, or to that of a thread; or `exit`, where that came back. None
    /// where it cannot be told: in a function that the library has called meanwhile, and in what is not compiled as students'
    /// files are.
    fn own_addresses(&mut self, registers: &Registers, memory: ProcessMemory) -> Vec<u64> {
        let mut piece = vec![0; LARGEST_PIECE];
        let read = memory.read(registers.sp, &mut piece);
        let words = Words {
            start: registers.sp,
            bytes: &piece[..read],
        };
        let mut called_back = None;
        for (at, word) in words.all() {
            if !self.is_mapped(word) {
                continue;
            }
            if self.interrupted((at, word), &words, memory).is_some() {
                return Vec::new();
            }
            match self.chain((at, word), &words, memory) {
                Some(Chain::Main(addresses)) if called_back.is_none() => return addresses,
                Some(Chain::Main(_)) => return Vec::new(),
                Some(Chain::Exit(start)) => return vec![start],
                Some(Chain::Handler(mut addresses, interrupted)) => {
                    match self.lacks_tables(interrupted.ip) {
                        true => addresses.extend(self.own_addresses(&interrupted, memory)),
                        false => {
                            let below = self.addresses_from(&interrupted, memory).into_iter();
                            addresses.extend(below.map(|(address, _)| address));
                        }
                    }
                    return addresses;
                }
                Some(Chain::CalledBack(addresses)) => {
                    called_back.get_or_insert(addresses);
                }
                None => {}
            }
        }
        called_back.unwrap_or_default()
    }

    /// The registers of what a handler has interrupted that comes back by this word of the stack. The library leaves the
    /// same word there when it sets a handler: then no place of this stack lies behind it.
    fn interrupted(
        &self,
        (at, word): (u64, u64),
        words: &Words,
        memory: ProcessMemory,
    ) -> Option<Registers> {
        registers::is_return_from_signal(word, memory).then_some(())?;
        let interrupted = registers::interrupted(at + 8, memory)?;
        let is_above = interrupted.sp > at && words.at(interrupted.sp).is_some();
        (is_above && self.is_mapped(interrupted.ip)).then_some(interrupted)
    }

    /// The frames to which a word of the stack leads.
    fn chain(
        &self,
        (mut at, mut word): (u64, u64),
        words: &Words,
        memory: ProcessMemory,
    ) -> Option<Chain> {
        let exit = self.start_of_mapped("exit", word);
        if exit.is_some() && exit.map(Caller::Of) == Caller::before(word, memory) {
            return exit.map(Chain::Exit);
        }
        let main = self.start_of_mapped("main", word)?;
        let mut addresses = Vec::new();
        while addresses.len() < MOST_FRAMES {
            Caller::before(word, memory)?;
            let (_, behind) = self.find(word - 1)?.function?;
            let function = word - 1 - behind;
            addresses.push(word);
            at += way_to_own(function, word, memory)?;
            word = words.at(at)?;
            if let Some(interrupted) = self.interrupted((at, word), words, memory) {
                return Some(Chain::Handler(addresses, interrupted));
            }
            match Caller::before(word, memory)? {
                Caller::OfAny if function == main => return Some(Chain::Main(addresses)),
                Caller::OfAny => return Some(Chain::CalledBack(addresses)),
                Caller::Of(target) if target == function => {}
                Caller::Of(_) => return None,
            }
        }
        None
    }

    /// Where a function begins of the file that lies at an address.
    pub fn start_of(&mut self, function: &str, at: u64, memory: ProcessMemory) -> Option<u64> {
        self.place(at, memory).frame.as_ref()?;
        self.start_of_mapped(function, at)
    }

    fn start_of_mapped(&self, function: &str, address: u64) -> Option<u64> {
        let mapping = self.mapping(address)?;
        let offset = address - mapping.range.start + mapping.offset;
        let base = address - mapping.file.address(offset)?;
        Some(base + mapping.file.start_of(function)?)
    }

    fn mapping(&self, address: u64) -> Option<&Mapping> {
        let mut mapped = self.mapped.iter();
        mapped.find(|mapping| mapping.range.contains(&address))
    }

    /// What lies at an address; the mappings are read (again) when it lies in none that is known.
    fn place(&mut self, address: u64, memory: ProcessMemory) -> &Place {
        if !self.known.contains_key(&address) {
            if !self.is_mapped(address) {
                self.read_mappings(memory.thread);
            }
            let place = Place {
                frame: self.find(address),
                is_return_from_signal: registers::is_return_from_signal(address, memory),
            };
            self.known.insert(address, place);
        }
        &self.known[&address]
    }

    fn is_mapped(&self, address: u64) -> bool {
        self.mapping(address).is_some()
    }

    fn find(&self, address: u64) -> Option<StackFrame> {
        let mapping = self.mapping(address)?;
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
            let Some(file) = FILES.get(Path::new(path), |_| MappedFile::read(path)) else {
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

/// Where a frame's function returns to; its caller's registers take the place of its own. None if that cannot be found.
fn caller(
    unwinder: &UnwinderNative<Bytes, MayAllocateDuringUnwind>,
    at: FrameAddress,
    undone: &mut UnwindRegsNative,
    cache: &mut CacheNative<MayAllocateDuringUnwind>,
    word: &mut impl FnMut(u64) -> Result<u64, ()>,
) -> Option<FrameAddress> {
    let address = unwinder.unwind_frame(at, undone, cache, word).ok()?;
    FrameAddress::from_return_address(address?)
}

/// The frames of a thread that is blocked in this call, whoever traces it; none if it is in no call, or in another one.
///
/// The kernel tells where it will go on, and its stack pointer; a function that needs its frame pointer ends the stack.
pub fn stack_in_call(thread: i32, call: &str) -> Arc<[StackFrame]> {
    let waits = || std::fs::read_to_string(format!("/proc/{thread}/syscall")).unwrap_or_default();
    let before = waits();
    let Some(registers) = registers::in_call(&before, call) else {
        return Arc::default();
    };
    let mut space = AddressSpace::default();
    let stack = space.stack_from(registers, ProcessMemory { thread });
    // It may have gone on meanwhile: then it is not known what was read.
    match waits() == before {
        true => stack,
        false => Arc::default(),
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

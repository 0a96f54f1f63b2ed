//! The program's own frames in the stack of a call.

use crate::source::elf::Image;
use crate::source::stack::Stack;
use crate::trace::StackFrame;

impl Stack {
    /// Reads the frames of a stack, innermost first, in a process that runs `image`.
    pub(super) fn of(frames: &[StackFrame], image: &Image) -> Stack {
        let mut stack = Stack::default();
        for (depth, frame) in frames.iter().enumerate() {
            if image.path().to_str() == Some(&frame.file) {
                stack.add(image, image.offset(frame.offset, depth > 0), depth == 0);
            }
            if !stack.is_own {
                stack.symbols.extend(frame.name().map(str::to_owned));
            }
            if stack.is_whole() {
                break;
            }
        }
        stack
    }

    /// Adds the program's own frames at an offset of its file, if there are any.
    fn add(&mut self, image: &Image, offset: u64, innermost: bool) {
        let spot = image.spot(offset);
        if spot.is_own && !self.is_own {
            self.is_own = true;
            self.callee = match &spot.callee {
                Some(inlined) => Some(inlined.clone()),
                None if innermost => None,
                None => spot.called.clone(),
            };
        }
        self.frames.extend(spot.frames.iter().cloned());
    }

    /// Whether all that is told has been read: what called `main` is not the program's own.
    fn is_whole(&self) -> bool {
        let last = self.frames.last();
        last.map_or(self.is_own, |frame| frame.function == "main")
    }
}

/// Whether these frames are below `exit`: glibc's, or that of the Rust labs.
pub(super) fn called_exit(symbols: &[String]) -> bool {
    symbols
        .iter()
        .any(|symbol| symbol == "exit" || symbol.ends_with("::stdlib::exit"))
}

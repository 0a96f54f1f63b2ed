//! The lines of a stack, as `strace -k` writes them: `/folder/file(symbol+0x1f) [0x1234]`, innermost frame first.

use crate::source::elf::Image;
use crate::source::stack::Stack;

impl Stack {
    /// Reads the lines of a stack, in a process that runs `image`.
    pub(super) fn of(lines: &[String], image: &Image) -> Stack {
        let mut stack = Stack::default();
        let file = image.path().to_string_lossy();
        for (depth, line) in lines.iter().enumerate() {
            let Some((inside, offset)) = split(line) else {
                continue;
            };
            // The file's name may hold a parenthesis itself.
            let symbol = match inside.strip_prefix(file.as_ref()) {
                Some(symbol) if symbol.starts_with('(') => {
                    stack.add(image, offset, depth == 0);
                    Some(&symbol[1..])
                }
                _ => inside.split_once('(').map(|(_, symbol)| symbol),
            };
            if !stack.is_own {
                stack.symbols.extend(symbol.and_then(name));
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
                None => image.called_before(offset),
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

/// Splits a frame into `file(symbol+0x1f` and the file offset.
fn split(line: &str) -> Option<(&str, u64)> {
    let (inside, offset) = line.trim_end().strip_suffix(']')?.rsplit_once(" [0x")?;
    let offset = u64::from_str_radix(offset, 16).ok()?;
    Some((inside.strip_suffix(')')?, offset))
}

/// The name in `name+0x1f`.
fn name(symbol: &str) -> Option<String> {
    let name = symbol.rsplit_once("+0x").map_or(symbol, |(name, _)| name);
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether these frames are below `exit`: glibc's, or that of the Rust labs.
pub(super) fn called_exit(symbols: &[String]) -> bool {
    symbols
        .iter()
        .any(|symbol| symbol == "exit" || symbol.ends_with("::stdlib::exit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_split_into_symbol_and_offset() {
        let (inside, offset) = split("/lib/libc.so.6(perror+0x67) [0x52547]").expect("a frame");
        assert_eq!((inside, offset), ("/lib/libc.so.6(perror+0x67", 0x52547));
        assert_eq!(name("perror+0x67").as_deref(), Some("perror"));
        assert_eq!(
            name("a::{closure#0}+0x0").as_deref(),
            Some("a::{closure#0}")
        );
        assert_eq!(name("+0x0"), None);
    }

    #[test]
    fn what_is_no_frame_is_none() {
        for odd in [
            "",
            "]",
            "x [0x]",
            "x() [0xzz]",
            "unexpected_backtracing_error [0x1]",
            "(+) [0x1",
        ] {
            assert_eq!(split(odd), None, "{odd:?}");
        }
    }
}

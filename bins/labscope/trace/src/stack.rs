//! The stack below a call.

use std::fmt;
use std::sync::Arc;

/// A frame of a stack: a place in a file that is mapped into memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackFrame {
    /// The file's path.
    pub file: Arc<str>,
    /// The function, as far as the file's symbols tell, and how far into it.
    pub function: Option<(Arc<str>, u64)>,
    /// The place in the file, in bytes.
    pub offset: u64,
}

impl StackFrame {
    /// Reads a frame as `strace -k` writes it: `/folder/file(function+0x1f) [0x1234]`, and perhaps a source line.
    ///
    /// What is no such thing is a frame whose file is what was written.
    pub fn read(text: &str) -> StackFrame {
        parse(text).unwrap_or_else(|| StackFrame {
            file: text.into(),
            function: None,
            offset: 0,
        })
    }

    /// The name of the function.
    pub fn name(&self) -> Option<&str> {
        self.function.as_ref().map(|(name, _)| name.as_ref())
    }
}

impl fmt::Display for StackFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(", self.file)?;
        if let Some((name, into)) = &self.function {
            write!(f, "{name}+{into:#x}")?;
        }
        write!(f, ") [{:#x}]", self.offset)
    }
}

#[cfg(test)]
impl PartialEq<&str> for StackFrame {
    fn eq(&self, text: &&str) -> bool {
        format!("{self}") == **text
    }
}

fn parse(text: &str) -> Option<StackFrame> {
    let hex = |text: &str| u64::from_str_radix(text, 16).ok();
    let (inside, behind) = text.rsplit_once(" [0x")?;
    let offset = hex(behind.split_once(']')?.0)?;
    let inside = inside.strip_suffix(')')?;
    let (file, symbol) = inside.split_at(opening(inside)?);
    let symbol = &symbol[1..];
    let (name, into) = symbol.rsplit_once("+0x").unwrap_or((symbol, "0"));
    let into = hex(into)?;
    Some(StackFrame {
        file: file.into(),
        function: (!name.is_empty()).then(|| (plain(name).into(), into)),
        offset,
    })
}

/// A name without its version, which strace with libdw tells, and without what only glibc calls it by.
fn plain(name: &str) -> &str {
    let name = name.split_once('@').map_or(name, |(name, _)| name);
    let of_heap = name.strip_prefix("__libc_");
    let is_one = |name: &&str| ["malloc", "calloc", "realloc", "free"].contains(name);
    of_heap.filter(is_one).unwrap_or(name)
}

/// The parenthesis that is closed last; the names of files and of functions may hold others.
fn opening(inside: &str) -> Option<usize> {
    let mut depth = 0;
    let mut from_behind = inside.bytes().enumerate().rev();
    let found = from_behind.find(|(_, byte)| {
        depth += i32::from(*byte == b')') - i32::from(*byte == b'(');
        depth < 0
    });
    found.map(|(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read() {
        let frame = StackFrame::read("/lib/a(1)/libc.so.6(perror+0x67) [0x52547]");
        assert_eq!((frame.name(), frame.offset), (Some("perror"), 0x52547));
        assert_eq!(&*frame.file, "/lib/a(1)/libc.so.6");
        let nameless = StackFrame::read("/lab() [0x40]");
        assert_eq!(
            (nameless.name(), nameless.to_string().as_str()),
            (None, "/lab() [0x40]")
        );
        let closure = StackFrame::read("/lab(a::{closure#0}+0x0) [0x1] /a/b.rs:3");
        assert_eq!(
            (closure.name(), closure.offset),
            (Some("a::{closure#0}"), 1)
        );
        let cpp = StackFrame::read("/lab (deleted)(run(int, char)+0x1f) [0x1]");
        assert_eq!(
            (cpp.name(), &*cpp.file),
            (Some("run(int, char)"), "/lab (deleted)")
        );
    }

    #[test]
    fn a_frame_that_libdw_has_found_has_the_same_name() {
        for (told, name) in [
            ("_IO_file_underflow@@GLIBC_2.2.5", "_IO_file_underflow"),
            ("fork@GLIBC_2.2.5", "fork"),
            ("__libc_malloc", "malloc"),
            ("__libc_start_main", "__libc_start_main"),
        ] {
            let frame = StackFrame::read(&format!("/libc.so.6({told}+0x1f) [0x1]"));
            assert_eq!(frame.name(), Some(name));
        }
    }

    #[test]
    fn what_is_no_frame_belongs_to_no_file() {
        for odd in [
            "",
            "]",
            "x [0x]",
            "x() [0xzz]",
            "unexpected_backtracing_error [0x1]",
            "(+) [0x1",
            "No DWARF information found",
        ] {
            let frame = StackFrame::read(odd);
            assert_eq!((&*frame.file, frame.function), (odd, None));
        }
    }
}

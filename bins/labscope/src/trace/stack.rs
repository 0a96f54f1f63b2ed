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
    /// Reads a frame as `strace -k` writes it: `/folder/file(function+0x1f) [0x1234]`.
    pub fn parse(text: &str) -> Option<StackFrame> {
        let hex = |text: &str| u64::from_str_radix(text, 16).ok();
        let (inside, offset) = text.trim_end().strip_suffix(']')?.rsplit_once(" [0x")?;
        // The file's name may hold a parenthesis itself.
        let (file, symbol) = inside.strip_suffix(')')?.rsplit_once('(')?;
        let (name, into) = symbol.rsplit_once("+0x").unwrap_or((symbol, "0"));
        let into = hex(into)?;
        Some(StackFrame {
            file: file.into(),
            function: (!name.is_empty()).then(|| (name.into(), into)),
            offset: hex(offset)?,
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
        self.to_string() == *text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_read() {
        let frame =
            StackFrame::parse("/lib/a(1)/libc.so.6(perror+0x67) [0x52547]").expect("a frame");
        assert_eq!((frame.name(), frame.offset), (Some("perror"), 0x52547));
        assert_eq!(&*frame.file, "/lib/a(1)/libc.so.6");
        let nameless = StackFrame::parse("/lab() [0x40]").expect("a frame");
        assert_eq!(
            (nameless.name(), nameless.to_string().as_str()),
            (None, "/lab() [0x40]")
        );
        let closure = StackFrame::parse("/lab(a::{closure#0}+0x0) [0x1]").expect("a frame");
        assert_eq!(closure.name(), Some("a::{closure#0}"));
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
            assert_eq!(StackFrame::parse(odd), None, "{odd:?}");
        }
    }
}

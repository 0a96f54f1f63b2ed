//! Which source line made each system call, from the stacks of `strace -k` and the program's DWARF.
//!
//! Three rules give every call of a program its line: the innermost frame in the
//! program's own source; the closing brace of `main` for what happens after `main`
//! has returned; and a call that was cut off has no stack, and says so.
//! A successful execve is the exception: it throws the stack away before strace can
//! read it, so its line is known only if one place in the program calls exec.

mod code;
mod dwarf;
mod elf;
mod frames;
pub mod libc_calls;
mod library;
mod locals;
mod location;
mod memory;
mod resolver;
mod site;
mod sources;
mod stack;
mod unwritten;
mod values;
mod variables;

pub use library::{Library, is_static};
pub use memory::reader;
pub use resolver::Attribution;
pub use site::{Frame, Line, Place, Site};
pub use sources::Sources;
pub use unwritten::unwritten;
pub use variables::Variables;

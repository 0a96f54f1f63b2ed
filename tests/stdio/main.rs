//! stdio's rules, each against what a C program does: `probes/stdio.rs` and
//! `probes/stdio.c` get the same operations as arguments and the same streams,
//! and must make the same calls on descriptors 0, 1 and 2, process by process,
//! and leave the same bytes and the same file offset behind.

mod bytes;
mod ends;
mod input;
mod output;
#[path = "../support/mod.rs"]
mod support;
mod twins;

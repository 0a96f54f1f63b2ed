//! A program run so that one of its processes moves at a time, and the caller says which.
//!
//! ```text
//! Machine ── one byte a run ──▶ launcher ── starts ──▶ the program
//!    └── ptrace: every process stands before its next visible call, until the caller lets one make it ──┘
//! ```
//!
//! A call is *visible* if another process can see something of it, if it may wait, or if it makes a process or another
//! program of one: [`crate::trace::syscall`] says so, and the kernel stops a process there alone (seccomp(2)). So
//! what lies between two visible calls happens at
//! once, memory that processes share included. A call that would wait is taken back: its process stands before it
//! again, and is told to be waiting. Sleeps take virtual time: a sleeper goes on when nobody else can, the earliest
//! first. Threads move one by one too.
//!
//! When a machine is dropped, or the tool dies, the kernel kills everything in it.

mod affinity;
mod attempt;
mod call;
mod event;
mod look;
mod machine;
mod perform;
mod settings;
mod standing;
mod stops;
mod table;
mod targets;
mod terminal;
mod time;

pub use affinity::stay_on_one_processor;
pub use event::{End, Event, Exit, Relation, ToldCall, relation};
pub use machine::{Machine, Performed, Standing};
pub use settings::{Input, Out, Settings, Sleeps};

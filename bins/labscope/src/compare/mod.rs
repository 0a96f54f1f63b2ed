//! Is the lab its C program, call for call?
//!
//! Both run through the same scenarios, in both orders after fork. Compared are the system calls *of each
//! process* with their arguments and results (so also all that it wrote), and how it ended. What libc
//! does on its own is told by the stack and kept in a ledger ([`crate::source::libc_calls`]). What the lab does
//! differently on purpose stands in `scenarios.toml`; any other difference is a mismatch.

mod agreement;
mod ahead;
mod aliases;
mod align;
mod alignment;
mod altered;
mod block;
mod buffers;
mod closing;
mod declared;
mod descriptors;
mod equivalents;
mod forms;
mod gives_up;
pub mod grade;
mod habits;
mod known;
mod masks;
mod mismatch;
mod normalized_call;
mod numbering;
mod parallel;
mod parted;
mod places;
mod process_calls;
pub(crate) mod record;
pub mod report;
mod request;
pub(crate) mod result;
mod spare;
pub(crate) mod twins;
mod usual;
mod wording;
mod words;

pub use crate::facts::fork_order::{ObservedOrder, Order};
pub use aliases::{AliasedText, Aliases};
pub use align::pair;
pub use alignment::{AlignedRow, Alignment, Meant, Relation};
pub use declared::describes_child;
pub use equivalents::{idioms, is_one as is_idiom};
pub use habits::is_one as is_habit;
pub use mismatch::{CallAtLine, Elsewhere, Halt, Mismatch, Name, Names, Next, Said};
pub use normalized_call::NormalizedCall;
pub use parallel::in_parallel;
pub use process_calls::{Member, ProcessCalls, ProcessEnd};
pub use record::{ComparedProgram, ProgramRun};
pub use result::{ProcessPair, RunPair, ScenarioResult, SubmissionResult};
pub use twins::twin;

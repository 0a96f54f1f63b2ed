//! The shell that a lab is run from, in three small processes.
//!
//! ```text
//! runner ─── reaper ─── shell ─── job ── becomes ──▶ ./lab
//!            adopts     leads      leads the foreground
//!            orphans    a session  process group
//! ```
//!
//! The *shell* leads a session, owns the terminal and stays alive, so an orphan of the lab is not hung up on.
//! The *reaper* stands outside that session, as pid 1 or `systemd --user` does: it adopts orphans (it is a
//! subreaper), and when the runner goes away, for whatever reason, it kills and reaps everything that is left.
//! The *job* sets up what a shell sets up between fork and exec, then becomes the lab.
//!
//! A companion has a shell of its own beside that one, on another terminal, below the same reaper.
//! A shell starts its job when the runner says so.
//!
//! Each of them keeps a connection to the runner and says there, a line each, what has happened.

mod job;
pub(crate) mod launcher;
pub(crate) mod protocol;
mod reaper;
pub mod role;
mod session_leader;
pub mod signals;
mod visible_calls;

pub(crate) use protocol::{INDEX_VARIABLE, Job, ResourceLimits, StandardFile};

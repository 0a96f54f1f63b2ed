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
mod protocol;
mod reaper;
mod seccomp;
mod session_leader;
pub mod signals;

use std::path::Path;

use anyhow::{Result, bail};

use crate::run::netns;

pub(crate) use protocol::{Job, PLACE_VARIABLE, Place, ResourceLimits};
pub(crate) use reaper::signal_tracers;

use protocol::Line;

/// The hidden commands, each the body of one process; the last only tries whether it may have a network.
pub const ROLES: [&str; 4] = ["__reaper", "__shell", "__job", netns::PROBE];

/// Plays one of [`ROLES`]; returns the exit status of that process.
pub fn play(role: &str, job_file: &Path) -> Result<i32> {
    if role == netns::PROBE {
        return netns::isolate().map(|()| 0);
    }
    let job = Job::read(job_file)?;
    let mut runner = Line::connect(&job, role.trim_start_matches('_'))?;
    let played = match role {
        "__reaper" => reaper::run(&job, job_file, &mut runner),
        "__shell" => session_leader::run(&job, job_file, &mut runner),
        "__job" => job::run(&job).map(|never| match never {}),
        other => bail!("labscope has no hidden command {other}"),
    };
    if let Err(error) = &played {
        runner.say(&format!("error {error:#}"));
        return Ok(127);
    }
    played.map(|()| 0)
}

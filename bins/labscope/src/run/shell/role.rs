//! The hidden commands of labscope, each the body of one process of a run.

use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::confinement;
use crate::confinement::namespaces::{self, Own};
use crate::i18n::run;
use crate::run::scratch;
use crate::run::shell::protocol::{Connection, Job};
use crate::run::shell::{job, launcher, reaper, session_leader};

/// Their names. The last two only try what they may have.
pub const ROLES: [&str; 7] = [
    "__reaper",
    "__shell",
    "__job",
    launcher::ROLE,
    scratch::ROLE,
    namespaces::PROBE,
    confinement::PROBE,
];

/// Runs one of [`ROLES`]; returns the exit status of that process.
pub fn run(role: &str, argument: &Path) -> Result<i32> {
    match role {
        namespaces::PROBE => {
            let (network, ipc) = (true, true);
            return namespaces::isolate(Own { network, ipc }).map(|()| 0);
        }
        confinement::PROBE => return confinement::probe(argument).map(|()| 0),
        launcher::ROLE => return launcher::run(argument).map(|never| match never {}),
        scratch::ROLE => return scratch::run(argument).map(|()| 0),
        _ => {}
    }
    let _kept = match role {
        "__reaper" => Some(scratch::keep(argument.parent().context("job.toml")?)?),
        _ => None,
    };
    let job = Job::read(argument)?;
    let mut runner = Connection::open(&job, role.trim_start_matches('_'))?;
    let done = match role {
        "__reaper" => reaper::run(&job, argument, &mut runner),
        "__shell" => session_leader::run(&job, argument, &mut runner),
        "__job" => job::run(&job, &mut runner).map(|never| match never {}),
        other => bail!(run::unknown_role(other)),
    };
    if let Err(error) = &done {
        runner.say(&format!("error {error:#}"));
        return Ok(127);
    }
    Ok(0)
}

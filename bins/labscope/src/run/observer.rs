//! Who watches a run.

use std::fmt;
use std::time::Duration;

use anyhow::Result;

use crate::i18n::run;
use crate::run::transcript::Entry;
use crate::scenario::Step;
use crate::scenario::condition::Condition;

/// Watches a run while it happens; an error ends the run (and everything in it is cleaned up).
pub trait Observer {
    /// Something has happened.
    fn entry(&mut self, _entry: &Entry) -> Result<()> {
        Ok(())
    }

    /// Whether a step may be taken; asked again and again until it may.
    fn may_step(&mut self, _step: &Step) -> Result<bool> {
        Ok(true)
    }

    /// The run is still waiting; called several times a second.
    fn waiting(&mut self, _condition: &Condition, _since: Duration) -> Result<()> {
        Ok(())
    }
}

/// An observer to which nothing matters.
pub(crate) struct NoObserver;

impl Observer for NoObserver {}

/// The error of an observer that has seen enough: the run ends, and it is nobody's fault.
#[derive(Debug)]
pub struct Quit;

impl fmt::Display for Quit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&run::ended_on_request())
    }
}

impl std::error::Error for Quit {}

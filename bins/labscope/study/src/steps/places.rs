//! At which step of a run a call is made.

use crate::record::ShownRun;
use crate::steps::merge::{Merged, merged};

/// The steps of a run, by the calls in them.
pub struct Places<'a> {
    pub run: &'a ShownRun,
    steps: Vec<Merged>,
}

impl Places<'_> {
    /// Those of a run.
    pub fn of(run: &ShownRun) -> Places<'_> {
        Places {
            run,
            steps: merged(&run.timeline),
        }
    }

    /// The step in which a call has come back, or in which it is with others that are told as one.
    pub fn of_call(&self, call: usize) -> Option<usize> {
        let mut steps = self.run.timeline.steps.iter();
        let told = steps.rfind(|step| step.call == Some(call))?;
        let own = self.steps.iter().rposition(|step| step.call == Some(call));
        let within = |step: &Merged| step.from < told.at && told.at <= step.at;
        own.or_else(|| self.steps.iter().position(within))
    }
}

//! A run that has been recorded, as far as it is asked about.

use crate::facts::fork_order::Order;
use crate::run::transcript::Transcript;
use crate::source::Site;

/// A recorded run that is asked about.
#[derive(Clone, Copy)]
pub struct RecordedRun<'a> {
    /// Who went on first after fork, where the run was asked for that.
    pub order: Option<Order>,
    pub transcript: &'a Transcript,
    /// Those of its calls.
    pub sites: &'a [Site],
}

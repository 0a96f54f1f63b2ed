//! Questions about a run: what will it do? The answers are read off the recorded runs, and name the call that decides.

mod answer;
mod ask;
mod done;
mod lines;
mod questions;
mod recorded_run;
mod runs;

pub use answer::Answer;
pub use ask::{Score, ask};
pub use done::done;
pub use recorded_run::RecordedRun;
pub use runs::questions;

use crate::facts::fork_order::Order;

/// A question, what answers it, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What it asks for, as a name that is the same in every language.
    pub kind: String,
    pub text: String,
    pub answer: Answer,
    /// What decides.
    pub why: Vec<Reason>,
    /// The run of which it asks, if the runs in the other order after fork have another answer.
    pub order: Option<Order>,
}

impl Question {
    /// Whether another one has the same answer to the same.
    pub fn asks_the_same(&self, other: &Question) -> bool {
        self.text == other.text && self.answer == other.answer
    }
}

/// A call that decides, or what stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    pub text: String,
    /// The place of the call in the trace.
    pub call: Option<usize>,
}

impl Reason {
    /// What no single call tells.
    pub fn of_none(text: &str) -> Reason {
        Reason {
            text: text.to_owned(),
            call: None,
        }
    }
}

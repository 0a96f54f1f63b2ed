//! What is said of a comparison, in a word.

use crate::compare::result::ScenarioResult;
use crate::i18n::{Language, compare as words};

/// Whether two programs are the same in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    /// But for what is declared.
    Declared,
    /// It does the same, and says it in other words.
    Wording,
    Different,
    /// A run did not come about as it was asked for, so that nothing is said.
    NotRecorded,
}

impl ScenarioResult {
    /// What came of it.
    pub fn verdict(&self) -> Verdict {
        if self.departures().next().is_some() {
            Verdict::Different
        } else if self.mismatches().next().is_some() {
            Verdict::Wording
        } else if !self.unrecorded.is_empty() {
            Verdict::NotRecorded
        } else if self.declared().is_empty() {
            Verdict::Same
        } else {
            Verdict::Declared
        }
    }

    /// The orders after fork that were compared: ` (child first, parent first)`; nothing where nobody forks.
    pub fn orders(&self, language: Language) -> String {
        let orders = self
            .run_pairs
            .iter()
            .filter_map(|one| one.order.say(language));
        let orders: Vec<&str> = orders.collect();
        match orders.is_empty() {
            true => String::new(),
            false => format!(" ({})", orders.join(", ")),
        }
    }

    /// Where the two part, each said once: both orders often part alike.
    pub fn reasons(&self, language: Language) -> Vec<String> {
        let mut reasons: Vec<String> = Vec::new();
        let unrecorded = self.unrecorded.iter().map(|one| one.say(language));
        for reason in self
            .mismatches()
            .map(|one| one.say(language))
            .chain(unrecorded)
        {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }
}

impl Verdict {
    pub fn say(self, language: Language) -> &'static str {
        match self {
            Verdict::Same => words::same(language),
            Verdict::Declared => words::same_but_for_declared(language),
            Verdict::Wording => words::different_wording(language),
            Verdict::Different => words::different(language),
            Verdict::NotRecorded => words::not_recorded(language),
        }
    }
}

//! What is said of a comparison, in a word.

use crate::compare::result::{ScenarioResult, SubmissionResult};
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

/// What is said of a whole file, or of one of its scenarios.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileVerdict {
    Same,
    Declared,
    /// A known variant of the program.
    Variant,
    Wording,
    Behaviour,
    NotRecorded,
    /// There is no program.
    Refused,
}

impl FileVerdict {
    pub fn of(examined: &SubmissionResult) -> FileVerdict {
        let scenarios = examined.outcomes().iter().map(FileVerdict::of_scenario);
        match examined {
            SubmissionResult::Refused(_) => FileVerdict::Refused,
            SubmissionResult::Compared { .. } => {
                let worst = scenarios.max_by_key(|one| one.rank());
                worst.unwrap_or(FileVerdict::NotRecorded)
            }
        }
    }

    pub fn of_scenario(result: &ScenarioResult) -> FileVerdict {
        match result.verdict() {
            Verdict::Different => FileVerdict::Behaviour,
            Verdict::Wording => FileVerdict::Wording,
            Verdict::NotRecorded => FileVerdict::NotRecorded,
            _ if result.declared().iter().any(|one| one.variant) => FileVerdict::Variant,
            Verdict::Declared => FileVerdict::Declared,
            Verdict::Same => FileVerdict::Same,
        }
    }

    /// A difference that was seen is one, whatever else could not be recorded.
    fn rank(self) -> u8 {
        match self {
            FileVerdict::Same => 0,
            FileVerdict::Declared => 1,
            FileVerdict::Variant => 2,
            FileVerdict::NotRecorded => 3,
            FileVerdict::Wording => 4,
            FileVerdict::Behaviour | FileVerdict::Refused => 5,
        }
    }

    /// Whether it is as good as the lab.
    pub fn passes(self) -> bool {
        self.rank() <= FileVerdict::Variant.rank()
    }

    /// For programs.
    pub fn name(self) -> &'static str {
        match self {
            FileVerdict::Same => "same",
            FileVerdict::Declared => "declared",
            FileVerdict::Variant => "variant",
            FileVerdict::Wording => "wording",
            FileVerdict::Behaviour => "behaviour",
            FileVerdict::NotRecorded => "not-recorded",
            FileVerdict::Refused => "refused",
        }
    }

    pub fn say(self, language: Language) -> &'static str {
        match self {
            FileVerdict::Same => words::same(language),
            FileVerdict::Declared => words::same_but_for_declared(language),
            FileVerdict::Variant => words::same_as_a_variant(language),
            FileVerdict::Wording => words::different_wording(language),
            FileVerdict::Behaviour => words::different(language),
            FileVerdict::NotRecorded => words::not_recorded(language),
            FileVerdict::Refused => words::no_program(language),
        }
    }
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

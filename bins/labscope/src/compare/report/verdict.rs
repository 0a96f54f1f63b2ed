//! What is said of a comparison, in a word.

use crate::compare::process_calls::ProcessEnd;
use crate::compare::result::ScenarioResult;
use crate::facts::fork_order::Order;
use crate::i18n::Language;

/// Whether two programs are the same in a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Same,
    /// But for what is declared.
    Declared,
    Different,
}

impl ScenarioResult {
    /// What came of it.
    pub fn verdict(&self) -> Verdict {
        match (self.mismatches().next(), self.declared().is_empty()) {
            (Some(_), _) => Verdict::Different,
            (None, true) => Verdict::Same,
            (None, false) => Verdict::Declared,
        }
    }
}

impl ScenarioResult {
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
        for reason in self.mismatches().map(|one| one.say(language)) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        reasons
    }
}

impl Verdict {
    pub fn say(self, language: Language) -> &'static str {
        let (en, ko) = match self {
            Verdict::Same => ("same", "같음"),
            Verdict::Declared => ("same, but for what is declared", "밝혀 둔 차이 말고는 같음"),
            Verdict::Different => ("DIFFERENT", "다름"),
        };
        language.pick(en, ko)
    }
}

impl Order {
    /// Who was first; nothing where nobody forks.
    pub fn say(self, language: Language) -> Option<&'static str> {
        let words = language;
        match self {
            Order::NoFork => None,
            Order::ChildFirst => Some(words.pick("child first", "자식 먼저")),
            Order::ParentFirst => Some(words.pick("parent first", "부모 먼저")),
        }
    }
}

impl ProcessEnd {
    pub fn say(&self, language: Language) -> String {
        let words = language;
        match self {
            ProcessEnd::Exited(status) => {
                format!("{} {status}", words.pick("exited with", "종료 값"))
            }
            ProcessEnd::Killed(signal) => {
                format!("{} {signal}", words.pick("died of", "시그널로 죽음:"))
            }
            ProcessEnd::Cut => words.pick("ended from outside", "밖에서 끝냄").to_owned(),
        }
    }
}

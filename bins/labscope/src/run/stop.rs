//! How a run may stop before its scenario is through.

use std::fmt;

use crate::i18n::{Language, condition, limit, run};
use crate::run::limits::Cap;
use crate::scenario::condition::Condition;

/// Why a run was over before its scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A step could not be taken.
    Unreached {
        /// Its index; behind the last one for the wait until process 1 ends.
        step: usize,
        awaited: Awaited,
        /// Every process had ended, so nothing could happen any more.
        standstill: bool,
    },
    /// The program met a cap.
    Cap(Cap),
    /// The shell of the run was killed.
    Shell,
    /// The machine had so little time for the run that nothing can be said of it.
    NoTime,
}

/// What a step waited for in vain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Awaited {
    Condition(Condition),
    /// The same of a companion.
    With(String, Condition),
    /// Standard input to be an open pipe, to write into.
    OpenPipe,
    /// Process n, to send it a signal.
    Process(usize),
}

impl Awaited {
    /// What was waited for, as the words after "waited in vain for".
    pub fn say(&self, language: Language) -> String {
        match self {
            Awaited::Condition(condition) => condition.say(language),
            Awaited::With(companion, condition) => {
                condition::with(language, companion, &condition.say(language))
            }
            Awaited::OpenPipe => condition::open_pipe(language),
            Awaited::Process(number) => condition::process_to_signal(language, *number),
        }
    }
}

impl fmt::Display for Awaited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::En))
    }
}

impl Stop {
    /// What happened, in one language.
    pub fn say(&self, language: Language) -> String {
        match self {
            Stop::Unreached {
                step,
                awaited,
                standstill,
            } => condition::in_vain(language, step + 1, &awaited.say(language), *standstill),
            Stop::Cap(cap) => limit::stopped(language, cap.say(language)),
            Stop::Shell => limit::shell_died(language).to_owned(),
            Stop::NoTime => limit::no_time(language).to_owned(),
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Language::En))
    }
}

impl std::error::Error for Stop {}

/// The error of a step that could not be taken: what it waited for, and the message.
#[derive(Debug)]
pub(crate) struct Unreached {
    pub awaited: Awaited,
    pub standstill: bool,
    pub message: String,
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Unreached {}

impl From<Awaited> for Unreached {
    fn from(awaited: Awaited) -> Unreached {
        Unreached {
            message: run::waited_for(awaited.say(Language::of_errors())),
            awaited,
            standstill: false,
        }
    }
}

impl Unreached {
    /// How the run stopped at that step.
    pub fn at(&self, step: usize) -> Stop {
        Stop::Unreached {
            step,
            awaited: self.awaited.clone(),
            standstill: self.standstill,
        }
    }
}

/// How a run has stopped that did not come to its first step: something that it needs did not come about.
pub(crate) fn before_the_start(error: &anyhow::Error) -> Option<Stop> {
    Some(error.downcast_ref::<Unreached>()?.at(0))
}

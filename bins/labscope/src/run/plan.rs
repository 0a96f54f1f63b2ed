//! What is to be run, and how.

use std::path::PathBuf;
use std::time::Duration;

use crate::confinement::Means;
use crate::run::limits::Limits;
use crate::scenario::Scenario;
use crate::trace::tracer::{AfterFork, Look, MakeIsOwn, MakeReadMemory};

/// A scenario, and the program to run it with.
pub(crate) struct Plan {
    pub executable: Executable,
    pub scenario: Scenario,
    pub traced: bool,
    /// How it is traced, beside what the scenario injects.
    pub after_fork: AfterFork,
    pub is_own: Option<MakeIsOwn>,
    pub read_memory: Option<MakeReadMemory>,
    pub look: Option<Look>,
    pub limits: Option<Limits>,
    /// By what the program is confined, if it is not trusted.
    pub confined: Option<Means>,
    /// It finds the run's folder at `/tmp`, and begins outside of it.
    pub folder_is_tmp: bool,
    /// A step that comes to nothing is no error.
    pub lenient: bool,
    /// A text that does not come is not waited for when all stand still: other words may have been said.
    pub takes_other_words: OtherWords,
    /// The longest wait for anything, if the program is known to part from its scenario for good: nor is it waited for in a
    /// deadlock then.
    pub patience: Option<Duration>,
    /// The folder of the companions that are labs, if not that of the program.
    pub companions: Option<PathBuf>,
}

/// Until when a text that does not come may have been said in other words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OtherWords {
    Never,
    /// Before anything has been typed or sent: nothing has happened yet that a program could answer otherwise.
    AtFirst,
    Always,
}

/// Which file is run.
pub(crate) enum Executable {
    /// A lab, from `build/` or `build/traced/` of the project, or from the folder given.
    Lab {
        root: PathBuf,
        name: String,
        folder: Option<PathBuf>,
    },
    /// Any program; its companions lie beside it.
    File(PathBuf),
}

impl Plan {
    /// The file to run.
    pub fn path(&self) -> PathBuf {
        match &self.executable {
            Executable::File(path) => path.clone(),
            Executable::Lab { root, name, folder } => match (folder, self.traced) {
                (Some(folder), _) => folder.join(name),
                (None, true) => root.join("build/traced").join(name),
                (None, false) => root.join("build").join(name),
            },
        }
    }
}

//! Where the lab and its C original part, and why.

use crate::i18n::Text;
use crate::scenario::toml::keys;

/// One place at which the lab deliberately calls something else than its C original.
///
/// The calls are patterns of what a comparison shows, `listen(3, 5) = 0`, see [`crate::scenario::pattern`]. Behind a
/// `...` stand calls that may follow, each as often as it comes, until the process has ended; `killed by SIGPIPE`
/// stands for that end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub name: String,
    /// The scenarios in which it occurs, in each of them; all scenarios when empty.
    pub scenarios: Vec<String>,
    /// The calls that the C makes there, one after the other; none when empty.
    pub c: Vec<String>,
    /// The calls that the lab makes in their place; none when empty.
    pub lab: Vec<String>,
    /// They are the last of both, and one of the two may not get through what the scenario awaits.
    pub last: bool,
    /// The calls of each process that a fork among these calls has made, and that the other program has not.
    pub child: Vec<String>,
    /// So it is with this C library, in the place of those of its name; with every other one where it is empty.
    pub library: String,
    /// Not the lab's: another form of the textbook's program, which a student may hold.
    pub variant: bool,
    pub reason: Text,
}

keys!(Difference: name! scenarios* c* lab* last* child* library* variant* reason!);

impl Difference {
    /// Whether it concerns a scenario.
    pub fn concerns(&self, scenario: &str) -> bool {
        self.scenarios.is_empty() || self.scenarios.iter().any(|name| name == scenario)
    }
}

//! What a lab says of itself, once for the READMEs, the tests and the tool.

use anyhow::{Result, bail};
use serde::{Deserialize, Deserializer};

use crate::i18n::Text;
use crate::scenario::model::Scenario;

/// The `[lab]` of a scenario file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The title of the slide that it is on.
    #[serde(deserialize_with = "slide")]
    pub slide: Text,
    /// What to watch for.
    pub watch: Text,
    /// The system calls that it is about.
    pub calls: Vec<String>,
    /// How many bytes the shipped program may have.
    pub max_size: u64,
    /// How the first call after execve begins, in the words of strace, with the arguments of the scenario `tty`: `fstat(1`.
    pub first_call: String,
    /// The arguments it takes, as a usage line has them: `[ADDRESS [PORT]]`. It ignores all if there are none.
    pub arguments: Option<String>,
    /// Bad arguments: each is told in one line on stderr, with status 2.
    #[serde(default)]
    pub refuses: Vec<Refusal>,
    /// The port without an argument for it.
    pub port: Option<u16>,
    /// What the C program is compiled with besides.
    #[serde(default)]
    pub c_flags: Vec<String>,
    /// What becomes of it when nobody is there; only a lab of the network may do without.
    pub alone: Option<Alone>,
}

/// Arguments that a lab refuses.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refusal {
    pub args: Vec<String>,
    /// The line that it is told in.
    pub says: String,
}

/// A run without arguments, and with nobody at the keyboard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alone {
    /// How many processes it is, when its input is at the end from the beginning.
    pub processes: usize,
    /// The exit status that it ends with then.
    pub status: Option<i32>,
    /// If it does not end: the call that every process of it is in after a while, or makes again and again.
    pub endless: Option<String>,
    /// The call that its first process falls asleep in on a terminal, if it does.
    pub asleep_in: Option<String>,
}

impl Head {
    /// What no type says.
    pub(super) fn check(&self, scenarios: &[Scenario]) -> Result<()> {
        for (key, text) in [("slide", &self.slide), ("watch", &self.watch)] {
            if [&text.en, &text.ko].iter().any(|text| !is_cell(text)) {
                bail!("`{key}` stands in a table: one line of text without `|`");
            }
        }
        if self.calls.is_empty() {
            bail!("`calls` names at least one system call");
        }
        if !self.first_call.contains('(') {
            bail!("`first_call` is the beginning of a call: \"fstat(1\"");
        }
        if self.arguments.is_some() == self.refuses.is_empty() {
            bail!(
                "`arguments` and `refuses` go together: what it takes, and examples of what it does not"
            );
        }
        if self.refuses.iter().any(|one| !is_cell(&one.says)) {
            bail!("`says` is one line");
        }
        if self.port.is_some() && self.arguments.is_none() {
            bail!("`port` is for a lab with `arguments`");
        }
        match &self.alone {
            Some(alone) => alone.check(),
            None if scenarios.iter().any(|scenario| scenario.network) => Ok(()),
            None => bail!("`alone` is missing, and no scenario has `network = true`"),
        }
    }
}

impl Alone {
    fn check(&self) -> Result<()> {
        if self.processes == 0 {
            bail!("`alone`: `processes` is at least 1");
        }
        if self.status.is_some() == self.endless.is_some() {
            bail!("`alone` has a `status`, or is `endless`");
        }
        Ok(())
    }
}

/// Whether a text fits into a table of Markdown.
fn is_cell(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['|', '\n'])
}

/// A title that is the same in both languages, as most slides have it, or one for each.
fn slide<'de, D: Deserializer<'de>>(value: D) -> Result<Text, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "`slide` is a title, or { en = …, ko = … }")]
    enum Slide {
        Same(String),
        Each(Text),
    }
    Ok(match Slide::deserialize(value)? {
        Slide::Same(title) => Text {
            en: title.clone(),
            ko: title,
        },
        Slide::Each(text) => text,
    })
}

//! The table after `await =`.

use anyhow::{Result, anyhow, bail};
use serde::Deserialize;

use crate::scenario::condition::Condition;

/// The table after `await =` as it stands in the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCondition {
    terminal: Option<String>,
    stream: Option<String>,
    state: Option<String>,
    name: Option<String>,
    parent: Option<RawParent>,
    session: Option<String>,
    terminal_of: Option<String>,
    processes: Option<usize>,
    exit: Option<usize>,
    listening: Option<u16>,
    bound: Option<u16>,
    entered: Option<String>,
    finished: Option<String>,
    process: Option<usize>,
    count: Option<usize>,
    /// The companion that it happens to.
    pub(super) with: Option<String>,
    pub(super) timeout: Option<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a process number or \"reaper\"")]
enum RawParent {
    Process(usize),
    Word(String),
}

impl RawCondition {
    /// Whether `process` and `count` stand only where they mean something.
    fn check_details(&self) -> Result<()> {
        let takes_count = self.entered.is_some() || self.finished.is_some();
        let takes_process = takes_count
            || self.state.is_some()
            || self.name.is_some()
            || self.parent.is_some()
            || self.session.is_some()
            || self.terminal_of.is_some();
        match (self.count, self.process) {
            (Some(0), _) => bail!("`count` starts at 1"),
            (Some(_), _) if !takes_count => bail!("`count` belongs to `entered` and `finished`"),
            (_, Some(_)) if !takes_process => bail!("`process` has no meaning in this `await`"),
            _ => Ok(()),
        }
    }
}

impl TryFrom<RawCondition> for Condition {
    type Error = anyhow::Error;

    fn try_from(raw: RawCondition) -> Result<Condition> {
        raw.check_details()?;
        let process = numbered(raw.process.unwrap_or(1))?;
        let count = raw.count.unwrap_or(1);
        let conditions = [
            raw.terminal
                .map(|text| wanted_text(text).map(Condition::Terminal)),
            raw.stream
                .map(|text| wanted_text(text).map(Condition::Stream)),
            raw.state
                .map(|text| state(&text).map(|state| Condition::State { state, process })),
            raw.name.map(|name| Ok(Condition::Name { name, process })),
            raw.parent.map(|parent| parent_condition(parent, process)),
            raw.session
                .map(|word| only(&word, "session", "own", Condition::OwnSession { process })),
            raw.terminal_of.map(|word| {
                only(
                    &word,
                    "terminal_of",
                    "none",
                    Condition::NoTerminal { process },
                )
            }),
            raw.processes.map(|count| Ok(Condition::Processes(count))),
            raw.exit.map(|process| {
                Ok(Condition::Exit {
                    process: numbered(process)?,
                })
            }),
            raw.listening.map(|port| Ok(Condition::Listening(port))),
            raw.bound.map(|port| Ok(Condition::Bound(port))),
            raw.entered.map(|call| {
                Ok(Condition::Entered {
                    call,
                    process,
                    count,
                })
            }),
            raw.finished.map(|call| {
                Ok(Condition::Finished {
                    call,
                    process,
                    count,
                })
            }),
        ];
        let mut named = conditions.into_iter().flatten();
        match (named.next(), named.next()) {
            (Some(condition), None) => condition,
            (None, _) => bail!("`await` names no condition"),
            (Some(_), Some(_)) => bail!("`await` names more than one condition"),
        }
    }
}

fn numbered(process: usize) -> Result<usize> {
    if process == 0 {
        bail!("processes are numbered from 1")
    } else {
        Ok(process)
    }
}

fn wanted_text(text: String) -> Result<String> {
    if text.is_empty() {
        bail!("an empty text is always there: name one")
    } else {
        Ok(text)
    }
}

fn state(text: &str) -> Result<char> {
    match text {
        "R" | "S" | "D" | "T" | "Z" => Ok(text.chars().next().unwrap_or('?')),
        _ => bail!("`state` is one of R, S, D, T, Z, not {text:?}"),
    }
}

fn parent_condition(parent: RawParent, process: usize) -> Result<Condition> {
    match parent {
        RawParent::Process(parent) => Ok(Condition::Parent {
            parent: numbered(parent)?,
            process,
        }),
        RawParent::Word(word) => only(&word, "parent", "reaper", Condition::Adopted { process })
            .map_err(|_| anyhow!("`parent` is a process number or \"reaper\", not {word:?}")),
    }
}

fn only(word: &str, key: &str, allowed: &str, condition: Condition) -> Result<Condition> {
    if word == allowed {
        Ok(condition)
    } else {
        bail!("`{key}` can only be {allowed:?}, not {word:?}")
    }
}

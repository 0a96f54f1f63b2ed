//! The table after `await =`.

use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use toml_span::de_helpers::TableHelper;
use toml_span::value::ValueInner;
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::scenario_file;
use crate::scenario::condition::Condition;
use crate::scenario::toml::{Seconds, refused};

/// A condition, and what only `await` says besides.
pub(super) struct Awaited {
    pub condition: Condition,
    /// The companion that it happens to.
    pub with: Option<String>,
    pub timeout: Option<Duration>,
}

impl<'de> Deserialize<'de> for Awaited {
    fn deserialize(value: &mut Value<'de>) -> Result<Awaited, DeserError> {
        let span = value.span;
        let mut table = TableHelper::new(value)?;
        let checked = check_details(&table);
        let (with, timeout) = (table.optional("with"), table.optional("timeout"));
        let condition = read(&mut table);
        table.finalize(None)?;
        let condition = checked.and(condition);
        Ok(Awaited {
            condition: condition.map_err(|error| refused(span, error))?,
            with,
            timeout: timeout.map(|Seconds(timeout)| timeout),
        })
    }
}

/// Whether `process` and `count` stand only where they mean something.
fn check_details(table: &TableHelper) -> Result<()> {
    let has_one = |keys: &[&str]| keys.iter().any(|key| table.contains(key));
    let takes_count = has_one(&["entered", "finished"]);
    let takes_process =
        takes_count || has_one(&["state", "name", "parent", "session", "terminal_of"]);
    if table.contains("count") && !takes_count {
        bail!(scenario_file::count_is_for());
    }
    if table.contains("process") && !takes_process {
        bail!(scenario_file::process_means_nothing());
    }
    Ok(())
}

/// The condition that a table names. It takes every key, so that none is left but those that there are not.
fn read(table: &mut TableHelper) -> Result<Condition> {
    let process = table.optional("process").unwrap_or(1);
    let count = table.optional("count").unwrap_or(1);
    let call = |call, is_over| match is_over {
        true => Condition::Finished {
            call,
            process,
            count,
        },
        false => Condition::Entered {
            call,
            process,
            count,
        },
    };
    let conditions = [
        table
            .optional("terminal")
            .map(|text| wanted_text(text).map(Condition::Terminal)),
        table
            .optional("stream")
            .map(|text| wanted_text(text).map(Condition::Stream)),
        table
            .optional("state")
            .map(|text: String| state(&text).map(|state| Condition::State { state, process })),
        table
            .optional("name")
            .map(|name| Ok(Condition::Name { name, process })),
        table
            .optional("parent")
            .map(|parent| parent_condition(parent, process)),
        table
            .optional("session")
            .map(|word: String| only(&word, "session", "own", Condition::OwnSession { process })),
        table.optional("terminal_of").map(|word: String| {
            only(
                &word,
                "terminal_of",
                "none",
                Condition::NoTerminal { process },
            )
        }),
        table
            .optional("processes")
            .map(|count| Ok(Condition::Processes(count))),
        table
            .optional("exit")
            .map(|process| numbered(process).map(|process| Condition::Exit { process })),
        table
            .optional("listening")
            .map(|Listening(condition)| Ok(condition)),
        table
            .optional("bound")
            .map(|port| Ok(Condition::Bound(port))),
        table
            .optional("opened")
            .map(|name| wanted_text(name).map(Condition::Opened)),
        table.optional("entered").map(|name| Ok(call(name, false))),
        table.optional("finished").map(|name| Ok(call(name, true))),
    ];
    numbered(process)?;
    if count == 0 {
        bail!(scenario_file::count_begins_at_1());
    }
    let mut named = conditions.into_iter().flatten();
    match (named.next(), named.next()) {
        (Some(condition), None) => condition,
        (None, _) => bail!(scenario_file::awaits_nothing()),
        (Some(_), Some(_)) => bail!(scenario_file::awaits_too_much()),
    }
}

/// The value of `listening`: a TCP port, or the name of a Unix socket.
struct Listening(Condition);

impl<'de> Deserialize<'de> for Listening {
    fn deserialize(value: &mut Value<'de>) -> Result<Listening, DeserError> {
        match value.as_str().map(str::to_owned) {
            Some(name) => Ok(Listening(Condition::ListeningUnix(name))),
            None => u16::deserialize(value).map(|port| Listening(Condition::Listening(port))),
        }
    }
}

/// The value of `parent`.
enum Parent {
    Process(usize),
    Word(String),
}

impl<'de> Deserialize<'de> for Parent {
    fn deserialize(value: &mut Value<'de>) -> Result<Parent, DeserError> {
        Ok(match value.take() {
            ValueInner::Integer(number) => Parent::Process(usize::try_from(number).unwrap_or(0)),
            ValueInner::String(word) => Parent::Word(word.into_owned()),
            other => {
                return Err(refused(
                    value.span,
                    scenario_file::no_parent(other.type_str()),
                ));
            }
        })
    }
}

fn numbered(process: usize) -> Result<usize> {
    if process == 0 {
        bail!(scenario_file::processes_begin_at_1())
    } else {
        Ok(process)
    }
}

fn wanted_text(text: String) -> Result<String> {
    if text.is_empty() {
        bail!(scenario_file::empty_text())
    } else {
        Ok(text)
    }
}

fn state(text: &str) -> Result<char> {
    match text {
        "R" | "S" | "D" | "T" | "Z" => Ok(text.chars().next().unwrap_or('?')),
        _ => bail!(scenario_file::no_state(text)),
    }
}

fn parent_condition(parent: Parent, process: usize) -> Result<Condition> {
    match parent {
        Parent::Process(parent) => Ok(Condition::Parent {
            parent: numbered(parent)?,
            process,
        }),
        Parent::Word(word) => only(&word, "parent", "reaper", Condition::Adopted { process })
            .map_err(|_| anyhow!(scenario_file::no_parent(&word))),
    }
}

fn only(word: &str, key: &str, allowed: &str, condition: Condition) -> Result<Condition> {
    if word == allowed {
        Ok(condition)
    } else {
        bail!(scenario_file::can_only_be(key, allowed, word))
    }
}

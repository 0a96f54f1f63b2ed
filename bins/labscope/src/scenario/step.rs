//! One step of a scenario.

use std::time::Duration;

use anyhow::{Result, bail};
use nix::sys::signal::Signal;
use toml_span::de_helpers::TableHelper;
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::{Text, scenario_file};
use crate::scenario::awaited::Awaited;
use crate::scenario::condition::Condition;
use crate::scenario::toml::{one_of, refused};

/// Where the runner writes: the keyboard, or the pipe that is standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    Terminal,
    Pipe,
}

impl<'de> Deserialize<'de> for Channel {
    fn deserialize(value: &mut Value<'de>) -> Result<Channel, DeserError> {
        one_of(
            value,
            &[("tty", Channel::Terminal), ("pipe", Channel::Pipe)],
        )
    }
}

/// One step of a scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Narration, shown by the tour.
    Say(Text),
    /// Wait until it has happened.
    Await {
        condition: Condition,
        timeout: Option<Duration>,
    },
    /// Type; into the stdin pipe when stdin is one, unless `to` says otherwise.
    Type { bytes: Vec<u8>, to: Option<Channel> },
    /// End of input: close the stdin pipe.
    CloseStdin,
    /// Take the process table.
    Table,
    /// Take a picture of the open descriptors of each process.
    Descriptors,
    /// Start a companion.
    Start(String),
    /// Do it with a companion instead of the lab.
    With { companion: String, step: Box<Step> },
    /// kill(2) a process of the run.
    Signal { signal: Signal, process: usize },
    /// Whoever an injection delays goes on.
    GoOn,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize(value: &mut Value<'de>) -> Result<Step, DeserError> {
        let span = value.span;
        let mut table = TableHelper::new(value)?;
        let misplaced = misplaced(&table);
        let step = read(&mut table);
        table.finalize(None)?;
        match misplaced {
            Some(reason) => Err(refused(span, reason)),
            None => step.map_err(|error| refused(span, error)),
        }
    }
}

/// What is wrong with keys that say more about a step: what they say it of is not there.
fn misplaced(table: &TableHelper) -> Option<String> {
    let has = |key: &str| table.contains(key);
    let reasons: [(bool, fn() -> String); 4] = [
        (
            has("process") && !has("signal"),
            scenario_file::process_is_for,
        ),
        (
            has("to") && !has("type") && !has("type_hex"),
            scenario_file::to_is_for,
        ),
        (
            has("with") && (has("say") || has("start")),
            scenario_file::with_is_for,
        ),
        (
            has("with") && has("await"),
            scenario_file::with_stands_inside,
        ),
    ];
    let mut wrong = reasons.into_iter().filter(|(is_wrong, _)| *is_wrong);
    wrong.next().map(|(_, reason)| reason())
}

/// The step that a table describes. It takes every key, so that none is left but those that there are not.
fn read(table: &mut TableHelper) -> Result<Step> {
    let (with, to) = (table.optional("with"), table.optional("to"));
    let process = table.optional("process").unwrap_or(1);
    let awaited: Option<Awaited> = table.optional("await");
    let inside = awaited.as_ref().and_then(|awaited| awaited.with.clone());
    let text = table.optional("type").map(String::into_bytes);
    let steps = [
        table.optional("say").map(|text| Ok(Step::Say(text))),
        awaited.map(
            |Awaited {
                 condition, timeout, ..
             }| Ok(Step::Await { condition, timeout }),
        ),
        text.map(|bytes| Ok(Step::Type { bytes, to })),
        table
            .optional("type_hex")
            .map(|text: String| hex(&text).map(|bytes| Step::Type { bytes, to })),
        table.optional("close").map(|word: String| match &*word {
            "stdin" => Ok(Step::CloseStdin),
            _ => bail!(scenario_file::closes_stdin_only(&word)),
        }),
        table
            .optional("table")
            .map(|set| is_true(set, "table", Step::Table)),
        table
            .optional("descriptors")
            .map(|set| is_true(set, "descriptors", Step::Descriptors)),
        table
            .optional("go_on")
            .map(|set| is_true(set, "go_on", Step::GoOn)),
        table.optional("start").map(|name| Ok(Step::Start(name))),
        table
            .optional("signal")
            .map(|name: String| signal_step(&name, process)),
    ];
    let mut named = steps.into_iter().flatten();
    let step = match (named.next(), named.next()) {
        (Some(step), None) => step?,
        (None, _) => bail!(scenario_file::step_says_nothing()),
        (Some(_), Some(_)) => bail!(scenario_file::step_says_too_much()),
    };
    Ok(match with.or(inside) {
        Some(companion) => Step::With {
            companion,
            step: Box::new(step),
        },
        None => step,
    })
}

fn is_true(set: bool, key: &str, step: Step) -> Result<Step> {
    if set {
        Ok(step)
    } else {
        bail!(scenario_file::is_true_or_absent(key))
    }
}

fn signal_step(name: &str, process: usize) -> Result<Step> {
    if process == 0 {
        bail!(scenario_file::processes_begin_at_1());
    }
    match format!("SIG{name}").parse() {
        Ok(signal) => Ok(Step::Signal { signal, process }),
        Err(_) => bail!(scenario_file::no_signal(name)),
    }
}

fn hex(text: &str) -> Result<Vec<u8>> {
    let digits: Option<Vec<u32>> = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16))
        .collect();
    match digits {
        Some(digits) if digits.len() % 2 == 0 => Ok(digits
            .chunks(2)
            .map(|pair| (pair[0] * 16 + pair[1]) as u8)
            .collect()),
        _ => bail!(scenario_file::type_hex(text)),
    }
}

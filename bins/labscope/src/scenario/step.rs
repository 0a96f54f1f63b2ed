//! One step of a scenario.

use std::time::Duration;

use anyhow::{Result, bail};
use nix::sys::signal::Signal;
use serde::Deserialize;

use crate::i18n::Text;
use crate::scenario::condition::Condition;
use crate::scenario::raw_condition::RawCondition;

/// Where the runner writes: the keyboard, or the pipe that is standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Channel {
    #[serde(rename = "tty")]
    Terminal,
    #[serde(rename = "pipe")]
    Pipe,
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
}

/// The table of a step as it stands in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    say: Option<Text>,
    r#await: Option<RawCondition>,
    r#type: Option<String>,
    type_hex: Option<String>,
    to: Option<Channel>,
    close: Option<String>,
    table: Option<bool>,
    descriptors: Option<bool>,
    start: Option<String>,
    with: Option<String>,
    signal: Option<String>,
    process: Option<usize>,
}

impl TryFrom<RawStep> for Step {
    type Error = anyhow::Error;

    fn try_from(raw: RawStep) -> Result<Step> {
        if raw.process.is_some() && raw.signal.is_none() {
            bail!("`process` belongs to `signal`, or inside `await`");
        }
        if raw.to.is_some() && raw.r#type.is_none() && raw.type_hex.is_none() {
            bail!("`to` belongs to `type`");
        }
        if raw.with.is_some() && (raw.say.is_some() || raw.start.is_some()) {
            bail!("`with` belongs to what a companion does or shows");
        }
        let inside = raw
            .r#await
            .as_ref()
            .and_then(|condition| condition.with.clone());
        if raw.with.is_some() && raw.r#await.is_some() {
            bail!("`with` stands inside `await`");
        }
        let companion = raw.with.or(inside);
        let (to, process) = (raw.to, raw.process.unwrap_or(1));
        let steps = [
            raw.say.map(|text| Ok(Step::Say(text))),
            raw.r#await.map(await_step),
            raw.r#type.map(|text| {
                Ok(Step::Type {
                    bytes: text.into_bytes(),
                    to,
                })
            }),
            raw.type_hex.map(|text| {
                Ok(Step::Type {
                    bytes: hex(&text)?,
                    to,
                })
            }),
            raw.close.map(|word| match word.as_str() {
                "stdin" => Ok(Step::CloseStdin),
                _ => bail!("only \"stdin\" can be closed, not {word:?}"),
            }),
            raw.table.map(|set| is_true(set, "table", Step::Table)),
            raw.descriptors
                .map(|set| is_true(set, "descriptors", Step::Descriptors)),
            raw.start.map(|name| Ok(Step::Start(name))),
            raw.signal.map(|name| signal_step(&name, process)),
        ];
        let mut named = steps.into_iter().flatten();
        match (named.next(), named.next()) {
            (Some(step), None) => step.map(|step| match companion {
                Some(companion) => Step::With {
                    companion,
                    step: Box::new(step),
                },
                None => step,
            }),
            (None, _) => bail!(
                "a step says what to do: say, await, type, type_hex, close, table, descriptors, \
                 start or signal"
            ),
            (Some(_), Some(_)) => bail!("a step does one thing: make it two steps"),
        }
    }
}

fn is_true(set: bool, key: &str, step: Step) -> Result<Step> {
    if set {
        Ok(step)
    } else {
        bail!("`{key}` is true or absent")
    }
}

fn await_step(mut raw: RawCondition) -> Result<Step> {
    let timeout = raw.timeout.take().map(seconds).transpose()?;
    Ok(Step::Await {
        condition: raw.try_into()?,
        timeout,
    })
}

/// A timeout in seconds, more than none.
pub(super) fn seconds(seconds: f64) -> Result<Duration> {
    match Duration::try_from_secs_f64(seconds) {
        Ok(timeout) if !timeout.is_zero() => Ok(timeout),
        _ => bail!("`timeout` is a number of seconds above 0, not {seconds}"),
    }
}

fn signal_step(name: &str, process: usize) -> Result<Step> {
    if process == 0 {
        bail!("processes are numbered from 1");
    }
    match format!("SIG{name}").parse() {
        Ok(signal) => Ok(Step::Signal { signal, process }),
        Err(_) => bail!("no signal is called {name:?}: write it without SIG, as in \"STOP\""),
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
        _ => bail!("`type_hex` is pairs of hexadecimal digits, not {text:?}"),
    }
}

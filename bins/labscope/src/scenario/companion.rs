//! Programs that run beside the lab, as if started in a second terminal.

use std::collections::HashMap;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::i18n::{Language, scenario as words};
use crate::scenario::condition::Event;
use crate::scenario::raw_condition::RawEvent;
use crate::scenario::{Scenario, Step, Wiring, load, pid};

/// What a companion is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Played {
    /// A lab of the project, from the folder that the run takes its labs from.
    Lab(String),
    /// Any program, by its path.
    Program(String),
}

/// A program beside the lab: with a terminal, a shell and process numbers of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Companion {
    /// How steps address it.
    pub name: String,
    pub played: Played,
    pub args: Vec<String>,
    pub stdin: Wiring,
    pub stdout: Wiring,
    pub input: Option<String>,
    /// Whether it has a tracer of its own.
    pub trace: bool,
    /// It is started before the lab, which waits for this to happen to the companion.
    pub ready: Option<Event>,
}

impl Companion {
    /// A companion built in code; everything else as a file that names nothing would have it.
    pub fn named(name: &str, played: Played) -> Companion {
        Companion {
            name: name.to_owned(),
            played,
            args: Vec::new(),
            stdin: Wiring::default(),
            stdout: Wiring::default(),
            input: None,
            trace: false,
            ready: None,
        }
    }

    /// What standard input and output are, where they are not the terminal.
    pub fn say_wiring(&self, language: Language) -> String {
        let part = |label: &str, wiring: &Wiring| {
            let what = match wiring {
                Wiring::Terminal => return None,
                Wiring::Pipe => words::pipe(language),
                Wiring::File => words::file(language),
                Wiring::Closed => words::closed(language),
                Wiring::Path(path) => path,
            };
            Some(format!("{label}: {what}"))
        };
        let stdin = part(words::standard_input(language), &self.stdin);
        let stdout = part(words::standard_output(language), &self.stdout);
        let parts: Vec<String> = stdin.into_iter().chain(stdout).collect();
        match parts.is_empty() {
            true => String::new(),
            false => format!("({})", parts.join(", ")),
        }
    }

    /// What standard input holds, quoted on one line.
    pub fn say_input(&self, language: Language) -> Option<String> {
        let input = self.input.as_ref()?;
        let mut quoted = format!("{input:?}");
        if quoted.chars().count() > 48 {
            let start: String = quoted.chars().take(44).collect();
            quoted = format!("{start}…\" {}", words::bytes(language, input.len()));
        }
        Some(words::input(language, &quoted))
    }

    /// The command line that starts it.
    pub fn command_line(&self) -> String {
        let program = match &self.played {
            Played::Lab(lab) => format!("./{lab}"),
            Played::Program(path) => path.clone(),
        };
        [vec![program], self.args.clone()].concat().join(" ")
    }
}

impl Scenario {
    /// What plays: the lab itself, or a companion; one that is started again may have a number behind its name.
    pub fn played(&self, lab: &str, who: Option<&str>) -> Companion {
        let is_called = |one: &&Companion, name: &str| match name.strip_prefix(one.name.as_str()) {
            Some("") => true,
            Some(rest) => rest
                .strip_prefix('-')
                .is_some_and(|number| number.parse::<usize>().is_ok()),
            None => false,
        };
        let mut companions = self.companions.iter();
        match who {
            Some(name) => companions
                .find(|one| is_called(one, name))
                .cloned()
                .unwrap_or_else(|| Companion::named(name, Played::Lab(String::new()))),
            None => Companion {
                args: self.args.clone(),
                stdin: self.stdin.clone(),
                stdout: self.stdout.clone(),
                input: self.input.clone(),
                ..Companion::named("", Played::Lab(lab.to_owned()))
            },
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCompanion {
    name: String,
    lab: Option<String>,
    program: Option<String>,
    #[serde(default)]
    args: Vec<String>,
    #[serde(default)]
    stdin: Wiring,
    #[serde(default)]
    stdout: Wiring,
    input: Option<String>,
    #[serde(default)]
    trace: bool,
    ready: Option<RawEvent>,
}

impl RawCompanion {
    pub(super) fn build(self) -> Result<Companion> {
        load::check_name(&self.name)?;
        load::check_input(&self.stdin, self.input.is_some())?;
        let played = match (self.lab, self.program) {
            (Some(lab), None) => Played::Lab(lab),
            (None, Some(path)) if path.starts_with('/') => Played::Program(path),
            (None, Some(path)) => bail!("`program` is a path from /, not {path:?}"),
            _ => bail!("a companion is either a `lab` or a `program`"),
        };
        let companion = Companion {
            args: self.args,
            stdin: self.stdin,
            stdout: self.stdout,
            input: self.input,
            trace: self.trace,
            ready: self.ready.map(ready).transpose()?,
            ..Companion::named(&self.name, played)
        };
        if let Some(event) = companion.ready.clone() {
            let timeout = None;
            check_step(&Step::Await { event, timeout }, &companion).context("`ready`")?;
        }
        Ok(companion)
    }
}

fn ready(raw: RawEvent) -> Result<Event> {
    if raw.with.is_some() || raw.timeout.is_some() {
        bail!("`ready` is an event of the companion, with the deadline of the scenario");
    }
    raw.try_into().context("`ready`")
}

/// Reads the companions of a scenario, each of another name.
pub(super) fn build(raw: Vec<RawCompanion>) -> Result<Vec<Companion>> {
    let mut companions: Vec<Companion> = Vec::new();
    for companion in raw {
        let name = companion.name.clone();
        if companions.iter().any(|other| other.name == name) {
            bail!("companion {name:?}: there is another one of that name");
        }
        companions.push(
            companion
                .build()
                .with_context(|| format!("companion {name:?}"))?,
        );
    }
    Ok(companions)
}

/// Whether steps address companions that exist and were started, and ask of them what they can do.
pub(super) fn check(steps: &[Step], companions: &[Companion]) -> Result<()> {
    let known: HashMap<&str, &Companion> = companions
        .iter()
        .map(|companion| (companion.name.as_str(), companion))
        .collect();
    let at_once = companions
        .iter()
        .filter(|companion| companion.ready.is_some());
    let mut started: Vec<&str> = at_once.map(|companion| companion.name.as_str()).collect();
    for step in steps {
        let (Step::Start(name)
        | Step::With {
            companion: name, ..
        }) = step
        else {
            continue;
        };
        let Some(companion) = known.get(name.as_str()) else {
            bail!("there is no companion {name:?}");
        };
        let again = started.contains(&name.as_str());
        match step {
            Step::With { step, .. } if again => check_step(step, companion)?,
            Step::With { .. } => bail!("{name:?} is addressed before `start = {name:?}`"),
            _ if again => check_restart(companion)?,
            _ => started.push(name),
        }
    }
    Ok(())
}

/// Whether the processes that the lab's arguments name are there before it.
pub(super) fn check_args(args: &[String], companions: &[Companion]) -> Result<()> {
    let is_there = |one: &Companion, name: &str| one.name == name && one.ready.is_some();
    let pid = |name: &str, process: usize| {
        let there = process > 0 && companions.iter().any(|one| is_there(one, name));
        there.then_some(0)
    };
    match args.iter().find(|arg| pid::fill_in(arg, pid).is_none()) {
        Some(arg) => bail!("{arg:?} names no process of a companion that has `ready`"),
        None => Ok(()),
    }
}

fn check_step(step: &Step, companion: &Companion) -> Result<()> {
    load::check_streams(
        step,
        &companion.stdin,
        &companion.stdout,
        companion.input.is_some(),
    )?;
    match step {
        Step::Await { event, .. } if event.needs_trace() && !companion.trace => {
            bail!(
                "a call of {:?} is awaited: give it `trace = true`",
                companion.name
            )
        }
        _ => Ok(()),
    }
}

fn check_restart(companion: &Companion) -> Result<()> {
    let on_terminal = [&companion.stdin, &companion.stdout]
        .iter()
        .all(|wiring| **wiring == Wiring::Terminal);
    if on_terminal && !companion.trace {
        return Ok(());
    }
    bail!(
        "{:?} is started twice: only an untraced companion on its terminal can be",
        companion.name
    )
}

//! Programs that run beside the lab, as if started in a second terminal.

use std::collections::{HashMap, HashSet};

use anyhow::{Context, Result, bail};
use toml_span::de_helpers::TableHelper;
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::{Language, scenario as words, scenario_file};
use crate::scenario::awaited::Awaited;
use crate::scenario::condition::Condition;
use crate::scenario::step::Step;
use crate::scenario::toml::refused;
use crate::scenario::wiring::Wiring;
use crate::scenario::{check, pid};

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
    pub ready: Option<Condition>,
}

impl Companion {
    /// The lab that it is, if it is one.
    pub fn lab(&self) -> Option<&str> {
        match &self.played {
            Played::Lab(name) => Some(name),
            Played::Program(_) => None,
        }
    }

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

impl<'de> Deserialize<'de> for Companion {
    fn deserialize(value: &mut Value<'de>) -> Result<Companion, DeserError> {
        let span = value.span;
        let mut table = TableHelper::new(value)?;
        let (lab, program) = (table.optional("lab"), table.optional("program"));
        let ready: Option<Awaited> = table.optional("ready");
        let companion = Companion {
            name: table.required("name").unwrap_or_default(),
            played: Played::Lab(String::new()),
            args: table.optional("args").unwrap_or_default(),
            stdin: table.optional("stdin").unwrap_or_default(),
            stdout: table.optional("stdout").unwrap_or_default(),
            input: table.optional("input"),
            trace: table.optional("trace").unwrap_or_default(),
            ready: None,
        };
        table.finalize(None)?;
        let name = companion.name.clone();
        let checked = companion.checked(lab, program, ready);
        checked.map_err(|error| {
            refused(
                span,
                format!("{}: {error:#}", scenario_file::companion(&name)),
            )
        })
    }
}

impl Companion {
    /// With what it is, and what it is waited for, if all this goes together.
    fn checked(
        mut self,
        lab: Option<String>,
        program: Option<String>,
        ready: Option<Awaited>,
    ) -> Result<Companion> {
        check::check_name(&self.name)?;
        check::check_input(&self.stdin, self.input.is_some())?;
        self.played = match (lab, program) {
            (Some(lab), None) => Played::Lab(lab),
            (None, Some(path)) if path.starts_with('/') => Played::Program(path),
            (None, Some(path)) => bail!(scenario_file::program_is_a_path(&path)),
            _ => bail!(scenario_file::lab_or_program()),
        };
        let Some(ready) = ready else { return Ok(self) };
        if ready.with.is_some() || ready.timeout.is_some() {
            bail!(scenario_file::ready_is_a_condition());
        }
        let (condition, timeout) = (ready.condition, None);
        self.ready = Some(condition.clone());
        check_step(&Step::Await { condition, timeout }, &self).context("`ready`")?;
        Ok(self)
    }
}

/// Whether each has a name of its own.
pub(super) fn check_names(companions: &[Companion]) -> Result<()> {
    let mut names = HashSet::new();
    match companions.iter().find(|one| !names.insert(&one.name)) {
        Some(one) => bail!(
            "{}: {}",
            scenario_file::companion(&one.name),
            scenario_file::is_there_twice()
        ),
        None => Ok(()),
    }
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
            bail!(scenario_file::no_companion(name));
        };
        let again = started.contains(&name.as_str());
        match step {
            Step::With { step, .. } if again => check_step(step, companion)?,
            Step::With { .. } => bail!(scenario_file::is_addressed_early(name)),
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
        Some(arg) => bail!(scenario_file::names_no_process(arg)),
        None => Ok(()),
    }
}

fn check_step(step: &Step, companion: &Companion) -> Result<()> {
    check::check_streams(
        step,
        &companion.stdin,
        &companion.stdout,
        companion.input.is_some(),
    )?;
    match step {
        Step::Await { condition, .. } if condition.needs_trace() && !companion.trace => {
            bail!(scenario_file::is_not_traced(&companion.name))
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
    bail!(scenario_file::is_started_twice(&companion.name))
}

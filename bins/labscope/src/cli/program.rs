//! The program that a command runs in orders of its own, and what is around it.

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::confinement::namespaces::Own;
use crate::confinement::{Means, without_namespaces};
use crate::control::{Input, Out, Settings, Sleeps};
use crate::i18n::{Language, command_line, orders as words};
use crate::project::labs;
use crate::run::scratch::Scratch;
use crate::scenario;
use crate::submission;
use crate::submission::Submission;

/// What is said of it on the command line.
#[derive(Clone, Debug, Default)]
pub struct ProgramOptions {
    pub lab: String,
    /// A C file in its place.
    pub c: Option<PathBuf>,
    /// Labs that run beside it, separated by commas, each with its arguments.
    pub with: Option<String>,
    /// That file may do what the caller may.
    pub trust: bool,
    /// What is typed, with `\n` for a newline.
    pub input: Option<String>,
    /// `any`: sleeps end at any moment.
    pub sleep: Option<String>,
    /// `tty`, `pipe` or `file`.
    pub out: Option<String>,
    pub args: Vec<String>,
}

/// The program and what is around it.
pub fn settings(
    root: &Path,
    options: &ProgramOptions,
    scratch: &Scratch,
    language: Language,
) -> Result<Settings> {
    let (lab, build) = (&options.lab, root.join("build"));
    let scenarios = scenario::load(root, lab)?;
    let own_ipc = scenarios.scenarios.iter().any(|it| it.ipc);
    let needs = scenarios.scenarios.iter().flat_map(|it| it.needs.clone());
    let mut needs: Vec<String> = needs.collect();
    needs.sort();
    needs.dedup();
    let confined = match (&options.c, options.trust) {
        (Some(_), false) => Some(Means::found(language)?),
        _ => None,
    };
    if confined.is_some_and(|means| own_ipc && !means.namespaces) {
        let own = Own {
            ipc: true,
            network: false,
        };
        bail!("{}", without_namespaces(own, language));
    }
    let (program, folder) = match &options.c {
        None => (build.join("traced").join(lab), build.join("traced")),
        Some(source) => {
            let flags = scenarios.lab.map_or_else(Vec::new, |head| head.c_flags);
            let into = scratch.path("programs");
            let given = Submission {
                sources: std::slice::from_ref(source),
                lab,
                flags: &flags,
                confined,
                language,
            };
            match submission::compile(&given, &into) {
                Ok(compiled) => (compiled.program, build.join("c")),
                Err(refused) => bail!("{}", refused.say(language)),
            }
        }
    };
    let mut settings = Settings::new(program);
    settings.beside = needs.iter().map(|name| folder.join(name)).collect();
    settings.args = options.args.clone();
    settings.own_ipc = own_ipc;
    if let Some(with) = &options.with {
        add_programs(root, with, &folder, language, &mut settings)?;
    }
    settings.confined = confined;
    if let Some(input) = &options.input {
        settings.input = Input::Bytes(unescaped(input).into_bytes());
    }
    settings.out = match options.out.as_deref() {
        None | Some("tty") => Out::Terminal,
        Some("pipe") => Out::Pipe,
        Some("file") => Out::File,
        Some(other) => bail!(command_line::is_no_out(other)),
    };
    settings.sleeps = match options.sleep.as_deref() {
        None => Sleeps::InTime,
        Some("any") => Sleeps::Any,
        Some(other) => bail!(command_line::is_no_sleep(other)),
    };
    Ok(settings)
}

/// The labs of `with`, which lie in that folder.
fn add_programs(
    root: &Path,
    with: &str,
    folder: &Path,
    language: Language,
    settings: &mut Settings,
) -> Result<()> {
    let known = labs(root)?;
    for one in with.split(',') {
        let mut words = one.split_whitespace().map(str::to_owned);
        let name = words.next().unwrap_or_default();
        if !known.contains(&name) {
            bail!("{}", words::no_such_lab(language, &name));
        }
        let scenarios = scenario::load(root, &name)?.scenarios;
        settings.own_ipc |= scenarios.iter().any(|it| it.ipc);
        settings.with.push((folder.join(name), words.collect()));
    }
    Ok(())
}

/// A text with its escapes read, as in C: `\n`, `\t`, `\\`.
pub fn unescaped(text: &str) -> String {
    let mut chars = text.chars();
    let mut read = String::new();
    while let Some(c) = chars.next() {
        match (c, chars.clone().next()) {
            ('\\', Some(escape @ ('n' | 't' | '\\'))) => {
                read.push(match escape {
                    'n' => '\n',
                    't' => '\t',
                    _ => '\\',
                });
                chars.next();
            }
            _ => read.push(c),
        }
    }
    read
}

/// An order as it is written: `1,2,2,1`.
pub fn steps_of(text: &str, language: Language) -> Result<Vec<usize>> {
    let numbers = text.split(',').map(|number| number.trim().parse());
    let Ok(steps) = numbers.collect() else {
        bail!("{}", words::bad_steps(language, text));
    };
    Ok(steps)
}

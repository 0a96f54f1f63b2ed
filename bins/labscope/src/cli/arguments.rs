//! The command line: which options and operands there may be is read off the help, so there is no second list of them.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use lexopt::{Arg, Parser};

use crate::i18n::{command_line, failure};

/// A command of a program.
pub struct Command {
    /// What it does; `Usage: labscope name [OPTIONS] <NEEDED> [OPTIONAL] [REST]...`; a line an option.
    pub help: &'static str,
    /// Does it, in the project's folder; whether all is as it should be.
    pub run: fn(&Path, &Arguments) -> Result<bool>,
}

/// A program with commands.
pub struct Program {
    /// Its options may stand before and behind the name of a command.
    pub help: &'static str,
    pub commands: &'static [Command],
}

/// What a command line says.
#[derive(Default)]
pub struct Arguments {
    command: Option<&'static Command>,
    operands: Vec<String>,
    options: HashMap<&'static str, OsString>,
}

/// What it asks for.
pub enum Request {
    Run(&'static Command, Arguments),
    /// Only this text: a help, the version.
    Show(String),
}

/// An option that a help tells of: `--name`, and `<VALUE>` or `<one|another>` where it takes a value.
#[derive(Clone, Copy)]
struct Flag {
    name: &'static str,
    value: Option<&'static str>,
}

fn flags(help: &'static str) -> impl Iterator<Item = Flag> {
    let lines = help.lines().filter(|line| line.starts_with("  -"));
    lines.filter_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.find_map(|word| word.strip_prefix("--"))?;
        let value = words.next();
        let value = value.and_then(|word| word.strip_prefix('<')?.strip_suffix('>'));
        Some(Flag { name, value })
    })
}

impl Flag {
    /// The value that stands behind it, if it may be that.
    fn value(self, parser: &mut Parser) -> Result<OsString> {
        let Some(kind) = self.value else {
            return Ok(OsString::new());
        };
        let value = parser.value()?;
        if kind.contains('|') && !kind.split('|').any(|word| value == word) {
            let words = kind.replace('|', ", ");
            bail!(command_line::is_none_of(self.name, &words, value));
        }
        Ok(value)
    }
}

impl Command {
    fn usage(&self) -> &'static str {
        let mut lines = self.help.lines();
        lines
            .find(|line| line.starts_with("Usage: "))
            .unwrap_or_default()
    }

    fn name(&self) -> &'static str {
        self.usage().split(' ').nth(2).unwrap_or_default()
    }

    /// Whether there are as many operands as there may be.
    fn check(&self, operands: &[String]) -> Result<()> {
        let usage = self.usage();
        let words = usage.split(' ').skip(3);
        let places: Vec<&str> = words
            .filter(|word| !["[OPTIONS]", "[--]"].contains(word))
            .collect();
        let takes_all = places.last().is_some_and(|last| last.ends_with("..."));
        match (places.get(operands.len()), operands.get(places.len())) {
            (Some(place), _) if place.starts_with('<') => {
                bail!(command_line::is_missing(place, usage))
            }
            (_, Some(word)) if !takes_all => bail!(command_line::is_too_much(word, usage)),
            _ => Ok(()),
        }
    }
}

impl Program {
    /// Reads what stands behind the program's name.
    pub fn parse(&self, words: impl IntoIterator<Item = OsString>) -> Result<Request> {
        let mut parser = Parser::from_args(words);
        let (mut said, mut wants_help) = (Arguments::default(), false);
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Short('h') | Arg::Long("help") => wants_help = true,
                Arg::Short('V') | Arg::Long("version") => {
                    return Ok(Request::Show(format!(
                        "labscope {}\n",
                        env!("CARGO_PKG_VERSION")
                    )));
                }
                Arg::Short(letter) => {
                    return Err(self.no_option(&format!("-{letter}"), said.command));
                }
                Arg::Long(name) => {
                    let mut known = self.flags(said.command);
                    let flag = known.find(|flag| flag.name == name);
                    let flag =
                        flag.ok_or_else(|| self.no_option(&format!("--{name}"), said.command))?;
                    let value = flag.value(&mut parser)?;
                    if said.options.insert(flag.name, value).is_some() {
                        bail!(command_line::stands_twice(flag.name));
                    }
                }
                Arg::Value(word) => {
                    let word = word
                        .into_string()
                        .map_err(|word| anyhow!(failure::is_not_utf8(word.display())))?;
                    match said.command {
                        Some(_) => said.operands.push(word),
                        None if word == "help" => wants_help = true,
                        None => said.command = Some(self.command(&word)?),
                    }
                }
            }
        }
        if wants_help {
            return Ok(Request::Show(self.help(said.command)));
        }
        let command = said
            .command
            .with_context(|| command_line::no_command(self.help))?;
        command.check(&said.operands)?;
        Ok(Request::Run(command, said))
    }

    fn command(&self, name: &str) -> Result<&'static Command> {
        let mut commands = self.commands.iter();
        commands
            .find(|command| command.name() == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self.commands.iter().map(Command::name).collect();
                anyhow!(command_line::unknown_command(name, &names.join(", ")))
            })
    }

    /// The options that may stand with a command, or before any.
    fn flags(&self, command: Option<&Command>) -> impl Iterator<Item = Flag> {
        let own = command.map_or("", |command| command.help);
        flags(own).chain(flags(self.help))
    }

    fn no_option(&self, name: &str, command: Option<&Command>) -> anyhow::Error {
        let known: Vec<String> = self
            .flags(command)
            .map(|flag| format!("--{}", flag.name))
            .collect();
        let of = command.map(|command| command.name().to_owned());
        let of = of.unwrap_or_else(command_line::before_the_command);
        anyhow!(command_line::unknown_option(name, &of, &known.join(", ")))
    }

    /// The help of a command ends with the options of all.
    fn help(&self, command: Option<&Command>) -> String {
        let Some(command) = command else {
            return self.help.to_owned();
        };
        let (_, shared) = self.help.split_once("Options:\n").unwrap_or_default();
        let has_own = flags(command.help).next().is_some();
        let heading = if has_own { "" } else { "\nOptions:\n" };
        format!("{}{heading}{shared}", command.help)
    }
}

impl Arguments {
    fn value(&self, option: &str) -> Option<&OsString> {
        let helps = self.command.map_or("", |command| command.help);
        let is_known = flags(helps).any(|flag| flag.name == option);
        debug_assert!(is_known || ["root", "lang"].contains(&option), "{option}");
        self.options.get(option)
    }

    /// Whether an option is there.
    pub fn has(&self, option: &str) -> bool {
        self.value(option).is_some()
    }

    /// The value of an option, a path.
    pub fn path(&self, option: &str) -> Option<PathBuf> {
        self.value(option).map(PathBuf::from)
    }

    /// The value of an option, a text.
    pub fn text(&self, option: &str) -> Option<String> {
        let value = self.value(option)?;
        Some(value.to_string_lossy().into_owned())
    }

    /// The operand at this place, from 0.
    pub fn operand(&self, place: usize) -> Option<String> {
        self.operands.get(place).cloned()
    }

    /// The lab, with which most commands begin; it has been checked that it is there.
    pub fn lab(&self) -> String {
        self.operand(0).unwrap_or_default()
    }

    /// The operands from this place on.
    pub fn rest(&self, place: usize) -> Vec<String> {
        self.operands.iter().skip(place).cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: Program = Program {
        help: "About.\n\nUsage: labscope [OPTIONS] <COMMAND>\n\nOptions:\n  --lang <en|ko>  words\n  -h, --help  this\n",
        commands: &[
            Command {
                help: "One.\n\nUsage: labscope one [OPTIONS] <LAB> [MORE]\n\nOptions:\n  --to <FILE>  there\n  --all  every\n",
                run: |_, _| Ok(true),
            },
            Command {
                help: "Two.\n\nUsage: labscope two [OPTIONS] [--] [ARGS]...\n",
                run: |_, _| Ok(true),
            },
        ],
    };

    fn parse(words: &str) -> Result<Request> {
        PROGRAM.parse(words.split_whitespace().map(OsString::from))
    }

    fn arguments(words: &str) -> Arguments {
        match parse(words) {
            Ok(Request::Run(_, arguments)) => arguments,
            Ok(Request::Show(text)) => panic!("{words}: {text}"),
            Err(error) => panic!("{words}: {error}"),
        }
    }

    #[test]
    fn options_stand_before_and_behind_with_their_values() {
        let said = arguments("--lang ko one --to=a/b x --all");
        assert_eq!(said.text("lang").as_deref(), Some("ko"));
        assert_eq!(said.path("to"), Some("a/b".into()));
        assert!(said.has("all") && said.lab() == "x" && said.operand(1).is_none());
        assert_eq!(
            arguments("two --lang en -- --to -x").rest(0),
            ["--to", "-x"]
        );
    }

    #[test]
    fn a_refusal_says_what_there_is() {
        for (words, says) in [
            ("", "Usage: labscope [OPTIONS] <COMMAND>"),
            ("three", "no command \"three\"; there are: one, two"),
            (
                "one x --twice",
                "no option --twice (one); there are: --to, --all, --lang, --help",
            ),
            ("one x -t", "no option -t (one); there are: --to"),
            (
                "--to a one",
                "no option --to (before the command); there are: --lang, --help",
            ),
            ("one", "<LAB> is missing\nUsage: labscope one"),
            ("one x y z", "\"z\" is too much\nUsage: labscope one"),
            ("one x --to", "--to"),
            ("one x --all=1", "--all"),
            ("one x --all --all", "--all stands there twice"),
            ("one x --lang fr", "--lang is one of en, ko, not \"fr\""),
        ] {
            let refusal = parse(words)
                .err()
                .map(|error| error.to_string())
                .unwrap_or_default();
            assert!(refusal.contains(says), "{words}: {refusal}");
        }
        let odd = std::os::unix::ffi::OsStringExt::from_vec(vec![0xff]);
        assert!(PROGRAM.parse(["one".into(), odd]).is_err());
    }

    #[test]
    fn the_help_of_a_command_has_the_options_of_all() {
        for words in ["one --help", "one x -h", "--help one", "help one"] {
            let Ok(Request::Show(text)) = parse(words) else {
                panic!("{words}")
            };
            let (about, options) = text.split_once("Options:\n").expect("options");
            assert!(
                about.starts_with("One.") && options.contains("--all"),
                "{text}"
            );
            assert!(options.contains("--lang <en|ko>"), "{text}");
        }
        let Ok(Request::Show(text)) = parse("two -h") else {
            panic!()
        };
        assert!(text.contains("\nOptions:\n  --lang"), "{text}");
    }
}

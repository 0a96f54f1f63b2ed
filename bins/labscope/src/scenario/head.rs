//! What a lab says of itself, once for the READMEs, the tests and the tool.

use anyhow::{Result, bail};
use toml_span::de_helpers::TableHelper;
use toml_span::{DeserError, Deserialize, Value};

use crate::i18n::{Text, scenario_file};
use crate::scenario::rubric::Criterion;
use crate::scenario::toml::{keys, refused};

/// The `[lab]` of a scenario file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The title of the slide that it is on.
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
    pub refuses: Vec<Refusal>,
    /// The port without an argument for it.
    pub port: Option<u16>,
    /// What the C program is compiled with besides.
    pub c_flags: Vec<String>,
    /// What a student's file is given for what it does.
    pub rubric: Vec<Criterion>,
    /// What a student's C program is started with that wants so many arguments: one list for each number.
    pub c_arguments: Vec<Vec<String>>,
    /// The class's files have names in `/tmp`: a student's file finds the run's folder there.
    pub c_in_tmp: bool,
    /// The scenario whose picture is drawn where none is named; the first one otherwise.
    pub picture: Option<String>,
    /// What becomes of it when nobody is there; only a lab that works with others may do without.
    pub alone: Option<Alone>,
}

impl<'de> Deserialize<'de> for Head {
    fn deserialize(value: &mut Value<'de>) -> Result<Head, DeserError> {
        let mut table = TableHelper::new(value)?;
        let slide: Slide = table.required("slide").unwrap_or_default();
        let head = Head {
            slide: slide.0,
            watch: table.required("watch").unwrap_or_default(),
            calls: table.required("calls").unwrap_or_default(),
            max_size: table.required("max_size").unwrap_or_default(),
            first_call: table.required("first_call").unwrap_or_default(),
            arguments: table.optional("arguments"),
            refuses: table.optional("refuses").unwrap_or_default(),
            port: table.optional("port"),
            c_flags: table.optional("c_flags").unwrap_or_default(),
            rubric: table.optional("rubric").unwrap_or_default(),
            c_arguments: table.optional("c_arguments").unwrap_or_default(),
            c_in_tmp: table.optional("c_in_tmp").unwrap_or_default(),
            picture: table.optional("picture"),
            alone: table.optional("alone"),
        };
        table.finalize(None).map(|()| head)
    }
}

/// A title that is the same in both languages, as most slides have it, or one for each.
#[derive(Default)]
struct Slide(Text);

impl<'de> Deserialize<'de> for Slide {
    fn deserialize(value: &mut Value<'de>) -> Result<Slide, DeserError> {
        if let Some(title) = value.as_str().map(str::to_owned) {
            let (en, ko) = (title.clone(), title);
            return Ok(Slide(Text { en, ko }));
        }
        match Text::deserialize(value) {
            Ok(text) => Ok(Slide(text)),
            Err(_) => Err(refused(value.span, scenario_file::slide())),
        }
    }
}

/// Arguments that a lab refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub args: Vec<String>,
    /// The line that it is told in.
    pub says: String,
}

keys!(Refusal: args! says!);

/// A run without arguments, and with nobody at the keyboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alone {
    /// How many processes it is, when its input is at the end from the beginning.
    pub processes: usize,
    /// The exit status that it ends with then.
    pub status: Option<i32>,
    /// If it does not end: the call that its processes are in after a while, or make again and again: one for each, or one for all.
    pub endless: Vec<String>,
    /// The call that its first process falls asleep in on a terminal, if it does.
    pub asleep_in: Option<String>,
}

impl<'de> Deserialize<'de> for Alone {
    fn deserialize(value: &mut Value<'de>) -> Result<Alone, DeserError> {
        let mut table = TableHelper::new(value)?;
        let endless: Option<Endless> = table.optional("endless");
        let alone = Alone {
            processes: table.required("processes").unwrap_or_default(),
            status: table.optional("status"),
            endless: endless.map_or_else(Vec::new, |endless| endless.0),
            asleep_in: table.optional("asleep_in"),
        };
        table.finalize(None).map(|()| alone)
    }
}

/// The call of all processes, or that of each.
struct Endless(Vec<String>);

impl<'de> Deserialize<'de> for Endless {
    fn deserialize(value: &mut Value<'de>) -> Result<Endless, DeserError> {
        match value.as_str().map(str::to_owned) {
            Some(call) => Ok(Endless(vec![call])),
            None => Vec::deserialize(value).map(Endless),
        }
    }
}

impl Head {
    /// What no type says; `works_with_others`: whether a scenario has a network or companions.
    pub(super) fn check(&self, works_with_others: bool) -> Result<()> {
        for (key, text) in [("slide", &self.slide), ("watch", &self.watch)] {
            if [&text.en, &text.ko].iter().any(|text| !is_cell(text)) {
                bail!(scenario_file::is_no_cell(key));
            }
        }
        if self.calls.is_empty() {
            bail!(scenario_file::calls());
        }
        if !self.first_call.contains('(') {
            bail!(scenario_file::first_call());
        }
        if self.arguments.is_some() == self.refuses.is_empty() {
            bail!(scenario_file::arguments_and_refuses());
        }
        if self.refuses.iter().any(|one| !is_cell(&one.says)) {
            bail!(scenario_file::says());
        }
        if self.port.is_some() && self.arguments.is_none() {
            bail!(scenario_file::port());
        }
        match &self.alone {
            Some(alone) => alone.check(),
            None if works_with_others => Ok(()),
            None => {
                bail!(scenario_file::no_alone())
            }
        }
    }
}

impl Alone {
    fn check(&self) -> Result<()> {
        if self.processes == 0 {
            bail!(scenario_file::alone_processes());
        }
        if self.status.is_some() != self.endless.is_empty() {
            bail!(scenario_file::alone_status());
        }
        if self.endless.len() > 1 && self.endless.len() != self.processes {
            bail!(scenario_file::endless());
        }
        Ok(())
    }
}

/// Whether a text fits into a table of Markdown.
fn is_cell(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(['|', '\n'])
}

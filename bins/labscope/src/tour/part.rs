//! What happened in a run, as parts to show: on a terminal by the tour, on a page by the study pages.

use crate::i18n::process::{of, process};
use crate::i18n::{Language, tour as words};
use crate::run::transcript::{Entry, Transcript};
use crate::scenario::{Channel, Scenario};
use crate::text::visible;
use crate::tour::{picture, table};

/// Which run it is, and the language that is spoken.
#[derive(Clone, Debug, Default)]
pub struct RunShown {
    pub lab: String,
    pub scenario: Scenario,
    pub language: Language,
}

/// One thing that happened, its texts in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The scenario's narration.
    Said(String),
    /// What is to be known of the run itself.
    Remark(&'static str),
    /// A command line, what its standard input and output are, and what its input holds.
    Started {
        line: String,
        wiring: String,
        input: Option<String>,
    },
    /// The keys typed on the terminal.
    Typed(String),
    /// The end of the line that a terminal echoes: the keys stand there already.
    EchoedLineEnd,
    Printed {
        bytes: Vec<u8>,
        on: Channel,
    },
    /// What the scenario did with standard input as a pipe, and what it wrote.
    Piped {
        text: &'static str,
        keys: String,
    },
    /// A table or picture: its lines, some of which deserve a second look.
    Drawn(Vec<(String, bool)>),
    Signalled {
        process: String,
        command: String,
    },
    Ended(String),
    /// A process that was still there at the end.
    Left(String),
}

impl RunShown {
    /// What has happened, to the lab or to the companion of that name; nothing where there is nothing to show.
    pub fn part<'a>(&self, entry: &'a Entry) -> Option<(Option<&'a str>, Part)> {
        let (who, entry) = entry.whose();
        Some((who, self.part_of(who, entry)?))
    }

    fn part_of(&self, who: Option<&str>, entry: &Entry) -> Option<Part> {
        let language = self.language;
        Some(match entry {
            Entry::Said(text) => Part::Said(text.get(language).to_owned()),
            Entry::SharedMachine => Part::Remark(words::machine_is_shared(language)),
            Entry::Started => {
                let played = self.scenario.played(&self.lab, who);
                Part::Started {
                    line: played.command_line(),
                    wiring: played.say_wiring(language),
                    input: played.say_input(language),
                }
            }
            Entry::Typed { bytes, to } => match to {
                Channel::Terminal => Part::Typed(keys(bytes)),
                Channel::Pipe => Part::Piped {
                    text: words::into_pipe(language),
                    keys: keys(bytes),
                },
            },
            Entry::ClosedStdin => Part::Piped {
                text: words::pipe_is_closed(language),
                keys: String::new(),
            },
            Entry::Echoed(bytes) if bytes.contains(&b'\n') => Part::EchoedLineEnd,
            Entry::Printed { bytes, on } => Part::Printed {
                bytes: bytes.clone(),
                on: *on,
            },
            Entry::Table(processes) => Part::Drawn(table::lines(processes, language)),
            Entry::Descriptors(holders) => Part::Drawn(picture::lines(holders, language)),
            Entry::Signalled {
                signal,
                process: number,
                pid,
            } => Part::Signalled {
                process: of(who, &process(language, number)),
                command: format!("kill -{} {pid}", &signal.as_str()[3..]),
            },
            Entry::Ended(status) => {
                let who = who.map_or_else(|| process(language, 1), str::to_owned);
                Part::Ended(status.say(language, &who))
            }
            Entry::Echoed(_) | Entry::With { .. } => return None,
            Entry::Call(_) | Entry::Returned(_) | Entry::Notice(_) => return None,
        })
    }

    /// How the run ended, and what was left.
    pub fn end(&self, transcript: &Transcript) -> Vec<Part> {
        let over = || Part::Ended(words::run_is_over(self.language).to_owned());
        let mut parts: Vec<Part> = transcript.status.is_none().then(over).into_iter().collect();
        for (who, part) in transcript.parts() {
            let has_ended = part.status.is_some();
            parts.extend(part.left.iter().map(|left| {
                let (number, pid, command) = (left.number, left.pid, &left.command);
                let language = self.language;
                Part::Left(words::left(language, who, number, pid, command, has_ended))
            }));
        }
        parts
    }
}

/// What was typed, as keys: a sign for Enter and for control keys.
pub fn keys(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let key = |character| match character {
        '\n' => "⏎".to_owned(),
        '\r' => "^M".to_owned(),
        '\t' => "⇥".to_owned(),
        other => visible::character(other),
    };
    text.chars().map(key).collect()
}

//! The entries of a run, gathered into parts.

use labscope::i18n::Language;
use labscope::scenario::{Channel, Scenario};
use labscope::tour;
use labscope::{Entry, Transcript};

use super::command::started;
use super::{Part, Piece};

/// What happened in a run.
pub fn parts(
    lab: &str,
    scenario: &Scenario,
    transcript: &Transcript,
    words: Language,
) -> Vec<Part> {
    let mut reader = Reader {
        lab,
        scenario,
        words,
        parts: Vec::new(),
    };
    for entry in &transcript.entries {
        reader.take(None, entry);
    }
    reader.outcome(transcript);
    reader.parts
}

struct Reader<'a> {
    lab: &'a str,
    scenario: &'a Scenario,
    words: Language,
    parts: Vec<Part>,
}

impl Reader<'_> {
    /// It has happened to the lab, or to the companion `who`.
    fn take(&mut self, who: Option<&str>, entry: &Entry) {
        let words = self.words;
        let owner = who.map(str::to_owned);
        let part = match entry {
            Entry::With { companion, entry } => return self.take(Some(companion), entry),
            Entry::Call(_) => return,
            Entry::Printed { bytes, on } => {
                return self.shown(who, *on, Piece::Printed(bytes.clone()));
            }
            // Of the echo only the end of the line is new: the keys stand there already.
            Entry::Echoed(bytes) if bytes.contains(&b'\n') => return self.line_end(who),
            Entry::Echoed(_) => return,
            Entry::Typed {
                bytes,
                to: Channel::Terminal,
            } => {
                let keys = tour::keys(bytes, true, words);
                return self.shown(who, Channel::Terminal, Piece::Typed(keys));
            }
            Entry::Typed {
                bytes,
                to: Channel::Pipe,
            } => {
                let text = words.pick("into the pipe:", "파이프로:");
                Part::Done {
                    text: of(who, text),
                    keys: tour::keys(bytes, true, words),
                }
            }
            Entry::ClosedStdin => {
                let text = words.pick("the pipe is closed: end of input", "파이프를 닫음: 입력 끝");
                Part::Done {
                    text: of(who, text),
                    keys: String::new(),
                }
            }
            Entry::Said(text) => Part::Said(text.get(words).to_owned()),
            Entry::Started => started(self.lab, self.scenario, who, words),
            Entry::SharedNetwork => Part::Said(
                words
                    .pick(
                        "no network namespace could be had: runs with a network took turns",
                        "네트워크 네임스페이스를 쓸 수 없어, 네트워크 실행은 차례로 했다",
                    )
                    .to_owned(),
            ),
            Entry::Table(processes) => Part::Table {
                who: owner,
                lines: tour::process_table(processes, words),
            },
            Entry::Descriptors(holders) => Part::Table {
                who: owner,
                lines: tour::descriptor_tables(holders, words),
            },
            Entry::Signalled {
                signal,
                process,
                pid,
            } => {
                let name = &signal.as_str()[3..];
                Part::Done {
                    text: format!(
                        "{}:",
                        of(who, &labscope::i18n::process::process(words, *process))
                    ),
                    keys: format!("kill -{name} {pid}"),
                }
            }
            Entry::Ended(status) => {
                let who =
                    who.map_or_else(|| labscope::i18n::process::process(words, 1), str::to_owned);
                Part::Ended(status.say(words, &who))
            }
        };
        self.parts.push(part);
    }

    /// Adds to what this terminal shows, if nothing else has come between.
    fn shown(&mut self, who: Option<&str>, on: Channel, piece: Piece) {
        match self.parts.last_mut() {
            Some(Part::Shown {
                who: last,
                on: channel,
                pieces,
            }) if last.as_deref() == who && *channel == on => {
                match (pieces.last_mut(), piece) {
                    // A character may come in two pieces.
                    (Some(Piece::Printed(bytes)), Piece::Printed(more)) => bytes.extend(more),
                    (_, piece) => pieces.push(piece),
                }
            }
            _ => self.parts.push(Part::Shown {
                who: who.map(str::to_owned),
                on,
                pieces: vec![piece],
            }),
        }
    }

    /// Ends the line of this terminal, if it has not ended.
    fn line_end(&mut self, who: Option<&str>) {
        let Some(Part::Shown {
            who: last,
            on: Channel::Terminal,
            pieces,
        }) = self.parts.last()
        else {
            return;
        };
        let ended = matches!(pieces.last(), Some(Piece::Printed(bytes)) if bytes.ends_with(b"\n"));
        if last.as_deref() == who && !ended {
            self.shown(who, Channel::Terminal, Piece::Printed(b"\n".to_vec()));
        }
    }

    /// How it ended, and what was left.
    fn outcome(&mut self, transcript: &Transcript) {
        let words = self.words;
        if transcript.status.is_none() {
            let text = words.pick(
                "the run is over: what still runs is ended from outside",
                "실행을 마침: 아직 도는 것은 밖에서 끝냄",
            );
            self.parts.push(Part::Ended(text.to_owned()));
        }
        self.left(transcript, None);
        for (name, part) in &transcript.companions {
            self.left(part, Some(name));
        }
    }

    fn left(&mut self, part: &Transcript, who: Option<&str>) {
        let words = self.words;
        let what = match part.status {
            None => words.pick("ended from outside", "밖에서 끝냄"),
            Some(_) => words.pick("left behind, then cleared away", "남아 있어 정리함"),
        };
        for process in &part.left {
            let whose = of(
                who,
                &labscope::i18n::process::process(words, process.number),
            );
            let text = format!("{whose} (pid {}, {}): {what}", process.pid, process.command);
            self.parts.push(Part::Ended(text));
        }
    }
}

/// What is a companion's has its name before it.
fn of(who: Option<&str>, text: &str) -> String {
    match who {
        Some(who) => format!("{who}: {text}"),
        None => text.to_owned(),
    }
}

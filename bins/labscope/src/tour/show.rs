//! How a run looks: the observer that writes it on the screen while it happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::i18n::{Language, condition};
use crate::run::observer::{Observer, Quit};
use crate::run::transcript::Entry;
use crate::scenario::condition::Condition;
use crate::scenario::{Channel, Scenario, Step};
use crate::text::screen::{Screen, Style, WIDTH};
use crate::tour::keyboard::Keyboard;
use crate::tour::{picture, table};

/// After this long the reader is told what the run is waiting for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes runs on standard output.
pub struct Show {
    pub(super) screen: Screen,
    pub(super) words: Language,
    interrupted: Arc<AtomicBool>,
    /// The lecturer's keyboard, when there is to be a key between steps.
    keyboard: Option<Keyboard>,
    asked: bool,
    /// A table or a picture has been shown since the last key.
    to_read: bool,
    /// The lab and the scenario that are shown now.
    pub(super) lab: String,
    pub(super) scenario: Scenario,
    /// How long the present wait has lasted, and what the reader was last told of it.
    waited: Duration,
    told: Option<u64>,
}

impl Show {
    /// A show in one language; `step` asks for a key between steps.
    pub fn new(words: Language, step: bool) -> Result<Show> {
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))
                .context("cannot catch a signal")?;
        }
        let keyboard = step
            .then(|| Keyboard::open(Arc::clone(&interrupted)))
            .transpose()?;
        let screen = Screen::new();
        let (waited, told) = (Duration::ZERO, None);
        Ok(Show {
            screen,
            words,
            interrupted,
            keyboard,
            asked: false,
            to_read: false,
            lab: String::new(),
            scenario: Scenario::default(),
            waited,
            told,
        })
    }

    /// Waits for a key, if there is to be one.
    pub fn pause(&mut self) -> Result<()> {
        while !self.may_go_on(50)? {}
        Ok(())
    }

    /// Whether ^C was hit.
    pub fn was_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// A last word.
    pub fn farewell(&mut self, text: &str) -> Result<()> {
        self.screen.line(Style::Plain, "")?;
        self.screen.line(Style::Said, text)
    }

    /// A scenario that could not be shown to its end.
    pub fn failure(&mut self, error: &anyhow::Error) -> Result<()> {
        self.screen.line(Style::Marked, &format!("  ✗ {error:#}"))
    }

    fn may_go_on(&mut self, patience: u8) -> Result<bool> {
        if self.interrupted.load(Ordering::Relaxed) {
            self.screen.unstatus()?;
            bail!(Quit);
        }
        let Some(keyboard) = &mut self.keyboard else {
            return Ok(true);
        };
        if !std::mem::replace(&mut self.asked, true) {
            keyboard.forget()?;
            if self.screen.has_colours() {
                self.screen.status(
                    self.words
                        .pick("▸ any key: go on, q: leave", "▸ 아무 키: 계속, q: 나가기"),
                )?;
            }
        }
        let hit = keyboard.key(patience)?.is_some();
        if hit {
            self.asked = false;
            self.screen.unstatus()?;
        }
        Ok(hit)
    }

    fn typed(&mut self, who: Option<&str>, bytes: &[u8], to: Channel) -> Result<()> {
        let keys = keys(bytes, self.screen.has_colours(), self.words);
        match to {
            Channel::Terminal => {
                let gutter = margin(who, '│');
                self.screen.output(&gutter, Style::Typed, keys.as_bytes())
            }
            Channel::Pipe => {
                let into = self.words.pick("into the pipe:", "파이프로:");
                let keys = self.screen.styled(Style::Typed, &keys);
                let margin = margin(who, '»');
                self.screen
                    .line(Style::Plain, &format!("{margin}{into} {keys}"))
            }
        }
    }

    /// A table or picture, and whose it is if not the lab's.
    fn drawing(&mut self, who: Option<&str>, lines: Vec<(String, bool)>) -> Result<()> {
        if let Some(who) = who {
            self.screen.line(Style::Dim, &format!("    {who}:"))?;
        }
        for (line, marked) in lines {
            let style = if marked { Style::Marked } else { Style::Plain };
            let line: String = line.chars().take(WIDTH).collect();
            self.screen.line(style, &line)?;
        }
        Ok(())
    }

    /// Something has happened to the lab, or to the companion `who`.
    fn happened(&mut self, who: Option<&str>, entry: &Entry) -> Result<()> {
        let words = self.words;
        match entry {
            Entry::Said(text) => {
                self.screen
                    .paragraph(Style::Said, "  ▸ ", "    ", text.get(words))
            }
            Entry::With { companion, entry } => self.happened(Some(companion), entry),
            Entry::Started => self.started(who),
            Entry::SharedNetwork => {
                let text = words.pick(
                    "no network namespace can be had here: runs with a network take turns",
                    "네트워크 네임스페이스를 쓸 수 없어, 네트워크 실행은 차례로 한다",
                );
                self.screen.line(Style::Dim, &format!("    {text}"))
            }
            Entry::Typed { bytes, to } => self.typed(who, bytes, *to),
            Entry::ClosedStdin => {
                let text = words.pick("the pipe is closed: end of input", "파이프를 닫음: 입력 끝");
                let margin = margin(who, '»');
                self.screen.line(Style::Said, &format!("{margin}{text}"))
            }
            Entry::Echoed(bytes) if bytes.contains(&b'\n') => {
                self.screen.echoed_newline(&margin(who, '│'))
            }
            Entry::Printed { bytes, on } => {
                let on_terminal = *on == Channel::Terminal;
                let gutter = margin(who, if on_terminal { '│' } else { '┆' });
                self.screen.output(&gutter, Style::Plain, bytes)
            }
            Entry::Table(processes) => {
                self.to_read = true;
                self.drawing(who, table::lines(processes, words))
            }
            Entry::Descriptors(picture) => {
                self.to_read = true;
                self.drawing(who, picture::lines(picture, words))
            }
            Entry::Signalled {
                signal,
                process,
                pid,
            } => {
                let whose = who.map_or(String::new(), |name| format!("{name}: "));
                let who = format!("{whose}{}", crate::i18n::process::process(words, *process));
                self.screen.line(
                    Style::Typed,
                    &format!("  $ kill -{} {pid}  ({who})", &signal.as_str()[3..]),
                )
            }
            Entry::Ended(status) => {
                let who =
                    who.map_or_else(|| crate::i18n::process::process(words, 1), str::to_owned);
                let text = status.say(words, &who);
                self.screen.line(Style::Marked, &format!("  └ {text}"))
            }
            Entry::Echoed(_) | Entry::Call(_) => Ok(()),
        }
    }
}

/// The margin of what is printed (│, through a pipe ┆), typed into a pipe (») or started ($): a companion's has its name.
pub(super) fn margin(who: Option<&str>, sign: char) -> String {
    match who {
        None => format!("  {sign} "),
        Some(name) => format!("  {name} {sign} "),
    }
}

impl Observer for &mut Show {
    fn entry(&mut self, entry: &Entry) -> Result<()> {
        self.happened(None, entry)
    }

    /// The key is asked for behind what is there to be read. Before a key typed into the lab, or a table, the
    /// lab's own clock runs on: the moment that was to be shown would pass.
    fn may_step(&mut self, _step: &Step) -> Result<bool> {
        if !self.to_read {
            return Ok(true);
        }
        let may = self.may_go_on(0)?;
        self.to_read = !may;
        Ok(may)
    }

    fn may_end(&mut self) -> Result<bool> {
        self.may_go_on(0)
    }

    fn waiting(&mut self, condition: &Condition, since: Duration) -> Result<()> {
        if self.interrupted.load(Ordering::Relaxed) {
            self.screen.unstatus()?;
            bail!(Quit);
        }
        if since < self.waited {
            self.told = None; // this is another wait
        }
        self.waited = since;
        let seconds = since.as_secs();
        if since < PATIENCE || self.told == Some(seconds) {
            return Ok(());
        }
        let first = self.told.replace(seconds).is_none();
        let text = condition::waiting(self.words, &condition.say(self.words), since);
        if self.screen.has_colours() {
            self.screen.status(&format!("… {text}"))
        } else if first {
            self.screen.line(Style::Dim, &format!("    … {text}"))
        } else {
            Ok(())
        }
    }
}

/// What was typed, as keys: a sign for Enter and for control keys.
pub fn keys(bytes: &[u8], signs: bool, words: Language) -> String {
    let mut keys = String::new();
    for character in String::from_utf8_lossy(bytes).chars() {
        match character {
            '\n' => keys.push('⏎'),
            '\t' => keys.push('⇥'),
            control if control.is_control() => {
                keys.push('^');
                keys.push(char::from((control as u8 & 0x7f) ^ 0x40));
            }
            other => keys.push(other),
        }
    }
    if signs {
        keys
    } else {
        format!("[{} {}]", words.pick("typed:", "입력:"), keys)
    }
}

//! How a run looks: the observer that writes it on the screen while it happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::keyboard::Keyboard;
use super::screen::{Screen, Style, WIDTH};
use super::table;
use super::words::Words;
use crate::event::Event;
use crate::runner::{Observer, Quit};
use crate::scenario::{Channel, Step};
use crate::transcript::Entry;

/// The margin of what labs print on the terminal, and through a pipe or into a file.
const GUTTERS: [&str; 2] = ["  │ ", "  ┆ "];

/// After this long the reader is told what the run is waiting for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes runs on standard output.
pub struct Show {
    pub(super) screen: Screen,
    pub(super) words: Words,
    interrupted: Arc<AtomicBool>,
    /// The lecturer's keyboard, when there is to be a key between steps.
    keyboard: Option<Keyboard>,
    asked: bool,
    /// How long the present wait has lasted, and what the reader was last told of it.
    waited: Duration,
    told: Option<u64>,
}

impl Show {
    /// A show in one language; `step` asks for a key between steps.
    pub fn new(words: Words, step: bool) -> Result<Show> {
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

    fn typed(&mut self, bytes: &[u8], to: Channel) -> Result<()> {
        let keys = keys(bytes, self.screen.has_colours(), self.words);
        match to {
            Channel::Terminal => self
                .screen
                .output(GUTTERS[0], Style::Typed, keys.as_bytes()),
            Channel::Pipe => {
                let into = self.words.pick("into the pipe:", "파이프로:");
                let keys = self.screen.styled(Style::Typed, &keys);
                self.screen
                    .line(Style::Plain, &format!("  » {into} {keys}"))
            }
        }
    }
}

impl Observer for &mut Show {
    fn entry(&mut self, entry: &Entry) -> Result<()> {
        let words = self.words;
        match entry {
            Entry::Said(text) => {
                self.screen
                    .paragraph(Style::Said, "  ▸ ", "    ", words.text(text))
            }
            Entry::Typed { bytes, to } => self.typed(bytes, *to),
            Entry::ClosedStdin => {
                let text = words.pick("the pipe is closed: end of input", "파이프를 닫음: 입력 끝");
                self.screen.line(Style::Said, &format!("  » {text}"))
            }
            Entry::Echoed(bytes) if bytes.contains(&b'\n') => self.screen.echoed_newline(),
            Entry::Printed { bytes, on } => {
                let gutter = GUTTERS[usize::from(*on == Channel::Pipe)];
                self.screen.output(gutter, Style::Plain, bytes)
            }
            Entry::Table(processes) => {
                for (line, marked) in table::lines(processes, words) {
                    let style = if marked { Style::Marked } else { Style::Plain };
                    let line: String = line.chars().take(WIDTH).collect();
                    self.screen.line(style, &line)?;
                }
                Ok(())
            }
            Entry::Signalled {
                signal,
                process,
                pid,
            } => {
                let who = words.process(*process);
                self.screen.line(
                    Style::Typed,
                    &format!("  $ kill -{} {pid}  ({who})", &signal.as_str()[3..]),
                )
            }
            Entry::Ended(status) => {
                let text = words.ended(&words.process(1), *status);
                self.screen.line(Style::Marked, &format!("  └ {text}"))
            }
            Entry::Echoed(_) | Entry::Call(_) => Ok(()),
        }
    }

    fn may_step(&mut self, step: &Step) -> Result<bool> {
        match step {
            Step::Say(_) | Step::Await { .. } => Ok(true),
            _ => self.may_go_on(0),
        }
    }

    fn may_end(&mut self) -> Result<bool> {
        self.may_go_on(0)
    }

    fn waiting(&mut self, event: &Event, since: Duration) -> Result<()> {
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
        let text = self.words.waiting(event, since);
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
pub(super) fn keys(bytes: &[u8], signs: bool, words: Words) -> String {
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

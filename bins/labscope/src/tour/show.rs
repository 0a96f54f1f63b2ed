//! How a run looks: the observer that writes it on the screen while it happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::i18n::{Language, condition as words, tour};
use crate::run::io::keyboard::Keyboard;
use crate::run::observer::{Observer, Quit};
use crate::run::transcript::Entry;
use crate::scenario::condition::Condition;
use crate::scenario::{Channel, Step};
use crate::text::screen::{Screen, Style, WIDTH};
use crate::text::shorten;
use crate::tour::part::{Part, RunShown};

/// After this long the reader is told what the run is waiting for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes runs on standard output.
pub struct RunPrinter {
    pub(super) screen: Screen,
    interrupted: Arc<AtomicBool>,
    /// The lecturer's keyboard, when there is to be a key between steps.
    keyboard: Option<Keyboard>,
    asked: bool,
    /// A table or a picture has been shown since the last key.
    to_read: bool,
    /// What is shown now.
    pub(super) run: RunShown,
    /// How long the present wait has lasted, and what the reader was last told of it.
    waited: Duration,
    told: Option<u64>,
}

impl RunPrinter {
    /// A show in one language; `step` asks for a key between steps.
    pub fn new(language: Language, step: bool) -> Result<RunPrinter> {
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))
                .context("sigaction(2)")?;
        }
        let keyboard = step
            .then(|| Keyboard::open(Arc::clone(&interrupted)))
            .transpose()?;
        let screen = Screen::stdout();
        let (waited, told) = (Duration::ZERO, None);
        Ok(RunPrinter {
            screen,
            interrupted,
            keyboard,
            asked: false,
            to_read: false,
            run: RunShown {
                language,
                ..RunShown::default()
            },
            waited,
            told,
        })
    }

    /// Waits for a key, if there is to be one.
    pub fn pause(&mut self) -> Result<()> {
        while !self.may_go_on(50)? {}
        Ok(())
    }

    /// Tells on a terminal that a lab is being built.
    pub(super) fn while_building(
        &mut self,
        lab: &str,
        build: impl FnOnce() -> Result<()>,
    ) -> Result<()> {
        if self.screen.has_colours() {
            self.screen
                .status(&tour::building(self.run.language, lab))?;
        }
        let built = build();
        self.screen.unstatus()?;
        match self.was_interrupted() {
            true => bail!(Quit),
            false => built,
        }
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
                self.screen.status(tour::any_key(self.run.language))?;
            }
        }
        let hit = keyboard.key(patience)?.is_some();
        if hit {
            self.asked = false;
            self.screen.unstatus()?;
        }
        Ok(hit)
    }

    /// A table or picture, and whose it is if not the lab's.
    fn drawing(&mut self, who: Option<&str>, lines: Vec<(String, bool)>) -> Result<()> {
        if let Some(who) = who {
            self.screen.line(Style::Dim, &format!("    {who}:"))?;
        }
        for (line, marked) in lines {
            let style = if marked { Style::Marked } else { Style::Plain };
            self.screen.line(style, &shorten::end(&line, WIDTH))?;
        }
        Ok(())
    }

    /// A part of the run: of the lab, or of the companion `who`.
    pub(super) fn part(&mut self, who: Option<&str>, part: Part) -> Result<()> {
        let screen = &mut self.screen;
        match part {
            Part::Said(text) => screen.paragraph(Style::Said, "  ▸ ", "    ", &text),
            Part::Remark(text) => screen.line(Style::Dim, &format!("    {text}")),
            Part::Started {
                line,
                wiring,
                input,
            } => {
                let wiring = screen.styled(Style::Dim, &wiring);
                let line = format!("{}{line}  {wiring}", margin(who, '$'));
                screen.line(Style::Plain, line.trim_end())?;
                input.map_or(Ok(()), |text| {
                    screen.line(Style::Dim, &format!("    {text}"))
                })
            }
            Part::Typed(keys) => {
                let keys = typed(screen, keys, self.run.language);
                screen.output(&margin(who, '│'), Style::Typed, keys.as_bytes())
            }
            Part::EchoedLineEnd => screen.echoed_newline(&margin(who, '│')),
            Part::Printed { bytes, on } => {
                let sign = if on == Channel::Terminal {
                    '│'
                } else {
                    '┆'
                };
                screen.output(&margin(who, sign), Style::Plain, &bytes)
            }
            Part::Piped { text, keys } if keys.is_empty() => {
                screen.line(Style::Said, &format!("{}{text}", margin(who, '»')))
            }
            Part::Piped { text, keys } => {
                let keys = typed(screen, keys, self.run.language);
                let keys = screen.styled(Style::Typed, &keys);
                let margin = margin(who, '»');
                screen.line(Style::Plain, &format!("{margin}{text} {keys}"))
            }
            Part::Drawn(lines) => {
                self.to_read = true;
                self.drawing(who, lines)
            }
            Part::Signalled { process, command } => {
                screen.line(Style::Typed, &format!("  $ {command}  ({process})"))
            }
            Part::Ended(text) => screen.line(Style::Marked, &format!("  └ {text}")),
            Part::Left(text) => screen.line(Style::Dim, &format!("    {text}")),
        }
    }
}

/// Keys on the screen; where it has no colours, brackets mark them as typed.
pub(super) fn typed(screen: &Screen, keys: String, language: Language) -> String {
    match screen.has_colours() {
        true => keys,
        false => tour::typed(language, &keys),
    }
}

/// The margin of what is printed (│, through a pipe ┆), typed into a pipe (») or started ($): a companion's has its name.
pub(super) fn margin(who: Option<&str>, sign: char) -> String {
    match who {
        None => format!("  {sign} "),
        Some(name) => format!("  {name} {sign} "),
    }
}

impl Observer for &mut RunPrinter {
    fn entry(&mut self, entry: &Entry) -> Result<()> {
        match self.run.part(entry) {
            Some((who, part)) => self.part(who, part),
            None => Ok(()),
        }
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
        let language = self.run.language;
        let first = self.told.replace(seconds).is_none();
        let text = words::waiting(language, &condition.say(language), since);
        if self.screen.has_colours() {
            self.screen.status(&format!("… {text}"))
        } else if first {
            self.screen.line(Style::Dim, &format!("    … {text}"))
        } else {
            Ok(())
        }
    }
}

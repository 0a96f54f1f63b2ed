//! How a run looks: the observer that writes it on the screen while it happens.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::i18n::{Language, condition as words, tour};
use crate::run::observer::{Observer, Quit};
use crate::run::transcript::Entry;
use crate::scenario::Channel;
use crate::scenario::condition::Condition;
use crate::text::screen::{Screen, Style, WIDTH};
use crate::text::shorten;
use crate::tour::part::{Part, RunShown};

/// After this long the reader is told what the run is waiting for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Writes runs on standard output.
pub struct RunPrinter {
    pub(super) screen: Screen,
    pub(super) interrupted: Arc<AtomicBool>,
    /// What is shown now.
    pub(super) run: RunShown,
    /// How long the present wait has lasted, and what the reader was last told of it.
    waited: Duration,
    told: Option<u64>,
}

impl RunPrinter {
    /// A show in one language.
    pub fn new(language: Language) -> Result<RunPrinter> {
        let interrupted = Arc::new(AtomicBool::new(false));
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))
                .context("sigaction(2)")?;
        }
        let screen = Screen::stdout();
        let (waited, told) = (Duration::ZERO, None);
        Ok(RunPrinter {
            screen,
            interrupted,
            run: RunShown {
                language,
                ..RunShown::default()
            },
            waited,
            told,
        })
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
            Part::Drawn(lines) => self.drawing(who, lines),
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

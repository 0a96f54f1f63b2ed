//! The walk on a terminal: each run is made first, then told at the pace of its reader, who may go back.

use std::collections::HashSet;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use textwrap::core::display_width;

use crate::i18n::{Language, failure, tour as words};
use crate::run::io::keyboard::Keyboard;
use crate::run::observer::Observer;
use crate::run::runner::Runner;
use crate::run::transcript::Entry;
use crate::scenario::Scenario;
use crate::scenario::condition::Condition;
use crate::text::screen::{Screen, Style, terminal_size};
use crate::text::shorten;
use crate::tour::guide::Guide;
use crate::tour::pane::Pane;
use crate::tour::part::{RunShown, keys};
use crate::tour::piece::{Layout, Piece, Seen, Teller};
use crate::tour::sheet::Sheet;
use crate::tour::show::typed;

/// No sheet is wider: the eye would lose its line.
const WIDEST: usize = 110;
const NARROWEST: usize = 40;

/// How many milliseconds pass before it is looked again whether a signal has come.
const LOOK: u8 = 100;

/// For whom it is, and what is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// As long as reading takes.
    Reading,
    /// A key.
    Key,
    /// A key; piece by piece for a projector, calls by themselves.
    Projector,
}

/// Where the reader goes.
enum Move {
    On,
    Back,
}

/// A terminal, its keyboard, and what has been shown there.
pub struct Reader {
    screen: Screen,
    keyboard: Keyboard,
    pace: Pace,
    pane: Option<Pane>,
    run: RunShown,
    seen: HashSet<Seen>,
    /// What has been shown, each with its heading.
    pieces: Vec<(String, Piece)>,
    /// Columns and lines.
    size: (usize, usize),
}

impl Reader {
    pub fn new(language: Language, pace: Pace) -> Result<Reader> {
        let keyboard = Keyboard::until_left()?;
        let pane = match pace {
            Pace::Projector => Pane::open(terminal_size().0),
            _ => None,
        };
        Ok(Reader {
            screen: Screen::stdout(),
            keyboard,
            pace,
            pane,
            run: RunShown {
                language,
                ..RunShown::default()
            },
            seen: HashSet::new(),
            pieces: Vec::new(),
            size: terminal_size(),
        })
    }

    /// How wide a sheet is now, and how many rows a piece may have.
    fn measure(&mut self) -> (usize, usize) {
        self.size = terminal_size();
        let width = self.size.0.clamp(NARROWEST, WIDEST);
        // The heading, and the line that tells the keys, take a row each.
        let rows = self.size.1.saturating_sub(3);
        let rows = match (self.pace, &self.pane) {
            (Pace::Projector, None) => rows / 2,
            (_, Some(pane)) => rows.min(pane.size.1),
            _ => rows,
        };
        (width, rows.max(3))
    }

    /// Shows pieces, until the reader has gone on behind the last.
    fn go_through(&mut self, heading: &str, new: Vec<Piece>) -> Result<()> {
        let mut at = self.pieces.len();
        let mut known = at;
        let new = new.into_iter().map(|piece| (heading.to_owned(), piece));
        self.pieces.extend(new);
        let mut goes_back = false;
        while at < self.pieces.len() {
            let is_new = at >= known;
            known = known.max(at + 1);
            match self.show(at, is_new, goes_back)? {
                Move::On => (at, goes_back) = (at + 1, false),
                Move::Back => (at, goes_back) = (at.saturating_sub(1), true),
            }
        }
        Ok(())
    }

    /// Shows one piece: a new one row by row, at the pace of the reader.
    fn show(&mut self, at: usize, is_new: bool, goes_back: bool) -> Result<Move> {
        let is_timed = self.pace == Pace::Reading && is_new;
        let mut time = match is_timed {
            true => Some(self.pieces[at].1.time()),
            false => None,
        };
        if goes_back || self.pace == Pace::Projector {
            self.show_again(at)?;
        } else {
            let piece = self.pieces[at].1.clone();
            let mut hurries = !is_timed;
            for row in &piece.rows {
                let line = row.written(&self.screen, piece.column);
                self.screen.line(Style::Plain, &line)?;
                if hurries {
                    continue;
                }
                self.tell_keys()?;
                match self.key_within(Some(row.time))? {
                    Some(Move::Back) => return self.moved(Move::Back),
                    Some(Move::On) => hurries = true,
                    None => time = time.map(|time| time.saturating_sub(row.time)),
                }
            }
        }
        self.tell_keys()?;
        let key = self.key_within(time)?.unwrap_or(Move::On);
        self.moved(key)
    }

    fn moved(&mut self, to: Move) -> Result<Move> {
        self.screen.unstatus().map(|()| to)
    }

    fn tell_keys(&mut self) -> Result<()> {
        let keys = words::keys(self.run.language);
        let keys = shorten::end(keys, self.size.0.saturating_sub(2));
        self.screen.status(&keys)
    }

    /// Clears the screen and shows what stood there when that piece had been shown.
    fn show_again(&mut self, at: usize) -> Result<()> {
        self.write("\x1b[H\x1b[2J")?;
        let (heading, piece) = self.pieces[at].clone();
        let written = |reader: &Reader, piece: &Piece| {
            let rows = piece.rows.iter();
            rows.map(|row| row.written(&reader.screen, piece.column))
                .collect::<Vec<_>>()
        };
        if self.pace != Pace::Projector {
            let pieces = self.pieces[..=at].iter();
            let rows: Vec<String> = pieces.flat_map(|(_, piece)| written(self, piece)).collect();
            let most = self.size.1.saturating_sub(1);
            let last = &rows[rows.len().saturating_sub(most)..];
            return last
                .iter()
                .try_for_each(|row| self.screen.line(Style::Plain, row));
        }
        self.screen.line(Style::Heading, &heading)?;
        for row in written(self, &piece) {
            self.screen.line(Style::Plain, &row)?;
        }
        let calls = piece.calls.iter();
        let calls: Vec<String> = calls.map(|row| row.written(&self.screen, 0)).collect();
        match &mut self.pane {
            Some(pane) => pane.show(&calls),
            None => calls
                .iter()
                .try_for_each(|row| self.screen.line(Style::Plain, row)),
        }
    }

    /// What a key says that is hit within that time; without a time it is waited for.
    fn key_within(&mut self, time: Option<Duration>) -> Result<Option<Move>> {
        let since = Instant::now();
        while time.is_none_or(|time| since.elapsed() < time) {
            match self.keyboard.key(LOOK)? {
                None => {}
                Some(b'b' | b'B') => return Ok(Some(Move::Back)),
                Some(0x1b) => return self.arrow().map(Some),
                Some(_) => return Ok(Some(Move::On)),
            }
        }
        Ok(None)
    }

    /// The rest of a key of several bytes: to the left and up is back.
    fn arrow(&mut self) -> Result<Move> {
        let mut last = 0;
        while let Some(byte) = self.keyboard.key(0)? {
            last = byte;
        }
        Ok(match last {
            b'A' | b'D' => Move::Back,
            _ => Move::On,
        })
    }

    fn write(&mut self, text: &str) -> Result<()> {
        let mut out = std::io::stdout();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        written.with_context(failure::cannot_write_terminal)
    }

    fn heading(&self, (at, of): (usize, usize)) -> String {
        let title = format!("{at}/{of} {} · {}", self.run.lab, self.run.scenario.name);
        match self.pace {
            Pace::Projector => title,
            _ => format!("━━ {title} "),
        }
    }
}

impl Guide for Reader {
    fn introduction(&mut self, runs: usize, beside: bool) -> Result<()> {
        let language = self.run.language;
        let (width, _) = self.measure();
        let mut sheet = Sheet::new(width);
        let typed = typed(&self.screen, keys(b"\n"), language);
        let typed = self.screen.styled(Style::Typed, &typed);
        let second = beside.then(|| words::second_terminal(language).to_owned());
        let first = words::runs_made_first(language, runs);
        let signs = words::introduction(language, runs, &typed)
            .into_iter()
            .skip(1);
        let lines = std::iter::once(first).chain(signs);
        let calls = words::calls_beside(language).to_owned();
        for line in lines.chain(second).chain([calls]) {
            sheet.paragraph(Style::Plain, "", "    ", &line);
        }
        let rows = sheet.take();
        let piece = Piece {
            rows,
            ..Piece::default()
        };
        self.go_through("", vec![piece])
    }

    fn while_building(&mut self, lab: &str, build: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        self.screen
            .status(&words::building(self.run.language, lab))?;
        let built = build();
        self.screen.unstatus()?;
        self.keyboard.key(0)?; // an error if it was left meanwhile
        built
    }

    fn visit(
        &mut self,
        root: &Path,
        lab: &str,
        scenario: &Scenario,
        place: (usize, usize),
    ) -> Result<()> {
        let language = self.run.language;
        (self.run.lab, self.run.scenario) = (lab.to_owned(), scenario.clone());
        let (width, rows) = self.measure();
        let heading = self.heading(place);
        let mut sheet = Sheet::new(width);
        if self.pace != Pace::Projector {
            sheet.line(Style::Plain, "");
            let rule = "━".repeat(width.saturating_sub(display_width(&heading)));
            sheet.line(Style::Heading, &format!("{heading}{rule}"));
        }
        let title = scenario.title.get(language);
        sheet.paragraph(Style::Heading, "   ", "   ", title);
        let title = Piece {
            rows: sheet.take(),
            ..Piece::default()
        };
        self.screen.status(&words::running(language, lab))?;
        let runner = Runner::new(root, lab, scenario).traced();
        let transcript = runner.observe(Watch(&mut self.keyboard)).run();
        self.screen.unstatus()?;
        let transcript = match transcript {
            Ok(transcript) => transcript,
            Err(error) => {
                self.go_through(&heading, vec![title])?;
                return Err(error);
            }
        };
        let layout = Layout {
            screen: &self.screen,
            width,
            rows,
            calls_apart: self.pace == Pace::Projector,
        };
        let teller = Teller::new(&self.run, &transcript, &layout, &mut self.seen);
        let told = teller.tell(&root.join("build").join("traced"))?;
        let pieces = std::iter::once(title).chain(told).collect();
        self.go_through(&heading, pieces)
    }

    fn screen(&mut self) -> &mut Screen {
        &mut self.screen
    }

    fn was_interrupted(&self) -> bool {
        self.keyboard.was_interrupted()
    }
}

/// Leaves a run that is being made when the reader does.
struct Watch<'a>(&'a mut Keyboard);

impl Observer for Watch<'_> {
    fn entry(&mut self, _entry: &Entry) -> Result<()> {
        self.0.key(0).map(|_| ())
    }

    fn waiting(&mut self, _condition: &Condition, _since: Duration) -> Result<()> {
        self.0.key(0).map(|_| ())
    }
}

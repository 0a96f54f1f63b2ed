//! What stands around a run: the introduction, the heading, the outcome, the calls.

use std::path::Path;
use std::sync::atomic::Ordering;

use anyhow::{Result, bail};

use crate::i18n::process::process;
use crate::i18n::tour as words;
use crate::run::observer::Quit;
use crate::run::runner::Runner;
use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::text::screen::{Screen, Style, WIDTH};
use crate::tour::calls::{self, CallLine};
use crate::tour::guide::Guide;
use crate::tour::part::keys;
use crate::tour::show::{RunPrinter, typed};

/// From so many processes on that make the same calls one after the other, the first is shown for all.
const MANY: usize = 4;

impl RunPrinter {
    /// The heading of a scenario.
    pub fn heading(
        &mut self,
        lab: &str,
        scenario: &Scenario,
        place: Option<(usize, usize)>,
    ) -> Result<()> {
        self.run.lab = lab.to_owned();
        self.run.scenario = scenario.clone();
        let place = place
            .map(|(at, of)| format!(" {at}/{of}"))
            .unwrap_or_default();
        let title = format!("━━{place} {lab} · {} ", scenario.name);
        let rule = "━".repeat(WIDTH.saturating_sub(title.chars().count()));
        self.screen.line(Style::Plain, "")?;
        self.screen
            .line(Style::Heading, &format!("{title}{rule}"))?;
        let text = scenario.title.get(self.run.language);
        self.screen.paragraph(Style::Heading, "   ", "   ", text)?;
        self.screen.line(Style::Plain, "")
    }

    /// How the run ended, and what was left.
    pub fn outcome(&mut self, transcript: &Transcript) -> Result<()> {
        let mut parts = self.run.end(transcript).into_iter();
        parts.try_for_each(|part| self.part(None, part))
    }

    /// The system calls of every process.
    pub fn calls(&mut self, transcript: &Transcript) -> Result<()> {
        let mut parts = transcript.parts();
        parts.try_for_each(|(who, part)| self.calls_of(part, who))
    }

    fn calls_of(&mut self, transcript: &Transcript, who: Option<&str>) -> Result<()> {
        let Some(trace) = &transcript.trace else {
            return Ok(());
        };
        let language = self.run.language;
        let title = words::calls_title(language);
        self.screen.line(Style::Plain, "")?;
        let whose = who.map_or(String::new(), |name| format!(": {name}"));
        self.screen
            .line(Style::Said, &format!("  {title}{whose}"))?;
        let pids = &transcript.pids;
        let rows = |&pid: &i32| calls::rows(trace, pids, pid, language);
        let processes: Vec<Vec<CallLine>> = pids.iter().map(rows).collect();
        let mut before = 0;
        for alike in processes.chunk_by(|one, other| one == other) {
            let shown = if alike.len() < MANY { alike.len() } else { 1 };
            for (place, rows) in alike[..shown].iter().enumerate() {
                let place = before + place;
                self.calls_of_process(place + 1, pids[place], rows)?;
            }
            if shown < alike.len() {
                let text = words::same_calls(language, before + 2, before + alike.len());
                self.screen.line(Style::Dim, &format!("  {text}"))?;
            }
            before += alike.len();
        }
        if !trace.unread.is_empty() {
            let text = words::unread_lines(language, trace.unread.len());
            self.screen
                .line(Style::Marked, &format!("  {text} {:?}", trace.unread))?;
        }
        Ok(())
    }

    fn calls_of_process(&mut self, number: usize, pid: i32, rows: &[CallLine]) -> Result<()> {
        let who = format!("  {} (pid {pid})", process(self.run.language, number));
        self.screen.line(Style::Heading, &who)?;
        for row in rows {
            let style = if row.is_notice {
                Style::Dim
            } else {
                Style::Plain
            };
            let text = self.screen.styled(style, &row.text);
            let remark = row
                .remark
                .map(|remark| format!("  ← {remark}"))
                .unwrap_or_default();
            let remark = self.screen.styled(Style::Marked, &remark);
            self.screen
                .line(Style::Plain, &format!("    {text}{remark}"))?;
        }
        Ok(())
    }
}

impl Guide for RunPrinter {
    fn introduction(&mut self, runs: usize, beside: bool) -> Result<()> {
        let language = self.run.language;
        let typed = typed(&self.screen, keys(b"\n"), language);
        let typed = self.screen.styled(Style::Typed, &typed);
        let second = beside.then(|| words::second_terminal(language).to_owned());
        let lines = words::introduction(language, runs, &typed);
        let mut lines = lines.into_iter().chain(second);
        lines.try_for_each(|line| self.screen.line(Style::Plain, &line))
    }

    fn while_building(&mut self, lab: &str, build: &mut dyn FnMut() -> Result<()>) -> Result<()> {
        if self.screen.has_colours() {
            self.screen
                .status(&words::building(self.run.language, lab))?;
        }
        let built = build();
        self.screen.unstatus()?;
        match self.was_interrupted() {
            true => bail!(Quit),
            false => built,
        }
    }

    /// It is shown while it runs; the calls come after it.
    fn visit(
        &mut self,
        root: &Path,
        lab: &str,
        scenario: &Scenario,
        place: (usize, usize),
    ) -> Result<()> {
        self.heading(lab, scenario, Some(place))?;
        let runner = Runner::new(root, lab, scenario).traced();
        let transcript = runner.observe(&mut *self).run()?;
        self.outcome(&transcript)?;
        self.calls(&transcript)
    }

    fn screen(&mut self) -> &mut Screen {
        &mut self.screen
    }

    fn was_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }
}

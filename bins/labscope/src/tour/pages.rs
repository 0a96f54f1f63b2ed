//! What stands around a run: the introduction, the heading, the outcome, the calls.

use anyhow::Result;

use crate::i18n::Language;
use crate::run::transcript::Transcript;
use crate::scenario::Scenario;
use crate::text::screen::{Style, WIDTH};
use crate::tour::calls;
use crate::tour::show::{RunPrinter, keys};

impl RunPrinter {
    /// What the signs mean; `beside` says whether some programs run in a second terminal.
    pub fn introduction(&mut self, runs: usize, beside: bool) -> Result<()> {
        let words = self.words;
        let typed = keys(b"\n", self.screen.has_colours(), words);
        let typed = self.screen.styled(Style::Typed, &typed);
        let lines = match words {
            Language::En => [
                format!(
                    "{runs} run{}, live, each on a terminal of its own, under strace:",
                    if runs == 1 { "" } else { "s" }
                ),
                "  $ what is started        │ what it prints on its terminal".into(),
                format!("  {typed} what is typed    ▸ what to look at"),
            ],
            Language::Ko => [
                format!("실행 {runs}개를 실제 터미널에서 strace로 추적하며 보여 준다."),
                "  $ 시작하는 프로그램      │ 터미널에 출력되는 것".into(),
                format!("  {typed} 입력하는 것      ▸ 눈여겨볼 것"),
            ],
        };
        let second = words.pick(
            "  name $, name │  the same in a second terminal, which has that name",
            "  이름 $, 이름 │  두 번째 터미널(그 이름)에서 일어나는 같은 것",
        );
        let second = beside.then(|| second.to_owned());
        let mut lines = lines.into_iter().chain(second);
        lines.try_for_each(|line| self.screen.line(Style::Plain, &line))
    }

    /// The heading of a scenario.
    pub fn heading(
        &mut self,
        lab: &str,
        scenario: &Scenario,
        place: Option<(usize, usize)>,
    ) -> Result<()> {
        (self.lab, self.scenario) = (lab.to_owned(), scenario.clone());
        let place = place
            .map(|(at, of)| format!(" {at}/{of}"))
            .unwrap_or_default();
        let title = format!("━━{place} {lab} · {} ", scenario.name);
        let rule = "━".repeat(WIDTH.saturating_sub(title.chars().count()));
        self.screen.line(Style::Plain, "")?;
        self.screen
            .line(Style::Heading, &format!("{title}{rule}"))?;
        let words = self.words;
        self.screen
            .paragraph(Style::Heading, "   ", "   ", scenario.title.get(words))?;
        self.screen.line(Style::Plain, "")
    }

    /// How the run ended, and what was left.
    pub fn outcome(&mut self, transcript: &Transcript) -> Result<()> {
        let words = self.words;
        if transcript.status.is_none() {
            let text = words.pick(
                "the run is over: what still runs is ended from outside",
                "실행을 마침: 아직 도는 것은 밖에서 끝냄",
            );
            self.screen.line(Style::Marked, &format!("  └ {text}"))?;
        }
        self.left(transcript, None)?;
        let mut companions = transcript.companions.iter();
        companions.try_for_each(|(name, part)| self.left(part, Some(name)))
    }

    /// What was still alive.
    fn left(&mut self, part: &Transcript, who: Option<&str>) -> Result<()> {
        let words = self.words;
        for process in &part.left {
            let what = if part.status.is_none() {
                words.pick("ended from outside", "밖에서 끝냄")
            } else {
                words.pick("left behind, now cleared away", "남아 있어 정리함")
            };
            let whose = who.map_or(String::new(), |name| format!("{name}: "));
            let who = format!(
                "{whose}{}",
                crate::i18n::process::process(words, process.number)
            );
            let text = format!(
                "    {who} (pid {}, {}): {what}",
                process.pid, process.command
            );
            self.screen.line(Style::Dim, &text)?;
        }
        Ok(())
    }

    /// The system calls of every process.
    pub fn calls(&mut self, transcript: &Transcript) -> Result<()> {
        self.calls_of(transcript, None)?;
        let mut companions = transcript.companions.iter();
        companions.try_for_each(|(name, part)| self.calls_of(part, Some(name)))
    }

    fn calls_of(&mut self, transcript: &Transcript, who: Option<&str>) -> Result<()> {
        let Some(trace) = &transcript.trace else {
            return Ok(());
        };
        let words = self.words;
        let title = words.pick("System calls, process by process", "프로세스별 시스템 콜");
        self.screen.line(Style::Plain, "")?;
        let whose = who.map_or(String::new(), |name| format!(": {name}"));
        self.screen
            .line(Style::Said, &format!("  {title}{whose}"))?;
        for (place, &pid) in transcript.pids.iter().enumerate() {
            let who = format!(
                "  {} (pid {pid})",
                crate::i18n::process::process(words, place + 1)
            );
            self.screen.line(Style::Heading, &who)?;
            for row in calls::rows(trace, &transcript.pids, pid, words) {
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
        }
        if !trace.unread.is_empty() {
            let text = words.pick("lines of the trace could not be read:", "줄을 읽지 못함:");
            self.screen.line(
                Style::Marked,
                &format!("  {} {text} {:?}", trace.unread.len(), trace.unread),
            )?;
        }
        Ok(())
    }
}

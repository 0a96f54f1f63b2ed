//! What stands around a run: the introduction, the heading, the outcome, the calls.

use anyhow::Result;

use super::calls;
use super::screen::{Style, WIDTH};
use super::show::{Show, keys};
use crate::scenario::{Language, Scenario};
use crate::transcript::Transcript;

impl Show {
    /// What the signs mean.
    pub fn introduction(&mut self, runs: usize) -> Result<()> {
        let words = self.words;
        let typed = keys(b"\n", self.screen.has_colours(), words);
        let typed = self.screen.styled(Style::Typed, &typed);
        let lines = match words.0 {
            Language::En => [
                format!("{runs} runs, live, each on a terminal of its own, under strace:"),
                "  $ what is started        │ what it prints on its terminal".into(),
                format!("  {typed} what is typed    ▸ what to look at"),
            ],
            Language::Ko => [
                format!("실행 {runs}개를 실제 터미널에서 strace로 추적하며 보여 줍니다."),
                "  $ 시작하는 프로그램      │ 터미널에 출력되는 것".into(),
                format!("  {typed} 입력하는 것      ▸ 눈여겨볼 것"),
            ],
        };
        lines
            .iter()
            .try_for_each(|line| self.screen.line(Style::Plain, line))
    }

    /// The heading of a scenario, and the command line.
    pub fn heading(
        &mut self,
        lab: &str,
        scenario: &Scenario,
        place: Option<(usize, usize)>,
    ) -> Result<()> {
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
            .paragraph(Style::Heading, "   ", "   ", words.text(&scenario.title))?;
        self.screen.line(Style::Plain, "")?;
        let arguments: Vec<String> = scenario
            .args
            .iter()
            .map(|word| format!(" {word}"))
            .collect();
        let wiring = self.screen.styled(Style::Dim, &words.wiring(scenario));
        let command = format!("  $ ./{lab}{}  {wiring}", arguments.concat());
        self.screen.line(Style::Plain, command.trim_end())?;
        if let Some(input) = &scenario.input {
            let label = words.pick("standard input holds", "표준 입력의 내용");
            self.screen
                .line(Style::Dim, &format!("    {label} {}", shortened(input)))?;
        }
        Ok(())
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
        for process in &transcript.left {
            let what = if transcript.status.is_none() {
                words.pick("ended from outside", "밖에서 끝냄")
            } else {
                words.pick("left behind, now cleared away", "남아 있어 정리함")
            };
            let who = words.process(process.number);
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
        let Some(trace) = &transcript.trace else {
            return Ok(());
        };
        let words = self.words;
        let title = words.pick("System calls, process by process", "프로세스별 시스템 호출");
        self.screen.line(Style::Plain, "")?;
        self.screen.line(Style::Said, &format!("  {title}"))?;
        for (place, &pid) in transcript.pids.iter().enumerate() {
            let who = format!("  {} (pid {pid})", words.process(place + 1));
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

/// A text quoted on one line.
fn shortened(text: &str) -> String {
    let quoted = format!("{text:?}");
    if quoted.chars().count() <= 48 {
        return quoted;
    }
    let start: String = quoted.chars().take(44).collect();
    format!("{start}…\" ({} bytes)", text.len())
}

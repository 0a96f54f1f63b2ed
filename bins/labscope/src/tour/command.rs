//! Command lines: what is started, in which terminal, with which input.

use anyhow::Result;

use super::screen::Style;
use super::show::{Show, margin};
use crate::scenario::{Companion, Played};

impl Show {
    /// The command line of the lab, or of a companion in its own terminal.
    pub(super) fn started(&mut self, who: Option<&str>) -> Result<()> {
        let companion = |name: &str| {
            let mut companions = self.scenario.companions.iter();
            companions.find(|companion| companion.name == name).cloned()
        };
        let played = match who {
            Some(name) => companion(name)
                .unwrap_or_else(|| Companion::named(name, Played::Lab(String::new()))),
            None => Companion {
                args: self.scenario.args.clone(),
                stdin: self.scenario.stdin.clone(),
                stdout: self.scenario.stdout.clone(),
                input: self.scenario.input.clone(),
                ..Companion::named("", Played::Lab(self.lab.clone()))
            },
        };
        self.command_line(who, &played)
    }

    fn command_line(&mut self, who: Option<&str>, played: &Companion) -> Result<()> {
        let program = match &played.played {
            Played::Lab(lab) => format!("./{lab}"),
            Played::Program(path) => path.clone(),
        };
        let words = [vec![program], played.args.clone()].concat().join(" ");
        let wiring = self.words.wiring(&played.stdin, &played.stdout);
        let wiring = self.screen.styled(Style::Dim, &wiring);
        let line = format!("{}{words}  {wiring}", margin(who, '$'));
        self.screen.line(Style::Plain, line.trim_end())?;
        match &played.input {
            Some(input) => {
                let label = self.words.pick("standard input holds", "표준 입력의 내용");
                let text = format!("    {label} {}", shortened(input));
                self.screen.line(Style::Dim, &text)
            }
            None => Ok(()),
        }
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

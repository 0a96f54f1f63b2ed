//! Command lines: what is started, in which terminal, with which input.

use anyhow::Result;

use crate::text::screen::Style;
use crate::tour::show::{RunPrinter, margin};

impl RunPrinter {
    /// The command line of the lab, or of a companion in its own terminal.
    pub(super) fn started(&mut self, who: Option<&str>) -> Result<()> {
        let played = self.scenario.played(&self.lab, who);
        let wiring = played.say_wiring(self.words);
        let wiring = self.screen.styled(Style::Dim, &wiring);
        let line = format!("{}{}  {wiring}", margin(who, '$'), played.command_line());
        self.screen.line(Style::Plain, line.trim_end())?;
        match played.say_input(self.words) {
            Some(text) => self.screen.line(Style::Dim, &format!("    {text}")),
            None => Ok(()),
        }
    }
}

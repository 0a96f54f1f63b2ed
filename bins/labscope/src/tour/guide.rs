//! What the walk needs of whoever shows it: a printer that goes through, or a reader who is waited for.

use std::path::Path;

use anyhow::{Error, Result};

use crate::scenario::Scenario;
use crate::text::screen::{Screen, Style};

/// Shows the runs of a tour.
pub trait Guide {
    /// How many runs there will be, and whether some programs run in a second terminal.
    fn introduction(&mut self, runs: usize, beside: bool) -> Result<()>;

    /// Tells on a terminal that a lab is being built.
    fn while_building(&mut self, lab: &str, build: &mut dyn FnMut() -> Result<()>) -> Result<()>;

    /// Shows a scenario, always traced; `place`: the number of its run, and of how many.
    fn visit(
        &mut self,
        root: &Path,
        lab: &str,
        scenario: &Scenario,
        place: (usize, usize),
    ) -> Result<()>;

    /// Whether a signal asked for the end.
    fn was_interrupted(&self) -> bool;

    /// Where it is shown.
    fn screen(&mut self) -> &mut Screen;

    /// A scenario that could not be shown to its end.
    fn failure(&mut self, error: &Error) -> Result<()> {
        let text = format!("  ✗ {error:#}");
        self.screen().line(Style::Marked, &text)
    }

    /// A last word.
    fn farewell(&mut self, text: &str) -> Result<()> {
        self.screen().line(Style::Plain, "")?;
        self.screen().line(Style::Said, text)
    }
}

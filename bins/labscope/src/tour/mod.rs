//! The tour: every lab shown live, with what is typed, what is printed, and which calls were made.

mod calls;
mod command;
mod keyboard;
mod pages;
mod picture;
mod show;
mod table;

use std::path::Path;

use anyhow::{Context, Result, bail};

pub use picture::lines as descriptor_tables;
pub use show::{Show, keys};
pub use table::lines as process_table;

use crate::i18n::Language;
use crate::project::labs;
use crate::run::observer::Quit;
use crate::run::runner::Runner;
use crate::run::strace_command::find_strace;
use crate::scenario;
use crate::scenario::Scenario;

/// What the tour is asked for.
#[derive(Clone, Debug, Default)]
pub struct Tour {
    /// One lab only.
    pub lab: Option<String>,
    /// Wait for a key between steps.
    pub step: bool,
    pub words: Language,
}

/// One scenario to be shown, and its place in the tour.
struct Stop {
    lab: String,
    scenario: Scenario,
}

/// Walks through the labs; false when one of them could not be shown to its end.
pub fn run(root: &Path, tour: &Tour) -> Result<bool> {
    find_strace()?;
    let stops = stops(root, tour)?;
    let mut failures = Vec::new();
    let words = tour.words;
    let mut show = Show::new(words, tour.step)?;
    let beside = |stop: &Stop| !stop.scenario.companions.is_empty();
    show.introduction(stops.len(), stops.iter().any(beside))?;
    for (place, stop) in stops.iter().enumerate() {
        let result = visit(root, stop, (place + 1, stops.len()), &mut show);
        match result {
            Ok(()) => {}
            Err(error) if error.is::<Quit>() => {
                show.farewell(words.pick(
                    "The tour ends here; nothing is left behind.",
                    "둘러보기를 여기서 마친다. 남은 프로세스는 없다.",
                ))?;
                return if show.was_interrupted() {
                    Err(error)
                } else {
                    Ok(true)
                };
            }
            Err(error) => {
                show.failure(&error)?;
                failures.push(format!("{} ({})", stop.lab, stop.scenario.name));
            }
        }
    }
    if failures.is_empty() {
        return Ok(true);
    }
    let what = words.pick("Not shown to the end:", "끝까지 보이지 못한 것:");
    show.farewell(&format!("{what} {}", failures.join(", ")))?;
    Ok(false)
}

/// Shows one scenario, always traced, with the calls after it.
fn visit(root: &Path, stop: &Stop, place: (usize, usize), show: &mut Show) -> Result<()> {
    show.heading(&stop.lab, &stop.scenario, Some(place))?;
    let runner = Runner::new(root, &stop.lab, &stop.scenario).traced();
    let transcript = runner.observe(&mut *show).run()?;
    show.outcome(&transcript)?;
    show.pause()?;
    show.calls(&transcript)?;
    if place.0 < place.1 {
        show.pause()
    } else {
        Ok(())
    }
}

/// The scenarios of the tour, in the order of the labs.
fn stops(root: &Path, tour: &Tour) -> Result<Vec<Stop>> {
    let mut chosen = labs(root)?;
    if let Some(lab) = &tour.lab {
        if !chosen.contains(lab) {
            bail!("there is no lab {lab:?}; there are: {}", chosen.join(", "));
        }
        chosen = vec![lab.clone()];
    }
    let mut stops = Vec::new();
    for lab in chosen {
        let scenarios = scenario::load(root, &lab)
            .with_context(|| format!("lab {lab}"))?
            .scenarios;
        let before = stops.len();
        stops.extend(
            scenarios
                .into_iter()
                .filter(|scenario| scenario.tour)
                .map(|scenario| Stop {
                    lab: lab.clone(),
                    scenario,
                }),
        );
        if stops.len() == before {
            bail!("no scenario of {lab} is part of the tour: give one `tour = true`");
        }
    }
    Ok(stops)
}

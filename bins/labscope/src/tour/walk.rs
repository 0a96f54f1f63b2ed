//! The walk through the labs, one scenario after the other.

use std::collections::VecDeque;
use std::io::IsTerminal;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::i18n::{Language, failure, run, tour as words};
use crate::project::labs;
use crate::run::observer::Quit;
use crate::scenario;
use crate::scenario::{Companion, Scenario};
use crate::text::screen::obeys_escapes;
use crate::tour::builds::Builds;
use crate::tour::guide::Guide;
use crate::tour::reader::{Pace, Reader};
use crate::tour::show::RunPrinter;

/// What the tour is asked for.
#[derive(Clone, Debug, Default)]
pub struct TourOptions {
    /// One lab only.
    pub lab: Option<String>,
    /// At whose pace it goes on a terminal; none: at its own.
    pub pace: Option<Pace>,
    /// Have each lab built by make before it is shown.
    pub makes: bool,
    pub language: Language,
}

/// One scenario to be shown, and its place in the tour.
struct TourScenario {
    lab: String,
    scenario: Scenario,
}

impl TourScenario {
    /// The labs that take part, beside those that make builds with one anyway.
    fn labs(&self) -> Vec<&str> {
        let companions = self.scenario.companions.iter();
        let labs = companions.filter_map(Companion::lab);
        std::iter::once(self.lab.as_str()).chain(labs).collect()
    }
}

/// Walks through the labs; false when one of them could not be shown to its end.
pub fn run(root: &Path, tour: &TourOptions) -> Result<bool> {
    let stops = stops(root, tour)?;
    let mut failures = Vec::new();
    let language = tour.language;
    let mut show: Box<dyn Guide> = match tour.pace.filter(|_| is_on_terminal()) {
        Some(pace) => Box::new(Reader::new(language, pace)?),
        None => Box::new(RunPrinter::new(language)?),
    };
    let beside = |stop: &TourScenario| !stop.scenario.companions.is_empty();
    let mut to_build: VecDeque<String> = VecDeque::new();
    for lab in stops
        .iter()
        .filter(|_| tour.makes)
        .flat_map(TourScenario::labs)
    {
        if !to_build.iter().any(|it| it == lab) {
            to_build.push_back(lab.to_owned());
        }
    }
    let mut builds = Builds::begin(root, to_build)?;
    let mut begun = Some(show.introduction(stops.len(), stops.iter().any(beside)));
    for (place, stop) in stops.iter().enumerate() {
        let begun = begun.take().unwrap_or(Ok(()));
        let mut build = || builds.finish(&stop.labs());
        let built = begun.and_then(|()| show.while_building(&stop.lab, &mut build));
        let place = (place + 1, stops.len());
        let result = built.and_then(|()| show.visit(root, &stop.lab, &stop.scenario, place));
        match result {
            Ok(()) => {}
            Err(error) if error.is::<Quit>() => {
                show.farewell(words::farewell(language))?;
                return match show.was_interrupted() {
                    true => Err(error),
                    false => Ok(true),
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
    show.farewell(&words::not_shown(language, &failures.join(", ")))?;
    Ok(false)
}

/// Whether somebody reads, and can go on and back.
fn is_on_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal() && obeys_escapes()
}

/// The scenarios of the tour, in the order of the labs.
fn stops(root: &Path, tour: &TourOptions) -> Result<Vec<TourScenario>> {
    let mut chosen = labs(root)?;
    if let Some(lab) = &tour.lab {
        scenario::check_lab(lab, &chosen)?;
        chosen = vec![lab.clone()];
    }
    let mut stops = Vec::new();
    for lab in chosen {
        let scenarios = scenario::load(root, &lab)
            .with_context(|| run::of_lab(&lab))?
            .scenarios;
        let before = stops.len();
        stops.extend(
            scenarios
                .into_iter()
                .filter(|scenario| scenario.tour)
                .map(|scenario| TourScenario {
                    lab: lab.clone(),
                    scenario,
                }),
        );
        if stops.len() == before {
            bail!(failure::has_no_scenario_for_tour(&lab));
        }
    }
    Ok(stops)
}

//! A whole exploration, within bounds.

use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};

use crate::control::{self, Machine, Settings};
use crate::i18n::run;
use crate::orders::explorer::{Ended, Explorer};
use crate::orders::outcome::Outcome;
use crate::proc::speed;
use crate::run::Cap;

/// How far it is searched.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    pub runs: usize,
    /// Of one run.
    pub steps: usize,
    /// Of one run, of a program that does not end within those.
    pub steps_of_endless: usize,
    pub time: Duration,
    /// Everything is put in every order, also what touches nothing in common: to test the search itself.
    pub is_blind: bool,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            runs: 20_000,
            steps: 300,
            steps_of_endless: 16,
            time: speed::here(Duration::from_secs(60)),
            is_blind: false,
        }
    }
}

/// Why not everything has been seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    Runs(usize),
    /// Runs were cut off after so many steps.
    Steps(usize),
    Time(Duration),
    Cap(Cap),
    /// The program does not do the same in the same order.
    Differs,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Exploration {
    /// Why this is not all; none: it is.
    pub bound: Option<Bound>,
    /// How many runs were made, those that turned out to be known ones too.
    pub runs: usize,
    /// In order of discovery.
    pub outcomes: Vec<Outcome>,
}

/// Runs a program in every order, until `is_enough` says so of an outcome.
///
/// In a thread of its own: only the thread that traces a process may ask about it.
pub fn explore(
    settings: Settings,
    bounds: Bounds,
    is_enough: impl Fn(&Outcome) -> bool + Sync,
) -> Result<Exploration> {
    std::thread::scope(|scope| {
        let searching = scope.spawn(|| search(settings, bounds, &is_enough));
        searching
            .join()
            .map_err(|_| anyhow!(run::search_panicked()))?
    })
}

fn search(
    settings: Settings,
    bounds: Bounds,
    is_enough: &dyn Fn(&Outcome) -> bool,
) -> Result<Exploration> {
    let started = Instant::now();
    control::stay_on_one_processor();
    let mut explorer = Explorer::new(Machine::new(settings)?, bounds.steps, bounds.is_blind);
    let mut found = Exploration::default();
    loop {
        let ended = explorer.run()?;
        found.runs += 1;
        let outcome = match ended {
            Ended::Over(outcome) => Some(outcome),
            Ended::Cut(_) if explorer.most_steps == bounds.steps && found.runs == 1 => {
                explorer.begin_again(bounds.steps_of_endless);
                found = Exploration::default();
                continue;
            }
            Ended::Cut(outcome) => {
                found.bound = Some(Bound::Steps(explorer.most_steps));
                Some(outcome)
            }
            Ended::Capped(cap, outcome) => {
                found.bound = Some(Bound::Cap(cap));
                found.add(outcome);
                return Ok(found);
            }
            Ended::Redundant => None,
            Ended::Differs => {
                found.bound = Some(Bound::Differs);
                None
            }
        };
        let is_over = outcome.is_some_and(|outcome| {
            let is_enough = is_enough(&outcome);
            found.add(outcome);
            is_enough
        });
        if is_over || !explorer.turn() {
            return Ok(found);
        }
        if found.runs >= bounds.runs {
            found.bound = Some(Bound::Runs(bounds.runs));
            return Ok(found);
        }
        if started.elapsed() >= bounds.time {
            found.bound = Some(Bound::Time(bounds.time));
            return Ok(found);
        }
    }
}

impl Exploration {
    /// Whether these are all outcomes.
    pub fn is_complete(&self) -> bool {
        self.bound.is_none()
    }

    /// How many orders have been seen to their end.
    pub fn orders(&self) -> usize {
        self.outcomes.iter().map(|outcome| outcome.orders).sum()
    }

    fn add(&mut self, outcome: Outcome) {
        let known = self
            .outcomes
            .iter_mut()
            .find(|known| known.is_like(&outcome));
        let Some(known) = known else {
            return self.outcomes.push(outcome);
        };
        known.orders += 1;
        let is_shorter = (outcome.steps.len(), &outcome.steps) < (known.steps.len(), &known.steps);
        if is_shorter {
            (known.steps, known.calls) = (outcome.steps, outcome.calls);
        }
    }
}

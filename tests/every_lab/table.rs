//! The table of verdicts: with `RAWLABS_TABLE=1` each file that is compared has a row, when it has been.

use std::time::Instant;

use labscope::Language;
use labscope::compare::ScenarioResult;

use crate::support::excuses::Excused;

/// How many changes were made to what declared differences excuse in a scenario, and how many of them nobody told.
pub fn changes(outcome: &ScenarioResult, excused: &Excused) {
    if std::env::var_os("RAWLABS_TABLE").is_none() || excused.made == 0 {
        return;
    }
    let (lab, scenario) = (&outcome.lab, &outcome.scenario.name);
    let (made, untold) = (excused.made, excused.untold.len());
    println!("| {lab} | {scenario} | {made} changes | {untold} untold |");
}

/// A row: what came of a file in so many scenarios of its lab, and how long that took.
pub fn row(lab: &str, file: &str, outcomes: &[ScenarioResult], began: Instant) {
    if std::env::var_os("RAWLABS_TABLE").is_none() {
        return;
    }
    let differs = |outcome: &&ScenarioResult| outcome.mismatches().next().is_some();
    let shown = outcomes.iter().find(differs).or(outcomes.last());
    let verdict = shown.map_or("", |outcome| outcome.verdict().say(Language::En));
    let (count, seconds) = (outcomes.len(), began.elapsed().as_secs_f64());
    println!("| {lab} | {file} | {verdict} | {count} | {seconds:.1} |");
}

//! The table of verdicts: with `RAWLABS_TABLE=1` each file that is compared has a row, when it has been.

use std::time::Instant;

use labscope::Language;
use labscope::compare::ScenarioResult;

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

//! `labscope compare`: the C twin, or a student's own file, beside the lab.

use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cli::class::class;
pub use crate::cli::examine::CompareOptions;
use crate::cli::examine::{examine, means, outcomes};
use crate::compare::report::json;
use crate::compare::report::terminal::ComparisonPrinter;
use crate::compare::result::ScenarioResult;
use crate::compare::twins::of_lab;
use crate::scenario;

/// Compares the C twin with its lab; whether they are the same.
pub fn twin(root: &Path, compare: &CompareOptions) -> Result<bool> {
    let file = scenario::load(root, &compare.lab)?;
    let c = of_lab(root, &compare.lab)?;
    let outcomes = outcomes(root, compare, &file, &c, false, None)?;
    let mut show = ComparisonPrinter::new(compare.language, compare.all);
    for outcome in &outcomes {
        if compare.json {
            writeln!(stdout(), "{}", json::scenario(outcome))?;
        } else {
            show.outcome(outcome)?;
            show.missing(outcome)?;
        }
    }
    if let Some(first) = outcomes.first().filter(|_| !compare.json) {
        show.ledger(first)?;
        show.legend(&outcomes)?;
        show.verdict_in_all(&compare.lab, &outcomes)?;
    }
    Ok(outcomes.iter().all(ScenarioResult::is_faithful))
}

/// Compares a student's file, or files of one program, or each program of a folder; whether none departs from the lab.
pub fn submitted(root: &Path, compare: &CompareOptions, path: &Path) -> Result<bool> {
    let mut show = ComparisonPrinter::new(compare.language, compare.all);
    let file = scenario::load(root, &compare.lab)?;
    means(compare)?;
    if path.is_dir() {
        return class(root, compare, &file, path, &mut show);
    }
    let sources = sources(path);
    let path = sources.first().map_or(path, PathBuf::as_path);
    let examined = examine(root, compare, &file, &sources, None)?;
    if compare.json {
        writeln!(stdout(), "{}", json::submission(path, &examined))?;
    } else {
        show.compiler(path, &examined)?;
        if !examined.outcomes().is_empty() {
            show.verdict_on(path, &examined)?;
        }
        for outcome in examined.outcomes() {
            show.outcome(outcome)?;
        }
        let mut outcomes = examined.outcomes().iter();
        if let Some(first) = outcomes.find(|outcome| !outcome.run_pairs.is_empty()) {
            show.ledger(first)?;
        }
        if !examined.outcomes().is_empty() {
            show.legend(examined.outcomes())?;
            show.verdict_on(path, &examined)?;
        }
    }
    Ok(examined.passes())
}

/// The files that are named, one after the other; a name with a blank in it is one, if there is such a file.
fn sources(path: &Path) -> Vec<PathBuf> {
    let several: Option<Vec<PathBuf>> = path
        .to_str()
        .map(|names| names.split_whitespace().map(PathBuf::from).collect());
    match several {
        Some(several) if several.len() > 1 && !path.exists() => several,
        _ => vec![path.to_owned()],
    }
}

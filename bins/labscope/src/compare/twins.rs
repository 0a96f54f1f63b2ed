//! The labs beside their C twins.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};

use crate::compare::equivalents::idioms;
use crate::compare::record::{ComparedProgram, Records};
use crate::compare::result::ScenarioResult;
use crate::i18n::failure;
use crate::scenario;
use crate::scenario::{Difference, Scenario, Scenarios};

/// Compares a lab with its C twin in one scenario.
pub fn twin(root: &Path, lab: &str, scenario: &str) -> Result<ScenarioResult> {
    let file = scenario::load(root, lab)?;
    let scenario = file.chosen(lab, Some(scenario))?;
    with_lab(root, lab, &file, scenario, &of_lab(root, lab)?, false, None)
}

/// The C twin of a lab.
pub(crate) fn of_lab(root: &Path, lab: &str) -> Result<ComparedProgram> {
    let path = root.join("build").join("c").join(lab);
    if !path.is_file() {
        bail!(failure::is_built_by(path.display(), "c"));
    }
    Ok(ComparedProgram::C {
        root: root.to_owned(),
        path,
        confined: None,
        args: Vec::new(),
        in_tmp: false,
        has_libc: true,
    })
}

/// Compares a C program with its lab; `variants`: also known forms of the textbook's program are recognised;
/// `records`: the lab's runs serve others too.
pub(crate) fn with_lab(
    root: &Path,
    lab: &str,
    file: &Scenarios,
    scenario: &Scenario,
    c: &ComparedProgram,
    variants: bool,
    records: Option<&Arc<Records>>,
) -> Result<ScenarioResult> {
    let known = file
        .differences
        .iter()
        .filter(|one| variants || !one.variant);
    let idioms = idioms().filter(|_| variants);
    let known: Vec<Difference> = known.cloned().chain(idioms).collect();
    let program = ComparedProgram::Lab {
        root: root.to_owned(),
        name: lab.to_owned(),
        records: records.cloned(),
    };
    ScenarioResult::of(lab, scenario, &known, c, &program)
        .with_context(|| format!("{lab} {}", scenario.name))
}

/// Compares a C program with the solution of a task, which is in C too. What differs in any two runs is known by a
/// difference that says the same of both.
pub(crate) fn with_solution(
    lab: &str,
    file: &Scenarios,
    scenario: &Scenario,
    c: &ComparedProgram,
    solution: &ComparedProgram,
) -> Result<ScenarioResult> {
    let of_runs = file.differences.iter().filter(|one| one.c == one.lab);
    // When text is written out, the flags of sigaction, and whether unread input is given back may be what it is about.
    let may_be_told = ["flushes", "gives-back", "prompt", "sigaction"];
    let idioms = idioms().filter(|one| !may_be_told.contains(&one.name.as_str()));
    let known: Vec<Difference> = of_runs.cloned().chain(idioms).collect();
    ScenarioResult::of(lab, scenario, &known, c, solution)
        .with_context(|| format!("{lab} {}", scenario.name))
}

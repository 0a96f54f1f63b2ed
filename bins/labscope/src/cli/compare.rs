//! `labscope compare`: the C twin, or a student's own file, beside the lab.

use std::path::Path;

use anyhow::{Result, bail};

use crate::cli::chosen::chosen;
use crate::compare::in_parallel;
use crate::compare::record::ComparedProgram;
use crate::compare::report::json;
use crate::compare::report::terminal::ComparisonPrinter;
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::compare::twins::{of_lab, with_lab};
use crate::i18n::Language;
use crate::project::labs;
use crate::run::scratch::Scratch;
use crate::scenario;
use crate::scenario::{Scenario, Scenarios};
use crate::submission;
use crate::submission::CompileError;

/// What is compared with what, and how it is told.
pub struct CompareOptions {
    pub lab: String,
    /// This scenario only.
    pub scenario: Option<String>,
    pub json: bool,
    /// Every call, however many agree.
    pub all: bool,
    pub language: Language,
}

/// How many scenarios run at once: they mostly sleep.
pub const AT_ONCE: usize = 6;

/// Compares the C twin with its lab; whether they are the same.
pub fn twin(root: &Path, compare: &CompareOptions) -> Result<bool> {
    let c = of_lab(root, &compare.lab)?;
    let outcomes = outcomes(root, compare, &c, false)?;
    let mut show = ComparisonPrinter::new(compare.language, compare.all);
    for outcome in &outcomes {
        if compare.json {
            println!("{}", json::scenario(outcome));
        } else {
            show.outcome(outcome)?;
            show.missing(outcome)?;
        }
    }
    if let Some(first) = outcomes.first().filter(|_| !compare.json) {
        show.ledger(first)?;
    }
    Ok(outcomes.iter().all(ScenarioResult::is_faithful))
}

/// The scenarios of a lab, each compared; `variants`: also known forms of the textbook's program are recognised.
pub fn outcomes(
    root: &Path,
    compare: &CompareOptions,
    c: &ComparedProgram,
    variants: bool,
) -> Result<Vec<ScenarioResult>> {
    let file = scenario::load(root, &compare.lab)?;
    let chosen = all_chosen(&file, compare)?;
    let compared = in_parallel(&chosen, AT_ONCE, |scenario| {
        with_lab(root, &compare.lab, &file, scenario, c, variants)
    });
    compared.into_iter().collect()
}

/// The scenario that is asked for, or all.
fn all_chosen<'a>(file: &'a Scenarios, compare: &CompareOptions) -> Result<Vec<&'a Scenario>> {
    match &compare.scenario {
        None => Ok(file.scenarios.iter().collect()),
        name => Ok(vec![chosen(file, &compare.lab, name.as_deref())?]),
    }
}

/// Compares a student's file, or each file of a folder; whether none departs from the lab.
pub fn submitted(root: &Path, compare: &CompareOptions, path: &Path) -> Result<bool> {
    let mut show = ComparisonPrinter::new(compare.language, compare.all);
    if path.is_dir() {
        return class(root, compare, path, &mut show);
    }
    let examined = examine(root, compare, path)?;
    if compare.json {
        println!("{}", json::submission(path, &examined));
    } else {
        show.compiler(path, &examined)?;
        for outcome in examined.outcomes() {
            show.outcome(outcome)?;
        }
        let mut outcomes = examined.outcomes().iter();
        if let Some(first) = outcomes.find(|outcome| !outcome.run_pairs.is_empty()) {
            show.ledger(first)?;
        }
        if !examined.outcomes().is_empty() {
            show.last_word(path, &examined)?;
        }
    }
    Ok(examined.passes())
}

/// One verdict a file, for every file of a folder that is called like this lab.
fn class(
    root: &Path,
    compare: &CompareOptions,
    folder: &Path,
    show: &mut ComparisonPrinter,
) -> Result<bool> {
    let labs = labs(root)?;
    let found = submission::find(folder, &labs)?;
    let (mine, others): (Vec<_>, Vec<_>) = found
        .into_iter()
        .partition(|found| found.lab.as_ref().is_ok_and(|lab| *lab == compare.lab));
    if mine.is_empty() {
        bail!(
            "no file in {} is called like {}: name them fork_test.c, kim_fork_test.c, kim/fork_test.c …",
            folder.display(),
            compare.lab
        );
    }
    all_chosen(&scenario::load(root, &compare.lab)?, compare)?;
    let mut all_pass = true;
    for found in &mine {
        let examined = examine(root, compare, &found.path).unwrap_or_else(cannot_be_compared);
        all_pass &= examined.passes();
        let name = found.path.strip_prefix(folder).unwrap_or(&found.path);
        match compare.json {
            true => println!("{}", json::submission(name, &examined)),
            false => show.line_of_class(name, &examined)?,
        }
    }
    if !compare.json {
        show.passed_over(&others, folder)?;
    }
    Ok(all_pass)
}

/// One file that cannot be compared is no reason to leave the others.
fn cannot_be_compared(error: anyhow::Error) -> SubmissionResult {
    let text = format!("{error:#}");
    let first = text.lines().next().unwrap_or_default();
    SubmissionResult::Refused(CompileError::Uncompared(first.to_owned()))
}

/// Compiles a file and runs it through the scenarios, in a scratch folder of its own.
fn examine(root: &Path, compare: &CompareOptions, source: &Path) -> Result<SubmissionResult> {
    let scratch = Scratch::new()?;
    let folder = scratch.path("programs");
    let flags = scenario::load(root, &compare.lab)?.lab;
    let flags = flags.map_or_else(Vec::new, |head| head.c_flags);
    let compiled = match submission::compile(source, &compare.lab, &flags, &folder) {
        Ok(compiled) => compiled,
        Err(refused) => return Ok(SubmissionResult::Refused(refused)),
    };
    for needed in needs(root, &compare.lab)? {
        let twins = root.join("build").join("c");
        if let Err(refused) = submission::add_needed(source, &needed, &twins, &folder)? {
            return Ok(SubmissionResult::Refused(refused));
        }
    }
    let c = ComparedProgram::C {
        root: root.to_owned(),
        path: compiled.program.clone(),
    };
    let outcomes = outcomes(root, compare, &c, true)?;
    Ok(SubmissionResult::Compared {
        messages: compiled.messages,
        outcomes,
    })
}

/// The programs that must lie beside this one.
fn needs(root: &Path, lab: &str) -> Result<Vec<String>> {
    let file = scenario::load(root, lab)?;
    let mut needs: Vec<String> = file
        .scenarios
        .into_iter()
        .flat_map(|scenario| scenario.needs)
        .collect();
    needs.sort();
    needs.dedup();
    Ok(needs)
}

//! `labscope compare`: the C twin, or a student's own file, beside the lab.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Result;

use crate::cli::chosen::chosen;
use crate::cli::class::class;
use crate::compare::in_parallel;
use crate::compare::record::{ComparedProgram, Records};
use crate::compare::report::json;
use crate::compare::report::terminal::ComparisonPrinter;
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::compare::twins::{of_lab, with_lab};
use crate::confinement::Means;
use crate::i18n::{Language, submission as words};
use crate::run::scratch::Scratch;
use crate::scenario;
use crate::scenario::{Head, Scenario, Scenarios};
use crate::submission;
use crate::submission::Submission;

/// What is compared with what, and how it is told.
pub struct CompareOptions {
    pub lab: String,
    /// This scenario only.
    pub scenario: Option<String>,
    pub json: bool,
    /// A file that is handed in may do what the caller may.
    pub trust: bool,
    /// What the points of a class are given for, if not for what the lab says.
    pub rubric: Option<PathBuf>,
    /// Every call, however many agree.
    pub all: bool,
    pub language: Language,
}

/// How many scenarios run at once: they mostly sleep.
pub const AT_ONCE: usize = 6;

/// Compares the C twin with its lab; whether they are the same.
pub fn twin(root: &Path, compare: &CompareOptions) -> Result<bool> {
    scenario::load(root, &compare.lab)?; // there is such a lab
    let c = of_lab(root, &compare.lab)?;
    let outcomes = outcomes(root, compare, &c, false, None)?;
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
        show.legend(&outcomes)?;
        show.verdict_in_all(&compare.lab, &outcomes)?;
    }
    Ok(outcomes.iter().all(ScenarioResult::is_faithful))
}

/// The scenarios of a lab, each compared; `variants`: also known forms of the textbook's program are recognised.
pub fn outcomes(
    root: &Path,
    compare: &CompareOptions,
    c: &ComparedProgram,
    variants: bool,
    records: Option<&Arc<Records>>,
) -> Result<Vec<ScenarioResult>> {
    let file = scenario::load(root, &compare.lab)?;
    let chosen = all_chosen(&file, compare)?;
    let compared = in_parallel(&chosen, AT_ONCE, |scenario| {
        with_lab(root, &compare.lab, &file, scenario, c, variants, records)
    });
    compared.into_iter().collect()
}

/// The scenario that is asked for, or all.
pub(super) fn all_chosen<'a>(
    file: &'a Scenarios,
    compare: &CompareOptions,
) -> Result<Vec<&'a Scenario>> {
    match &compare.scenario {
        None => Ok(file.scenarios.iter().collect()),
        name => Ok(vec![chosen(file, &compare.lab, name.as_deref())?]),
    }
}

/// Compares a student's file, or files of one program, or each program of a folder; whether none departs from the lab.
pub fn submitted(root: &Path, compare: &CompareOptions, path: &Path) -> Result<bool> {
    let mut show = ComparisonPrinter::new(compare.language, compare.all);
    scenario::load(root, &compare.lab)?; // there is such a lab
    means(compare)?;
    if path.is_dir() {
        return class(root, compare, path, &mut show);
    }
    let sources = sources(path);
    let path = sources.first().map_or(path, PathBuf::as_path);
    let examined = examine(root, compare, &sources, None)?;
    if compare.json {
        println!("{}", json::submission(path, &examined));
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

/// Compiles a file and runs it through the scenarios, in a scratch folder of its own.
pub(super) fn examine(
    root: &Path,
    compare: &CompareOptions,
    sources: &[PathBuf],
    records: Option<&Arc<Records>>,
) -> Result<SubmissionResult> {
    let scratch = Scratch::new()?;
    let folder = scratch.path("programs");
    let scenarios = scenario::load(root, &compare.lab)?;
    let gives_none = scenarios.scenarios.iter().any(|one| one.args.is_empty());
    let head = scenarios.lab.unwrap_or_default();
    let confined = means(compare)?;
    let given = Submission {
        sources,
        lab: &compare.lab,
        flags: &head.c_flags,
        confined,
        language: compare.language,
    };
    let compiled = match submission::compile(&given, &folder) {
        Ok(compiled) => compiled,
        Err(refused) => return Ok(SubmissionResult::Refused(refused)),
    };
    for needed in needs(root, &compare.lab)? {
        submission::add_companion(&root.join("build").join("c").join(needed), &folder)?;
    }
    let (args, note) = match gives_none {
        true => arguments(sources, &head, compare.language),
        false => (Vec::new(), String::new()),
    };
    let c = ComparedProgram::C {
        root: root.to_owned(),
        path: compiled.program.clone(),
        confined,
        args,
    };
    let outcomes = outcomes(root, compare, &c, true, records)?;
    Ok(SubmissionResult::Compared {
        messages: note + &compiled.messages,
        outcomes,
    })
}

/// What a file is started with that wants arguments, as the lab's head has them, and a line about that.
fn arguments(sources: &[PathBuf], head: &Head, language: Language) -> (Vec<String>, String) {
    let wanted = submission::wanted_arguments(sources);
    if wanted == 0 {
        return (Vec::new(), String::new());
    }
    let given = head.c_arguments.iter().find(|list| list.len() == wanted);
    match given {
        Some(args) => (
            args.clone(),
            words::was_given(language, &args.join(" ")) + "\n",
        ),
        None if head.arguments.is_some() => {
            (Vec::new(), words::wants_arguments(language, wanted) + "\n")
        }
        None => (Vec::new(), String::new()), // it has a use for them that no lab has
    }
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

/// By what a file that is handed in is confined; none if it is trusted.
fn means(compare: &CompareOptions) -> Result<Option<Means>> {
    match compare.trust {
        true => Ok(None),
        false => Means::found(compare.language).map(Some),
    }
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

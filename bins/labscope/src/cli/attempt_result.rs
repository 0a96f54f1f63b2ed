//! What comes of a student's text: the program of it, and what is seen of that in the scenarios.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::cli::examine::{AT_ONCE, CompareOptions, make};
use crate::compare::record::ComparedProgram;
use crate::compare::{Names, ScenarioResult, in_parallel};
use crate::exercise::{Seen, Standing};
use crate::i18n::Language;
use crate::run::scratch::Scratch;
use crate::scenario::{Scenario, Scenarios};
use crate::submission::CompileError;

/// The program of a text in C, in whatever encoding. It is made of a copy: other exercises lie beside the file, and it may change meanwhile.
pub(super) fn program_of(
    root: &Path,
    compare: &CompareOptions,
    file: &Scenarios,
    text: &[u8],
    scratch: &Scratch,
) -> Result<Result<ComparedProgram, CompileError>> {
    let copy = scratch.path("file").join(format!("{}.c", compare.lab));
    fs::create_dir_all(scratch.path("file")).context("mkdir(2)")?;
    fs::write(&copy, text).context("write(2)")?;
    let made = make(root, compare, file, &[copy], scratch)?;
    Ok(made.map(|made| made.program))
}

/// The scenarios compared: the first, and if the programs are the same there, all others at once.
pub(super) fn in_turn(
    all: &[&Scenario],
    one: impl Fn(&&Scenario) -> Result<ScenarioResult> + Sync,
) -> Result<Vec<ScenarioResult>> {
    let Some((first, others)) = all.split_first() else {
        return Ok(Vec::new());
    };
    let first = one(first)?;
    if parts(&first) {
        return Ok(vec![first]);
    }
    let others = in_parallel(others, AT_ONCE, one).into_iter();
    std::iter::once(Ok(first)).chain(others).collect()
}

/// What it is, if each run came about.
pub(super) fn unless_unrecorded(
    results: &[ScenarioResult],
    standing: Standing,
    language: Language,
    names: Names,
) -> Standing {
    let mut unrecorded = results.iter().flat_map(|result| &result.unrecorded);
    let why = unrecorded.next().map(|it| it.say_of(language, names));
    why.map_or(standing, Standing::NotRecorded)
}

/// The first difference.
pub(super) fn seen(result: &ScenarioResult, language: Language, names: Names) -> Seen {
    let what = result.mismatches().next();
    let what = what.map(|one| one.say_of(language, names));
    Seen {
        scenario: result.scenario.title.get(language).to_owned(),
        what: what.unwrap_or_default(),
    }
}

pub(super) fn parts(result: &ScenarioResult) -> bool {
    result.mismatches().next().is_some()
}

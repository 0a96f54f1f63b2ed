//! `labscope try --in rust`: the gaps of a lab in its own language, and a program of what a student has written there.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;

use crate::cli::examine::{AT_ONCE, needs};
use crate::compare::record::{ComparedProgram, Records};
use crate::compare::twins::{of_lab, with_lab};
use crate::compare::{ScenarioResult, in_parallel};
use crate::confinement::Means;
use crate::exercise::{self, Exercise, LinePairs};
use crate::project::Room;
use crate::scenario::{self, Scenario, Scenarios};
use crate::submission::{self, CompileError, RustSubmission};
use crate::text::file;

/// A lab in Rust with the gaps of its C program: the lines are found by running both.
pub fn exercise_in_rust(root: &Path, lab: &str) -> Result<Exercise> {
    let (c, scenarios) = (Exercise::of(root, lab)?, scenario::load(root, lab)?);
    in_rust(root, lab, &c, &scenarios, &Arc::default())
}

/// The same; scenario after scenario, until each gap is found.
pub(super) fn in_rust(
    root: &Path,
    lab: &str,
    c: &Exercise,
    file: &Scenarios,
    records: &Arc<Records>,
) -> Result<Exercise> {
    let twin = of_lab(root, lab)?;
    let mut results: Vec<ScenarioResult> = Vec::new();
    let mut pairs = LinePairs::default();
    for some in file.scenarios.chunks(AT_ONCE) {
        let some: Vec<&Scenario> = some.iter().collect();
        let more = in_parallel(&some, AT_ONCE, |scenario| {
            with_lab(root, lab, file, scenario, &twin, false, Some(records))
        });
        results.extend(more.into_iter().collect::<Result<Vec<_>>>()?);
        pairs = LinePairs::of(lab, &results);
        if c.regions.iter().all(|region| pairs.know(region)) {
            break;
        }
    }
    let path = Room::of(root, lab).source(lab, "rs");
    let text = file::read(&path)?;
    Ok(exercise::in_rust(c, &text, &pairs))
}

/// The program of a text in Rust, in that folder, and beside it the labs that it becomes.
pub fn rust_program(
    root: &Path,
    lab: &str,
    text: &str,
    confined: Option<Means>,
    into: &Path,
) -> Result<Result<ComparedProgram, CompileError>> {
    let submission = RustSubmission {
        text,
        lab,
        own: &Room::of(root, lab).source(lab, "rs"),
        recipe: &root.join("build/tools/rustc"),
        confined,
    };
    let compiled = match submission::compile_rust(&submission, into) {
        Ok(compiled) => compiled,
        Err(refused) => return Ok(Err(refused)),
    };
    for needed in needs(&scenario::load(root, lab)?) {
        submission::add_companion(&root.join("build/traced").join(needed), into)?;
    }
    Ok(Ok(ComparedProgram::C {
        root: root.to_owned(),
        path: compiled.program,
        confined,
        args: Vec::new(),
        in_tmp: false,
        has_libc: false,
    }))
}

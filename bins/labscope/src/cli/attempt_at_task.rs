//! `labscope try --task`: a task of a lab's guide; a student's file is held against its solution.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::cli::attempt_in_rust::rust_program;
use crate::cli::attempt_result::{in_turn, parts, program_of, seen, unless_unrecorded};
use crate::cli::examine::{CompareOptions, means};
use crate::compare::record::ComparedProgram;
use crate::compare::twins::with_solution;
use crate::compare::{Mismatch, Name, Names, ScenarioResult};
use crate::exercise::{Exercise, Region, Standing, blamed, said_by};
use crate::i18n::{Language, exercise as words, failure};
use crate::project::Room;
use crate::run::scratch::Scratch;
use crate::scenario::{Scenario, Scenarios, Task};
use crate::submission::CompileError;
use crate::text::file;

/// Who stands on either side of a comparison.
const NAMES: Names = Names {
    c: Name::Yours,
    lab: Name::TheSolution,
};

/// How long is waited for what a part of a solution need not come to.
const PATIENCE: Duration = Duration::from_secs(4);

/// A task with its solution.
pub(super) struct Solution {
    pub exercise: Exercise,
    /// What the guide says of it.
    pub said: String,
    pub task: Task,
    in_rust: bool,
    program: ComparedProgram,
    /// Where the program lies.
    _scratch: Scratch,
}

impl Solution {
    /// That of the task of this name, compiled.
    pub fn of(
        root: &Path,
        compare: &CompareOptions,
        file: &Scenarios,
        task: &str,
        in_rust: bool,
    ) -> Result<Solution> {
        let (lab, language) = (&compare.lab, compare.language);
        if file.tasks.is_empty() {
            bail!(failure::has_no_tasks(lab));
        }
        let task = file.task(lab, task)?.clone();
        if in_rust && !task.is_in_rust() {
            bail!("{}", words::task_is_in_c(language, &task.name));
        }
        let guide = Room::of(root, lab).guide(language);
        let said = said_by(&file::read(&guide)?, lab, &task.name);
        let said = said.with_context(|| words::guide_is_silent(language, &task.name))?;
        let scratch = Scratch::new()?;
        let exercise = Exercise::of_task(root, lab, &task, in_rust)?;
        let program = match compiled(root, compare, file, &exercise, &scratch)? {
            Ok(program) => program,
            Err(refused) => bail!("{}", refused.in_a_line(language)),
        };
        Ok(Solution {
            exercise,
            said,
            task,
            in_rust,
            program,
            _scratch: scratch,
        })
    }

    /// Where a student's program stands, of which this is the text. What was seen is told to who has begun.
    pub fn standing(
        &self,
        root: &Path,
        compare: &CompareOptions,
        file: &Scenarios,
        (program, text): (&ComparedProgram, &str),
    ) -> Result<Standing> {
        let language = compare.language;
        let results = results(
            file,
            &compare.lab,
            &self.task.scenarios,
            program,
            &self.program,
        )?;
        let Some(first) = results.iter().find(|result| parts(result)) else {
            let done = Standing::Same(results.len());
            return Ok(unless_unrecorded(&results, done, language, NAMES));
        };
        let regions = self.exercise.regions.iter().enumerate();
        let untouched = regions.filter(|(_, it)| self.exercise.is_untouched(text, it));
        let untouched: Vec<(usize, &Region)> = untouched.collect();
        let next = untouched.first().map(|(number, _)| *number);
        if text == self.exercise.skeleton(Language::En)
            && let Some(next) = next
        {
            return Ok(Standing::Missing(next, None));
        }
        if let Some(next) = next {
            let task = self.without(&untouched);
            let so_far = Exercise::of_task(root, &compare.lab, &task, self.in_rust)?;
            match self.so_far(root, compare, file, (program, &so_far))? {
                Some(None) => return Ok(Standing::Missing(next, None)),
                Some(Some(change)) => {
                    let seen = seen(first, language, NAMES);
                    return Ok(Standing::Missing(change, Some(seen)));
                }
                None => {}
            }
        }
        let change = blamed(&self.exercise, first).or(next);
        let seen = seen(first, language, NAMES);
        Ok(match change {
            Some(change) => Standing::Missing(change, Some(seen)),
            None => Standing::Differs(seen),
        })
    }

    /// The task without the changes that have not been begun.
    fn without(&self, untouched: &[(usize, &Region)]) -> Task {
        let mut task = self.task.clone();
        task.changes.retain(|change| {
            let mut left_out = untouched.iter().map(|(_, region)| &region.gap.what);
            !left_out.any(|what| Some(what) == change.what.as_ref())
        });
        task
    }

    /// Whether the changes that have been begun are right: a program that does what the solution does without the others
    /// lacks only these. Else the change that makes them part; nothing, if none is known.
    fn so_far(
        &self,
        root: &Path,
        compare: &CompareOptions,
        file: &Scenarios,
        (program, so_far): (&ComparedProgram, &Exercise),
    ) -> Result<Option<Option<usize>>> {
        let scratch = Scratch::new()?;
        let Ok(solved) = compiled(root, compare, file, so_far, &scratch)? else {
            return Ok(None);
        };
        let mut scenarios = self.task.scenarios.clone();
        for scenario in &mut scenarios {
            scenario.timeout = Some(PATIENCE);
        }
        let results = results(file, &compare.lab, &scenarios, program, &solved)?;
        let Some(first) = results.iter().find(|result| parts_in_calls(result)) else {
            return Ok(Some(None));
        };
        let Some(change) = blamed(so_far, first) else {
            return Ok(None);
        };
        let what = &so_far.regions[change].gap.what;
        let mut regions = self.exercise.regions.iter();
        Ok(regions
            .position(|region| region.gap.what == *what)
            .map(Some))
    }
}

/// The program of a solution.
fn compiled(
    root: &Path,
    compare: &CompareOptions,
    file: &Scenarios,
    solution: &Exercise,
    scratch: &Scratch,
) -> Result<Result<ComparedProgram, CompileError>> {
    let text = solution.solved();
    match solution.is_rust() {
        true => {
            let into = scratch.path("programs");
            rust_program(root, &compare.lab, &text, means(compare)?, &into)
        }
        false => program_of(root, compare, file, text.as_bytes(), scratch),
    }
}

fn results(
    file: &Scenarios,
    lab: &str,
    scenarios: &[Scenario],
    program: &ComparedProgram,
    solution: &ComparedProgram,
) -> Result<Vec<ScenarioResult>> {
    let all: Vec<&Scenario> = scenarios.iter().collect();
    in_turn(&all, |scenario| {
        with_solution(lab, file, scenario, program, solution)
    })
}

/// Whether they part before one of them does not get further in the scenario, which is made for the whole solution.
fn parts_in_calls(result: &ScenarioResult) -> bool {
    let is_stop = |one: &Mismatch| matches!(one, Mismatch::Stopped(..) | Mismatch::LabStopped(..));
    result.mismatches().any(|one| !is_stop(one))
}

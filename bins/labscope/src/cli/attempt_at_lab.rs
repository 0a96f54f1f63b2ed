//! `labscope try`: a student's program is held against the lab, and the gap is found that makes them part.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Result, bail};

use crate::cli::attempt_result::{in_turn, parts, seen, unless_unrecorded};
use crate::compare::record::{ComparedProgram, Records};
use crate::compare::twins::{of_lab, with_lab};
use crate::compare::{Name, Names, ScenarioResult};
use crate::exercise::{Exercise, Seen, Standing, blamed};
use crate::i18n::{Language, failure};
use crate::scenario::{Difference, Scenario, Scenarios};

/// A lab that a student's program is to become.
pub(super) struct Goal<'a> {
    pub root: &'a Path,
    pub lab: &'a str,
    pub language: Language,
    pub scenarios: &'a Scenarios,
    /// The lab with its gaps, in the language of the program.
    pub exercise: &'a Exercise,
    /// The lab's runs, which serve each comparison.
    pub records: &'a Arc<Records>,
}

impl Goal<'_> {
    /// Where a program stands whose first empty gap is that one.
    pub fn standing(&self, program: &ComparedProgram, empty: Option<usize>) -> Result<Standing> {
        let results = self.results(program)?;
        let differing = results.iter().filter(|result| parts(result));
        let differing: Vec<&ScenarioResult> = differing.collect();
        let Some(first) = differing.first() else {
            let same = match empty {
                Some(empty) => Standing::Missing(empty, None),
                None => Standing::Same(results.len()),
            };
            let names = self.names();
            return Ok(unless_unrecorded(&results, same, self.language, names));
        };
        for result in &differing {
            if let Some(gap) = self.blamed(program, result)? {
                return Ok(match self.earlier(empty, gap) {
                    Some(empty) => Standing::Missing(empty, None),
                    None => Standing::Missing(gap, Some(self.seen(result))),
                });
            }
        }
        let seen = self.seen(first);
        Ok(match empty {
            Some(empty) => Standing::Missing(empty, self.exercise.is_rust().then_some(seen)),
            None => Standing::Differs(seen),
        })
    }

    /// The gap that makes the program part from the lab: by the lines of the C program, those of the gaps. What is in Rust
    /// is held against the lab's own lines.
    fn blamed(&self, program: &ComparedProgram, result: &ScenarioResult) -> Result<Option<usize>> {
        let beside = match self.exercise.is_rust() {
            true => ComparedProgram::Lab {
                root: self.root.to_owned(),
                name: self.lab.to_owned(),
                records: Some(Arc::clone(self.records)),
            },
            false => of_lab(self.root, self.lab)?,
        };
        let result = ScenarioResult::of(self.lab, &result.scenario, &[], program, &beside)?;
        Ok(blamed(self.exercise, &result))
    }

    /// The first empty gap, if it stands before that one: then it comes first. In Rust what is empty has been filled in,
    /// and so explains nothing.
    fn earlier(&self, empty: Option<usize>, gap: usize) -> Option<usize> {
        empty.filter(|&empty| empty <= gap && !self.exercise.is_rust())
    }

    /// The program beside the lab: in the first scenario, and if it is the same there, in all. One in Rust takes the place of
    /// the lab beside the C program, and may differ from that as the lab does.
    fn results(&self, program: &ComparedProgram) -> Result<Vec<ScenarioResult>> {
        let (root, lab, file) = (self.root, self.lab, self.scenarios);
        let known = file.differences.iter().filter(|one| !one.variant);
        let known: Vec<Difference> = known.cloned().collect();
        let one = |scenario: &&Scenario| match self.exercise.is_rust() {
            true => ScenarioResult::of(lab, scenario, &known, &of_lab(root, lab)?, program),
            false => with_lab(root, lab, file, scenario, program, true, Some(self.records)),
        };
        let all: Vec<&Scenario> = file.scenarios.iter().collect();
        if all.is_empty() {
            bail!(failure::has_no_scenarios(lab));
        }
        in_turn(&all, one)
    }

    fn seen(&self, result: &ScenarioResult) -> Seen {
        seen(result, self.language, self.names())
    }

    /// Who stands on either side of a comparison.
    fn names(&self) -> Names {
        let (c, lab) = match self.exercise.is_rust() {
            true => (Name::TheC, Name::Yours),
            false => (Name::Yours, Name::TheLab),
        };
        Names { c, lab }
    }
}

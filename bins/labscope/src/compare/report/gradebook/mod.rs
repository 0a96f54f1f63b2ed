//! A class in files: a table, a page a student, and what other programs read.

pub mod csv;
pub mod gradescope;
pub mod junit;
pub mod page;

use std::path::Path;

use crate::compare::grade::{Mark, behaviour, kind_of, line_of, marks};
use crate::compare::mismatch::LineOf;
use crate::compare::report::verdict::FileVerdict;
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::i18n::{Language, Text};
use crate::scenario::rubric::Criterion;

/// What a class's files tell of one student.
#[derive(Clone, Debug)]
pub struct Row {
    pub student: String,
    /// The file, from the folder of the class.
    pub file: String,
    pub verdict: FileVerdict,
    pub marks: Vec<Mark>,
    /// The first difference in what it does, or why there is no program.
    pub behaviour: Option<String>,
    /// The first difference in its words.
    pub wording: Option<String>,
    /// The line of the student's file at the first of them.
    pub line: Option<String>,
    pub scenarios: Vec<ScenarioRow>,
    /// What it got wrong, as all who got it wrong are told.
    pub faults: Vec<String>,
}

/// One scenario of a file.
#[derive(Clone, Debug)]
pub struct ScenarioRow {
    pub name: String,
    pub title: Text,
    pub verdict: FileVerdict,
    /// Where it parts from the lab.
    pub reasons: Vec<String>,
}

impl Row {
    pub fn of(
        (student, file): (String, &Path),
        examined: &SubmissionResult,
        rubric: &[Criterion],
        language: Language,
    ) -> Row {
        let results = examined.outcomes();
        let mismatches = || results.iter().flat_map(ScenarioResult::mismatches);
        let behaviour = results
            .iter()
            .find_map(|result| behaviour(result, language));
        let wording = mismatches().find(|one| one.is_wording());
        let first = mismatches().find(|one| !one.is_wording()).or(wording);
        let refused = match examined {
            SubmissionResult::Refused(refused) => Some(refused.in_a_line(language)),
            SubmissionResult::Compared { .. } => None,
        };
        let mut faults: Vec<String> = match &refused {
            Some(_) => refused.iter().cloned().collect(),
            None => mismatches().map(|one| kind_of(one, language)).collect(),
        };
        faults.sort();
        faults.dedup();
        Row {
            student,
            file: file.display().to_string(),
            verdict: FileVerdict::of(examined),
            marks: marks(examined, rubric),
            line: first.and_then(line_of).map(LineOf::to_string),
            behaviour: refused.or(behaviour),
            wording: wording.map(|one| one.say(language)),
            scenarios: results.iter().map(|one| scenario(one, language)).collect(),
            faults,
        }
    }

    pub fn points(&self) -> u32 {
        self.marks.iter().map(|mark| mark.points).sum()
    }

    pub fn most_points(&self) -> u32 {
        self.marks.iter().map(|mark| mark.of).sum()
    }
}

fn scenario(result: &ScenarioResult, language: Language) -> ScenarioRow {
    ScenarioRow {
        name: result.scenario.name.clone(),
        title: result.scenario.title.clone(),
        verdict: FileVerdict::of_scenario(result),
        reasons: result.reasons(language),
    }
}

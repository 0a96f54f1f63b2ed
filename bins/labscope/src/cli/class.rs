//! `labscope compare --c FOLDER`: every student of a class, several at once, and the files about them.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Result, bail};

use crate::cli::examine::{CompareOptions, all_chosen, examine};
use crate::compare::in_parallel;
use crate::compare::record::Records;
use crate::compare::report::class::{ClassLine, class_line};
use crate::compare::report::gradebook::{Row, csv, gradescope, junit, page};
use crate::compare::report::json;
use crate::compare::report::terminal::ComparisonPrinter;
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::i18n::submission as words;
use crate::project::labs;
use crate::scenario::rubric::{self, Criterion};
use crate::scenario::{Scenarios, Time};
use crate::submission::{self, CompileError, Found, Student};
use crate::text::file;
use crate::timeline::{of_program, svg};

/// How many files are compared at once on each processor: their programs mostly sleep, but in virtual time never.
fn at_once(scenarios: &Scenarios) -> usize {
    let mut all = scenarios.scenarios.iter();
    match all.all(|one| one.time == Time::Virtual) {
        true => 1,
        false => 4,
    }
}

/// What is known of one student when the programs have run.
struct Graded {
    row: Row,
    line: ClassLine,
    /// If that is asked for: it has every call.
    json: Option<String>,
    passes: bool,
}

/// The folder of what is written about a class.
struct Gradebook {
    folder: PathBuf,
    lab: String,
}

/// One verdict a student, and the files about all; whether nobody departs from the lab.
pub fn class(
    root: &Path,
    compare: &CompareOptions,
    scenarios: &Scenarios,
    folder: &Path,
    show: &mut ComparisonPrinter,
) -> Result<bool> {
    let (students, others) = students(root, compare, folder)?;
    all_chosen(scenarios, compare)?;
    let rubric = rubric(scenarios, compare)?;
    let gradebook = Gradebook::new(root, &compare.lab)?;
    let records = Arc::new(Records::default());
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let graded = in_parallel(&students, processors * at_once(scenarios), |student| {
        let examined = match student.is_link() {
            true => SubmissionResult::Refused(CompileError::Link),
            false => examine(root, compare, scenarios, &student.sources, Some(&records))
                .unwrap_or_else(cannot_be_compared),
        };
        grade(compare, folder, student, &examined, &rubric, &gradebook)
    });
    let graded: Vec<Graded> = graded.into_iter().collect::<Result<_>>()?;
    let rows: Vec<Row> = graded.iter().map(|one| one.row.clone()).collect();
    gradebook.write(&rows, compare)?;
    for one in &graded {
        match &one.json {
            Some(json) => writeln!(stdout(), "{json}")?,
            None => show.class_line(&one.line)?,
        }
    }
    if !compare.json {
        show.passed_over(&others, folder)?;
        show.most_got_wrong(&most_frequent(&rows), rows.len())?;
        show.written(&gradebook.table(), &gradebook.folder)?;
    }
    Ok(graded.iter().all(|one| one.passes))
}

/// The students whose files are called like this lab, and the files that are not.
fn students(
    root: &Path,
    compare: &CompareOptions,
    folder: &Path,
) -> Result<(Vec<Student>, Vec<Found>)> {
    let labs = labs(root)?;
    if let Some(student) = submission::only_program(folder, &labs)? {
        return Ok((vec![student], Vec::new()));
    }
    let (students, others) = submission::students(folder, &labs, &compare.lab)?;
    if students.is_empty() {
        let folder = folder.display();
        bail!(words::no_file_of(folder, &compare.lab));
    }
    Ok((students, others))
}

/// The criteria of the file that is named, else of the lab, else one for each scenario.
fn rubric(scenarios: &Scenarios, compare: &CompareOptions) -> Result<Vec<Criterion>> {
    if let Some(file) = &compare.rubric {
        return rubric::read(file);
    }
    let own = scenarios.lab.as_ref().map(|head| head.rubric.clone());
    let all = scenarios.scenarios.iter();
    let usual = || rubric::usual(all.map(|one| (one.name.clone(), one.title.clone())));
    Ok(own.filter(|own| !own.is_empty()).unwrap_or_else(usual))
}

/// What came of one file. Its page is written now: what was recorded is not kept for a whole class.
fn grade(
    compare: &CompareOptions,
    folder: &Path,
    student: &Student,
    examined: &SubmissionResult,
    rubric: &[Criterion],
    gradebook: &Gradebook,
) -> Result<Graded> {
    let first = student.first();
    let file = first.strip_prefix(folder).unwrap_or(first);
    let language = compare.language;
    let row = Row::of((student.name.clone(), file), examined, rubric, language);
    let picture = picture(compare, examined);
    let page = page::page(&compare.lab, &row, examined, picture.as_ref(), language);
    gradebook.page(&row, &page, &gradescope::results(&row, language).dump())?;
    Ok(Graded {
        line: class_line(language, file, examined),
        json: (compare.json).then(|| json::submission(file, examined).dump()),
        passes: examined.passes(),
        row,
    })
}

/// The timeline of the student's program, as SVG, where it first parts from the lab in what it does; else in the first
/// scenario. One of each scenario would take longer than all runs.
fn picture(compare: &CompareOptions, examined: &SubmissionResult) -> Option<(String, String)> {
    let results = examined.outcomes();
    let departs = |result: &&ScenarioResult| result.departures().next().is_some();
    let result = results.iter().find(departs).or(results.first())?;
    let run = &result.shown()?.c;
    let timeline = of_program(&compare.lab, &result.scenario, &run.transcript, &run.sites);
    let picture = svg::draw(&timeline.ok()?, compare.language);
    Some((result.scenario.name.clone(), picture.inline()))
}

/// One file that cannot be compared is no reason to leave the others.
fn cannot_be_compared(error: anyhow::Error) -> SubmissionResult {
    let text = format!("{error:#}");
    let first = text.lines().next().unwrap_or_default();
    SubmissionResult::Refused(CompileError::Uncompared(first.to_owned()))
}

impl Gradebook {
    /// An empty one.
    fn new(root: &Path, lab: &str) -> Result<Gradebook> {
        let folder = root.join("build").join("class").join(lab);
        let _ = fs::remove_dir_all(&folder); // of a former class
        file::make_folder(&folder)?;
        let lab = lab.to_owned();
        Ok(Gradebook { folder, lab })
    }

    /// `build/class/<lab>.csv`
    fn table(&self) -> PathBuf {
        self.beside("csv")
    }

    fn beside(&self, extension: &str) -> PathBuf {
        let folder = self.folder.parent().unwrap_or(&self.folder);
        folder.join(format!("{}.{extension}", self.lab))
    }

    /// The page of a student, and what Gradescope reads of him or her.
    fn page(&self, row: &Row, page: &str, results: &str) -> Result<()> {
        let folder = self.folder.join(file_name(&row.student));
        file::make_folder(&folder)?;
        file::write(&folder.join("index.html"), page)?;
        file::write(&folder.join("results.json"), results)
    }

    /// What concerns all.
    fn write(&self, rows: &[Row], compare: &CompareOptions) -> Result<()> {
        let language = compare.language;
        file::write(&self.table(), csv::table(rows, language))?;
        file::write(
            &self.beside("xml"),
            junit::document(&self.lab, rows, language),
        )
    }
}

/// A name as that of a folder, which it leaves nowhere; the names of a class differ in letters and digits.
fn file_name(name: &str) -> String {
    let kept = |c: char| {
        if c.is_alphanumeric() || "-_()".contains(c) {
            c
        } else {
            '_'
        }
    };
    name.chars().map(kept).take(60).collect()
}

/// How many students have each fault, the most frequent first.
fn most_frequent(rows: &[Row]) -> Vec<(usize, &str)> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for fault in rows.iter().flat_map(|row| &row.faults) {
        *counts.entry(fault).or_default() += 1;
    }
    let mut all: Vec<(usize, &str)> = counts
        .into_iter()
        .map(|(fault, count)| (count, fault))
        .collect();
    all.sort_by_key(|&(count, _)| std::cmp::Reverse(count));
    all
}

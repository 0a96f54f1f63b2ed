//! Files as students hand them in: what is the same stays the same, and what is said of the rest is true.

use std::fs;
use std::time::Instant;

use labscope::Language;
use labscope::compare::report::Verdict;
use labscope::compare::{ScenarioResult, idioms};
use libtest_mimic::Trial;
use serde::Deserialize;

use crate::programs::{compile, given, keep, lab, source};
use crate::sentences;
use crate::support::trials::{Subject, name_of};
use crate::support::{self, Scratch, excuses, root, scenarios_of};
use crate::table::{self, row};

/// A student's file: the C twin with places changed, or a whole program.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Student {
    lab: String,
    name: String,
    scenario: String,
    #[serde(default)]
    changes: Vec<[String; 2]>,
    /// Instead of the twin.
    program: Option<String>,
    /// Another file beside it: its name, and what is changed in the twin of that name.
    beside: Option<[String; 3]>,
    /// `same`, `wording` or `different`.
    verdict: String,
    /// What is said, each in a sentence of its own.
    #[serde(default)]
    says: Vec<String>,
    /// What nothing says.
    #[serde(default)]
    never: Vec<String>,
    /// Only this much is told.
    reasons: Option<usize>,
    /// Changes of what its differences excuse, made by machine, that need not be told: another right program makes these
    /// calls, or none can.
    #[serde(default)]
    free: Vec<String>,
    /// What libc did, by purpose.
    #[serde(default)]
    libc: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Students {
    student: Vec<Student>,
}

pub fn trials() -> Vec<Trial> {
    let path = root().join("tests/every_lab/students.toml");
    let read: Result<Students, _> = toml::from_str(&fs::read_to_string(&path).unwrap());
    let all = read.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    all.student.into_iter().map(trial).collect()
}

fn trial(student: Student) -> Trial {
    let subject = Subject::scenario(&student.lab, &student.scenario);
    let name = name_of(&student.name);
    let promise = format!("student_is_told_truly::{name}");
    let file = format!("{}-{}-student-{name}.c", student.lab, student.scenario);
    let shown = format!(
        "make compare-{} SCENARIO={} C={}/changed/{file}",
        student.lab,
        student.scenario,
        env!("CARGO_TARGET_TMPDIR")
    );
    subject.trial(&promise, shown, move |_| match examined(&student, &file) {
        Ok(outcome) => student.complaints(&outcome),
        Err(error) => vec![error],
    })
}

/// Compares the file with its lab, as `C=` does.
fn examined(student: &Student, file: &str) -> Result<ScenarioResult, String> {
    support::labscope();
    support::traced(&student.lab);
    let folder = Scratch::new();
    let kept = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("changed");
    let path = kept.join(file);
    keep(&path, &student.text());
    let compiled = compile(&student.lab, &path)?;
    if let Some([name, from, to]) = &student.beside {
        let text = fs::read_to_string(source(name)).unwrap();
        let beside = folder.file(&format!("{}.c", student.lab), "");
        folder.file(&format!("{name}.c"), changed(text, from, to));
        let twins = root().join("build/c");
        labscope::submission::add_needed(
            &given(&[beside], &student.lab, &[]),
            name,
            &twins,
            &compiled.folder(),
        )
        .map_err(|error| format!("{error:#}"))?
        .map_err(|refused| refused.say(Language::En))?;
    }
    let file = scenarios_of(&student.lab);
    let known: Vec<_> = file.differences.iter().cloned().chain(idioms()).collect();
    let scenario = file
        .get(&student.scenario)
        .ok_or("there is no such scenario")?;
    let lab = lab(root(), &student.lab);
    let began = Instant::now();
    let outcome = ScenarioResult::of(&student.lab, scenario, &known, &compiled.program, &lab);
    let outcome = outcome.map_err(|error| format!("{error:#}"))?;
    row(
        &student.lab,
        &student.name,
        std::slice::from_ref(&outcome),
        began,
    );
    Ok(outcome)
}

fn changed(text: String, from: &str, to: &str) -> String {
    assert_eq!(text.matches(from).count(), 1, "{from:?}");
    text.replace(from, to)
}

impl Student {
    fn text(&self) -> String {
        let text = match &self.program {
            Some(program) => program.clone(),
            None => fs::read_to_string(source(&self.lab)).unwrap(),
        };
        let change = |text, [from, to]: &[String; 2]| changed(text, from, to);
        self.changes.iter().fold(text, change)
    }

    fn complaints(&self, outcome: &ScenarioResult) -> Vec<String> {
        let verdict = match outcome.verdict() {
            Verdict::Same | Verdict::Declared => "same",
            Verdict::Wording => "wording",
            Verdict::Different => "different",
            Verdict::NotRecorded => "not recorded",
        };
        let said = outcome.reasons(Language::En);
        let mut found = Vec::new();
        if verdict != self.verdict {
            found.push(format!("{verdict}, not {}", self.verdict));
        }
        let is_said = |what: &&String| said.iter().any(|text| text.contains(what.as_str()));
        let missing = self.says.iter().filter(|what| !is_said(what));
        found.extend(missing.map(|what| format!("nothing says {what:?}")));
        let wrong = self.never.iter().filter(is_said);
        found.extend(wrong.map(|what| format!("it is said {what:?}")));
        if self.reasons.is_some_and(|count| count != said.len()) {
            found.push(format!("{} sentences", said.len()));
        }
        let ledger = outcome.ledger();
        let named = |name: &&String| ledger.keys().any(|kind| kind.name() == name.as_str());
        let missing = self.libc.iter().filter(|name| !named(name));
        found.extend(missing.map(|name| format!("libc did nothing for {name}")));
        found.extend(sentences::untrue(outcome));
        if !found.is_empty() {
            found.extend(said.iter().map(|text| format!("said: {text}")));
        }
        if self.verdict == "same" {
            found.extend(self.excused(outcome));
        }
        found
    }

    /// What excuses it excuses nothing else.
    fn excused(&self, outcome: &ScenarioResult) -> Vec<String> {
        let mut excused = excuses::change_all(outcome);
        table::changes(outcome, &excused);
        let is_free = |change: &&String| self.free.iter().any(|free| change.contains(free));
        let told = self.free.iter().filter(|free| {
            let mut untold = excused.untold.iter();
            !untold.any(|change| change.contains(free.as_str()))
        });
        let told: Vec<_> = told.map(|free| format!("{free:?} is told")).collect();
        excused.untold.retain(|change| !is_free(&change));
        excused.untold.extend(told);
        excused.untold
    }
}

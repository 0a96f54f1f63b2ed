//! A class as test results, in the XML of JUnit: a suite a student, a case a scenario.

use crate::compare::report::gradebook::page::escaped;
use crate::compare::report::gradebook::{Row, ScenarioRow};
use crate::compare::report::verdict::FileVerdict;
use crate::i18n::Language;

/// The whole document.
pub fn document(lab: &str, rows: &[Row], language: Language) -> String {
    let suites: String = rows.iter().map(|row| suite(lab, row, language)).collect();
    let (tests, failures, errors) = rows.iter().map(counts).fold((0, 0, 0), |sum, one| {
        (sum.0 + one.0, sum.1 + one.1, sum.2 + one.2)
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"{lab}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n{suites}</testsuites>\n"
    )
}

/// Cases, those that fail, and those of which nothing can be said.
fn counts(row: &Row) -> (usize, usize, usize) {
    if row.scenarios.is_empty() {
        return (1, 0, 1);
    }
    let errors = row
        .scenarios
        .iter()
        .filter(|one| one.verdict == FileVerdict::NotRecorded);
    let passed = row.scenarios.iter().filter(|one| one.verdict.passes());
    let (errors, all) = (errors.count(), row.scenarios.len());
    (all, all - errors - passed.count(), errors)
}

fn suite(lab: &str, row: &Row, language: Language) -> String {
    let (tests, failures, errors) = counts(row);
    let name = escaped(&row.student);
    let cases: String = match row.scenarios.is_empty() {
        true => {
            let why = escaped(row.behaviour.as_deref().unwrap_or_default());
            format!(
                "    <testcase classname=\"{lab}\" name=\"compile\"><error message=\"{why}\"/></testcase>\n"
            )
        }
        false => row
            .scenarios
            .iter()
            .map(|one| case(lab, one, language))
            .collect(),
    };
    format!(
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">\n{cases}  </testsuite>\n"
    )
}

fn case(lab: &str, scenario: &ScenarioRow, language: Language) -> String {
    let name = escaped(&scenario.name);
    let message = escaped(scenario.verdict.say(language));
    let reasons = escaped(&scenario.reasons.join("\n"));
    let inside = match scenario.verdict {
        verdict if verdict.passes() => String::new(),
        FileVerdict::NotRecorded => format!("<error message=\"{message}\">{reasons}</error>"),
        _ => format!("<failure message=\"{message}\">{reasons}</failure>"),
    };
    format!("    <testcase classname=\"{lab}\" name=\"{name}\">{inside}</testcase>\n")
}

//! What Gradescope's autograder reads of one student: `results.json`.

use jzon::{JsonValue, object};

use crate::compare::report::gradebook::Row;
use crate::i18n::Language;
use crate::text::visible::visible;

/// The points, each behaviour of the rubric as a test, and each scenario with its reasons.
pub fn results(row: &Row, language: Language) -> JsonValue {
    let marks = row.marks.iter().map(|mark| {
        let status = if mark.points == mark.of {
            "passed"
        } else {
            "failed"
        };
        object! {
            name: visible(mark.what.get(language)),
            score: mark.points,
            max_score: mark.of,
            status: status,
        }
    });
    let scenarios = row.scenarios.iter().map(|scenario| {
        let status = if scenario.verdict.passes() {
            "passed"
        } else {
            "failed"
        };
        object! {
            name: format!("{}: {}", scenario.name, visible(scenario.title.get(language))),
            status: status,
            output: visible(&scenario.reasons.join("\n")),
        }
    });
    let tests: Vec<JsonValue> = marks.chain(scenarios).collect();
    let told = [row.behaviour.as_deref(), row.wording.as_deref()];
    let told: Vec<String> = told.into_iter().flatten().map(visible).collect();
    object! {
        score: row.points(),
        output: format!("{}\n{}", row.verdict.say(language), told.join("\n")),
        output_format: "text",
        visibility: "visible",
        tests: tests,
    }
}

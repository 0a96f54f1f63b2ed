//! What a student's file is worth, by a rubric.

use crate::compare::alignment::Relation;
use crate::compare::mismatch::{CallAtLine, LineOf, Mismatch, Next, Said};
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::i18n::mismatch as words;
use crate::i18n::{Language, Text};
use crate::scenario::rubric::Criterion;
use crate::text::shorten;

/// A behaviour, and the points for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub what: Text,
    pub points: u32,
    /// The most that there are.
    pub of: u32,
}

/// The marks of a file, in the order of the rubric. What does not compile, or was not recorded, shows nothing.
pub fn marks(examined: &SubmissionResult, rubric: &[Criterion]) -> Vec<Mark> {
    let mark = |criterion: &Criterion| Mark {
        what: criterion.what.clone(),
        points: match is_shown(examined, criterion) {
            true => criterion.points,
            false => 0,
        },
        of: criterion.points,
    };
    rubric.iter().map(mark).collect()
}

fn is_shown(examined: &SubmissionResult, criterion: &Criterion) -> bool {
    let concerns = |result: &&ScenarioResult| {
        let name = &result.scenario.name;
        criterion.scenarios.is_empty() || criterion.scenarios.contains(name)
    };
    let mut results = examined.outcomes().iter().filter(concerns).peekable();
    if results.peek().is_none() {
        return false;
    }
    results.all(|result| {
        let mut mismatches = result.mismatches();
        let takes_it = |mismatch: &Mismatch| takes_it(result, mismatch, criterion);
        result.is_recorded() && !mismatches.any(takes_it)
    })
}

/// Whether a mismatch shows that the behaviour is not there.
fn takes_it(result: &ScenarioResult, mismatch: &Mismatch, criterion: &Criterion) -> bool {
    if criterion.wording || mismatch.is_wording() {
        return criterion.wording && mismatch.is_wording();
    }
    let concerned = match mismatch {
        Mismatch::Stopped(..) => not_made(result),
        _ => calls_of(mismatch),
    };
    criterion.calls.is_empty()
        || concerned.is_empty()
        || concerned
            .iter()
            .any(|call| criterion.calls.iter().any(|own| own == call))
}

/// The calls of the lab that the C does not make before it is stopped, by name.
fn not_made(result: &ScenarioResult) -> Vec<&str> {
    let pairs = result.run_pairs.iter().flat_map(|run_pair| &run_pair.pairs);
    let of_pair = pairs.flat_map(|pair| {
        let calls = pair.lab.iter().flat_map(|lab| &lab.calls).enumerate();
        calls.filter(|&(index, _)| {
            let rows = pair.alignment.iter().flat_map(|alignment| &alignment.rows);
            let mut own = rows.filter(|row| row.lab == Some(index));
            own.all(|row| match row.relation {
                Relation::Mismatch => true,
                Relation::Declared(_) => false,
                _ => row.c.is_none(),
            })
        })
    });
    of_pair.map(|(_, call)| call.name.as_str()).collect()
}

/// The calls that a mismatch is about, by name; none if it is about the whole.
fn calls_of(mismatch: &Mismatch) -> Vec<&str> {
    match mismatch {
        Mismatch::Calls { c, lab, .. } => {
            let both = [c, lab].into_iter().flatten();
            both.map(|one| one.name.as_str()).collect()
        }
        Mismatch::Moved { lab, .. } => vec![lab.name.as_str()],
        Mismatch::Ends { .. } => vec!["exit"],
        Mismatch::OnlyTheC { .. } | Mismatch::OnlyTheLab { .. } => vec!["fork"],
        Mismatch::Terminal { .. } | Mismatch::Stdout { .. } => vec!["write"],
        Mismatch::Offset { .. } => vec!["lseek"],
        _ => Vec::new(),
    }
}

/// The line of the C file that a mismatch is about.
pub fn line_of(mismatch: &Mismatch) -> Option<&LineOf> {
    match mismatch {
        Mismatch::Calls { c: Some(c), .. }
        | Mismatch::Moved { c, .. }
        | Mismatch::Wording { c, .. } => c.line.as_ref(),
        Mismatch::Calls {
            instead: Some(Next::Call(next)),
            ..
        } => next.line.as_ref(),
        _ => None,
    }
}

/// What is wrong, in the same words for all who have it: without the lines of a student's file.
pub fn kind_of(mismatch: &Mismatch, language: Language) -> String {
    let at_line = |one: &CallAtLine| {
        words::call(
            language,
            &shorten::around(one.call.get(language), 0),
            one.line.as_ref(),
        )
    };
    match mismatch {
        Mismatch::Calls {
            lab: Some(lab), c, ..
        } => match c {
            None => words::missing(language, &at_line(lab)),
            Some(_) => words::another(language, &at_line(lab)),
        },
        Mismatch::Calls { c: Some(c), .. } => words::too_much(language, &c.name),
        Mismatch::Moved { lab, .. } => words::elsewhere(language, &at_line(lab)),
        Mismatch::Wording { meant, .. } => match meant {
            Said::ByLab(lab) => words::wording(language, &at_line(lab)),
            Said::BySlide(call) => words::wording(language, &shorten::around(call, 0)),
        },
        other => other.say(language),
    }
}

/// Where a program parts from the lab in what it does: where it was stopped, and what led there.
pub fn behaviour(result: &ScenarioResult, language: Language) -> Option<String> {
    let mut departures = result.departures();
    let first = departures.next()?;
    let is_call = |one: &&Mismatch| matches!(one, Mismatch::Calls { .. } | Mismatch::Moved { .. });
    let led_there = match first {
        Mismatch::Stopped(..) => departures.find(is_call),
        _ => None,
    };
    let all = [Some(first), led_there].into_iter().flatten();
    let all: Vec<String> = all.map(|one| one.say(language)).collect();
    Some(format!("{}: {}", result.scenario.name, all.join("; ")))
}

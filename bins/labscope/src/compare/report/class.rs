//! A class of students' files: what the compiler said of each, and one verdict a file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use textwrap::core::display_width;

use crate::compare::mismatch::Mismatch;
use crate::compare::report::terminal::{ComparisonPrinter, printable, times};
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::i18n::Language;
use crate::submission::Found;
use crate::text::screen::Style;

/// The width of a file's name in the list of a class.
const NAME: usize = 32;

impl ComparisonPrinter {
    /// What the compiler said of a student's file.
    pub fn compiler(&mut self, path: &Path, examined: &SubmissionResult) -> Result<()> {
        if let SubmissionResult::Refused(refused) = examined {
            self.screen.line(
                Style::Marked,
                &format!("{}: {}", path.display(), refused.say(self.words)),
            )?;
        }
        for line in printable(examined.messages()).lines() {
            self.screen.line(Style::Dim, &format!("  {line}"))?;
        }
        Ok(())
    }

    /// One line for one file of a class.
    pub fn line_of_class(&mut self, name: &Path, examined: &SubmissionResult) -> Result<()> {
        let words = self.words;
        let outcomes = examined.outcomes();
        let mismatch = outcomes
            .iter()
            .find_map(|outcome| Some((&outcome.scenario.name, reason(outcome, words)?)));
        let (style, verdict) = match (examined, mismatch) {
            (SubmissionResult::Refused(refused), _) => {
                let error = refused.first_error().map(printable);
                let error = error.map(|error| format!(": {error}")).unwrap_or_default();
                (Style::Marked, refused.say(words) + &error)
            }
            (_, Some((scenario, text))) => {
                let parting = outcomes
                    .iter()
                    .filter(|outcome| outcome.mismatches().next().is_some())
                    .count();
                let count = outcomes.len();
                let what = match words {
                    Language::En => format!("DIFFERENT in {parting} of {}", scenarios(count)),
                    Language::Ko => format!("다름 (시나리오 {count}개 중 {parting}개)"),
                };
                (Style::Marked, format!("{what}: {scenario}: {text}"))
            }
            _ => {
                let count = outcomes.len();
                let what = match words {
                    Language::En => format!("same in {}", scenarios(count)),
                    Language::Ko => format!("같음 (시나리오 {count}개)"),
                };
                (Style::Plain, what + &variants(words, outcomes))
            }
        };
        self.name_and(style, &name.display().to_string(), &verdict)
    }

    /// The verdict on a file whose scenarios have been shown one by one.
    pub fn last_word(&mut self, path: &Path, examined: &SubmissionResult) -> Result<()> {
        self.screen.line(Style::Plain, "")?;
        self.line_of_class(Path::new(path.file_name().unwrap_or_default()), examined)
    }

    /// A file's name, and what is said of it in a column of its own.
    fn name_and(&mut self, style: Style, name: &str, text: &str) -> Result<()> {
        let name = printable(name);
        let rest = NAME.saturating_sub(display_width(&name));
        self.screen
            .line(style, &format!("{name}{} {text}", " ".repeat(rest)))
    }

    /// The files of a folder that are called like no lab, or like another.
    pub fn passed_over(&mut self, others: &[Found], folder: &Path) -> Result<()> {
        let words = self.words;
        let passed_over = words.pick("passed over", "건너뜀");
        let mut of_labs: BTreeMap<&str, usize> = BTreeMap::new();
        for found in others {
            match &found.lab {
                Ok(lab) => *of_labs.entry(lab).or_default() += 1,
                Err(why) => {
                    let name = found.path.strip_prefix(folder).unwrap_or(&found.path);
                    let why = format!("{passed_over}: {}", why.say(words));
                    self.name_and(Style::Dim, &name.display().to_string(), &why)?;
                }
            }
        }
        if of_labs.is_empty() {
            return Ok(());
        }
        let labs: Vec<String> = of_labs
            .into_iter()
            .map(|(lab, count)| times(lab, count))
            .collect();
        let others = words.pick("files of other labs", "다른 실습의 파일");
        let text = format!("{passed_over}: {others}: {}", labs.join(", "));
        self.screen.paragraph(Style::Dim, "", "  ", &text)
    }
}

fn scenarios(count: usize) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} scenario{s}")
}

/// The known variants that a file holds.
fn variants(words: Language, outcomes: &[ScenarioResult]) -> String {
    let declared = outcomes.iter().flat_map(ScenarioResult::declared);
    let names: BTreeSet<&str> = declared
        .filter(|one| one.variant)
        .map(|one| one.name.as_str())
        .collect();
    if names.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = names.into_iter().collect();
    format!(
        "; {}: {}",
        words.pick("known variants", "알려진 변형"),
        names.join(", ")
    )
}

/// Where a program parts from the lab: where it was stopped, and what led there.
fn reason(outcome: &ScenarioResult, words: Language) -> Option<String> {
    let mut mismatches = outcome.mismatches();
    let first = mismatches.next()?;
    let is_call = |one: &&Mismatch| matches!(one, Mismatch::Calls { .. });
    let led_there = match first {
        Mismatch::Stopped(_) => mismatches.find(is_call),
        _ => None,
    };
    let all = [Some(first), led_there].into_iter().flatten();
    Some(all.map(|one| one.say(words)).collect::<Vec<_>>().join("; "))
}

//! A class of students' files: what the compiler said of each, and one verdict a file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::Result;
use textwrap::core::display_width;

use crate::compare::mismatch::Mismatch;
use crate::compare::report::terminal::ComparisonPrinter;
use crate::compare::result::{ScenarioResult, SubmissionResult};
use crate::i18n::libc::times;
use crate::i18n::{Language, compare, submission};
use crate::submission::Found;
use crate::text::screen::{Style, terminal_width};
use crate::text::visible::visible;

/// So many faults are told that many have.
const MOST_FAULTS: usize = 8;

/// The width of a file's name in the list of a class.
const NAME: usize = 32;

impl ComparisonPrinter {
    /// What the compiler said of a student's file.
    pub fn compiler(&mut self, path: &Path, examined: &SubmissionResult) -> Result<()> {
        if let SubmissionResult::Refused(refused) = examined {
            self.screen.line(
                Style::Marked,
                &format!("{}: {}", path.display(), refused.say(self.language)),
            )?;
        }
        for line in visible(examined.messages()).lines() {
            self.screen.line(Style::Dim, &format!("  {line}"))?;
        }
        Ok(())
    }

    /// One line for one file of a class.
    pub fn class_line(&mut self, line: &ClassLine) -> Result<()> {
        self.name_and(line.style, &line.name, &line.verdict)
    }

    /// What at least two of a class have got wrong.
    pub fn most_got_wrong(&mut self, faults: &[(usize, &str)], all: usize) -> Result<()> {
        let language = self.language;
        let several = faults.iter().filter(|(count, _)| *count > 1);
        for (place, (count, fault)) in several.take(MOST_FAULTS).enumerate() {
            if place == 0 {
                self.screen.line(Style::Plain, "")?;
                let heading = compare::most_got_wrong(language);
                self.screen.line(Style::Heading, heading)?;
            }
            let text = compare::shared_by(language, *count, all, &visible(fault));
            self.screen.paragraph(Style::Plain, "  ", "    ", &text)?;
        }
        Ok(())
    }

    /// Where it is written.
    pub fn written(&mut self, table: &Path, pages: &Path) -> Result<()> {
        let (table, pages) = (table.display().to_string(), pages.display().to_string());
        self.screen.line(Style::Plain, "")?;
        let text = compare::written(self.language, &table, &pages);
        self.screen.line(Style::Dim, &text)
    }

    /// The verdict on a file whose scenarios are shown one by one.
    pub fn verdict_on(&mut self, path: &Path, examined: &SubmissionResult) -> Result<()> {
        self.screen.line(Style::Plain, "")?;
        let name = Path::new(path.file_name().unwrap_or_default());
        self.class_line(&class_line(self.language, name, examined))
    }

    /// The verdict on the C program of the project.
    pub fn verdict_in_all(&mut self, lab: &str, results: &[ScenarioResult]) -> Result<()> {
        self.screen.line(Style::Plain, "")?;
        let name = format!("{lab}.c");
        self.class_line(&line_of(self.language, name, results))
    }

    /// A file's name, and what is said of it in a column of its own: one line, but where a terminal has no room for it.
    fn name_and(&mut self, style: Style, name: &str, text: &str) -> Result<()> {
        let name = visible(name);
        let rest = NAME.saturating_sub(display_width(&name));
        let line = format!("{name}{} {text}", " ".repeat(rest));
        match terminal_width() {
            Some(width) if display_width(&line) > width => {
                self.screen.paragraph(style, "", "    ", &line)
            }
            _ => self.screen.line(style, &line),
        }
    }

    /// The files of a folder that are called like no lab, or like another.
    pub fn passed_over(&mut self, others: &[Found], folder: &Path) -> Result<()> {
        let language = self.language;
        let mut of_labs: BTreeMap<&str, usize> = BTreeMap::new();
        for found in others {
            match &found.lab {
                Ok(lab) => *of_labs.entry(lab).or_default() += 1,
                Err(why) => {
                    let name = found.path.strip_prefix(folder).unwrap_or(&found.path);
                    let why = submission::passed_over(language, &why.say(language));
                    self.name_and(Style::Dim, &name.display().to_string(), &why)?;
                }
            }
        }
        if of_labs.is_empty() {
            return Ok(());
        }
        let labs = of_labs.into_iter().map(|(lab, count)| times(lab, count));
        let text = submission::of_other_labs(language, &labs.collect::<Vec<_>>().join(", "));
        self.screen.paragraph(Style::Dim, "", "  ", &text)
    }
}

/// What a class is told of one file.
pub struct ClassLine {
    style: Style,
    name: String,
    verdict: String,
}

/// The verdict on a file, in a line.
pub fn class_line(language: Language, name: &Path, examined: &SubmissionResult) -> ClassLine {
    let name = name.display().to_string();
    match examined {
        SubmissionResult::Compared { outcomes, .. } => line_of(language, name, outcomes),
        SubmissionResult::Refused(refused) => ClassLine {
            style: Style::Marked,
            name,
            verdict: visible(&refused.in_a_line(language)),
        },
    }
}

fn line_of(language: Language, name: String, results: &[ScenarioResult]) -> ClassLine {
    let reasons = results
        .iter()
        .filter_map(|one| Some((one, reason(one, language)?)));
    let behaves = |(result, _): &(&ScenarioResult, String)| result.departures().next().is_some();
    let behaviour = reasons.clone().find(behaves);
    let is_wording = behaviour.is_none();
    let (style, verdict) = match behaviour.or_else(|| reasons.clone().next()) {
        Some((result, text)) => {
            let (some, all) = (reasons.count(), results.len());
            let what = match is_wording {
                true => compare::different_wording(language),
                false => compare::different(language),
            };
            let what = compare::different_in(language, what, some, all);
            let scenario = &result.scenario.name;
            (Style::Marked, format!("{what}: {scenario}: {text}"))
        }
        _ if !results.iter().all(ScenarioResult::is_recorded) => {
            let unrecorded = results.iter().flat_map(|one| &one.unrecorded);
            let reasons: BTreeSet<String> = unrecorded.map(|one| one.say(language)).collect();
            let reasons = Vec::from_iter(reasons).join("; ");
            let what = compare::not_recorded(language);
            (Style::Marked, format!("{what}: {reasons}"))
        }
        _ => {
            let variants = variants(results);
            let what = compare::same_in(language, results.len(), &variants);
            (Style::Plain, what)
        }
    };
    ClassLine {
        style,
        name,
        verdict,
    }
}

/// The known variants that a file holds.
fn variants(results: &[ScenarioResult]) -> String {
    let declared = results.iter().flat_map(ScenarioResult::declared);
    let variants = declared.filter(|one| one.variant);
    let names: BTreeSet<&str> = variants.map(|one| one.name.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

/// Where a program parts from the lab: where it was stopped, and what led there.
fn reason(outcome: &ScenarioResult, language: Language) -> Option<String> {
    let mut mismatches = outcome.mismatches();
    let first = mismatches.next()?;
    let is_call = |one: &&Mismatch| matches!(one, Mismatch::Calls { .. } | Mismatch::Moved { .. });
    let led_there = match first {
        Mismatch::Stopped(..) => mismatches.find(is_call),
        _ => None,
    };
    let all = [Some(first), led_there].into_iter().flatten();
    Some(
        all.map(|one| one.say(language))
            .collect::<Vec<_>>()
            .join("; "),
    )
}

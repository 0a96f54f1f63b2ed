//! A comparison as a student reads it: the C on the left, the lab on the right.

use anyhow::Result;
use textwrap::core::display_width;

use crate::compare::align::{AlignedRow, Relation};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::record::ProgramRun;
use crate::compare::result::{ProcessPair, RunPair, ScenarioResult};
use crate::i18n::{Language, compare, libc, process};
use crate::source::libc_calls::Kind;
use crate::text::screen::{Screen, Style};
use crate::text::shorten;
use crate::text::visible::visible;

/// So many rows are shown at the beginning of a long run that agrees.
const SHOWN: usize = 16;

/// However much differs, no more rows of a process than these.
const LONGEST: usize = 60;

/// The width of one column.
const COLUMN: usize = 58;

/// Writes comparisons to standard output.
pub struct ComparisonPrinter {
    pub(super) screen: Screen,
    pub(super) language: Language,
    /// Shows every row, however many agree.
    all: bool,
}

impl ComparisonPrinter {
    pub fn new(language: Language, all: bool) -> ComparisonPrinter {
        ComparisonPrinter {
            screen: Screen::stdout(),
            language,
            all,
        }
    }

    /// Everything about one scenario.
    pub fn outcome(&mut self, outcome: &ScenarioResult) -> Result<()> {
        let language = self.language;
        self.screen.line(Style::Plain, "")?;
        let title = outcome.scenario.title.get(language);
        self.screen.line(
            Style::Heading,
            &format!("{} {}: {title}", outcome.lab, outcome.scenario.name),
        )?;
        self.verdict(outcome)?;
        if let Some(run_pair) = outcome.shown() {
            self.run_pair(run_pair)?;
        }
        Ok(())
    }

    /// The verdict, with its reasons.
    pub fn verdict(&mut self, outcome: &ScenarioResult) -> Result<()> {
        let language = self.language;
        let (mismatches, orders) = (outcome.reasons(language), outcome.orders(language));
        let verdict = outcome.verdict().say(language);
        let style = if mismatches.is_empty() {
            Style::Plain
        } else {
            Style::Marked
        };
        self.screen.line(style, &format!("  {verdict}{orders}"))?;
        for mismatch in mismatches {
            self.screen
                .paragraph(Style::Marked, "  ! ", "    ", &mismatch)?;
        }
        for difference in outcome.declared() {
            let say = match difference.variant {
                true => compare::known_variant,
                false => compare::declared,
            };
            let text = say(language, &difference.name, difference.reason.get(language));
            self.screen.paragraph(Style::Said, "  ~ ", "    ", &text)?;
        }
        Ok(())
    }

    /// A difference that is declared and did not occur.
    pub fn missing(&mut self, outcome: &ScenarioResult) -> Result<()> {
        for difference in outcome.missing() {
            let text = compare::did_not_occur(self.language, &difference.name);
            self.screen
                .paragraph(Style::Marked, "  ! ", "    ", &text)?;
        }
        Ok(())
    }

    fn run_pair(&mut self, run_pair: &RunPair) -> Result<()> {
        let language = self.language;
        let mut left = format!("      {}", compare::c_program(language));
        if let Some(order) = run_pair.order.say(language) {
            left += &format!(" ({order})");
        }
        let right = format!("      {}", compare::lab(language));
        self.columns(Style::Dim, ' ', &left, &right)?;
        self.output(run_pair)?;
        for pair in &run_pair.pairs {
            self.pair(run_pair, pair)?;
        }
        Ok(())
    }

    /// What came out of both, line beside line.
    fn output(&mut self, run_pair: &RunPair) -> Result<()> {
        let text = |run: &ProgramRun| {
            let (terminal, stdout) = (&run.transcript.terminal, &run.transcript.stdout);
            let stdout = stdout.as_deref().map(|bytes| run.text(bytes).to_string());
            visible(&(stdout.unwrap_or_default() + &run.text(terminal).to_string()))
        };
        let (c, lab) = (text(&run_pair.c), text(&run_pair.lab));
        if c.is_empty() && lab.is_empty() {
            return Ok(());
        }
        let output = compare::output(self.language);
        self.screen.line(Style::Dim, &format!("  {output}"))?;
        let (mut c, mut lab) = (c.lines(), lab.lines());
        for place in 0.. {
            let (left, right) = (c.next(), lab.next());
            if left.is_none() && right.is_none() {
                break;
            }
            if place == SHOWN && !self.all {
                self.screen.line(Style::Dim, "    …")?;
                break;
            }
            self.columns(
                Style::Plain,
                ' ',
                left.unwrap_or_default(),
                right.unwrap_or_default(),
            )?;
        }
        Ok(())
    }

    fn pair(&mut self, run_pair: &RunPair, pair: &ProcessPair) -> Result<()> {
        let Some(process) = pair.c.as_ref().or(pair.lab.as_ref()) else {
            return Ok(());
        };
        let language = self.language;
        let run = match pair.c {
            Some(_) => &run_pair.c,
            None => &run_pair.lab,
        };
        let last = process.calls.last();
        let name = last.and_then(|last| run.program(last)).unwrap_or_default();
        let number = process::process(language, process.number());
        let heading = format!("  {number} {name}");
        self.screen.line(Style::Dim, &heading)?;
        let rows = pair.rows();
        let mut hidden = 0;
        for (place, &row) in rows.iter().enumerate() {
            if !self.all && (place >= LONGEST || is_dull(&rows, place)) {
                hidden += 1;
                continue;
            }
            self.hidden(&mut hidden)?;
            self.row(pair, row)?;
        }
        self.hidden(&mut hidden)?;
        let end = |process: &Option<ProcessCalls>| {
            let end = process.as_ref().map(|process| process.end.say(language));
            end.map_or_else(String::new, |end| format!("      {end}"))
        };
        self.columns(Style::Dim, ' ', &end(&pair.c), &end(&pair.lab))
    }

    fn hidden(&mut self, hidden: &mut usize) -> Result<()> {
        let count = std::mem::take(hidden);
        if count == 0 {
            return Ok(());
        }
        let more = compare::calls_more(self.language, count);
        self.screen.line(Style::Dim, &format!("    {more}"))
    }

    fn row<'a>(&mut self, pair: &'a ProcessPair, row: AlignedRow) -> Result<()> {
        let (style, mark) = match row.relation {
            Relation::Same => (Style::Plain, ' '),
            Relation::Declared(_) => (Style::Said, '~'),
            Relation::Wording => (Style::Marked, '"'),
            Relation::Mismatch => (Style::Marked, '!'),
            Relation::Beyond | Relation::Uncompared => (Style::Dim, ' '),
        };
        let request = |process: &'a Option<ProcessCalls>, index: Option<usize>| {
            process
                .as_ref()
                .and_then(|process| process.calls.get(index?))
        };
        let (c, lab) = (request(&pair.c, row.c), request(&pair.lab, row.lab));
        let (left, right) = halves(c, lab, self.all);
        let numbered = |process: &Option<ProcessCalls>, call: Option<&NormalizedCall>, text| {
            let line = process
                .as_ref()
                .zip(call)
                .and_then(|(it, call)| it.place(call));
            match call {
                Some(_) => format!("{:>4}  {text}", line.unwrap_or_default()),
                None => text,
            }
        };
        let (left, right) = (numbered(&pair.c, c, left), numbered(&pair.lab, lab, right));
        self.columns(style, mark, &left, &right)
    }

    /// Two texts beside each other; one that does not fit pushes the other to the next line.
    fn columns(&mut self, style: Style, mark: char, left: &str, right: &str) -> Result<()> {
        let width = display_width(left);
        if right.is_empty() {
            return self
                .screen
                .line(style, format!("  {mark} {left}").trim_end());
        }
        if width > COLUMN {
            self.screen.line(style, &format!("  {mark} {left}"))?;
            return self
                .screen
                .line(style, &format!("    {}  {right}", " ".repeat(COLUMN)));
        }
        self.screen.line(
            style,
            &format!("  {mark} {left}{}  {right}", " ".repeat(COLUMN - width)),
        )
    }

    /// What libc did, by purpose.
    pub fn ledger(&mut self, outcome: &ScenarioResult) -> Result<()> {
        let language = self.language;
        let ledger = outcome.ledger();
        let total: usize = ledger.values().flat_map(|calls| calls.values()).sum();
        let name = &outcome.scenario.name;
        self.screen.line(Style::Plain, "")?;
        let heading = libc::calls(language, name, total);
        self.screen.line(Style::Heading, &heading)?;
        for kind in Kind::ALL {
            let Some(calls) = ledger.get(&kind) else {
                continue;
            };
            let count: usize = calls.values().sum();
            let names: Vec<String> = calls
                .iter()
                .map(|(name, count)| libc::times(name, *count))
                .collect();
            self.screen.paragraph(
                Style::Plain,
                &format!("  {count:>3}  "),
                "       ",
                kind.purpose(language),
            )?;
            self.screen
                .paragraph(Style::Dim, "       ", "       ", &names.join(", "))?;
        }
        Ok(())
    }
}

/// Two calls; of long ones, unless `whole`, the part around the place where they differ.
fn halves(
    c: Option<&NormalizedCall>,
    lab: Option<&NormalizedCall>,
    whole: bool,
) -> (String, String) {
    let text = |request: Option<&NormalizedCall>| {
        request.map(NormalizedCall::to_string).unwrap_or_default()
    };
    let (mut left, mut right) = match (c, lab) {
        (Some(c), Some(lab)) => c.beside(lab),
        _ => (text(c), text(lab)),
    };
    if !whole {
        (left, right) = shorten::difference(&left, &right);
    }
    (left, right)
}

/// Whether a row lies deep within a run of rows that agree.
fn is_dull(rows: &[AlignedRow], place: usize) -> bool {
    let same = |row: &AlignedRow| {
        matches!(
            row.relation,
            Relation::Same | Relation::Beyond | Relation::Uncompared
        )
    };
    let near = |distance: usize| {
        let start = place.saturating_sub(distance);
        rows[start..rows.len().min(place + distance + 1)]
            .iter()
            .all(same)
    };
    place >= SHOWN && place + 4 < rows.len() && near(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{AliasedText, Aliases, Doubt};
    use crate::source::Line;

    #[test]
    fn long_calls_of_other_lines_are_told_where_they_differ() {
        let request = |line, end: &str| NormalizedCall {
            text: AliasedText::new(
                &format!("write({}{end}) = all", "x".repeat(300)),
                &Aliases::new(),
            ),
            words: Vec::new(),
            name: "write".into(),
            returned: true,
            doubt: Doubt::Nothing,
            line: Some(Line {
                file: "child_wait.c".into(),
                line,
                column: 0,
            }),
            index: 0,
        };
        let (left, right) = halves(Some(&request(38, "7")), Some(&request(45, "100")), false);
        assert!(left.starts_with("write(") && left.contains("x7)"), "{left}");
        assert!(
            right.starts_with("write(") && right.contains("x100)"),
            "{right}"
        );
    }
}

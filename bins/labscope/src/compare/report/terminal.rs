//! A comparison as a student reads it: the C on the left, the lab on the right.

use anyhow::Result;
use textwrap::core::display_width;

use crate::compare::alignment::{AlignedRow, Relation};
use crate::compare::is_habit;
use crate::compare::mismatch::LineOf;
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::result::{ProcessPair, RunPair, ScenarioResult};
use crate::i18n::habit::as_library_does;
use crate::i18n::{Language, compare, libc, process};
use crate::source::libc_calls::Kind;
use crate::text::screen::{Screen, Style, terminal_width};
use crate::text::shorten;

/// So many rows are shown at the beginning of a long run that agrees.
const SHOWN: usize = 16;

/// However much differs, no more rows of a process than these.
const LONGEST: usize = 60;

/// The width of one column where nobody says how wide the paper is.
const COLUMN: usize = 58;

/// On a terminal that is narrower, the C stands above the lab.
const BESIDE: usize = 110;

/// What stands before a row and between its columns.
const MARGIN: usize = 4;
const GAP: usize = 2;

/// How the two programs stand on the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// Columns of that width; where a text may be longer, the other moves to the next line.
    Beside { column: usize, may_be_longer: bool },
    /// One above the other, each so wide.
    Above(usize),
}

impl Layout {
    fn of(width: Option<usize>) -> Layout {
        match width {
            None => Layout::Beside {
                column: COLUMN,
                may_be_longer: true,
            },
            Some(width) if width < BESIDE => Layout::Above(width.max(40) - MARGIN),
            Some(width) => Layout::Beside {
                column: (width - MARGIN - GAP) / 2,
                may_be_longer: false,
            },
        }
    }
}

/// Writes comparisons to standard output.
pub struct ComparisonPrinter {
    pub(super) screen: Screen,
    pub(super) language: Language,
    /// Shows every row, however many agree.
    all: bool,
    layout: Layout,
}

impl ComparisonPrinter {
    pub fn new(language: Language, all: bool) -> ComparisonPrinter {
        ComparisonPrinter {
            screen: Screen::stdout(),
            language,
            all,
            layout: Layout::of(terminal_width()),
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
                _ if is_habit(difference) => as_library_does,
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
        let (c, lab) = (run_pair.c.output(), run_pair.lab.output());
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
        let (left, right) = halves(c, lab, self.all, self.language);
        let numbered = |process: &Option<ProcessCalls>, call: Option<&NormalizedCall>, text| {
            let line = process
                .as_ref()
                .zip(call)
                .and_then(|(it, call)| it.place(call));
            let line = line.as_ref().map_or_else(String::new, LineOf::to_string);
            match call {
                Some(_) => format!("{line:>4}  {text}"),
                None => text,
            }
        };
        let (left, right) = (numbered(&pair.c, c, left), numbered(&pair.lab, lab, right));
        self.columns(style, mark, &left, &right)
    }

    /// Two texts beside each other, or the C's above the lab's.
    fn columns(&mut self, style: Style, mark: char, left: &str, right: &str) -> Result<()> {
        for line in laid_out(self.layout, self.all, left, right) {
            let line = format!("  {mark} {line}");
            self.screen.line(style, line.trim_end())?;
        }
        Ok(())
    }

    /// What the signs mean that stand in these tables.
    pub fn legend(&mut self, outcomes: &[ScenarioResult]) -> Result<()> {
        if outcomes.iter().any(ScenarioResult::lacks_lines) {
            let text = compare::without_lines(self.language);
            self.screen.paragraph(Style::Said, "", "", text)?;
        }
        let shown: Vec<&RunPair> = outcomes.iter().filter_map(ScenarioResult::shown).collect();
        let pairs = || shown.iter().flat_map(|run_pair| &run_pair.pairs);
        let rows: Vec<AlignedRow> = pairs().flat_map(ProcessPair::rows).collect();
        let has = |wanted: fn(&Relation) -> bool| rows.iter().any(|row| wanted(&row.relation));
        let calls = || {
            let both = pairs().flat_map(|pair| [&pair.c, &pair.lab]);
            both.flatten().flat_map(|process| &process.calls)
        };
        let says = |text: &str| calls().any(|call| call.to_string().contains(text));
        let language = self.language;
        let signs = [
            (says("= all"), "= all", compare::sign_all(language)),
            (says("<1"), "<1.1>", compare::sign_process(language)),
            (
                has(|it| matches!(it, Relation::Declared(_))),
                "~",
                compare::sign_declared(language),
            ),
            (
                has(|it| *it == Relation::Wording),
                "\"",
                compare::sign_wording(language),
            ),
            (
                has(|it| *it == Relation::Mismatch),
                "!",
                compare::sign_mismatch(language),
            ),
        ];
        if signs.iter().any(|(is_there, ..)| *is_there) {
            self.screen.line(Style::Plain, "")?;
        }
        for (_, sign, meaning) in signs.into_iter().filter(|(is_there, ..)| *is_there) {
            let first = format!("  {sign:<6} ");
            self.screen
                .paragraph(Style::Dim, &first, "         ", meaning)?;
        }
        Ok(())
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
    language: Language,
) -> (String, String) {
    let text = |request: Option<&NormalizedCall>| {
        request.map(NormalizedCall::to_string).unwrap_or_default()
    };
    let (mut left, mut right) = match (c, lab) {
        (Some(c), Some(lab)) => c
            .beside(lab)
            .map(|text| text.get(language).to_owned())
            .into(),
        _ => (text(c), text(lab)),
    };
    if !whole {
        (left, right) = shorten::difference(&left, &right);
    }
    (left, right)
}

/// The lines of two texts; `whole`: what does not fit goes on below, else its end is left out.
fn laid_out(layout: Layout, whole: bool, left: &str, right: &str) -> Vec<String> {
    let (column, may_be_longer) = match layout {
        Layout::Above(width) => {
            let parts = [("C ", left), ("Rs", right)].into_iter();
            let parts = parts.filter(|(_, text)| !text.trim().is_empty());
            let lines = parts.flat_map(|(whose, text)| {
                let pieces = fitted(text, width - whose.len() - 1, whole);
                pieces
                    .into_iter()
                    .map(move |piece| format!("{whose} {piece}"))
            });
            return lines.collect();
        }
        Layout::Beside {
            column,
            may_be_longer,
        } => (column, may_be_longer),
    };
    let padded = |text: &str| {
        format!(
            "{text}{}",
            " ".repeat(column.saturating_sub(display_width(text)) + GAP)
        )
    };
    if may_be_longer {
        return match display_width(left) > column && !right.is_empty() {
            true => vec![left.to_owned(), padded("") + right],
            false => vec![padded(left) + right],
        };
    }
    let (left, right) = (fitted(left, column, whole), fitted(right, column, whole));
    let text = |pieces: &[String], place: usize| pieces.get(place).cloned().unwrap_or_default();
    let lines = 0..left.len().max(right.len());
    lines
        .map(|place| padded(&text(&left, place)) + &text(&right, place))
        .collect()
}

/// A text in lines of a width, or its beginning.
fn fitted(text: &str, width: usize, whole: bool) -> Vec<String> {
    match whole {
        false => vec![shorten::end(text, width)],
        true => shorten::pieces(text, width),
    }
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

    use crate::source::Line;

    #[test]
    fn a_table_is_as_wide_as_the_terminal_and_straight() {
        let (left, right) = (
            "  42  write(1, \"\u{c548}\u{b155}\\n\") = all".repeat(3),
            "  45  write(1, \"P\")",
        );
        for width in [60, 80, 109, 110, 132, 200] {
            for whole in [false, true] {
                let lines = laid_out(Layout::of(Some(width)), whole, &left, right);
                let widest = lines.iter().map(|line| display_width(line)).max();
                assert!(widest <= Some(width - MARGIN), "{width} {lines:?}");
                let is_above = lines.iter().any(|line| line.starts_with("Rs "));
                assert_eq!(is_above, width < BESIDE, "{width} {lines:?}");
            }
        }
        let places = ["short", "\u{c548}\u{b155}"].map(|left| {
            let lines = laid_out(Layout::of(Some(132)), false, left, "right");
            let (before, _) = lines[0].split_once("right").expect("the right column");
            display_width(before)
        });
        assert_eq!(places[0], places[1]);
    }

    #[test]
    fn long_calls_of_other_lines_are_told_where_they_differ() {
        let request = |line, end: &str| NormalizedCall {
            line: Some(Line {
                file: "child_wait.c".into(),
                line,
                column: 0,
            }),
            ..NormalizedCall::written("write", &[&("x".repeat(300) + end)], Some("all"))
        };
        let (left, right) = halves(
            Some(&request(38, "7")),
            Some(&request(45, "100")),
            false,
            Language::En,
        );
        assert!(left.starts_with("write(") && left.contains("x7)"), "{left}");
        assert!(
            right.starts_with("write(") && right.contains("x100)"),
            "{right}"
        );
    }
}

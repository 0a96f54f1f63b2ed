//! A comparison as a student reads it: the C on the left, the lab on the right.

use anyhow::Result;
use textwrap::core::display_width;

use crate::compare::align::{AlignedRow, Relation};
use crate::compare::mismatch::excerpts;
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::record::ProgramRun;
use crate::compare::result::{ProcessPair, RunPair, ScenarioResult};
use crate::i18n::Language;
use crate::source::libc_calls::Kind;
use crate::text::screen::{Screen, Style};

/// So many rows are shown at the beginning of a long run that agrees.
const SHOWN: usize = 16;

/// However much differs, no more rows of a process than these.
const LONGEST: usize = 60;

/// The width of one column.
const COLUMN: usize = 58;

/// Writes comparisons to standard output.
pub struct ComparisonPrinter {
    pub(super) screen: Screen,
    pub(super) words: Language,
    /// Shows every row, however many agree.
    all: bool,
}

impl ComparisonPrinter {
    pub fn new(words: Language, all: bool) -> ComparisonPrinter {
        ComparisonPrinter {
            screen: Screen::new(),
            words,
            all,
        }
    }

    /// Everything about one scenario.
    pub fn outcome(&mut self, outcome: &ScenarioResult) -> Result<()> {
        let words = self.words;
        self.screen.line(Style::Plain, "")?;
        let title = outcome.scenario.title.get(words);
        self.screen.line(
            Style::Heading,
            &format!("{} {}: {title}", outcome.lab, outcome.scenario.name),
        )?;
        self.verdict(outcome)?;
        // The order in which they part, if they do; the other one reads the same.
        let run_pairs = &outcome.run_pairs;
        let shown = run_pairs
            .iter()
            .find(|run_pair| !run_pair.mismatches.is_empty())
            .or(run_pairs.first());
        if let Some(run_pair) = shown {
            self.run_pair(run_pair)?;
        }
        Ok(())
    }

    /// The verdict, with its reasons.
    pub fn verdict(&mut self, outcome: &ScenarioResult) -> Result<()> {
        let words = self.words;
        let declared = outcome.declared();
        let (mismatches, orders) = (outcome.reasons(words), outcome.orders(words));
        let verdict = outcome.verdict().say(words);
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
        for difference in declared {
            let kind = match difference.variant {
                true => words.pick("known variant", "알려진 변형"),
                false => words.pick("declared", "밝혀 둔 차이"),
            };
            let text = format!(
                "{kind}: {}: {}",
                difference.name,
                difference.reason.get(words)
            );
            self.screen.paragraph(Style::Said, "  ~ ", "    ", &text)?;
        }
        Ok(())
    }

    /// A difference that is declared and did not occur.
    pub fn missing(&mut self, outcome: &ScenarioResult) -> Result<()> {
        for difference in outcome.missing() {
            let what = self.words.pick(
                "declared, but it did not occur",
                "밝혀 두었으나 일어나지 않은 차이",
            );
            let text = format!("{what}: {}", difference.name);
            self.screen
                .paragraph(Style::Marked, "  ! ", "    ", &text)?;
        }
        Ok(())
    }

    fn run_pair(&mut self, run_pair: &RunPair) -> Result<()> {
        let words = self.words;
        let mut left = words
            .pick("      the C program", "      C 프로그램")
            .to_owned();
        if let Some(order) = run_pair.order.say(words) {
            left += &format!(" ({order})");
        }
        let right = words.pick("      the lab", "      실습");
        self.columns(Style::Dim, ' ', &left, right)?;
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
            printable(&(stdout.unwrap_or_default() + &run.text(terminal).to_string()))
        };
        let (c, lab) = (text(&run_pair.c), text(&run_pair.lab));
        if c.is_empty() && lab.is_empty() {
            return Ok(());
        }
        self.screen.line(
            Style::Dim,
            &format!("  {}", self.words.pick("output", "출력")),
        )?;
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
        let words = self.words;
        let run = match pair.c {
            Some(_) => &run_pair.c,
            None => &run_pair.lab,
        };
        let last = process.calls.last();
        let name = last.and_then(|last| run.program(last)).unwrap_or_default();
        let heading = format!(
            "  {} {} {name}",
            words.pick("process", "프로세스"),
            process.number()
        );
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
            let end = process.as_ref().map(|process| process.end.say(words));
            end.map_or_else(String::new, |end| format!("      {end}"))
        };
        self.columns(Style::Dim, ' ', &end(&pair.c), &end(&pair.lab))
    }

    fn hidden(&mut self, hidden: &mut usize) -> Result<()> {
        let count = std::mem::take(hidden);
        let what = self.words.pick("calls more", "개 호출 더");
        if count == 0 {
            return Ok(());
        }
        self.screen
            .line(Style::Dim, &format!("    … {count} {what}"))
    }

    fn row<'a>(&mut self, pair: &'a ProcessPair, row: AlignedRow) -> Result<()> {
        let (style, mark) = match row.relation {
            Relation::Same => (Style::Plain, ' '),
            Relation::Declared(_) => (Style::Said, '~'),
            Relation::Mismatch => (Style::Marked, '!'),
            Relation::Beyond | Relation::Uncompared => (Style::Dim, ' '),
        };
        let request = |process: &'a Option<ProcessCalls>, index: Option<usize>| {
            process
                .as_ref()
                .and_then(|process| process.calls.get(index?))
        };
        let (left, right) = halves(
            request(&pair.c, row.c),
            request(&pair.lab, row.lab),
            self.all,
        );
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
        let words = self.words;
        let ledger = outcome.ledger();
        let total: usize = ledger.values().flat_map(|calls| calls.values()).sum();
        let name = &outcome.scenario.name;
        self.screen.line(Style::Plain, "")?;
        let heading = match words {
            Language::En => {
                format!("What libc did for the C program ({name}): {total} calls. For the lab: 0.")
            }
            Language::Ko => format!(
                "C 프로그램을 위해 libc가 한 일({name}): 시스템 콜 {total}개. 러스트 실습: 0개."
            ),
        };
        self.screen.line(Style::Heading, &heading)?;
        for kind in Kind::ALL {
            let Some(calls) = ledger.get(&kind) else {
                continue;
            };
            let count: usize = calls.values().sum();
            let names: Vec<String> = calls
                .iter()
                .map(|(name, count)| times(name, *count))
                .collect();
            self.screen.paragraph(
                Style::Plain,
                &format!("  {count:>3}  "),
                "       ",
                kind.purpose(words),
            )?;
            self.screen
                .paragraph(Style::Dim, "       ", "       ", &names.join(", "))?;
        }
        Ok(())
    }
}

/// Two calls with their lines; of long ones, unless `whole`, the part around the place where they differ.
fn halves(
    c: Option<&NormalizedCall>,
    lab: Option<&NormalizedCall>,
    whole: bool,
) -> (String, String) {
    let text = |request: Option<&NormalizedCall>| {
        request.map(NormalizedCall::to_string).unwrap_or_default()
    };
    let (mut left, mut right) = (text(c), text(lab));
    if !whole {
        (left, right) = excerpts(&left, &right);
    }
    let numbered = |request: Option<&NormalizedCall>, text: String| match request {
        None => text,
        Some(request) => {
            let line = request.line.as_ref().map(|line| line.line.to_string());
            format!("{:>4}  {text}", line.unwrap_or_default())
        }
    };
    (numbered(c, left), numbered(lab, right))
}

/// A text whose control characters are shown, and not obeyed by the reader's terminal.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            '\n' => shown.push(c),
            '\t' => shown.push_str("    "),
            '\r' => {}
            c if c.is_control() => shown.extend(c.escape_default()),
            c => shown.push(c),
        }
    }
    shown
}

pub(super) fn times(name: &str, count: usize) -> String {
    if count == 1 {
        name.to_owned()
    } else {
        format!("{name} × {count}")
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
        assert!(
            left.starts_with("  38  write(") && left.contains("x7)"),
            "{left}"
        );
        assert!(
            right.starts_with("  45  write(") && right.contains("x100)"),
            "{right}"
        );
    }

    #[test]
    fn control_characters_of_a_program_are_shown_and_not_obeyed() {
        let shown = printable("a\tb\r\n\u{1b}[2J한\u{7}\0\n");
        assert_eq!(shown, "a    b\n\\u{1b}[2J한\\u{7}\\u{0}\n");
    }
}

//! The gaps of a lab in its Rust: the lines that make the calls which those of the C program make, by its runs.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use crate::compare::{NormalizedCall, ProgramRun, Relation, ScenarioResult};
use crate::exercise::reference::same_call;
use crate::exercise::skeleton::{Exercise, Region};
use crate::text::code::code;

/// What stands further from the first line of a gap, or in another function, does not belong to it.
const FAR: usize = 24;

/// Which lines of the Rust make the calls of a line of the C, both from 0, and how often.
#[derive(Default)]
pub struct LinePairs(BTreeMap<usize, BTreeMap<usize, usize>>);

impl LinePairs {
    /// Those of a lab, by comparisons with its own C program.
    pub fn of(lab: &str, results: &[ScenarioResult]) -> LinePairs {
        let mut pairs: BTreeMap<usize, BTreeMap<usize, usize>> = BTreeMap::new();
        for run_pair in results.iter().flat_map(|result| &result.run_pairs) {
            for pair in &run_pair.pairs {
                let (Some(c), Some(rust)) = (&pair.c, &pair.lab) else {
                    continue;
                };
                for row in pair.rows() {
                    let is_answered =
                        matches!(row.relation, Relation::Same | Relation::Declared(_));
                    let calls = row.c.zip(row.lab).filter(|_| is_answered);
                    let lines = calls.and_then(|(one, other)| {
                        let (one, other) = (c.calls.get(one)?, rust.calls.get(other)?);
                        let one_line = own_line(lab, &run_pair.c, one)?;
                        let other_line = own_line(lab, &run_pair.lab, other)?;
                        // A declared difference may have put another call there.
                        (one.name == other.name).then_some((one_line, other_line))
                    });
                    if let Some((one, other)) = lines {
                        *pairs.entry(one).or_default().entry(other).or_default() += 1;
                    }
                }
            }
        }
        LinePairs(pairs)
    }

    /// Whether they know a line of a gap.
    pub fn know(&self, region: &Region) -> bool {
        region.lines.clone().any(|line| self.0.contains_key(&line))
    }

    /// The line that most calls of that line of the C are made by.
    fn rust(&self, c: usize) -> Option<usize> {
        let most = self
            .0
            .get(&c)?
            .iter()
            .max_by_key(|(line, count)| (**count, usize::MAX - **line));
        most.map(|(line, _)| *line)
    }
}

/// The line of a call, from 0, if it is one of the lab's own source.
fn own_line(lab: &str, run: &ProgramRun, call: &NormalizedCall) -> Option<usize> {
    let is_own = run.program(call) == Some(lab);
    let line = call.line.as_ref().filter(|_| is_own)?;
    usize::try_from(line.line).ok()?.checked_sub(1)
}

/// The lab in Rust with the gaps of its C program; one that has no lines of its own there is left out.
pub fn in_rust(c: &Exercise, rust: &str, pairs: &LinePairs) -> Exercise {
    let codes: Vec<String> = code(rust).lines().map(str::to_owned).collect();
    let mut regions: Vec<Region> = Vec::new();
    for region in &c.regions {
        let lines = lines_of(c, region, rust, &codes, pairs);
        let is_free = |lines: &Range<usize>| {
            let mut taken = regions.iter();
            taken.all(|it| it.lines.end <= lines.start || it.lines.start >= lines.end)
        };
        if let Some(lines) = lines.filter(is_free) {
            let gap = region.gap.clone();
            regions.push(Region {
                gap,
                lines,
                unchanged: None,
            });
        }
    }
    Exercise::in_rust(rust, regions)
}

/// The lines of a gap: from the first to the last that make its calls, and on to where all brackets are closed.
fn lines_of(
    c: &Exercise,
    region: &Region,
    rust: &str,
    codes: &[String],
    pairs: &LinePairs,
) -> Option<Range<usize>> {
    let by_runs = region.lines.clone().filter_map(|line| pairs.rust(line));
    let mut found: Vec<usize> = by_runs.collect();
    if found.is_empty() {
        // No run makes its calls, or prints at once.
        found.extend(same_call(c, region, rust));
    }
    let anchor = *found.first()?;
    let is_near = |line: &usize| {
        let between = anchor.min(*line)..anchor.max(*line);
        between.len() <= FAR && !codes[between].iter().any(|line| line.starts_with('}'))
    };
    let near = found.into_iter().filter(is_near);
    let (mut first, mut last) = near.fold((anchor, anchor), |(first, last), line| {
        (first.min(line), last.max(line))
    });
    let open = |lines: RangeInclusive<usize>, brackets: [char; 2]| -> isize {
        let text = codes[lines].iter().flat_map(|line| line.chars());
        let count = |bracket: char| text.clone().filter(|&c| c == bracket).count() as isize;
        count(brackets[0]) - count(brackets[1])
    };
    // A statement that begins further up, as `let x =` or a condition in several lines.
    let goes_on = |line: usize| {
        let (above, own) = (codes[line - 1].trim_end(), codes[line].trim_start());
        above.ends_with('=') || ["&& ", "|| ", "."].iter().any(|word| own.starts_with(word))
    };
    while first > 0 && (goes_on(first) || open(first..=last, ['{', '}']) < 0) {
        first -= 1;
    }
    let is_open = |last: usize| {
        open(first..=last, ['(', ')']) > 0
            || (is_block(c, region) && open(first..=last, ['{', '}']) > 0)
    };
    while last + 1 < codes.len() && is_open(last) {
        last += 1;
    }
    Some(first..last + 1)
}

/// Whether a gap is more than the line of a call: then it ends where its blocks end.
fn is_block(c: &Exercise, region: &Region) -> bool {
    region.lines.len() > 1 || c.solution(region).contains('{')
}

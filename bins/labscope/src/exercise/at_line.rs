//! Which gap a line of a student's file stands in.

use crate::exercise::skeleton::Exercise;

/// The gap that this line, from 1, stands in: between the lines of the program that are above it and those that are below.
/// Of several that have been begun there, it is the last one: a student fills them in one after the other.
pub fn gap_at(exercise: &Exercise, text: &str, line: usize) -> Option<usize> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let (above, below) = (lines.get(..line.checked_sub(1)?)?, lines.get(line..)?);
    let outside = exercise.outside(exercise.len());
    let before = in_order(above.iter(), outside.iter());
    let after = outside.len() - in_order(below.iter().rev(), outside.iter().rev());
    let here = before.min(after)..=before.max(after);
    exercise.regions.iter().rposition(|region| {
        let place = exercise.outside(region.lines.start).len();
        here.contains(&place) && !exercise.is_untouched(text, region)
    })
}

/// How many of the wanted lines come, one after the other.
fn in_order<'a>(
    lines: impl Iterator<Item = &'a &'a str>,
    wanted: impl Iterator<Item = &'a &'a str>,
) -> usize {
    let mut wanted = wanted.peekable();
    lines.filter_map(|line| wanted.next_if_eq(&line)).count()
}

//! Whether what stands next in two processes is the same.

use crate::compare::equivalents;
use crate::compare::habits;
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::{differs_in_wording, takes_another_word};
use crate::scenario::Difference;

/// Whether the next calls agree. A last call that was cut off agrees with one of its name, however that ended.
pub fn agree(
    c: &ProcessCalls,
    left: &[NormalizedCall],
    lab: &ProcessCalls,
    right: &[NormalizedCall],
) -> bool {
    let (Some(one), Some(other)) = (left.first(), right.first()) else {
        return false;
    };
    let cut = |process: &ProcessCalls, rest: &[NormalizedCall]| {
        process.is_open() && rest.len() == 1 && !rest[0].returned
    };
    let is_cut = cut(c, left) || cut(lab, right);
    one.alike(other) || (is_cut && one.begins_alike(other))
}

/// Whether a process was ended from outside here.
pub fn has_been_cut(process: &ProcessCalls, rest: &[NormalizedCall]) -> bool {
    process.is_open() && rest.is_empty()
}

pub fn is_in_other_words(
    left: &[NormalizedCall],
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
) -> bool {
    let (Some(one), Some(other)) = (left.first(), right.first()) else {
        return false;
    };
    let before = &lab.calls[..lab.calls.len() - right.len()];
    differs_in_wording(one, other, before) && !takes_another_word(one, other, &lab.calls)
}

/// The first of these differences that is a habit, of the library or of whoever writes C, and what stands here; and of how
/// many calls of each.
pub fn by_habit(
    differences: &[Difference],
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> Option<(usize, usize, usize)> {
    habits::find(differences, c, lab).or_else(|| equivalents::find(differences, c, lab))
}

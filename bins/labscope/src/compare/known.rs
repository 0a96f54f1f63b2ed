//! Which of the declared differences stands here.

use std::collections::BTreeMap;

use crate::compare::alignment::{AlignedRow, Meant, Relation, beside};
use crate::compare::declared::{Both, Rest, described};
use crate::compare::equivalents;
use crate::compare::habits;
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::{differs_in_numbers, differs_in_words};
use crate::scenario::Difference;

/// A difference that stands here.
pub struct Known {
    pub place: usize,
    pub both: Both,
}

impl Known {
    /// Puts its rows behind those before, and says which calls of both come next.
    pub fn put(
        &self,
        (i, j): (usize, usize),
        rows: &mut Vec<AlignedRow>,
        meant: &mut BTreeMap<usize, Meant>,
    ) -> (usize, usize) {
        rows.extend(self.rows(i, j));
        meant.extend(self.meant(i));
        (i + self.both.of_c, j + self.both.of_lab)
    }

    /// Its rows, from these calls on.
    fn rows(&self, i: usize, j: usize) -> impl Iterator<Item = AlignedRow> {
        let relation = Relation::Declared(self.place);
        let rows = beside(i, self.both.of_c, j, self.both.of_lab, relation);
        rows.map(move |row| AlignedRow {
            relation: match row.c {
                Some(at) if self.rewords(at - i) => Relation::Wording,
                _ => relation,
            },
            ..row
        })
    }

    fn rewords(&self, at: usize) -> bool {
        self.both.reworded.iter().any(|(place, _)| *place == at)
    }

    /// What its calls of the C say in other words.
    fn meant(&self, i: usize) -> impl Iterator<Item = (usize, Meant)> {
        let reworded = self.both.reworded.iter();
        reworded.map(move |(at, pattern)| (i + at, Meant::Declared(pattern.clone())))
    }
}

/// In which words a declared difference may be said.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Words {
    Own,
    /// In others, where it names so many calls that it is taken for no other text.
    OtherOfMany,
    Other,
}

/// The first of the differences that is what stands here.
///
/// What only one of the two does, it does not do again at once: `before` is the difference that stands just before.
pub fn declared(
    differences: &[Difference],
    before: Option<usize>,
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
    words: Words,
) -> Option<Known> {
    let is_student = differences.iter().any(equivalents::is_one);
    if words != Words::Own && !is_student {
        return None; // these are the project's own
    }
    let idioms = is_student || differences.iter().any(habits::is_one);
    let rest = |process, calls| Rest {
        process,
        calls,
        idioms: false,
        words: false,
    };
    let of_c = Rest {
        idioms,
        words: words != Words::Own,
        ..rest(c, left)
    };
    let before_lab = &lab.calls[..lab.calls.len() - right.len()];
    let mut next = left.iter().zip(right).take(1);
    let is_said = is_student
        && next.any(|(c, lab)| differs_in_words(c, lab, before_lab) || differs_in_numbers(c, lab));
    let own = differences.iter().enumerate();
    let mut own = own.filter(|(_, one)| !equivalents::is_one(one));
    own.find_map(|(place, one)| {
        let is_of_one = one.c.is_empty() || one.lab.is_empty();
        let is_of_many = one.last || (one.c.len() > 1 && !is_of_one);
        let is_again = before == Some(place) && is_of_one;
        // What the lab says here, too, is no call that only one of the two makes.
        let is_both = is_said && is_of_one && (one.variant || words != Words::Own);
        if is_again || is_both || (words == Words::OtherOfMany && !is_of_many) {
            return None;
        }
        let both = described(one, of_c, rest(lab, right))?;
        (one.last || both.of_c + both.of_lab > 0).then_some(Known { place, both })
    })
}

/// The difference that begins with the call before, which both make in the same way: a student has mended that one alone.
pub fn one_before(
    differences: &[Difference],
    rows: &[AlignedRow],
    (c, i): (&ProcessCalls, usize),
    (lab, j): (&ProcessCalls, usize),
) -> Option<Known> {
    let is_student = differences.iter().any(equivalents::is_one);
    let is_alike = |row: &&AlignedRow| match row.relation {
        Relation::Same => true,
        Relation::Declared(place) => equivalents::is_other_name(&differences[place]),
        _ => false,
    };
    rows.last().filter(|row| is_student && is_alike(row))?;
    let (left, right) = (&c.calls[i - 1..], &lab.calls[j - 1..]);
    let found = declared(differences, None, (c, left), (lab, right), Words::Own)?;
    (found.both.of_c > 1 && found.both.of_lab > 1).then_some(found)
}

//! A declared difference that both begin, and of which the C makes one call otherwise: that call is told, beside what the
//! slide's C calls there, and no other one.

use crate::compare::alignment::{AlignedRow, Relation, beside};
use crate::compare::declared::{self, AND_SO_ON, KILLED_BY, Rest, begin, next, with_the_same};
use crate::compare::equivalents;
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::{are_alike, is_read_by_people};
use crate::scenario::Difference;
use crate::scenario::pattern::name_of;

/// A difference of which the C makes one call otherwise.
pub struct Altered {
    /// How many calls of the C it describes before that one and behind it, and how many of the lab.
    pub before: usize,
    pub behind: usize,
    pub of_lab: usize,
    /// What the C was to call there.
    pub meant: String,
}

impl Altered {
    /// Its rows, from these calls on, and how many calls of the C they hold: the call that is made otherwise stands beside one
    /// that the lab makes there, and behind it what both make in spite of that.
    pub fn rows(
        &self,
        (i, left): (usize, &[NormalizedCall]),
        (j, right): (usize, &[NormalizedCall]),
        place: usize,
    ) -> (Vec<AlignedRow>, usize) {
        let (other, own) = (&left[self.before], &right[..self.of_lab]);
        let alike = own.iter().position(|call| call.alike(other));
        let beside_it = alike.or_else(|| own.iter().position(|call| call.name == other.name));
        let of_lab = beside_it.unwrap_or(self.of_lab);
        let known = Relation::Declared(place);
        let mut rows: Vec<AlignedRow> = beside(i, self.before, j, of_lab, known).collect();
        rows.push(AlignedRow {
            c: Some(i + self.before),
            lab: beside_it.map(|at| j + at),
            relation: Relation::Mismatch,
        });
        let mut next = self.before + 1;
        for (at, call) in own.iter().enumerate().skip(of_lab + 1) {
            let is_both = self.behind == 0 && left.get(next).is_some_and(|it| it.alike(call));
            let (of_c, relation) = match is_both {
                true => (1, Relation::Same),
                false => (0, known),
            };
            rows.extend(beside(i + next, of_c, j + at, 1, relation));
            next += of_c;
        }
        rows.extend(beside(i + next, self.behind, 0, 0, known));
        (rows, next + self.behind)
    }
}

/// The difference by which both end, and on whose way the C goes another one: that which it follows longest.
pub fn begun_end(
    differences: &[Difference],
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
) -> Option<(usize, Altered)> {
    // What only asks may have been passed over before, in the lab, too.
    let rest = |process, calls| Rest {
        process,
        calls,
        idioms: true,
        words: false,
    };
    let is_student = differences.iter().any(equivalents::is_one);
    let known = differences.iter().enumerate().filter(|_| is_student);
    let own = known.filter(|(_, one)| one.last && !equivalents::is_one(one));
    let begun = own.filter_map(|(place, one)| {
        let begun = begun(one, rest(c, left), rest(lab, right))?;
        Some((place, begun))
    });
    begun.rev().max_by_key(|(_, begun)| begun.before)
}

/// The difference of which the C makes one call otherwise: that which it follows furthest. `distance`: where the two agree
/// again, which is not because one of them alone has made some calls.
pub fn altered_call(
    differences: &[Difference],
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
    (of_c, of_lab): (usize, usize),
) -> Option<(usize, Altered)> {
    let rest = |process, calls| Rest {
        process,
        calls,
        idioms: true,
        words: false,
    };
    let is_student = differences.iter().any(equivalents::is_one);
    let known = differences.iter().enumerate().filter(|_| is_student);
    let own = known
        .filter(|(_, one)| !one.last && !one.variant && !one.c.is_empty() && !one.lab.is_empty());
    let altered = own.filter_map(|(place, one)| {
        let altered = altered(one, rest(c, left), rest(lab, right))?;
        let left_out = of_c == 0 && of_lab >= altered.of_lab;
        let too_much = of_lab == 0;
        (!left_out && !too_much).then_some((place, altered))
    });
    altered
        .rev()
        .max_by_key(|(_, altered)| altered.before + altered.behind)
}

/// How the difference begins here, if both do what it says, and the C at least two calls of it, before it goes its own way.
fn begun(difference: &Difference, c: Rest, lab: Rest) -> Option<Altered> {
    let lab = begin(&difference.lab, lab, difference.last)?;
    let mut of_c = 0;
    for (done, pattern) in difference.c.iter().enumerate() {
        let is_call = pattern != AND_SO_ON && !pattern.starts_with(KILLED_BY);
        match next(pattern, c, of_c).filter(|_| is_call) {
            Some((calls, _)) => of_c += calls,
            None => {
                let is_begun = done > 1 && is_call && of_c < c.calls.len();
                return is_begun.then(|| Altered {
                    before: of_c,
                    behind: 0,
                    of_lab: lab.calls,
                    meant: with_the_same(&difference.c, &lab.holes.same).swap_remove(done),
                });
            }
        }
    }
    None
}

/// Whether the lab does here what the difference says, and the C too, but for one call that it makes with other arguments or
/// that comes back with something else.
fn altered(difference: &Difference, c: Rest, lab: Rest) -> Option<Altered> {
    let lab = begin(&difference.lab, lab, false)?;
    let follows = |patterns: &[String], from: usize| {
        let mut at = from;
        let mut done = 0;
        for pattern in patterns {
            let Some((calls, _)) = next(pattern, c, at) else {
                break;
            };
            (at, done) = (at + calls, done + 1);
        }
        (at - from, done)
    };
    let (before, done) = follows(&difference.c, 0);
    let (call, meant) = (c.calls.get(before)?, difference.c.get(done)?);
    let is_any = |it: &String| next(it, c, before).is_some_and(|(calls, _)| calls > 0);
    let is_said = || declared::meant(meant).is_some_and(|meant| are_alike(call, &meant));
    let is_it = call.name == name_of(meant) && (!is_read_by_people(call) || is_said());
    if !is_it || difference.c.iter().any(is_any) {
        return None;
    }
    let (behind, _) = follows(&difference.c[done + 1..], before + 1);
    Some(Altered {
        before,
        behind,
        of_lab: lab.calls,
        meant: with_the_same(&difference.c, &lab.holes.same).swap_remove(done),
    })
}

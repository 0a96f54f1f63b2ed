//! Where two processes part: how far, and how the calls in between stand beside each other.

use crate::compare::agreement::{agree, by_habit, is_in_other_words};
use crate::compare::alignment::{AlignedRow, Relation};
use crate::compare::block::lay_out;
use crate::compare::declared::{Rest, only_of_lab};
use crate::compare::equivalents::{self, only_asks};
use crate::compare::habits;
use crate::compare::known::{Words, declared};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::{differs_in_words, is_read_by_people, takes_another_word};
use crate::scenario::Difference;

/// How far apart two sequences are looked through for the place where they agree again.
const REACH: usize = 12;

/// How many calls of each to pass over until they agree again, or say the same in other words; all if they never do.
pub fn distance(
    differences: &[Difference],
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
) -> (usize, usize) {
    for sum in 1..=REACH {
        let places = (0..=sum.min(left.len())).map(|of_c| (of_c, sum - of_c));
        let places = places.filter(|&(_, of_lab)| of_lab <= right.len());
        let from = |&(of_c, of_lab): &(usize, usize)| (&left[of_c..], &right[of_lab..]);
        // The lab's last call, which did not come back, may be any of the C's that are like it: it is their last one.
        let is_early = |place: &(usize, usize)| {
            let (left, right) = from(place);
            is_last(right) && !is_last(left)
        };
        let places: Vec<_> = places.filter(|place| !is_early(place)).collect();
        let agrees = |place: &&(usize, usize)| {
            let (left, right) = from(place);
            agree(c, left, lab, right)
        };
        let resembles = |place: &&(usize, usize)| {
            let (left, right) = from(place);
            let known = declared(differences, None, (c, left), (lab, right), Words::Own)
                .map(|known| (known.both.of_c, known.both.of_lab));
            let habit = || by_habit(differences, left, right);
            let known = known.or_else(|| habit().map(|(_, of_c, of_lab)| (of_c, of_lab)));
            known.is_some_and(|(of_c, of_lab)| of_c > 0 && of_lab > 0)
                || is_in_other_words(left, (lab, right))
        };
        let found = places.iter().find(agrees);
        if let Some(found) = found.or_else(|| places.iter().find(resembles)) {
            return *found;
        }
    }
    (left.len(), right.len())
}

/// Whether nothing comes but a call that did not come back.
fn is_last(calls: &[NormalizedCall]) -> bool {
    matches!(calls, [last] if !last.returned)
}

/// Rows for calls of both that do not agree; what the lab declares to add stays declared among them, also where the C makes
/// another call than that difference says, which is then told.
pub fn parted(
    differences: &[Difference],
    c: (&ProcessCalls, usize),
    (lab, j): (&ProcessCalls, usize),
    (left, right): (&[NormalizedCall], &[NormalizedCall]),
) -> Vec<AlignedRow> {
    let added = added(differences, c.0, (lab, j), right.len());
    let more = added_in_part(differences, &added, (lab, j));
    let laid = |added: &[Option<usize>]| laid_out(differences, c, (lab, j), (left, right), added);
    let rows = laid(&more);
    match rows.iter().any(|row| row.relation == Relation::Mismatch) {
        true => rows,
        false => laid(&added),
    }
}

/// The same with the calls that a difference adds to one of the C, of which the C makes something else.
fn added_in_part(
    differences: &[Difference],
    added: &[Option<usize>],
    (lab, from): (&ProcessCalls, usize),
) -> Vec<Option<usize>> {
    let mut more = added.to_vec();
    let mut at = 0;
    while at < more.len() {
        let rest = Rest {
            process: lab,
            calls: &lab.calls[from + at..],
            idioms: false,
            words: false,
        };
        let own = differences.iter().enumerate();
        let mut own = own.filter(|(_, one)| !one.c.is_empty() && !equivalents::is_one(one));
        let found = own.find_map(|(place, one)| {
            let only = only_of_lab(one, rest).filter(|only| at + only.len() <= more.len())?;
            let in_part = only.contains(&true) && only.contains(&false);
            in_part.then_some((place, only))
        });
        let Some((place, only)) = found.filter(|_| more[at].is_none()) else {
            at += 1;
            continue;
        };
        let places = only.iter().enumerate().filter(|(_, only)| **only);
        places.for_each(|(step, _)| more[at + step] = Some(place));
        at += only.len();
    }
    more
}

fn laid_out(
    differences: &[Difference],
    (c, i): (&ProcessCalls, usize),
    (lab, j): (&ProcessCalls, usize),
    (left, right): (&[NormalizedCall], &[NormalizedCall]),
    added: &[Option<usize>],
) -> Vec<AlignedRow> {
    let (said, kept): (Vec<_>, Vec<_>) = said_elsewhere(differences, left, right);
    let own: Vec<usize> = (0..right.len()).filter(|&at| added[at].is_none()).collect();
    let compared: Vec<NormalizedCall> = own.iter().map(|&at| right[at].clone()).collect();
    let mut rows = Vec::new();
    let mut next = 0;
    let take_added = |until: usize, next: &mut usize, rows: &mut Vec<AlignedRow>| {
        for (at, place) in added.iter().enumerate().take(until).skip(*next) {
            rows.extend(place.map(|place| AlignedRow {
                c: None,
                lab: Some(j + at),
                relation: Relation::Declared(place),
            }));
        }
        *next = until;
    };
    let of_c: Vec<NormalizedCall> = kept.iter().map(|&at| left[at].clone()).collect();
    let mut said = said.into_iter().peekable();
    // Where one writes more often than the other, nobody knows which text is said in whose place.
    let writes = |calls: &[NormalizedCall]| calls.iter().filter(|it| is_read_by_people(it)).count();
    let as_often = writes(&of_c) == writes(&compared);
    for (of_c, of_lab) in lay_out(&of_c, &compared) {
        let (of_c, of_lab) = (of_c.map(|at| kept[at]), of_lab.map(|at| own[at]));
        while let Some((at, place)) = said.next_if(|(at, _)| of_c.is_some_and(|c| *at < c)) {
            rows.push(only_of_c(i + at, place));
        }
        if let Some(at) = of_lab {
            take_added(at, &mut next, &mut rows);
            next = at + 1;
        }
        let relation = match of_c.zip(of_lab) {
            Some((c, lab)) if left[c].alike(&right[lab]) => Relation::Same,
            Some((of_c, of_lab))
                if as_often
                    && differs_in_words(&left[of_c], &right[of_lab], &lab.calls[..j + of_lab])
                    && !takes_another_word(&left[of_c], &right[of_lab], &lab.calls) =>
            {
                Relation::Wording
            }
            _ => Relation::Mismatch,
        };
        rows.push(AlignedRow {
            c: of_c.map(|it| i + it),
            lab: of_lab.map(|it| j + it),
            relation,
        });
    }
    rows.extend(said.map(|(at, place)| only_of_c(i + at, place)));
    take_added(right.len(), &mut next, &mut rows);
    if c.is_open() && lab.is_open() {
        let ends = (
            i + left.len() == c.calls.len(),
            j + right.len() == lab.calls.len(),
        );
        go_beyond(&mut rows, ends);
    }
    rows
}

/// What one of two that were both ended from outside does behind the last call of the other is no departure.
fn go_beyond(rows: &mut [AlignedRow], (c_ends, lab_ends): (bool, bool)) {
    let is_further = |row: &AlignedRow| match (row.c, row.lab) {
        (Some(_), None) => lab_ends,
        (None, Some(_)) => c_ends,
        _ => false,
    };
    let both = rows
        .iter()
        .rposition(|row| row.c.is_some() && row.lab.is_some());
    let Some(first) = both.map(|both| both + 1) else {
        return;
    };
    if rows[first..].iter().all(is_further) {
        let parted = rows[first..].iter_mut();
        let parted = parted.filter(|row| row.relation == Relation::Mismatch);
        parted.for_each(|row| row.relation = Relation::Beyond);
    }
}

/// Which declared difference adds each of so many calls of the lab, if one does.
fn added(
    differences: &[Difference],
    c: &ProcessCalls,
    (lab, from): (&ProcessCalls, usize),
    count: usize,
) -> Vec<Option<usize>> {
    let mut added = vec![None; count];
    let mut at = 0;
    while at < count {
        let rest = (lab, &lab.calls[from + at..]);
        let known = declared(differences, None, (c, &[]), rest, Words::Own);
        let known = known.filter(|known| {
            let difference = &differences[known.place];
            let is_labs = difference.c.is_empty() && !difference.last && !difference.variant;
            is_labs && at + known.both.of_lab <= count
        });
        let habit = || match habits::find(differences, &[], &lab.calls[from + at..]) {
            Some((place, 0, 1)) => Some(place),
            _ => equivalents::asks(differences, &lab.calls[from + at]),
        };
        let length = known.as_ref().map_or(1, |known| known.both.of_lab);
        let place = known.map(|known| known.place).or_else(habit);
        added[at..at + length].fill(place);
        at += length;
    }
    added
}

fn only_of_c(at: usize, place: usize) -> AlignedRow {
    AlignedRow {
        c: Some(at),
        lab: None,
        relation: Relation::Declared(place),
    }
}

/// Which calls of the C an idiom takes alone, with its place; and those that are left.
fn said_elsewhere(
    differences: &[Difference],
    left: &[NormalizedCall],
    right: &[NormalizedCall],
) -> (Vec<(usize, usize)>, Vec<usize>) {
    let (mut said, mut kept) = (Vec::new(), Vec::new());
    for at in 0..left.len() {
        // What the lab does here, too, is no call of the C alone.
        let is_both = right.iter().any(|call| call.alike(&left[at]));
        let found = habits::find(differences, &left[at..], &[])
            .or_else(|| equivalents::find(differences, &left[at..], right));
        match found {
            Some((place, 1, 0)) if !is_both || only_asks(&left[at]) => said.push((at, place)),
            _ => kept.push(at),
        }
    }
    (said, kept)
}

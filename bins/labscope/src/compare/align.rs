//! Two processes laid side by side, call for call.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::compare::ahead::Ahead;
use crate::compare::alignment::{AlignedRow, Alignment, Meant, Relation};
use crate::compare::block::lay_out;
use crate::compare::buffers;
use crate::compare::declared::{Both, Rest, described, explains_ends, only_of_lab};
use crate::compare::equivalents;
use crate::compare::gives_up;
use crate::compare::habits::{self, Late};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::{differs_in_wording, differs_in_words, is_read_by_people};
use crate::scenario::Difference;

/// How far apart two sequences are looked through for the place where they agree again.
const REACH: usize = 12;

/// Lays two processes side by side; the differences are those that may occur here.
pub fn pair(c: &ProcessCalls, lab: &ProcessCalls, differences: &[Difference]) -> Alignment {
    let alignment = as_they_are(c, lab, differences);
    let mut rows = alignment.rows.iter();
    let parted = rows.any(|row| row.relation == Relation::Mismatch);
    if !parted || !differences.iter().any(equivalents::is_one) {
        return alignment;
    }
    match buffers::Both::of(c, lab) {
        Some(both) => {
            let (thin_c, thin_lab) = both.processes();
            both.whole(c, lab, as_they_are(thin_c, thin_lab, differences))
        }
        None => alignment,
    }
}

/// The first of these differences that is a habit, of the library or of whoever writes C, and what stands here; and of how
/// many calls of each.
fn by_habit(
    differences: &[Difference],
    c: &[NormalizedCall],
    lab: &[NormalizedCall],
) -> Option<(usize, usize, usize)> {
    habits::find(differences, c, lab).or_else(|| equivalents::find(differences, c, lab))
}

/// The same, each call in its place.
fn as_they_are(c: &ProcessCalls, lab: &ProcessCalls, differences: &[Difference]) -> Alignment {
    let (mut rows, mut meant) = (Vec::new(), BTreeMap::new());
    let (mut i, mut j) = (0, 0);
    let (mut free, mut before) = (false, None);
    let mut ahead = Ahead::new(differences);
    let prints = habits::Prints::new(differences, c, lab);
    let mut c_as_told = Cow::Borrowed(c); // what comes late in a line is told where the lab writes it
    while i < c.calls.len() || j < lab.calls.len() {
        let mut is_late = None;
        let next_print = prints.as_ref().and_then(|it| it.next(i, j, &c.calls));
        if let Some(Late { at, call, place }) = next_print {
            c_as_told.to_mut().calls[at] = call;
            is_late = place.filter(|_| at == i);
        }
        let c = &*c_as_told;
        let (left, right) = (&c.calls[i..], &lab.calls[j..]);
        let known = |words| declared(differences, before, (c, left), (lab, right), words);
        let is_reworded = || is_in_other_words(left, (lab, right));
        let own = || known(Words::Own).or_else(|| known(Words::OtherOfMany));
        let printed = || prints.as_ref()?.step((i, left), (j, right));
        let mut said = || {
            printed()
                .or_else(|| by_habit(differences, left, right))
                .or_else(|| ahead.step((c, left), (lab, right)))
        };
        let told = || equivalents::tells(differences, &c.calls[..i], (left, right));
        // In other words a difference is declared only where nothing nearer fits.
        let other = || (!is_reworded()).then(|| known(Words::Other))?;
        if agree(c, left, lab, right) {
            rows.push(AlignedRow {
                c: Some(i),
                lab: Some(j),
                relation: is_late.map_or(Relation::Same, Relation::Declared),
            });
            (i, j) = (i + 1, j + 1);
        } else if let Some(found) = own() {
            (i, j) = found.put((i, j), &mut rows, &mut meant);
            free |= differences[found.place].last;
            before = Some(found.place);
            continue;
        } else if let Some((place, of_c, of_lab)) = said() {
            rows.extend(beside(i, of_c, j, of_lab, Relation::Declared(place)));
            (i, j) = (i + of_c, j + of_lab);
        } else if let Some(found) = other() {
            (i, j) = found.put((i, j), &mut rows, &mut meant);
            free |= differences[found.place].last;
            before = Some(found.place);
            continue;
        } else if is_reworded() {
            rows.extend(beside(i, 1, j, 1, Relation::Wording));
            (i, j) = (i + 1, j + 1);
        } else if ahead.contradicts(left, lab) {
            ahead.forget();
            rows.extend(beside(i, 1, j, 0, Relation::Mismatch));
            i += 1;
        } else if let Some((of_c, of_lab)) = beyond((c, left), (lab, right)) {
            rows.extend(beside(i, of_c, j, of_lab, Relation::Beyond));
            (i, j) = (i + of_c, j + of_lab);
        } else if let Some(found) = one_before(differences, &rows, (c, i), (lab, j)) {
            rows.pop();
            (i, j) = found.put((i - 1, j - 1), &mut rows, &mut meant);
            free |= differences[found.place].last;
            before = Some(found.place);
            continue;
        } else if let Some(place) = gives_up::step(differences, &rows, (c, left), (lab, right)) {
            let (of_c, of_lab) = (left.len(), right.len());
            rows.extend(beside(i, of_c, j, of_lab, Relation::Declared(place)));
            (i, j) = (i + of_c, j + of_lab);
            free = true;
        } else if let Some(place) = told() {
            ahead.tells(&left[0]);
            rows.extend(beside(i, 1, j, 0, Relation::Declared(place)));
            i += 1;
        } else {
            ahead.forget();
            let (of_c, of_lab) = distance(differences, (c, left), (lab, right));
            let block = (&left[..of_c], &right[..of_lab]);
            rows.extend(parted(differences, (c, i), (lab, j), block));
            (i, j) = (i + of_c, j + of_lab);
        }
        before = None;
    }
    take_what_the_lab_adds(&mut rows, differences, c, lab);
    // A thread is ended in whatever it does by the signal that another one has brought about.
    let declared_end = || declared(differences, None, (c, &[]), (lab, &[]), Words::Own);
    if let Some(last) = rows.last_mut()
        && last.relation == Relation::Same
        && c.end != lab.end
        && let Some(Known { place, .. }) = declared_end()
    {
        last.relation = Relation::Declared(place);
    }
    // A declared difference that comes last may be how the two end; other words for the same are no end.
    let last = rows.last().and_then(|row| match row.relation {
        Relation::Declared(place) => Some(place),
        _ => before,
    });
    let explained = last.is_some_and(|place| explains_ends(&differences[place]));
    let parted = rows.iter().any(|row| row.relation == Relation::Mismatch);
    Alignment {
        ends_differ: !parted && !explained && c.end != lab.end,
        free,
        meant,
        rows,
    }
}

/// A difference that stands here.
struct Known {
    place: usize,
    both: Both,
}

impl Known {
    /// Puts its rows behind those before, and says which calls of both come next.
    fn put(
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
enum Words {
    Own,
    /// In others, where it names so many calls that it is taken for no other text.
    OtherOfMany,
    Other,
}

/// The first of the differences that is what stands here.
///
/// What only one of the two does, it does not do again at once: `before` is the difference that stands just before.
fn declared(
    differences: &[Difference],
    before: Option<usize>,
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
    words: Words,
) -> Option<Known> {
    let idioms = differences.iter().any(equivalents::is_one);
    if words != Words::Own && !idioms {
        return None; // these are the project's own
    }
    let idioms = idioms || differences.iter().any(habits::is_one);
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
    let is_said = words != Words::Own && next.any(|(c, lab)| differs_in_words(c, lab, before_lab));
    let own = differences.iter().enumerate();
    let mut own = own.filter(|(_, one)| !equivalents::is_one(one));
    own.find_map(|(place, one)| {
        let is_of_one = one.c.is_empty() || one.lab.is_empty();
        let is_of_many = one.last || (one.c.len() > 1 && !is_of_one);
        let is_again = before == Some(place) && is_of_one;
        // What the lab says here, too, is no call that only one of the two makes.
        let is_both = is_said && is_of_one;
        if is_again || is_both || (words == Words::OtherOfMany && !is_of_many) {
            return None;
        }
        let both = described(one, of_c, rest(lab, right))?;
        (one.last || both.of_c + both.of_lab > 0).then_some(Known { place, both })
    })
}

/// The difference that begins with the call before, which both make in the same way: a student has mended that one alone.
fn one_before(
    differences: &[Difference],
    rows: &[AlignedRow],
    (c, i): (&ProcessCalls, usize),
    (lab, j): (&ProcessCalls, usize),
) -> Option<Known> {
    let is_student = differences.iter().any(equivalents::is_one);
    rows.last()
        .filter(|row| is_student && row.relation == Relation::Same)?;
    let (left, right) = (&c.calls[i - 1..], &lab.calls[j - 1..]);
    let found = declared(differences, None, (c, left), (lab, right), Words::Own)?;
    (found.both.of_c > 1 && found.both.of_lab > 1).then_some(found)
}

fn is_in_other_words(
    left: &[NormalizedCall],
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
) -> bool {
    let (Some(one), Some(other)) = (left.first(), right.first()) else {
        return false;
    };
    differs_in_wording(one, other, &lab.calls[..lab.calls.len() - right.len()])
}

/// How many calls of each come after the end of one that was ended from outside; none if there is no such end here.
///
/// What a process does after it has caught the very signal that the other one died of is no mere going further.
fn beyond(
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
) -> Option<(usize, usize)> {
    if !has_been_cut(c, left) && !has_been_cut(lab, right) {
        return None;
    }
    let further = |process: &ProcessCalls, rest: &[NormalizedCall], other: &ProcessCalls| {
        let caught = process.went_on_after(other).unwrap_or(usize::MAX);
        rest.iter().take_while(|call| call.index < caught).count()
    };
    let (of_c, of_lab) = (further(c, left, lab), further(lab, right, c));
    (of_c + of_lab > 0).then_some((of_c, of_lab))
}

/// Whether a process was ended from outside here.
fn has_been_cut(process: &ProcessCalls, rest: &[NormalizedCall]) -> bool {
    process.is_open() && rest.is_empty()
}

/// Whether the next calls agree. A last call that was cut off agrees with one of its name, however that ended.
fn agree(
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

/// How many calls of each to pass over until they agree again, or say the same in other words; all if they never do.
fn distance(
    differences: &[Difference],
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
) -> (usize, usize) {
    for sum in 1..=REACH {
        let places = (0..=sum.min(left.len())).map(|of_c| (of_c, sum - of_c));
        let places: Vec<_> = places
            .filter(|&(_, of_lab)| of_lab <= right.len())
            .collect();
        let from = |&(of_c, of_lab): &(usize, usize)| (&left[of_c..], &right[of_lab..]);
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

/// Rows for calls of both that do not agree; what the lab declares to add stays declared among them, also where the C makes
/// another call than that difference says, which is then told.
fn parted(
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
                    && differs_in_words(&left[of_c], &right[of_lab], &lab.calls[..j + of_lab]) =>
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
            difference.c.is_empty() && !difference.last && at + known.both.of_lab <= count
        });
        let habit = || match habits::find(differences, &[], &lab.calls[from + at..]) {
            Some((place, 0, 1)) => Some(place),
            _ => None,
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
        let found = habits::find(differences, &left[at..], &[])
            .or_else(|| equivalents::find(differences, &left[at..], right));
        match found {
            Some((place, 1, 0)) => said.push((at, place)),
            _ => kept.push(at),
        }
    }
    (said, kept)
}

/// A call that the lab adds and declares, and the C makes too, in another place: no mismatch of the C.
fn take_what_the_lab_adds(
    rows: &mut [AlignedRow],
    differences: &[Difference],
    c: &ProcessCalls,
    lab: &ProcessCalls,
) {
    let is_added = |one: &Difference| one.c.is_empty() && !habits::is_one(one);
    let added = rows.iter().filter_map(|row| match row.relation {
        Relation::Declared(place) if is_added(&differences[place]) && row.c.is_none() => {
            Some((place, row.lab?))
        }
        _ => None,
    });
    let mut added: Vec<(usize, usize)> = added.collect();
    for row in rows {
        let (Some(of_c), None, Relation::Mismatch) = (row.c, row.lab, row.relation) else {
            continue;
        };
        let is_it = |&(_, of_lab): &(usize, usize)| c.calls[of_c].alike(&lab.calls[of_lab]);
        if let Some(found) = added.iter().position(is_it) {
            row.relation = Relation::Declared(added.remove(found).0);
        }
    }
}

/// Rows for the next calls of both, side by side as far as there are pairs.
fn beside(
    i: usize,
    of_c: usize,
    j: usize,
    of_lab: usize,
    relation: Relation,
) -> impl Iterator<Item = AlignedRow> {
    (0..of_c.max(of_lab)).map(move |step| AlignedRow {
        c: (step < of_c).then_some(i + step),
        lab: (step < of_lab).then_some(j + step),
        relation,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::aliases::{AliasedText, Aliases};
    use crate::compare::normalized_call::tests::call;
    use crate::compare::process_calls::{Member, ProcessEnd, Unwritten};
    use crate::compare::result::ProcessPair;
    use crate::scenario::Wiring;
    use crate::source::Library;

    fn process(texts: &[&str], end: ProcessEnd) -> ProcessCalls {
        ProcessCalls {
            path: vec![Member::Child(1)],
            pid: 10,
            thread: 10,
            calls: texts.iter().map(|text| call(text)).collect(),
            ledger: Vec::new(),
            signals: Vec::new(),
            died_of: None,
            end,
            halt: Vec::new(),
            source: None,
            inherited: None,
            unwritten: None,
        }
    }

    fn relations(
        c: &[&str],
        lab: &[&str],
        end: ProcessEnd,
        differences: &[Difference],
    ) -> Vec<Relation> {
        let alignment = pair(&process(c, end.clone()), &process(lab, end), differences);
        alignment.rows.iter().map(|row| row.relation).collect()
    }

    use Relation::{Beyond, Declared, Mismatch, Same, Uncompared, Wording};

    #[test]
    fn a_process_that_ended_by_itself_is_compared_to_its_end() {
        let end = || ProcessEnd::Exited(0);
        assert_eq!(
            relations(&["a() = 0", "exit(0)"], &["a() = 0", "exit(0)"], end(), &[]),
            [Same, Same]
        );
        assert_eq!(
            relations(&["a() = 0", "exit(0)"], &["exit(0)"], end(), &[]),
            [Mismatch, Same]
        );
        assert_eq!(
            relations(&["exit(0)"], &["exit(0)", "b() = 1"], end(), &[]),
            [Same, Mismatch]
        );
        assert_eq!(
            relations(&["a() = 0"], &["a() = 1"], end(), &[]),
            [Mismatch]
        );
        assert_eq!(
            relations(&["a() = 0", "b() = 0"], &["b() = 0", "a() = 0"], end(), &[]),
            [Mismatch, Same, Mismatch]
        );
    }

    #[test]
    fn one_that_was_ended_from_outside_is_a_prefix() {
        let short = ["a() = 0", "b("];
        assert_eq!(
            relations(&["a() = 0"], &["a() = 0", "b() = 0"], ProcessEnd::Cut, &[]),
            [Same, Beyond]
        );
        assert_eq!(
            relations(
                &short,
                &["a() = 0", "b() = 0", "c() = 0"],
                ProcessEnd::Cut,
                &[]
            ),
            [Same, Same, Beyond]
        );
        assert_eq!(
            relations(
                &["a() = 0", "x("],
                &["a() = 0", "b() = 0", "c() = 0"],
                ProcessEnd::Cut,
                &[]
            )[1],
            Mismatch
        );
        assert_eq!(
            relations(&["a() = 1"], &["a() = 0", "b() = 0"], ProcessEnd::Cut, &[])[0],
            Mismatch
        );
    }

    #[test]
    fn what_is_done_after_the_signal_that_the_other_one_died_of_is_told() {
        let numbered = |texts: &[&str], signals: &[usize]| {
            let mut process = process(texts, ProcessEnd::Cut);
            for (index, call) in process.calls.iter_mut().enumerate() {
                call.index = index;
            }
            process.signals = signals
                .iter()
                .map(|&at| ("SIGINT".to_owned(), at))
                .collect();
            process.died_of = Some("SIGINT".to_owned());
            process
        };
        let c = numbered(&["a() = 0"], &[1]);
        let lab = numbered(&["a() = 0", "b()", "x() = 0", "kill() = 0"], &[2, 4]);
        let relations = |differences: &[Difference]| {
            let rows = pair(&c, &lab, differences).rows;
            rows.iter().map(|row| row.relation).collect::<Vec<_>>()
        };
        assert_eq!(relations(&[]), [Same, Beyond, Mismatch, Mismatch]);
        let cleans_up = |first: &str| Difference {
            lab: [first, "kill() = 0"].map(str::to_owned).to_vec(),
            ..Difference::default()
        };
        assert_eq!(
            relations(&[cleans_up("x() = 0")])[1..],
            [Beyond, Declared(0), Declared(0)]
        );
        assert_eq!(
            relations(&[cleans_up("y() = 0")])[1..],
            [Beyond, Mismatch, Mismatch]
        );
    }

    #[test]
    fn a_process_without_a_counterpart_has_rows_of_its_own() {
        let calls = ["a() = 0", "exit(0)"];
        let lonely = ProcessPair {
            c: None,
            lab: Some(process(&calls, ProcessEnd::Exited(0))),
            alignment: None,
        };
        let row = |index| AlignedRow {
            c: None,
            lab: Some(index),
            relation: Uncompared,
        };
        assert_eq!(lonely.rows(), [row(0), row(1)]);
    }

    #[test]
    fn ends_that_differ_are_told() {
        let (c, lab) = (
            process(&["a() = 0"], ProcessEnd::Cut),
            process(&["a() = 0"], ProcessEnd::Exited(0)),
        );
        assert!(pair(&c, &lab, &[]).ends_differ);
        let died = process(&["a() = 0"], ProcessEnd::Killed("SIGFPE".into()));
        assert!(pair(&died, &lab, &[]).ends_differ && !pair(&lab, &lab, &[]).ends_differ);
        let killed_by = |signal: &str| Difference {
            c: vec![format!("killed by {signal}")],
            last: true,
            ..Difference::default()
        };
        assert!(!pair(&died, &lab, &[killed_by("SIGFPE")]).ends_differ);
        assert!(pair(&died, &lab, &[killed_by("SIGPIPE")]).ends_differ);
    }

    #[test]
    fn what_is_written_out_earlier_is_the_same_unless_somebody_gets_a_copy_of_the_buffer() {
        let idioms: Vec<Difference> = equivalents::idioms().collect();
        let parts =
            |between: &str, [first, second]: [&str; 2], lab: &str, idioms: &[Difference]| {
                let [first, second, whole] =
                    [first, second, lab].map(|text| format!("write(1, \"{text}\") = all"));
                let c = [first.as_str(), between, &second, "exit(0)"];
                let lab = [between, &whole, "exit(0)"];
                let found = relations(&c, &lab, ProcessEnd::Exited(0), idioms);
                found.iter().any(|it| [Mismatch, Wording].contains(it))
            };
        let said = |between, lab| parts(between, ["key", "\\nend"], lab, &idioms);
        assert!(!said("wait4(-1) = 7", "key\\nend"));
        assert!(said("wait4(-1) = 7", "key\\nxyz"));
        assert!(said("wait4(-1) = 7", "key\\nend\\n"));
        for copies in ["fork() = 7", "execve(\"a\") = 0"] {
            assert!(said(copies, "key\\nend"), "{copies}");
        }
        let on_terminal = |text, lab| {
            let idioms = idioms
                .iter()
                .filter(|one| equivalents::in_terminal_too(one));
            parts(
                "read(0) = 1",
                text,
                lab,
                &idioms.cloned().collect::<Vec<_>>(),
            )
        };
        assert!(!on_terminal(["key", "\\n"], "key\\n"));
        assert!(on_terminal(["key\\n", "end\\n"], "key\\nend\\n"));
    }

    #[test]
    fn a_prompt_that_comes_late_is_found_within_its_line_whatever_is_declared_of_that() {
        let own = Difference {
            c: vec!["a() = 0".into(), "write(1, \"7\\n\") = all".into()],
            lab: vec!["write(1, \"no\\n\") = all".into()],
            ..Difference::default()
        };
        let habits = habits::of(Library::Musl, &Wiring::Terminal);
        let differences: Vec<Difference> = [own].into_iter().chain(habits).collect();
        let printing = |texts: &[&str]| {
            let mut process = process(texts, ProcessEnd::Exited(0));
            for call in &mut process.calls {
                call.by_stdio = call.name == "write";
            }
            process
        };
        let write = |text: &str| format!("write(1, \"{text}\") = all");
        let [prompt, no, yes] = ["> ", "no\\n", "8\\n"].map(write);
        let read = "read(0) = 1";
        let lab = [
            &prompt, read, &no, &prompt, read, &yes, &prompt, read, "exit(0)",
        ];
        let of_c = |texts: [&str; 3]| {
            let [first, second, last] = texts.map(write);
            let c = [
                read, "a() = 0", &first, read, &second, read, &last, "exit(0)",
            ];
            let rows = pair(&printing(&c), &printing(&lab), &differences).rows;
            let mut relations = rows.iter().map(|row| row.relation);
            !relations.any(|it| [Mismatch, Wording].contains(&it))
        };
        assert!(of_c(["> 7\\n", "> 8\\n", "> "]));
        for other in [
            ["7\\n", "> 8\\n", "> "],
            ["> 7\\n", "8\\n", "> "],
            ["> 7\\n", "> 8\\n", "> > "],
            ["> 9\\n", "> 8\\n", "> "],
            ["> 7\\n", "> > 8\\n", "> "],
            ["> 7\\n> 8\\n", "", "> "],
        ] {
            assert!(!of_c(other), "{other:?}");
        }
    }

    #[test]
    fn what_is_written_out_is_what_waits_in_the_buffer_of_a_lab_that_was_ended() {
        let idioms: Vec<Difference> = equivalents::idioms().collect();
        let parts = |text: &str, waiting: Option<&str>, is_shared| {
            let mut c = process(&["a() = 0", "b("], ProcessEnd::Cut);
            let write = call(&format!("write(1, \"{text}\") = all"));
            let is_flush = true;
            c.calls.insert(1, NormalizedCall { is_flush, ..write });
            let mut lab = process(&["a() = 0", "b("], ProcessEnd::Cut);
            lab.unwritten = waiting.map(|text| Unwritten {
                text: AliasedText::new(&format!("\"{text}\""), &Aliases::new()),
                is_shared,
            });
            let rows = pair(&c, &lab, &idioms).rows;
            rows.iter().any(|row| row.relation == Mismatch)
        };
        assert!(!parts("1\\n", Some("1\\n2\\n"), false));
        assert!(!parts("2\\n", Some("1\\n2\\n"), true));
        for (text, waiting, is_shared) in [
            ("2\\n", Some("1\\n2\\n"), false),
            ("1\\n2\\n", Some("1\\n"), false),
            ("2\\n1\\n", Some("1\\n2\\n"), true),
            ("3\\n", Some("1\\n2\\n"), true),
        ] {
            assert!(parts(text, waiting, is_shared), "{text} {waiting:?}");
        }
    }

    #[test]
    fn a_declared_difference_is_taken_where_it_stands() {
        let difference = |c: &[&str], lab: &[&str], last| Difference {
            c: c.iter().map(|&text| text.to_owned()).collect(),
            lab: lab.iter().map(|&text| text.to_owned()).collect(),
            last,
            ..Difference::default()
        };
        let (c, lab) = (
            ["a() = 0", "x(1) = 0", "exit(0)"],
            ["a() = 0", "y() = 0", "z() = 0", "exit(0)"],
        );
        let end = || ProcessEnd::Exited(0);
        let known = difference(&["x(1) = 0"], &["y() = 0", "z() = 0"], false);
        assert_eq!(
            relations(&c, &lab, end(), &[known]),
            [Same, Declared(0), Declared(0), Same]
        );
        let other = difference(&["x(2) = 0"], &["y() = 0", "z() = 0"], false);
        assert!(relations(&c, &lab, end(), &[other]).contains(&Mismatch));
        let more = difference(&[], &["y() = 0"], false);
        assert_eq!(
            relations(&c, &lab, end(), &[more])[1..3],
            [Declared(0), Mismatch]
        );
        let tied = difference(&["x(<same>) = <same>"], &["y(<same>) = <same>"], false);
        let with = |text| relations(&["x(a b) = 0"], &[text], end(), std::slice::from_ref(&tied));
        assert_eq!(with("y(a b) = 0"), [Declared(0)]);
        assert_eq!(with("y(a c) = 0"), [Mismatch]);
        assert_eq!(with("y(a b) = 1"), [Mismatch]);
        let last = |c: &[&str], lab: &[&str]| {
            relations(
                &["x() = 0", "exit(1)"],
                &["exit(0)"],
                end(),
                &[difference(c, lab, true)],
            )
        };
        assert_eq!(
            last(&["x() = 0", "exit(1)"], &["exit(0)"]),
            [Declared(0); 2]
        );
        assert_eq!(
            last(&["...", "exit(1)", "x() = 0"], &["exit(0)"]),
            [Declared(0); 2]
        );
        for (c, lab) in [
            (&["x() = 0"][..], &["exit(0)"][..]),
            (&["x() = 0", "exit(2)"], &["exit(0)"]),
            (&["x() = 0", "exit(1)"], &[]),
            (&["x() = 0", "exit(1)", "y() = 0"], &["exit(0)"]),
            (&["...", "x() = 0"], &["exit(0)"]),
        ] {
            assert!(last(c, lab).contains(&Mismatch), "{c:?} {lab:?}");
        }
    }
}

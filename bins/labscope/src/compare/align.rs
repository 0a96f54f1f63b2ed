//! Two processes laid side by side, call for call.

use crate::compare::equivalents;
use crate::compare::normalized_call::{Doubt, NormalizedCall};
use crate::compare::process_calls::ProcessCalls;
use crate::scenario::{Difference, captures};

/// What stands on one line of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    Same,
    /// Declared, by the difference of that place in the list.
    Declared(usize),
    /// Not declared: this is where they part.
    Mismatch,
    /// One of the two was ended from outside before it came to this.
    Beyond,
    /// After a difference from which on nothing is compared.
    Uncompared,
}

/// One line: a call of the C program, of the lab, or of both, by their places in the processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlignedRow {
    pub c: Option<usize>,
    pub lab: Option<usize>,
    pub relation: Relation,
}

/// How one process of the C program compares to the lab's.
#[derive(Clone, Debug)]
pub struct Alignment {
    pub rows: Vec<AlignedRow>,
    /// From a declared difference on, the two go their own ways.
    pub free: bool,
    /// The ends differ, and no declared difference explains it.
    pub ends_differ: bool,
}

/// How far apart two sequences are looked through for the place where they agree again.
const REACH: usize = 12;

/// Lays two processes side by side; the differences are those that may occur here.
pub fn pair(c: &ProcessCalls, lab: &ProcessCalls, differences: &[Difference]) -> Alignment {
    let mut rows = Vec::new();
    let (mut i, mut j) = (0, 0);
    let mut free = false;
    while i < c.calls.len() || j < lab.calls.len() {
        let (left, right) = (&c.calls[i..], &lab.calls[j..]);
        if agree(c, left, lab, right) {
            rows.push(AlignedRow {
                c: Some(i),
                lab: Some(j),
                relation: Relation::Same,
            });
            (i, j) = (i + 1, j + 1);
        } else if let Some(place) = differences
            .iter()
            .position(|one| describes(one, left, right))
        {
            let difference = &differences[place];
            let (of_c, of_lab) = (difference.c.len(), difference.lab.len());
            rows.extend(beside(i, of_c, j, of_lab, Relation::Declared(place)));
            (i, j) = (i + of_c, j + of_lab);
            if difference.rest {
                free = true;
                break;
            }
        } else if let Some((place, of_c, of_lab)) = equivalents::find(differences, left, right) {
            rows.extend(beside(i, of_c, j, of_lab, Relation::Declared(place)));
            (i, j) = (i + of_c, j + of_lab);
        } else if has_been_cut(c, left) || has_been_cut(lab, right) {
            rows.extend(beside(i, left.len(), j, right.len(), Relation::Beyond));
            (i, j) = (c.calls.len(), lab.calls.len());
        } else {
            let (of_c, of_lab) = distance(c, left, lab, right);
            rows.extend(beside(i, of_c, j, of_lab, Relation::Mismatch));
            (i, j) = (i + of_c, j + of_lab);
        }
    }
    let (of_c, of_lab) = (c.calls.len() - i, lab.calls.len() - j);
    rows.extend(beside(i, of_c, j, of_lab, Relation::Uncompared));
    // A declared difference that comes last is how the two end; other words for the same are no end.
    let explained = rows.last().is_some_and(|row| match row.relation {
        Relation::Declared(place) => !equivalents::is_one(&differences[place]),
        _ => false,
    });
    let parted = rows.iter().any(|row| row.relation == Relation::Mismatch);
    Alignment {
        ends_differ: !free && !parted && !explained && c.end != lab.end,
        free,
        rows,
    }
}

/// Whether a process was ended from outside here, perhaps in the middle of a call.
fn has_been_cut(process: &ProcessCalls, rest: &[NormalizedCall]) -> bool {
    process.is_open() && (rest.is_empty() || (rest.len() == 1 && rest[0].doubt == Doubt::Garbled))
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
        process.is_open()
            && rest.len() == 1
            && (!rest[0].returned || rest[0].doubt == Doubt::Result)
    };
    let is_cut = cut(c, left) || cut(lab, right);
    one.alike(other) || (is_cut && one.begins_alike(other))
}

/// Whether the difference is what stands here.
fn describes(difference: &Difference, left: &[NormalizedCall], right: &[NormalizedCall]) -> bool {
    // What only the lab does, and for good, it does where the C does nothing more.
    let stands_anywhere = difference.c.is_empty() && (difference.lab.is_empty() || difference.rest);
    if stands_anywhere && (!left.is_empty() || difference.lab.is_empty()) {
        return false;
    }
    match (begin(&difference.c, left), begin(&difference.lab, right)) {
        (Some(c), Some(lab)) => {
            let mut same = c.iter().zip(&lab);
            same.all(|(c, lab)| c[0] == lab[0] || c[1] == lab[1])
        }
        _ => false,
    }
}

/// What each `<same>` stands for, with names and as the run wrote it, if the requests begin like these patterns.
fn begin(patterns: &[String], requests: &[NormalizedCall]) -> Option<Vec<[String; 2]>> {
    let mut captured = Vec::new();
    for (place, pattern) in patterns.iter().enumerate() {
        let text = &requests.get(place)?.text;
        let texts = [text.to_string(), text.raw()];
        // A number of the pattern may by chance be some process's pid: one of the two is enough.
        let [named, raw] = texts.each_ref().map(|text| captures(pattern, text));
        let (named, raw) = (
            named.as_ref().or(raw.as_ref())?,
            raw.as_ref().or(named.as_ref())?,
        );
        let both = named.iter().zip(raw);
        captured.extend(both.map(|(&named, &raw)| [named.to_owned(), raw.to_owned()]));
    }
    Some(captured)
}

/// How many calls of each to pass over until they agree again; all of them if they never do.
fn distance(
    c: &ProcessCalls,
    left: &[NormalizedCall],
    lab: &ProcessCalls,
    right: &[NormalizedCall],
) -> (usize, usize) {
    for sum in 1..=REACH {
        for of_c in 0..=sum.min(left.len()) {
            let of_lab = sum - of_c;
            if of_lab <= right.len() && agree(c, &left[of_c..], lab, &right[of_lab..]) {
                return (of_c, of_lab);
            }
        }
    }
    (left.len(), right.len())
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
    use crate::compare::process_calls::{Member, ProcessEnd};
    use crate::compare::result::ProcessPair;

    fn request(text: &str) -> NormalizedCall {
        NormalizedCall {
            text: AliasedText::new(text, &Aliases::new()),
            words: Vec::new(),
            name: text.split('(').next().unwrap_or_default().to_owned(),
            returned: text.contains('=') || text.starts_with("exit"),
            doubt: Doubt::Nothing,
            line: None,
            index: 0,
        }
    }

    fn process(texts: &[&str], end: ProcessEnd) -> ProcessCalls {
        ProcessCalls {
            path: vec![Member::Child(1)],
            pid: 10,
            thread: 10,
            calls: texts.iter().map(|text| request(text)).collect(),
            ledger: Vec::new(),
            end,
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

    use Relation::{Beyond, Declared, Mismatch, Same, Uncompared};

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
    }

    #[test]
    fn a_declared_difference_is_taken_where_it_stands() {
        let difference = |c: &[&str], lab: &[&str], rest| Difference {
            c: c.iter().map(|&text| text.to_owned()).collect(),
            lab: lab.iter().map(|&text| text.to_owned()).collect(),
            rest,
            ..Difference::default()
        };
        let (c, lab) = (
            ["a() = 0", "x(1) = 0", "exit(0)"],
            ["a() = 0", "y() = 0", "z() = 0", "exit(0)"],
        );
        let end = || ProcessEnd::Exited(0);
        let known = difference(&["x(*) = 0"], &["y() = 0", "z() = 0"], false);
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
        let rest = difference(&["x(*) = 0"], &[], true);
        assert_eq!(
            relations(&c, &lab, end(), &[rest]),
            [Same, Declared(0), Uncompared, Uncompared, Uncompared]
        );
        assert!(relations(&c, &lab, end(), &[difference(&[], &[], true)]).contains(&Mismatch));
    }
}

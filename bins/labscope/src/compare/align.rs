//! Two processes laid side by side, call for call.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::compare::agreement::{agree, by_habit, has_been_cut, is_in_other_words};
use crate::compare::ahead::Ahead;
use crate::compare::alignment::{AlignedRow, Alignment, Meant, Relation, beside};
use crate::compare::altered::{altered_call, begun_end};
use crate::compare::buffers;
use crate::compare::declared::explains_ends;
use crate::compare::equivalents;
use crate::compare::gives_up;
use crate::compare::habits::{self, Late};
use crate::compare::known::{Known, Words, declared, one_before};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::parted::{distance, parted};
use crate::compare::process_calls::ProcessCalls;
use crate::compare::usual;
use crate::scenario::Difference;

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

/// The same, each call in its place.
fn as_they_are(c: &ProcessCalls, lab: &ProcessCalls, differences: &[Difference]) -> Alignment {
    let (mut rows, mut meant) = (Vec::new(), BTreeMap::new());
    let (mut i, mut j) = (0, 0);
    let (mut free, mut before) = (false, None);
    let mut ahead = Ahead::new(differences);
    let prints = habits::Prints::new(differences, c, lab);
    let mut c_as_told = Cow::Borrowed(c); // what comes late in a line is told where the lab writes it
    let mut reformed = BTreeMap::new();
    if differences.iter().any(equivalents::is_one) {
        for (at, (name, call)) in usual::forms(&c.calls, &lab.calls) {
            let place = equivalents::place_of(differences, name);
            reformed.extend(place.map(|place| (at, Relation::Declared(place))));
            c_as_told.to_mut().calls[at] = call;
        }
    }
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
        let again = || {
            let before = &c.calls[..i];
            let ended = || equivalents::to_the_end(differences, before, left);
            equivalents::rearms(differences, before, left).or_else(ended)
        };
        // In other words a difference is declared only where nothing nearer fits.
        let other = || (!is_reworded()).then(|| known(Words::Other))?;
        if agree(c, left, lab, right) {
            let reformed = || reformed.get(&i).copied();
            let declared = is_late.map(Relation::Declared).or_else(reformed);
            rows.push(AlignedRow {
                c: Some(i),
                lab: Some(j),
                relation: declared.unwrap_or(Relation::Same),
            });
            (i, j) = (i + 1, j + 1);
        } else if let Some(place) = equivalents::renames(differences, left, right) {
            rows.extend(beside(i, 1, j, 1, Relation::Declared(place)));
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
            free |= differences[place].last;
        } else if let Some(place) = again() {
            rows.extend(beside(i, 1, j, 0, Relation::Declared(place)));
            i += 1;
        } else if let Some(place) = told() {
            ahead.tells(&left[0]);
            rows.extend(beside(i, 1, j, 0, Relation::Declared(place)));
            i += 1;
        } else if let Some((place, begun)) = begun_end(differences, (c, left), (lab, right)) {
            let (of_both, of_c) = begun.rows((i, left), (j, right), place);
            rows.extend(of_both);
            // What the C does behind the call by which it departs follows from that.
            let (next, end) = (i + of_c, c.calls.len());
            rows.extend(beside(next, end - next, 0, 0, Relation::Beyond));
            meant.insert(i + begun.before, Meant::Declared(begun.meant));
            (i, j) = (end, lab.calls.len());
            free = true;
        } else {
            ahead.forget();
            let (of_c, of_lab) = distance(differences, (c, left), (lab, right));
            let altered = altered_call(differences, (c, left), (lab, right), (of_c, of_lab));
            if let Some((place, altered)) = altered {
                let (of_both, of_c) = altered.rows((i, left), (j, right), place);
                rows.extend(of_both);
                meant.insert(i + altered.before, Meant::Declared(altered.meant));
                (i, j) = (i + of_c, j + altered.of_lab);
                continue;
            }
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
            is_ended_by_another: false,
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

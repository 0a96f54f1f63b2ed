//! The rows of a process as they were compared; within a declared difference calls of one kind stand beside each other.

use labscope::compare::{AlignedRow, NormalizedCall, ProcessCalls, ProcessPair, Relation};
use labscope::scenario::Difference;

/// The rows for a process; `differences` are those that its relations count in.
pub fn rows(pair: &ProcessPair, differences: &[Difference]) -> Vec<AlignedRow> {
    let compared = pair.rows();
    let (mut rest, mut rows) = (compared.as_slice(), Vec::new());
    while let Some(first) = rest.first() {
        let difference = match first.relation {
            Relation::Declared(place) => differences.get(place),
            _ => None,
        };
        let length = difference.map_or(1, |one| one.c.len().max(one.lab.len()));
        let (block, after) = rest.split_at(length.clamp(1, rest.len()));
        rows.extend(aligned(pair, block));
        rest = after;
    }
    rows
}

/// The call at that place of a process.
pub fn request(process: &Option<ProcessCalls>, place: Option<usize>) -> Option<&NormalizedCall> {
    process.as_ref()?.calls.get(place?)
}

/// Whether what the C calls in this row is what the lab calls, if perhaps with another argument or result.
pub fn is_of_one_kind(pair: &ProcessPair, row: &AlignedRow) -> bool {
    let (c, lab) = (request(&pair.c, row.c), request(&pair.lab, row.lab));
    row.relation == Relation::Same || c.zip(lab).is_some_and(|(c, lab)| alike(c, lab))
}

/// The same call; what goes to a terminal is no counterpart of what goes to a socket.
fn alike(c: &NormalizedCall, lab: &NormalizedCall) -> bool {
    let stream = |one: &NormalizedCall| {
        let descriptor = one.words.first().map(ToString::to_string);
        let is_standard = |text: &String| one.name == "write" && (text == "1" || text == "2");
        descriptor.filter(is_standard)
    };
    c.name == lab.name && stream(c) == stream(lab)
}

/// The rows of one declared difference: calls of one kind beside each other, the others between them as they come.
fn aligned(pair: &ProcessPair, block: &[AlignedRow]) -> Vec<AlignedRow> {
    let Some(&AlignedRow { relation, .. }) = block.first() else {
        return Vec::new();
    };
    let of_c: Vec<usize> = block.iter().filter_map(|row| row.c).collect();
    let of_lab: Vec<usize> = block.iter().filter_map(|row| row.lab).collect();
    let row = |c: Option<&usize>, lab: Option<&usize>| AlignedRow {
        c: c.copied(),
        lab: lab.copied(),
        relation,
    };
    let mut meetings = Vec::new();
    let mut next = 0;
    for (place, c) in of_c.iter().enumerate() {
        let mut left = of_lab[next..].iter();
        if let Some(step) = left.position(|lab| is_of_one_kind(pair, &row(Some(c), Some(lab)))) {
            meetings.push((place, next + step));
            next += step + 1;
        }
    }
    meetings.push((of_c.len(), of_lab.len()));
    let (mut rows, mut i, mut j) = (Vec::new(), 0, 0);
    for (c, lab) in meetings {
        let (before_c, before_lab) = (&of_c[i..c], &of_lab[j..lab]);
        let steps = 0..before_c.len().max(before_lab.len());
        rows.extend(steps.map(|step| row(before_c.get(step), before_lab.get(step))));
        if c < of_c.len() {
            rows.push(row(of_c.get(c), of_lab.get(lab)));
        }
        (i, j) = (c + 1, lab + 1);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use labscope::compare::{Alignment, Member, ProcessEnd};

    fn process(texts: &[&str]) -> ProcessCalls {
        let request = |text: &&str| {
            let (name, rest) = text.split_once('(').expect("a call");
            let word = rest.split([',', ')']).next().unwrap_or_default();
            NormalizedCall::written(name, &[word], Some("0"))
        };
        ProcessCalls {
            path: vec![Member::Child(1)],
            pid: 10,
            thread: 10,
            calls: texts.iter().map(request).collect(),
            ledger: Vec::new(),
            signals: Vec::new(),
            died_of: None,
            is_ended_by_another: false,
            end: ProcessEnd::Exited(0),
            halt: Vec::new(),
            source: None,
            inherited: None,
            unwritten: None,
        }
    }

    fn whole<'a>(calls: &[&'a str]) -> Vec<&'a str> {
        [&["open() = 3"], calls, &["exit(0)"]].concat()
    }

    /// The rows of a difference of these calls that stands between two calls that are the same.
    fn laid(c: &[&str], lab: &[&str]) -> Vec<(Option<usize>, Option<usize>)> {
        let strings = |calls: &[&str]| calls.iter().map(|&call| call.to_owned()).collect();
        let difference = Difference {
            c: strings(c),
            lab: strings(lab),
            ..Difference::default()
        };
        let row = |c, lab, relation| AlignedRow { c, lab, relation };
        let of = |calls: &[&str], step: usize| (step < calls.len()).then_some(step + 1);
        let mut compared = vec![row(Some(0), Some(0), Relation::Same)];
        let steps = 0..c.len().max(lab.len());
        compared.extend(steps.map(|step| row(of(c, step), of(lab, step), Relation::Declared(0))));
        compared.push(row(Some(c.len() + 1), Some(lab.len() + 1), Relation::Same));
        let pair = ProcessPair {
            c: Some(process(&whole(c))),
            lab: Some(process(&whole(lab))),
            alignment: Some(Alignment {
                meant: Default::default(),
                rows: compared,
                free: false,
                ends_differ: false,
            }),
        };
        let rows = rows(&pair, &[difference]);
        let last = rows.len() - 1;
        assert!(rows[0].relation == Relation::Same && rows[last].relation == Relation::Same);
        rows[1..last].iter().map(|row| (row.c, row.lab)).collect()
    }

    #[test]
    fn calls_of_one_kind_stand_beside_each_other() {
        let second_socket = laid(&["socket(2) = 4", "connect(4) = 0"], &["connect(3) = 0"]);
        assert_eq!(second_socket, [(Some(1), None), (Some(2), Some(1))]);
        let stale = laid(
            &["recvfrom(3) = 20", "write(1, 7) = all"],
            &["recvfrom(3) = 20", "recvfrom(3) = 20", "write(1, 3) = all"],
        );
        let expected = [(Some(1), Some(1)), (None, Some(2)), (Some(2), Some(3))];
        assert_eq!(stale, expected);
        let other_order = laid(
            &["close(4) = 0", "write(1, a) = all"],
            &["write(1, b) = all", "close(3) = 0"],
        );
        let expected = [(None, Some(1)), (Some(1), Some(2)), (Some(2), None)];
        assert_eq!(other_order, expected);
    }

    #[test]
    fn calls_of_other_kinds_stay_as_they_come() {
        let rows = laid(
            &["write(4, a) = all", "read(4) = 4"],
            &["write(2, b) = all"],
        );
        assert_eq!(rows, [(Some(1), Some(1)), (Some(2), None)]);
        assert_eq!(laid(&["exit(1)"], &["usleep(1) = 0"]), [(Some(1), Some(1))]);
    }

    #[test]
    fn only_calls_of_one_kind_answer_each_other() {
        let answers = |c: &str, lab: &str| {
            let pair = ProcessPair {
                c: Some(process(&[c])),
                lab: Some(process(&[lab])),
                alignment: None,
            };
            let row = AlignedRow {
                c: Some(0),
                lab: Some(0),
                relation: Relation::Declared(0),
            };
            is_of_one_kind(&pair, &row)
        };
        assert!(answers("write(4, a) = all", "write(3, b) = all"));
        assert!(answers("exit(0)", "exit(1)"));
        assert!(!answers("write(4, a) = all", "write(2, b) = all"));
        assert!(!answers("fork() = 11", "exit(0)"));
    }
}

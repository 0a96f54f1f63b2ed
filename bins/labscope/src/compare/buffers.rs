//! Buffers that were full when they were written: where one ends depends on all that was printed before, so that other
//! words move every one of them, perhaps past another call.

use std::collections::BTreeMap;

use crate::compare::aliases::{AliasedText, Aliases};
use crate::compare::alignment::{AlignedRow, Alignment, Meant, Relation};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::wording::{are_same_values, full_length, is_read_by_people};

/// So much that was printed is read again.
const MOST: usize = 1 << 20;

/// Stands where stdio has dropped what it had no room for: the rest of a line, or all of it. In what a call has written
/// this character is escaped.
const DROPPED: char = '\0';

/// A process without the writes of its full buffers.
struct Thinned {
    process: ProcessCalls,
    /// Where its calls stand in the whole process.
    kept: Vec<usize>,
    full: Vec<usize>,
}

/// Two processes without the writes of full buffers.
pub struct Both {
    c: Thinned,
    lab: Thinned,
}

impl Both {
    /// Both, if they print the same in other words: between two writes that no full buffer has caused, as many lines, each
    /// with the same values, through buffers of one size.
    pub fn of(c: &ProcessCalls, lab: &ProcessCalls) -> Option<Both> {
        let full = |process: &ProcessCalls| {
            let calls = process.calls.iter().enumerate();
            let full =
                calls.filter_map(|(place, call)| Some((place, full_length(call)?, to(call))));
            full.collect::<Vec<_>>()
        };
        let (of_c, of_lab) = (full(c), full(lab));
        let mut all = of_c.iter().chain(&of_lab);
        let (_, length, descriptor) = all.next()?.clone();
        if !all.all(|(_, other, to)| (*other, to) == (length, &descriptor)) {
            return None;
        }
        let places =
            |full: &[(usize, usize, String)]| full.iter().map(|(place, ..)| *place).collect();
        let (of_c, of_lab): (Vec<usize>, Vec<usize>) = (places(&of_c), places(&of_lab));
        let texts = [
            printed(c, &of_c, &descriptor)?,
            printed(lab, &of_lab, &descriptor)?,
        ];
        says_the_same(&texts, c, lab).then(|| Both {
            c: thinned(c, of_c, &descriptor),
            lab: thinned(lab, of_lab, &descriptor),
        })
    }

    /// Both as they are to be laid side by side.
    pub fn processes(&self) -> (&ProcessCalls, &ProcessCalls) {
        (&self.c.process, &self.lab.process)
    }

    /// How they stand side by side with all their calls.
    pub fn whole(&self, c: &ProcessCalls, lab: &ProcessCalls, thin: Alignment) -> Alignment {
        let mut rows = Vec::new();
        let (mut of_c, mut of_lab) = (self.c.full.iter().copied(), self.lab.full.iter().copied());
        let (mut of_c, mut of_lab) = (of_c.by_ref().peekable(), of_lab.by_ref().peekable());
        let mut put = |rows: &mut Vec<AlignedRow>, c_end: usize, lab_end: usize| loop {
            let row = AlignedRow {
                c: of_c.next_if(|&place| place < c_end),
                lab: of_lab.next_if(|&place| place < lab_end),
                relation: Relation::Wording,
            };
            if row.c.or(row.lab).is_none() {
                break;
            }
            rows.push(row);
        };
        for row in thin.rows {
            let (i, j) = (
                row.c.map(|at| self.c.kept[at]),
                row.lab.map(|at| self.lab.kept[at]),
            );
            put(&mut rows, i.unwrap_or(0), j.unwrap_or(0));
            let is_reworded = i
                .zip(j)
                .is_some_and(|(i, j)| !c.calls[i].alike(&lab.calls[j]));
            rows.push(AlignedRow {
                c: i,
                lab: j,
                relation: match row.relation {
                    Relation::Same
                        if is_reworded && is_read_by_people(&c.calls[i.unwrap_or(0)]) =>
                    {
                        Relation::Wording
                    }
                    relation => relation,
                },
            });
        }
        put(&mut rows, usize::MAX, usize::MAX);
        let known = thin.meant.into_iter().map(|(at, meant)| {
            let meant = match meant {
                Meant::Call(of_lab) => Meant::Call(self.lab.kept[of_lab]),
                declared => declared,
            };
            (self.c.kept[at], meant)
        });
        let full = self.c.full.iter().zip(&self.lab.full);
        let full = full.map(|(&of_c, &of_lab)| (of_c, Meant::Call(of_lab)));
        Alignment {
            rows,
            meant: known.chain(full).collect::<BTreeMap<_, _>>(),
            ..thin
        }
    }
}

/// The descriptor that a call writes to.
fn to(call: &NormalizedCall) -> String {
    call.words[0].to_string()
}

/// The process without the writes of its full buffers; what else it writes to that descriptor has been read.
fn thinned(process: &ProcessCalls, full: Vec<usize>, descriptor: &str) -> Thinned {
    let kept: Vec<usize> = (0..process.calls.len())
        .filter(|place| !full.contains(place))
        .collect();
    let read = AliasedText::new("\"…\"", &Aliases::new());
    let call = |&place: &usize| {
        let call = &process.calls[place];
        match is_read_by_people(call) && to(call) == descriptor {
            true => call.in_place(
                "write",
                &[call.words[0].clone(), read.clone()],
                call.result.clone(),
            ),
            false => call.clone(),
        }
    };
    Thinned {
        process: ProcessCalls {
            calls: kept.iter().map(call).collect(),
            ..process.clone()
        },
        kept,
        full,
    }
}

/// All that was printed through a descriptor, in pieces that end where no full buffer was written; none if that is too
/// much. A full buffer that cannot be written may be tried again and again: it counts once, and of the line that was being
/// printed the rest is lost, wherever that was.
fn printed(process: &ProcessCalls, full: &[usize], descriptor: &str) -> Option<Vec<AliasedText>> {
    let (mut pieces, mut piece, mut length) = (Vec::new(), String::new(), 0);
    let mut failed: Option<String> = None;
    for (place, call) in process.calls.iter().enumerate() {
        if !is_read_by_people(call) || to(call) != descriptor {
            continue;
        }
        let [_, text] = call.words[1].inside().as_declared();
        length += text.len();
        if failed.as_ref() == Some(&text) {
            continue;
        }
        piece.push_str(&text);
        failed = call.has_failed().then_some(text);
        match full.contains(&place) {
            true if call.has_failed() => piece.extend([DROPPED, '\\', 'n']),
            true => {}
            false => pieces.push(std::mem::take(&mut piece)),
        }
    }
    pieces.push(piece);
    let numbers = process.calls.iter().flat_map(NormalizedCall::parts);
    let names: Aliases = numbers.flat_map(AliasedText::names).collect();
    let texts = pieces.iter().map(|piece| AliasedText::new(piece, &names));
    (length <= MOST).then(|| texts.collect())
}

/// Whether the pieces hold as many lines, each with the same values, but not all the same words.
fn says_the_same(
    [of_c, of_lab]: &[Vec<AliasedText>; 2],
    c: &ProcessCalls,
    lab: &ProcessCalls,
) -> bool {
    let is_open = c.is_open() || lab.is_open();
    if of_c.len() != of_lab.len() && !is_open {
        return false;
    }
    let last = of_c.len().max(of_lab.len()) - 1;
    let (mut compared, mut differ) = (0, false);
    for (place, (c, other)) in of_c.iter().zip(of_lab).enumerate() {
        let (c, other) = (c.lines(), other.lines());
        // The last line of one that was ended from outside may be cut off.
        let whole = match is_open && place == last {
            true => c.len().min(other.len()).saturating_sub(1),
            false if c.len() == other.len() => c.len(),
            false => return false,
        };
        for (c, other) in c.iter().zip(&other).take(whole) {
            let is_cut_off = |line: &AliasedText| line.to_string().contains(DROPPED);
            if is_cut_off(c) || is_cut_off(other) {
                continue;
            }
            if !are_same_values(c, other, &lab.calls) {
                return false;
            }
            differ |= !c.alike(other);
        }
        compared += whole;
    }
    compared > 0 && differ
}

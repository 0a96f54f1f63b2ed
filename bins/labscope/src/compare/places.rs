//! The places at which two processes part, each with what is to be said of it.

use crate::compare::alignment::{AlignedRow, Alignment, Meant, Relation};
use crate::compare::declared::stands_for;
use crate::compare::mismatch::{CallAtLine, Elsewhere, Halt, Mismatch, Next, Said};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::{ProcessCalls, ProcessEnd};
use crate::compare::wording::is_read_by_people;
use crate::i18n::{Text, code};
use crate::proc::process::Process;
use crate::scenario::Difference;

/// So many places at which a process parts are told.
const MOST_PLACES: usize = 8;

/// Two processes beside each other.
#[derive(Clone, Copy)]
struct Beside<'a> {
    number: &'a str,
    c: &'a ProcessCalls,
    lab: &'a ProcessCalls,
    alignment: &'a Alignment,
    differences: &'a [Difference],
}

/// Where the two part, a mismatch a place.
pub fn mismatches(
    number: &str,
    (c, lab): (&ProcessCalls, &ProcessCalls),
    alignment: &Alignment,
    differences: &[Difference],
) -> Vec<Mismatch> {
    let pair = Beside {
        number,
        c,
        lab,
        alignment,
        differences,
    };
    let mut told = Vec::new();
    let rows = alignment.rows.iter().enumerate();
    let kinds = [Relation::Mismatch, Relation::Wording];
    let parted: Vec<_> = rows
        .filter(|(_, row)| kinds.contains(&row.relation))
        .collect();
    let is_next = |one: &(usize, &AlignedRow), other: &(usize, &AlignedRow)| {
        one.0 + 1 == other.0 && one.1.relation == other.1.relation
    };
    let mut moved: Vec<usize> = Vec::new();
    for block in parted.chunk_by(is_next) {
        // What comes first, and the first call that both make and that differs: the one may follow from the other.
        let mut places = block.iter().map(|(place, _)| *place);
        let is_told = |place: &usize| !moved.contains(place) && !pair.comes_of_a_handler(*place);
        let mut places = places.by_ref().filter(is_told);
        let Some(first) = places.next() else { continue };
        let has_both = |row: &AlignedRow| row.c.is_some() && row.lab.is_some();
        if alignment.rows[first].relation == Relation::Wording {
            told.extend(block.iter().filter_map(|&(place, _)| pair.told(place)));
            continue;
        }
        let second = places.find(|&place| has_both(&alignment.rows[place]));
        let second = second.filter(|_| !has_both(&alignment.rows[first]));
        for place in [Some(first), second].into_iter().flatten() {
            moved.extend(pair.counterpart(place));
            told.extend(pair.told(place));
        }
    }
    if told.is_empty() {
        let first = parted.first();
        told.extend(first.and_then(|&(place, _)| pair.told(place)));
    }
    let (mut departures, mut words) = (0, Vec::new());
    told.retain(|one| match one {
        // A line that is run again and again says the same.
        Mismatch::Wording { c, .. } => {
            let is_new = c.line.is_none() || !words.contains(&c.line);
            words.extend(is_new.then(|| c.line.clone()));
            is_new && words.len() <= MOST_PLACES
        }
        _ => {
            departures += 1;
            departures <= MOST_PLACES
        }
    });
    let ends = alignment.ends_differ.then(|| Mismatch::Ends {
        process: number.to_owned(),
        c: c.end.clone(),
        lab: lab.end.clone(),
        halt: halt(c),
    });
    told.into_iter().chain(ends).collect()
}

/// What a process that the lab has not prints in other words than is declared: the calls by their places.
pub fn reworded(process: &ProcessCalls, calls: Vec<(usize, String)>) -> Vec<Mismatch> {
    let told = calls.into_iter().map(|(place, meant)| Mismatch::Wording {
        process: process.number(),
        number: place + 1,
        c: at_line(process, &process.calls[place]),
        meant: Said::BySlide(meant),
    });
    told.take(MOST_PLACES).collect()
}

impl Beside<'_> {
    fn of_c(&self, place: usize) -> Option<&NormalizedCall> {
        Some(&self.c.calls[self.alignment.rows[place].c?])
    }

    fn of_lab(&self, place: usize) -> Option<&NormalizedCall> {
        Some(&self.lab.calls[self.alignment.rows[place].lab?])
    }

    /// Whether only the C's row is there, and it is the kernel's share of a handler that the lab does not run: the call that
    /// the signal broke into, or the return. What the handler itself calls is told.
    fn comes_of_a_handler(&self, place: usize) -> bool {
        let row = self.alignment.rows[place];
        let is_last = row.c.is_some_and(|at| at + 1 == self.c.calls.len());
        let is_it =
            |call: &NormalizedCall| call.name == "rt_sigreturn" || (!call.returned && !is_last);
        row.lab.is_none() && self.of_c(place).is_some_and(is_it)
    }

    /// The row in which the other one makes the call that stands in this row, if need be with another result.
    fn counterpart(&self, place: usize) -> Option<usize> {
        let rows = 0..self.alignment.rows.len();
        let is_parted =
            |at: &usize| *at != place && self.alignment.rows[*at].relation == Relation::Mismatch;
        let is_it = |at: &usize| match self.of_c(place) {
            Some(_) => self
                .both(place, *at)
                .is_some_and(|(c, lab)| are_one(c, lab)),
            None => self
                .both(*at, place)
                .is_some_and(|(c, lab)| are_one(c, lab)),
        };
        let found = rows.filter(is_parted).find(is_it);
        found.or_else(|| self.with_another_result(place))
    }

    /// The call of the C in one row and that of the lab in another one.
    fn both(&self, of_c: usize, of_lab: usize) -> Option<(&NormalizedCall, &NormalizedCall)> {
        self.of_c(of_c).zip(self.of_lab(of_lab))
    }

    /// The row in which the other one alone asks for the same, if neither does so a second time.
    fn with_another_result(&self, place: usize) -> Option<usize> {
        let asks_for_it = |of_c: usize, of_lab: usize| {
            let differences = self.differences;
            self.both(of_c, of_lab).is_some_and(|(c, lab)| {
                let declared = || differences.iter().any(|one| stands_for(one, c, lab));
                c.returned && lab.returned && (c.asked().alike(&lab.asked()) || declared())
            })
        };
        let alone = |at: &usize| {
            let row = self.alignment.rows[*at];
            row.relation == Relation::Mismatch && row.c.is_some() != row.lab.is_some()
        };
        let others = |place: usize| {
            let rows = (0..self.alignment.rows.len()).filter(alone);
            let others = rows.filter(move |&at| asks_for_it(place, at) || asks_for_it(at, place));
            others.collect::<Vec<usize>>()
        };
        let [other] = others(place)[..] else {
            return None;
        };
        (alone(&place) && others(other) == [place]).then_some(other)
    }

    /// What is told of a row.
    fn told(&self, place: usize) -> Option<Mismatch> {
        let row = self.alignment.rows[place];
        let (process, number) = (
            self.number.to_owned(),
            row.c.or(row.lab).unwrap_or_default() + 1,
        );
        let mut c = self.of_c(place).map(|call| at_line(self.c, call));
        let mut lab = self.of_lab(place).map(|call| at_line(self.lab, call));
        match (&mut c, &mut lab) {
            (Some(c), Some(lab)) => {
                let (one, other) = self.both(place, place)?;
                [c.call, lab.call] = one.beside(other);
            }
            (Some(c), None) => c.call = alone(self.of_c(place)?, self.lab),
            (None, Some(lab)) => lab.call = alone(self.of_lab(place)?, self.c),
            (None, None) => {}
        }
        if row.relation == Relation::Wording {
            // What the lab does there in its place may be no words at all.
            let prints = self.of_lab(place).is_some_and(is_read_by_people);
            let by_lab = lab.map(Said::ByLab);
            let meant = match prints {
                true => by_lab,
                false => self.meant(row.c?).or(by_lab),
            }?;
            return Some(Mismatch::Wording {
                process,
                number,
                c: c?,
                meant,
            });
        }
        if let Some(other) = self.counterpart(place) {
            let (of_c, of_lab) = match row.c {
                Some(_) => (place, other),
                None => (other, place),
            };
            let (c, lab) = self.both(of_c, of_lab)?;
            return Some(Mismatch::Moved {
                process,
                number,
                earlier: of_c < of_lab,
                same_result: are_one(c, lab),
                c: at_line(self.c, c),
                lab: at_line(self.lab, lab),
            });
        }
        Some(Mismatch::Calls {
            process,
            number,
            elsewhere: self.elsewhere(place),
            instead: row.c.is_none().then(|| self.next(place)),
            c,
            lab,
        })
    }

    /// What a call of the C says in other words that stands beside none of the lab.
    fn meant(&self, of_c: usize) -> Option<Said> {
        Some(match self.alignment.meant.get(&of_c)? {
            Meant::Call(of_lab) => Said::ByLab(at_line(self.lab, &self.lab.calls[*of_lab])),
            Meant::Declared(pattern) => Said::BySlide(pattern.clone()),
        })
    }

    /// Where the one that does not make the call of this row makes it at all.
    fn elsewhere(&self, place: usize) -> Elsewhere {
        let row = self.alignment.rows[place];
        if let Some(Said::BySlide(call)) = row.c.and_then(|it| self.meant(it)) {
            return Elsewhere::Slide(call);
        }
        let (call, other, from) = match (self.of_c(place), self.of_lab(place)) {
            (Some(call), None) => (call, self.lab, row.c),
            (None, Some(call)) => (call, self.c, row.lab),
            _ => return Elsewhere::Nowhere,
        };
        let from = from.unwrap_or_default();
        let alike = other.calls.iter().enumerate();
        let alike = alike.filter(|(_, one)| are_one(one, call));
        let nearest = alike.min_by_key(|(at, _)| at.abs_diff(from));
        match nearest {
            Some((_, one)) => Elsewhere::Line(other.place(one)),
            None => Elsewhere::Nowhere,
        }
    }

    /// What the C does where it does not make the lab's call.
    fn next(&self, place: usize) -> Next {
        let further = (place..self.alignment.rows.len()).find_map(|at| self.of_c(at));
        match further {
            Some(call) => Next::Call(at_line(self.c, call)),
            None => match &self.c.died_of {
                // The run ends nobody by another one.
                Some(signal) if signal != "SIGKILL" => {
                    let end = ProcessEnd::Killed(signal.clone());
                    Next::End(end, Some(Halt::At(self.c.halt.clone())))
                }
                _ => Next::End(self.c.end.clone(), halt(self.c)),
            },
        }
    }
}

/// Whether both are the same call; of one that hangs, what it had been asked for.
fn are_one(one: &NormalizedCall, other: &NormalizedCall) -> bool {
    one.alike(other) || (one.returned != other.returned && one.begins_alike(other))
}

/// A call that the other one does not make, as it is told: with what its descriptors are, if that makes a call of this text.
fn alone(call: &NormalizedCall, other: &ProcessCalls) -> Text {
    let mut others = other.calls.iter();
    let namesake = others.find(|one| one.to_string() == call.to_string());
    match namesake {
        Some(other) => {
            let [told, _] = call.beside(other);
            told
        }
        None => code(call.to_string()),
    }
}

fn at_line(process: &ProcessCalls, call: &NormalizedCall) -> CallAtLine {
    CallAtLine {
        call: code(call.to_string()),
        name: call.name.clone(),
        line: process.place(call),
    }
}

/// Where a process hung or died.
fn halt(process: &ProcessCalls) -> Option<Halt> {
    let stack = process.halt.clone();
    Some(match (&process.end, process.calls.last()) {
        (ProcessEnd::Exited(_), _) => return None,
        (ProcessEnd::Cut, None) if stack.is_empty() => return None,
        (ProcessEnd::Killed(_), _) | (ProcessEnd::Cut, None) => Halt::At(stack),
        (ProcessEnd::Cut, Some(call)) if call.returned => {
            Halt::After(at_line(process, call), stack)
        }
        (ProcessEnd::Cut, Some(call)) => Halt::In(at_line(process, call)),
    })
}

/// What a process was in when a run did not go on, if it was among those that were left; or of which signal it had died. A
/// child that was killed from outside is none of that.
pub fn waits(process: &ProcessCalls, left: &[Process]) -> Option<(String, Halt)> {
    let is_left = left.iter().any(|one| one.pid == process.pid);
    let halt = match &process.died_of {
        _ if is_left => halt(process).filter(|_| process.is_open())?,
        Some(signal) if !process.is_open() || process.path.len() == 1 => {
            Halt::Died(signal.clone(), process.halt.clone())
        }
        _ => return None,
    };
    Some((process.number(), halt))
}

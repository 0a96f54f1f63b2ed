//! A declared difference excuses exactly what it names: each call that it excuses is changed in the recorded run, a
//! little and by machine, and each change must be told.

use std::collections::HashSet;

use labscope::compare::{
    AliasedText, Aliases, Alignment, NormalizedCall, ProcessCalls, Relation, RunPair,
    ScenarioResult, describes_child, is_idiom, pair,
};
use labscope::scenario::Difference;
use labscope::scenario::pattern::fill;

/// Changes that were not told, and how many were made.
#[derive(Default)]
pub struct Excused {
    pub made: usize,
    pub untold: Vec<String>,
    /// Calls that have been changed, but for their numbers: a loop makes the same one a thousand times.
    changed: HashSet<String>,
}

/// Where a call stands that is changed: whose it is, and what it may be by its difference.
struct Place<'a> {
    process: &'a ProcessCalls,
    index: usize,
    patterns: &'a [String],
    /// The other program does not make it: without it, the two are the same.
    is_only_here: bool,
    /// It is the lab's: that one is not a student's, and what it declares must occur.
    is_of_lab: bool,
    /// Known variants are taken too, whose place among other calls may be open.
    is_variant: bool,
}

struct Change {
    what: String,
    process: ProcessCalls,
}

/// Changes every call that a declared difference excuses in a scenario.
pub fn change_all(outcome: &ScenarioResult) -> Excused {
    let mut excused = Excused::default();
    for run_pair in &outcome.run_pairs {
        change_pair(outcome, run_pair, &mut excused);
        change_children(outcome, run_pair, &mut excused);
    }
    excused
}

fn change_pair(outcome: &ScenarioResult, run_pair: &RunPair, excused: &mut Excused) {
    for processes in &run_pair.pairs {
        let (Some(c), Some(lab), Some(alignment)) =
            (&processes.c, &processes.lab, &processes.alignment)
        else {
            continue;
        };
        let known = variants(outcome, alignment);
        for (at, row) in alignment.rows.iter().enumerate() {
            let Relation::Declared(place) = row.relation else {
                continue;
            };
            let difference = &outcome.differences[place];
            if is_idiom(difference) {
                continue;
            }
            let sides = [(c, row.c, &difference.c), (lab, row.lab, &difference.lab)];
            for (side, (process, index, patterns)) in sides.into_iter().enumerate() {
                let Some(index) = index else { continue };
                let call = &process.calls[index];
                let is_free = match side {
                    0 => is_free(outcome, call, patterns),
                    _ => asks_freely(outcome, call),
                };
                if is_free {
                    continue;
                }
                if !excused.is_new(difference, side, &process.calls[index]) {
                    continue;
                }
                let patterns = patterns.as_slice();
                let (other, others) = match side {
                    0 => (lab, &difference.lab),
                    _ => (c, &difference.c),
                };
                let is_only_here = patterns.is_empty()
                    || others.is_empty()
                    || is_one_more(patterns, others, &process.calls[index]);
                let mut rest = alignment.rows[at + 1..].iter();
                let goes_on = rest.any(|row| if side == 0 { row.lab } else { row.c }.is_some());
                let is_near_end = index + 2 >= process.calls.len() || !goes_on;
                if is_only_here && other.is_open() && is_near_end {
                    continue; // the other one was ended before it came to this, or may have been
                }
                let place = Place {
                    process,
                    index,
                    patterns,
                    is_only_here,
                    is_of_lab: side == 1,
                    is_variant: outcome.differences.iter().any(|one| one.variant),
                };
                for change in place.changes() {
                    excused.made += 1;
                    let alignment = match side {
                        0 => pair(&change.process, lab, &outcome.differences),
                        _ => pair(c, &change.process, &outcome.differences),
                    };
                    let mut rows = alignment.rows.iter();
                    let is_told = [Relation::Mismatch, Relation::Wording];
                    let parts = rows.any(|row| is_told.contains(&row.relation));
                    // Or it is another form of the program that is known, and is told as that.
                    let is_named = !variants(outcome, &alignment).is_subset(&known);
                    if !parts && !alignment.ends_differ && !is_named {
                        let who = if side == 0 { "the C" } else { "the lab" };
                        excused.add(outcome, difference, who, &change);
                    }
                }
            }
        }
    }
}

/// The known variants that stand in an alignment.
fn variants(outcome: &ScenarioResult, alignment: &Alignment) -> HashSet<usize> {
    let declared = alignment.rows.iter().filter_map(|row| match row.relation {
        Relation::Declared(place) => Some(place),
        _ => None,
    });
    declared
        .filter(|&place| outcome.differences[place].variant)
        .collect()
}

/// Whether the calls that are described on both sides are the same but for this one.
fn is_one_more(patterns: &[String], others: &[String], call: &NormalizedCall) -> bool {
    let [text, _] = call.text().as_declared();
    let mut places = 0..patterns.len();
    places.any(|at| {
        let rest = [&patterns[..at], &patterns[at + 1..]].concat();
        rest == others && fill(&patterns[at], &text).is_some()
    })
}

/// Who only asks may ask elsewhere, in any lab.
fn only_asks(call: &NormalizedCall) -> bool {
    ["fstat", "getpid", "getppid"].contains(&call.name.as_str())
}

/// Beside a student's program such a call is passed over wherever it stands.
fn asks_freely(outcome: &ScenarioResult, call: &NormalizedCall) -> bool {
    outcome.differences.iter().any(is_idiom) && only_asks(call)
}

/// A student's call that no pattern names says the same in another way, which is an idiom's business.
fn is_free(outcome: &ScenarioResult, call: &NormalizedCall, patterns: &[String]) -> bool {
    let texts = call.text().as_declared();
    let is_named = patterns
        .iter()
        .any(|pattern| texts.iter().any(|text| fill(pattern, text).is_some()));
    asks_freely(outcome, call) || (outcome.differences.iter().any(is_idiom) && !is_named)
}

/// Processes that only one of the two has.
fn change_children(outcome: &ScenarioResult, run_pair: &RunPair, excused: &mut Excused) {
    let alone = run_pair
        .pairs
        .iter()
        .filter(|pair| pair.alignment.is_none());
    let has_idioms = outcome.differences.iter().any(is_idiom);
    for pair in alone {
        let Some(process) = pair.c.as_ref().or(pair.lab.as_ref()) else {
            continue;
        };
        let idioms = has_idioms && pair.c.is_some();
        let differences = outcome.differences.iter();
        let mut describing = differences.filter(|one| describes_child(one, process, idioms));
        let Some(difference) = describing.next() else {
            continue;
        };
        for index in 0..process.calls.len() {
            if is_free(outcome, &process.calls[index], &difference.child) {
                continue;
            }
            if !excused.is_new(difference, 2, &process.calls[index]) {
                continue;
            }
            let patterns = difference.child.as_slice();
            let place = Place {
                process,
                index,
                patterns,
                is_only_here: false,
                is_of_lab: false,
                is_variant: outcome.differences.iter().any(|one| one.variant),
            };
            for change in place.changes() {
                excused.made += 1;
                if describes_child(difference, &change.process, idioms) {
                    excused.add(outcome, difference, "a child", &change);
                }
            }
        }
    }
}

impl Excused {
    fn is_new(&mut self, by: &Difference, side: usize, call: &NormalizedCall) -> bool {
        let text = call.to_string();
        let words = text.split(|c: char| c.is_ascii_digit()).collect::<Vec<_>>();
        let short: String = words.concat().chars().take(120).collect();
        self.changed.insert(format!("{} {side} {short}", by.name))
    }

    fn add(&mut self, outcome: &ScenarioResult, by: &Difference, who: &str, change: &Change) {
        let (lab, scenario) = (&outcome.lab, &outcome.scenario.name);
        let (name, what) = (&by.name, &change.what);
        self.untold
            .push(format!("{lab} {scenario}: {name} excuses of {who}: {what}"));
    }
}

impl Place<'_> {
    fn call(&self) -> &NormalizedCall {
        &self.process.calls[self.index]
    }

    fn changes(&self) -> Vec<Change> {
        let [text, _] = self.call().text().as_declared();
        if !self.call().returned {
            return Vec::new(); // it was cut off: nobody knows what it would have been
        }
        let mut changes = Vec::new();
        // A process that is ended from outside may have been ended a little earlier.
        let is_near_end = self.process.is_open() && self.index + 2 >= self.process.calls.len();
        if !self.comes_as_often_as_it_likes()
            && !is_near_end
            && !only_asks(self.call())
            && !self.is_of_lab
        {
            if !self.is_only_here {
                changes.push(self.change(format!("without {text}"), |calls, at| {
                    calls.remove(at);
                }));
            }
            changes.push(self.change(format!("twice {text}"), |calls, at| {
                calls.insert(at, calls[at].clone());
            }));
        }
        changes.extend(self.exchanged());
        changes.extend(
            changed_texts(&text, &self.open())
                .into_iter()
                .map(|changed| {
                    let call = self.in_other_words(&changed);
                    self.change(changed, move |calls, at| calls[at] = call.clone())
                }),
        );
        changes
    }

    /// The next call before this one, if it asks for something else and does not end the process.
    fn exchanged(&self) -> Option<Change> {
        let (own, next) = (self.call(), self.process.calls.get(self.index + 1)?);
        let is_free = !next.returned || only_asks(next) || only_asks(own) || next.name == "exit";
        let [asked, to_be] = [own, next].map(|call| call.asked().as_declared()[0].clone());
        let is_open = self.is_of_lab || self.is_variant;
        if is_free || asked == to_be || is_open || self.comes_as_often_as_it_likes() {
            return None;
        }
        let what = format!("{to_be} before {asked}");
        Some(self.change(what, |calls, at| calls.swap(at, at + 1)))
    }

    /// The call with that text, and all of its arguments as one: no call of the other process asks for this.
    fn in_other_words(&self, text: &str) -> NormalizedCall {
        let plain = |text: &str| AliasedText::new(text, &Aliases::new());
        let (name, rest) = text.split_once('(').expect("a call");
        let returned = self
            .call()
            .result
            .is_some()
            .then(|| rest.rsplit_once(") = "));
        let (args, result) = match returned.flatten() {
            Some((args, result)) => (args, Some(plain(result))),
            None => (rest.strip_suffix(')').unwrap_or(rest), None),
        };
        NormalizedCall {
            name: name.to_owned(),
            words: vec![plain(args)],
            result,
            ..self.call().clone()
        }
    }

    fn change(&self, what: String, make: impl Fn(&mut Vec<NormalizedCall>, usize)) -> Change {
        let mut process = self.process.clone();
        make(&mut process.calls, self.index);
        Change { what, process }
    }

    /// Whether it stands behind a `...`.
    fn comes_as_often_as_it_likes(&self) -> bool {
        let texts = self.call().text().as_declared();
        let mut behind = self.patterns.iter().skip_while(|pattern| *pattern != "...");
        behind.any(|pattern| texts.iter().any(|text| fill(pattern, text).is_some()))
    }

    /// Where its text may be any of many.
    fn open(&self) -> Vec<std::ops::Range<usize>> {
        let [text, _] = self.call().text().as_declared();
        let filled = self
            .patterns
            .iter()
            .filter_map(|pattern| fill(pattern, &text));
        filled.flat_map(|filled| filled.open).collect()
    }
}

/// The text with each of its numbers, and each beginning of a string, changed in turn; of what is repeated, once.
fn changed_texts(text: &str, open: &[std::ops::Range<usize>]) -> Vec<String> {
    let is_open = |at: usize| {
        open.iter()
            .any(|range| range.start <= at && at <= range.end)
    };
    let (mut changed, mut places) = (Vec::new(), HashSet::new());
    let (mut in_string, mut before) = (false, ' ');
    for (at, c) in text.char_indices() {
        let starts_string = c == '"' && !in_string;
        if c == '"' && before != '\\' {
            in_string = !in_string;
        }
        let next = text[at + c.len_utf8()..].chars().next();
        let ends_number = c.is_ascii_digit() && next.is_none_or(|next| !next.is_ascii_digit());
        let place = at + c.len_utf8();
        let around = text[..place].chars().rev().take(8);
        let around: String = around.chain(text[place..].chars().take(8)).collect();
        let is_place = (ends_number || starts_string) && !is_open(place) && !is_open(at);
        if is_place && places.insert(around) {
            let (one, other) = text.split_at(place);
            changed.push(format!("{one}7{other}"));
        }
        before = c;
    }
    changed
}

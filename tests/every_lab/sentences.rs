//! What is said of a program is true: held against the calls themselves, whichever sentence it is.

use labscope::Language;
use labscope::compare::{
    Elsewhere, Mismatch, NormalizedCall, ProcessCalls, ProcessPair, Relation, RunPair,
    ScenarioResult, is_habit, is_idiom,
};
use labscope::scenario::Difference;
use labscope::scenario::pattern::fill;

/// What is said and is not so.
pub fn untrue(outcome: &ScenarioResult) -> Vec<String> {
    let mut found = Vec::new();
    for run_pair in &outcome.run_pairs {
        for pair in &run_pair.pairs {
            if let (Some(c), Some(lab)) = (&pair.c, &pair.lab) {
                found.extend(missing_and_there(run_pair, c, lab));
                found.extend(told_twice(run_pair, c));
                found.extend(excused_and_told(pair, c, lab));
                found.extend(declared_and_told(pair, lab, &outcome.differences));
            }
        }
    }
    found
}

/// The calls of which it is said that only one of the two makes them: the C's, and the lab's.
fn of_one(run_pair: &RunPair, process: &ProcessCalls) -> [Vec<String>; 2] {
    let mut only = [Vec::new(), Vec::new()];
    for mismatch in &run_pair.mismatches {
        let Mismatch::Calls {
            process: number,
            c,
            lab,
            elsewhere: Elsewhere::Nowhere,
            ..
        } = mismatch
        else {
            continue;
        };
        let (place, call) = match (c, lab) {
            (Some(c), None) => (0, c),
            (None, Some(lab)) => (1, lab),
            _ => continue,
        };
        if *number == process.number() {
            only[place].push(call.call.get(Language::En).to_owned());
        }
    }
    only
}

/// "makes no such call" of one that makes it.
fn missing_and_there(run_pair: &RunPair, c: &ProcessCalls, lab: &ProcessCalls) -> Vec<String> {
    let [of_c, of_lab] = of_one(run_pair, c);
    let makes = |process: &ProcessCalls, call: &String| {
        process.calls.iter().any(|one| one.to_string() == *call)
    };
    let of_c = of_c.iter().filter(|call| makes(lab, call));
    let of_lab = of_lab.iter().filter(|call| makes(c, call));
    of_c.chain(of_lab)
        .map(|call| format!("process {}: both make {call}", c.number()))
        .collect()
}

/// One call that is told as missing and as too much.
fn told_twice(run_pair: &RunPair, c: &ProcessCalls) -> Vec<String> {
    let [of_c, of_lab] = of_one(run_pair, c);
    let asked = |call: &String| call.rsplit_once(") = ").map(|(asked, _)| asked.to_owned());
    let is_told = |call: &&String| {
        let mut others = of_lab.iter();
        asked(call).is_some_and(|it| others.any(|other| asked(other) == Some(it.clone())))
    };
    let twice = of_c.iter().filter(is_told);
    twice
        .map(|call| format!("process {}: {call} is told twice", c.number()))
        .collect()
}

/// The rows of one relation that only one of the two has, as its calls.
fn alone<'a>(
    pair: &'a ProcessPair,
    is_it: impl Fn(Relation) -> bool + 'a,
) -> impl Iterator<Item = (Option<usize>, Option<usize>)> + 'a {
    let rows = pair.alignment.iter().flat_map(|it| &it.rows);
    let rows = rows.filter(move |row| is_it(row.relation) && row.c.is_some() != row.lab.is_some());
    rows.map(|row| (row.c, row.lab))
}

/// One call that is excused in one program (`~`) and told in the other one (`!`).
fn excused_and_told(pair: &ProcessPair, c: &ProcessCalls, lab: &ProcessCalls) -> Vec<String> {
    let call = |(of_c, of_lab): (Option<usize>, Option<usize>)| -> &NormalizedCall {
        let of_c = of_c.map(|at| &c.calls[at]);
        of_c.or(of_lab.map(|at| &lab.calls[at]))
            .expect("one of them")
    };
    let mut found = Vec::new();
    for told in alone(pair, |it| it == Relation::Mismatch) {
        let mut excused = alone(pair, |it| matches!(it, Relation::Declared(_)));
        let is_other = |it: &(Option<usize>, Option<usize>)| {
            it.0.is_some() != told.0.is_some() && call(*it).to_string() == call(told).to_string()
        };
        if excused.any(|it| is_other(&it)) {
            let call = call(told);
            found.push(format!("process {}: ~ and ! of {call}", c.number()));
        }
    }
    found
}

/// A call that the lab adds and declares, told as a fault of the C.
fn declared_and_told(
    pair: &ProcessPair,
    lab: &ProcessCalls,
    differences: &[Difference],
) -> Vec<String> {
    let adds = |one: &&Difference| {
        one.c.is_empty() && !one.variant && !one.last && !is_idiom(one) && !is_habit(one)
    };
    let is_there = |one: &Difference, at: usize| {
        let calls = lab.calls[at..].iter().map(ToString::to_string);
        let all = one
            .lab
            .iter()
            .zip(calls.chain(std::iter::repeat(String::new())));
        let mut all = all.map(|(pattern, call)| fill(pattern, &call).is_some());
        !one.lab.is_empty() && all.all(|fits| fits)
    };
    let told = alone(pair, |it| it == Relation::Mismatch).filter_map(|(_, of_lab)| of_lab);
    let told = told.filter(|&at| differences.iter().filter(adds).any(|one| is_there(one, at)));
    told.map(|at| {
        format!(
            "process {}: ! of the lab's own {}",
            lab.number(),
            lab.calls[at]
        )
    })
    .collect()
}

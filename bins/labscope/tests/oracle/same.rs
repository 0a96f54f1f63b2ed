//! Whether two accounts tell the same.

use std::collections::HashMap;

use crate::account::{Account, Item, Thread};
use crate::chance;
use crate::runs::Run;

/// How many items before a difference are shown.
const CONTEXT: usize = 4;

/// Calls of a program that time decides about.
pub struct Known {
    /// How the programs are called.
    pub programs: &'static [&'static str],
    pub call: &'static str,
    pub what: Differs,
    /// Why that is no fault.
    #[expect(dead_code, reason = "it is there for readers")]
    pub reason: &'static str,
}

/// How they may differ.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Differs {
    /// One run has such a call, the other none.
    Altogether,
    /// Both have it, with other arguments or another result.
    InWords,
}

/// What a comparison has found.
pub struct Comparison {
    pub differences: Vec<String>,
    /// How many calls, signals, stops and ends were the same.
    pub items: usize,
}

impl Comparison {
    /// Compares what the tracer tells of a run with what strace tells of another one.
    pub fn of(ours: &Run, oracle: &Run, known: &[&Known]) -> Comparison {
        let mut found = Vec::new();
        for (whose, run) in [("ours", ours), ("strace's", oracle)] {
            let unread = run.trace.unread.iter();
            found.extend(unread.map(|line| format!("{whose} cannot be read: {line}")));
        }
        let [ours, oracle] = [ours, oracle].map(|run| Account::of(run, known));
        let names = |account: &Account| -> Vec<String> {
            let threads = account.threads.iter();
            threads.map(|thread| thread.name.clone()).collect()
        };
        if names(&ours) != names(&oracle) {
            let (ours, oracle) = (names(&ours), names(&oracle));
            found.push(format!("threads: ours {ours:?}, strace's {oracle:?}"));
        }
        let numbers = [&ours.names, &oracle.names];
        let mut items = 0;
        for one in &ours.threads {
            let other = oracle.threads.iter().find(|other| other.name == one.name);
            if let Some(other) = other {
                items += one.items.len() + one.of_children.len() + one.of_outside.len();
                found.extend(difference(one, other, numbers));
            }
        }
        Comparison {
            differences: found,
            items,
        }
    }
}

/// The numbers that processes have in both runs.
type Numbers<'a> = [&'a HashMap<String, String>; 2];

/// Where two threads part. Of one that was killed from outside, both have what happened until then, one perhaps more.
fn difference(ours: &Thread, oracle: &Thread, numbers: Numbers) -> Option<String> {
    let is_killed = ours.is_killed || oracle.is_killed;
    let lists = [
        (&ours.items, &oracle.items),
        (&ours.of_outside, &oracle.of_outside),
    ];
    let parted = lists.into_iter().find_map(|(one, other)| {
        let differs = |(one, other): (&Item, &Item)| !is_same(one, other, numbers);
        let is_longer = one.len() != other.len() && !is_killed;
        let end = is_longer.then_some(one.len().min(other.len()));
        let place = one.iter().zip(other).position(differs).or(end)?;
        Some(format!(
            "{} from item {place} on\n  ours:\n{}  strace's:\n{}",
            ours.name,
            around(one, place),
            around(other, place)
        ))
    });
    parted.or_else(|| children_differ(ours, oracle, numbers))
}

/// What one of them was told of its children and the other was not. Of two that end at once the kernel may tell one
/// alone, since a signal that waits already is not sent again: so the shorter list has to lie within the longer one.
fn children_differ(ours: &Thread, oracle: &Thread, numbers: Numbers) -> Option<String> {
    let (ours_told, oracle_told) = (&ours.of_children, &oracle.of_children);
    let lies_within = if ours_told.len() <= oracle_told.len() {
        let is_told = |one: &Item| oracle_told.iter().any(|it| is_same(one, it, numbers));
        ours_told.iter().all(is_told)
    } else {
        let is_told = |one: &Item| ours_told.iter().any(|it| is_same(it, one, numbers));
        oracle_told.iter().all(is_told)
    };
    let is_killed = ours.is_killed || oracle.is_killed;
    let is_one_mute = ours_told.is_empty() != oracle_told.is_empty() && !is_killed;
    (!lies_within || is_one_mute).then(|| {
        let (ours_told, oracle_told) = (around(ours_told, 0), around(oracle_told, 0));
        format!(
            "{}: children\n  ours:\n{ours_told}  strace's:\n{oracle_told}",
            ours.name
        )
    })
}

fn around(items: &[Item], place: usize) -> String {
    let items = items.iter().skip(place.saturating_sub(CONTEXT));
    let lines = items.take(CONTEXT + 2).map(|item| format!("    {item}\n"));
    lines.collect()
}

fn is_same(one: &Item, other: &Item, numbers: Numbers) -> bool {
    one.name == other.name
        && one.args.len() == other.args.len()
        && is_same_text(&one.result, &other.result, numbers)
        && one
            .args
            .iter()
            .zip(&other.args)
            .all(|(one, other)| is_same_text(one, other, numbers))
}

/// The same but for numbers of processes, of which each has the same name in its run.
fn is_same_text(one: &str, other: &str, numbers: Numbers) -> bool {
    let (one, other) = (chance::words(one), chance::words(other));
    let name = |word: &str, run: usize| numbers[run].get(word);
    one.len() == other.len()
        && one.iter().zip(&other).all(|(one, other)| {
            one == other || name(one, 0).is_some() && name(one, 0) == name(other, 1)
        })
}

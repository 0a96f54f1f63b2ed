//! A student's program that ends where a call has failed, or where nothing more comes to be read, and the C goes on.
//!
//! What the C passes over there, the lab mends in its own way, and that is a declared difference. To end is another way to
//! mend it, with whatever status.

use crate::compare::alignment::{AlignedRow, Relation};
use crate::compare::declared::{Rest, only_of_lab};
use crate::compare::equivalents::{self, GIVES_UP, is_write_to, only_asks, place_of};
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::process_calls::ProcessCalls;
use crate::compare::words::word;
use crate::scenario::Difference;
use crate::scenario::pattern::name_of;

/// The idiom, if what is left of the C does nothing but end, behind a call that both have made.
pub fn step(
    differences: &[Difference],
    rows: &[AlignedRow],
    (c, left): (&ProcessCalls, &[NormalizedCall]),
    (lab, right): (&ProcessCalls, &[NormalizedCall]),
) -> Option<usize> {
    let place = place_of(differences, GIVES_UP)?;
    let before = rows.last().filter(|row| row.lab.is_some())?;
    let is_one = matches!(before.relation, Relation::Same | Relation::Declared(_));
    let last = c
        .calls
        .get(before.c?)
        .filter(|_| is_one && only_ends(left))?;
    let rest = Rest {
        process: lab,
        calls: right,
        idioms: false,
        words: false,
    };
    let own = || {
        differences
            .iter()
            .filter(|one| !one.variant && !equivalents::is_one(one))
    };
    let stands_here = |one: &Difference| one.lab.is_empty() || only_of_lab(one, rest).is_some();
    // One call in another form mends nothing.
    let is_form = |one: &Difference| one.c.len() == 1 && one.lab.len() == 1;
    let mends = |one: &&Difference| {
        !one.lab.is_empty() && !is_form(one) && goes_on(&one.c) && stands_here(one)
    };
    let ends =
        |one: &&Difference| one.last && !one.c.is_empty() && !goes_on(&one.c) && stands_here(one);
    let is_mended =
        is_for_nothing(last) && own().any(|one| mends(&one)) && !own().any(|one| ends(&one));
    // To say so and to end with another status than all being well is another way, too.
    let tells = last.has_failed() && left.first().is_some_and(|call| is_write_to(call, "2"));
    (is_mended || tells && ends_well(right)).then_some(place)
}

/// Whether all is well with a process that ends here.
fn ends_well(calls: &[NormalizedCall]) -> bool {
    calls.len() == 1 && calls[0].name == "exit" && word(&calls[0], 0) == "0"
}

/// Whether a call has failed, or has come to the end of what it reads.
fn is_for_nothing(call: &NormalizedCall) -> bool {
    let reads = ["read", "recvfrom"].contains(&call.name.as_str());
    call.has_failed() || (reads && call.came_back_with("0"))
}

/// Whether a process tells an error at most, closes what it has, and ends.
fn only_ends(calls: &[NormalizedCall]) -> bool {
    let mut calls = calls.iter().filter(|call| !only_asks(call)).peekable();
    calls.next_if(|call| is_write_to(call, "2"));
    let last = calls.find(|call| call.name != "close");
    last.is_some_and(|call| call.name == "exit") && calls.next().is_none()
}

/// Whether the C, by what is said of it, does more than to tell something and to end.
fn goes_on(patterns: &[String]) -> bool {
    let tells =
        |pattern: &str| pattern.starts_with("write(1, ") || pattern.starts_with("write(2, ");
    let ends = |pattern: &str| pattern.starts_with("killed by ");
    let more = |pattern: &str| !["close", "exit", "fstat"].contains(&name_of(pattern));
    let mut patterns = patterns.iter();
    patterns.any(|pattern| more(pattern) && !tells(pattern) && !ends(pattern))
}

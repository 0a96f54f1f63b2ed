//! Where a descriptor may be closed, and how: other ways of that which a student may go, in any lab.

use crate::compare::aliases::Origin;
use crate::compare::normalized_call::NormalizedCall;
use crate::compare::words::word;

/// A connection that is closed leaves the list of epoll by itself; a socket that other processes listen at, too, does not.
pub fn off_the_list(c: &[NormalizedCall], _: &[NormalizedCall]) -> Option<(usize, usize)> {
    let [one, next, ..] = c else {
        return None;
    };
    let leaves = one.name == "epoll_ctl" && word(one, 1) == "EPOLL_CTL_DEL" && !one.has_failed();
    let mut descriptors = one.words.get(2)?.descriptors();
    let is_connection = descriptors.any(|(_, it)| it.origin == Origin::Accepted);
    let is_closed = next.name == "close" && word(one, 2) == word(next, 0);
    (leaves && is_connection && is_closed).then_some((1, 0))
}

/// So many are looked at.
const MOST: usize = 64;

/// Descriptors that are closed one after the other, each once, in another order.
pub fn closes_in_turn(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let closed = |calls: &[NormalizedCall]| {
        let closes = calls.iter().take_while(|call| is_close(call));
        closes.count()
    };
    let most = closed(c).min(closed(lab)).min(MOST);
    let are_same = |count: &usize| {
        let (c, lab) = (&c[..*count], &lab[..*count]);
        let is_in =
            |one: &NormalizedCall, calls: &[NormalizedCall]| calls.iter().any(|it| it.alike(one));
        c.iter().all(|one| is_in(one, lab)) && lab.iter().all(|one| is_in(one, c))
    };
    let in_order = (2..=most).find(are_same).map(|count| (count, count));
    in_order.or_else(|| closes_a_range(c, lab))
}

/// Some of the first three descriptors, of which each is there and called what its number is, closed by one call.
fn closes_a_range(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let one = c.first().filter(|call| call.name == "close_range")?;
    let [first, last] = [0, 1].map(|place| word(one, place).parse::<usize>().ok());
    let (first, last) = (first?, last.filter(|last| *last < 3)?);
    let closed = lab.get(..=last.checked_sub(first)?)?;
    let is_closed = |number: usize| {
        let is_it = |call: &NormalizedCall| is_close(call) && word(call, 0) == number.to_string();
        closed.iter().any(is_it)
    };
    let same = word(one, 2) == "0" && (first..=last).all(is_closed);
    (same && one.came_back_with("0")).then_some((1, closed.len()))
}

fn is_close(call: &NormalizedCall) -> bool {
    call.name == "close" && !call.has_failed()
}

/// A connection that is shut down and closed at once, where the lab closes it.
pub fn shuts_down(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    shuts_down_and_closes(c).then_some(())?;
    let is_labs = lab.first().is_some_and(|call| call.alike(&c[1]));
    (is_labs || closes(&c[1..], lab).is_some()).then_some((1, 0))
}

/// Whether the next call shuts a connection down of which only this process makes use, and that is closed by the one after it.
pub fn shuts_down_and_closes(calls: &[NormalizedCall]) -> bool {
    let [one, next, ..] = calls else {
        return false;
    };
    let is_done = one.came_back_with("0") || one.came_back_with("-1 ENOTCONN");
    let descriptor = one.words.first().zip(next.words.first());
    let is_own = descriptor.is_some_and(|(one, next)| {
        let mut descriptors = one.descriptors();
        let is_own = descriptors.any(|(_, it)| !it.is_shared);
        is_own && one.to_string() == next.to_string()
    });
    one.name == "shutdown" && is_done && is_close(next) && is_own
}

/// A descriptor that is closed just before the end, which closes it anyway.
pub fn closes(c: &[NormalizedCall], lab: &[NormalizedCall]) -> Option<(usize, usize)> {
    let ends = lab.iter().find(|call| !comes_with_the_end(call));
    let ends = ends.is_some_and(|call| call.name == "exit");
    (ends && closes_at_the_end(c)).then_some((1, 0))
}

/// Whether the next call closes a descriptor, and nothing comes behind it but what comes with the end.
pub fn closes_at_the_end(calls: &[NormalizedCall]) -> bool {
    let mut rest = calls
        .iter()
        .skip_while(|call| is_close(call) || comes_with_the_end(call));
    calls.first().is_some_and(is_close) && rest.next().is_some_and(|call| call.name == "exit")
}

/// What waited in the buffer of standard output, and input that is given back.
fn comes_with_the_end(call: &NormalizedCall) -> bool {
    let is_written = call.name == "write" && word(call, 0) == "1";
    let is_given_back = call.name == "lseek" && word(call, 0) == "0";
    call.by_stdio && (is_written || is_given_back)
}

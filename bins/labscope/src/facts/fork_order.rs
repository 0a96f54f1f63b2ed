//! Who runs first after fork: asked for by delays, proved by the trace.

use crate::i18n::{Language, compare};
use crate::trace::Trace;
use crate::trace::syscall::{BEGINS, EXITS, FORKS, names};

/// Who makes the first call of its own after fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nobody forks.
    NoFork,
    ChildFirst,
    ParentFirst,
}

impl Order {
    /// Who was first; nothing where nobody forks.
    pub fn say(self, language: Language) -> Option<&'static str> {
        match self {
            Order::NoFork => None,
            Order::ChildFirst => Some(compare::child_first(language)),
            Order::ParentFirst => Some(compare::parent_first(language)),
        }
    }
}

/// What a trace shows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObservedOrder {
    NoFork,
    /// Whether no fork speaks against the one and the other.
    Forks {
        child_first: bool,
        parent_first: bool,
    },
}

/// How long strace holds a process back at the first attempt, in microseconds.
const DELAY: usize = 40_000;

/// At how many forks the order is looked at: a program that forks without end shows nothing new at the next.
const LOOKED_AT: usize = 5;

impl ObservedOrder {
    /// The order of a run at each of its forks. A process that makes no call after it speaks for either.
    ///
    /// `own` tells whether the program itself asked for the call at a place; `injections`: what strace was asked for.
    pub fn of(trace: &Trace, own: impl Fn(usize) -> bool, injections: &[String]) -> ObservedOrder {
        let is_fork = |&index: &usize| {
            let call = &trace.calls[index];
            call.makes_process() && !call.setup
        };
        let forks: Vec<usize> = (0..trace.calls.len()).filter(is_fork).collect();
        if forks.is_empty() {
            return ObservedOrder::NoFork;
        }
        let looked_at = forks.into_iter().take(LOOKED_AT);
        let firsts: Vec<(usize, usize)> = looked_at
            .filter_map(|fork| firsts(trace, fork, &own))
            .collect();
        let is_changed = |name: &str| {
            let mut about = injections.iter().filter(|inject| is_about(inject, name));
            about.any(|inject| changes(inject))
        };
        let moment = |index| moment(trace, index, injections);
        // A parent that acts while its child is still asleep in a call that strace changes is early enough.
        let over = |index: usize| match is_changed(&trace.calls[index].name) {
            true => trace.calls[index].returned_at.unwrap_or(usize::MAX),
            false => moment(index),
        };
        let mut pairs = firsts.iter();
        ObservedOrder::Forks {
            child_first: pairs
                .clone()
                .all(|&(child, parent)| moment(child) < moment(parent)),
            parent_first: pairs.all(|&(child, parent)| moment(parent) < over(child)),
        }
    }

    /// Whether the run shows this order.
    pub fn fits(self, order: Order) -> bool {
        match (self, order) {
            (ObservedOrder::NoFork, Order::NoFork) => true,
            (ObservedOrder::Forks { child_first, .. }, Order::ChildFirst) => child_first,
            (ObservedOrder::Forks { parent_first, .. }, Order::ParentFirst) => parent_first,
            _ => false,
        }
    }
}

/// The places of the first calls that the child of a fork and its parent make after it; nothing if one makes none.
///
/// `own` tells whether the program itself asked for the call at a place.
fn firsts(trace: &Trace, fork: usize, own: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let calls = &trace.calls;
    let first = |pid: i32| {
        let mut after = fork + 1..calls.len();
        after.find(|&index| calls[index].pid == pid && own(index))
    };
    Some((first(calls[fork].child()?)?, first(calls[fork].pid)?))
}

/// Who ran first at each fork after which both ran; none if both acted at once.
pub fn firsts_of(
    trace: &Trace,
    own: impl Fn(usize) -> bool,
    injections: &[String],
) -> Vec<Option<Order>> {
    let moment = |index| moment(trace, index, injections);
    let end = |index: usize| trace.calls[index].returned_at.unwrap_or(usize::MAX);
    // Of a call that may last its beginning counts; another one may not have acted yet while it is not over.
    let lasts = |index: usize| trace.calls[index].waits() || trace.calls[index].is(EXITS);
    let is_over = |one: usize, other: usize| lasts(one) || end(one) <= moment(other);
    let forks = (0..trace.calls.len()).filter(|&index| own(index));
    let both = forks.filter_map(|fork| firsts(trace, fork, &own));
    let who = both.map(|(child, parent)| match moment(child) < moment(parent) {
        true => is_over(child, parent).then_some(Order::ChildFirst),
        false => is_over(parent, child).then_some(Order::ParentFirst),
    });
    who.collect()
}

/// With what the child of a program that nobody has seen may begin: only the first of each is held back, and a
/// parent that made such a call before fork is not. (In a C program the child begins with libc's set_robust_list.)
pub fn beginnings() -> Vec<String> {
    names(BEGINS).map(str::to_owned).collect()
}

/// The line of the trace on which a call happens: one that `injections` hold back happens at its end.
///
/// Strace 5.10 puts no mark on a call that it delays, so what it was asked for has to tell.
fn moment(trace: &Trace, index: usize, injections: &[String]) -> usize {
    let call = &trace.calls[index];
    let is_first = || {
        let mut before = trace.calls[..index].iter();
        !before.any(|other| other.pid == call.pid && other.name == call.name)
    };
    let holds_back = |inject: &String| {
        inject.contains(":delay_enter=")
            && is_about(inject, &call.name)
            && (!inject.contains(":when=1") || is_first())
    };
    match injections.iter().any(holds_back) {
        true => call.returned_at.unwrap_or(usize::MAX),
        false => call.entered_at,
    }
}

/// What strace is asked for, so that a run comes out in this order; longer with each attempt.
///
/// `taken` are the injections of the scenario: strace takes one a call, so a delay is added to what it has.
pub fn injections(
    order: Order,
    children_begin_with: &[String],
    taken: &[String],
    attempt: usize,
) -> Vec<String> {
    let delay = DELAY + DELAY * (attempt / 3);
    let (calls, delay, when) = match order {
        Order::NoFork => return taken.to_vec(),
        Order::ChildFirst => (
            names(FORKS).collect::<Vec<_>>(),
            format!(":delay_exit={delay}"),
            "",
        ),
        // Counted per process: a parent that has made such a call before is not held back.
        Order::ParentFirst => (
            children_begin_with.iter().map(String::as_str).collect(),
            format!(":delay_enter={delay}"),
            ":when=1",
        ),
    };
    let add = |inject: &String| match calls.iter().any(|call| is_about(inject, call)) {
        // What happens at certain calls only would delay only those.
        true if !inject.contains(":when=") => format!("{inject}{delay}"),
        _ => inject.clone(),
    };
    let is_free = |call: &&&str| !taken.iter().any(|inject| is_about(inject, call));
    let free: Vec<&str> = calls.iter().filter(is_free).copied().collect();
    let own = (!free.is_empty()).then(|| format!("{}{delay}{when}", free.join(",")));
    taken.iter().map(add).chain(own).collect()
}

/// The injections of a scenario but for those that only hold a call back, for a picture of that moment: here the
/// orders do that.
pub fn without_delays(inject: &[String]) -> Vec<String> {
    let kept = inject.iter();
    kept.filter(|inject| changes(inject) || !inject.contains(":delay_"))
        .cloned()
        .collect()
}

/// Whether an injection changes what a call does.
fn changes(inject: &str) -> bool {
    let how = [":error=", ":retval=", ":signal=", ":syscall="];
    how.iter().any(|how| inject.contains(how))
}

/// Whether an injection is about a call.
fn is_about(inject: &str, call: &str) -> bool {
    let names = inject.split(':').next().unwrap_or_default();
    names.split(',').any(|name| name == call)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which orders a trace shows, told what was injected.
    fn shown(after_fork: &str, injections: &[&str]) -> [bool; 2] {
        let mut trace = Trace::of("./lab");
        let begin = "10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n10 1.1 fork() = 11\n";
        trace.feed(format!("{begin}{after_fork}").as_bytes());
        trace.end();
        let injections: Vec<String> = injections.iter().map(|&text| text.to_owned()).collect();
        let shown = ObservedOrder::of(&trace, |index| index > 0, &injections);
        [Order::ChildFirst, Order::ParentFirst].map(|order| shown.fits(order))
    }

    #[test]
    fn a_child_asleep_in_a_call_that_cannot_be_held_back_lets_its_parent_be_first() {
        let run = "11 1.2 pause( <unfinished ...>\n10 1.3 getpid() = 10\n\
                   11 1.4 <... pause resumed>) = 0\n";
        assert_eq!(shown(run, &[]), [true, false]);
        assert_eq!(shown(run, &["pause:retval=0:when=2+"]), [true, true]);
        assert_eq!(shown(run, &["read:retval=0"]), [true, false]);
    }

    #[test]
    fn a_call_held_back_happens_at_its_end_each_one_or_the_first_of_a_process() {
        let run = "11 1.2 pause( <unfinished ...>\n10 1.3 getpid() = 10\n\
                   11 1.4 <... pause resumed>) = 0\n";
        assert_eq!(shown(run, &["pause:delay_enter=9:when=1"]), [false, true]);
        // Parent and child are held back alike: the child, which began earlier, is first.
        let both = "11 1.2 pause( <unfinished ...>\n10 1.3 pause( <unfinished ...>\n\
                    11 1.4 <... pause resumed>) = 0\n10 1.5 <... pause resumed>) = 0\n";
        let each = ["pause:retval=0:delay_enter=9"];
        assert!(shown(both, &each)[0]);
    }

    #[test]
    fn a_delay_is_added_to_what_a_scenario_injects_into_the_same_call() {
        let asked = |order, taken: &[&str]| {
            let taken: Vec<String> = taken.iter().map(|&text| text.to_owned()).collect();
            injections(order, &["pause".to_owned(), "read".to_owned()], &taken, 0)
        };
        assert_eq!(
            asked(Order::ParentFirst, &["pause:retval=0", "accept:retval=0"]),
            [
                "pause:retval=0:delay_enter=40000",
                "accept:retval=0",
                "read:delay_enter=40000:when=1"
            ]
        );
        assert_eq!(
            asked(Order::ParentFirst, &["pause,read:retval=0:when=2+"]),
            ["pause,read:retval=0:when=2+"]
        );
        assert_eq!(
            asked(Order::ChildFirst, &["clone:error=EAGAIN:when=1"]),
            [
                "clone:error=EAGAIN:when=1",
                "clone3,fork,vfork:delay_exit=40000"
            ]
        );
        assert_eq!(
            asked(Order::NoFork, &["pause:retval=0"]),
            ["pause:retval=0"]
        );
    }
}

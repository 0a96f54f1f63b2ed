//! Who runs first after fork: asked for by delays, proved by the trace.

use std::collections::HashSet;

use serde::Serialize;

use super::story::Story;
use crate::strace::{FORKS, Trace};

/// Who makes the first call of its own after fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Nobody forks.
    #[serde(rename = "no-fork")]
    NoFork,
    ChildFirst,
    ParentFirst,
}

/// What a trace shows of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
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

impl Shown {
    /// The order of a run at each of its forks. A process that makes no call after it speaks for either.
    /// `held_back`: the calls that strace delays before they happen, the first of each process; `injected`:
    /// those that it changes for the scenario's sake and can therefore not delay.
    pub fn of(
        trace: &Trace,
        stories: &[Story],
        held_back: &[String],
        injected: &[String],
    ) -> Shown {
        let is_fork = |&index: &usize| {
            let call = &trace.calls[index];
            call.makes_process() && !call.setup
        };
        let forks: Vec<usize> = (0..trace.calls.len()).filter(is_fork).collect();
        if forks.is_empty() {
            return Shown::NoFork;
        }
        let requests = stories.iter().flat_map(|story| &story.requests);
        let own: HashSet<usize> = requests.map(|request| request.index).collect();
        let looked_at = forks.into_iter().take(LOOKED_AT);
        let firsts: Vec<(usize, usize)> = looked_at
            .filter_map(|fork| firsts(trace, fork, |index| own.contains(&index)))
            .collect();
        let moment = |index| moment(trace, index, held_back);
        // A parent that acts while its child is still asleep in a call that cannot be held back is early enough.
        let over = |index: usize| match injected.contains(&trace.calls[index].name) {
            true => trace.calls[index].returned_at.unwrap_or(usize::MAX),
            false => moment(index),
        };
        let mut pairs = firsts.iter();
        Shown::Forks {
            child_first: pairs
                .clone()
                .all(|&(child, parent)| moment(child) < moment(parent)),
            parent_first: pairs.all(|&(child, parent)| moment(parent) < over(child)),
        }
    }

    /// Whether the run shows this order.
    pub fn fits(self, order: Order) -> bool {
        match (self, order) {
            (Shown::NoFork, Order::NoFork) => true,
            (Shown::Forks { child_first, .. }, Order::ChildFirst) => child_first,
            (Shown::Forks { parent_first, .. }, Order::ParentFirst) => parent_first,
            _ => false,
        }
    }
}

/// The places of the first calls that the child of a fork and its parent make after it; nothing if one makes none.
///
/// `own` tells whether the program itself asked for the call at a place.
pub fn firsts(trace: &Trace, fork: usize, own: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let calls = &trace.calls;
    let first = |pid: i32| {
        let mut after = fork + 1..calls.len();
        after.find(|&index| calls[index].pid == pid && own(index))
    };
    Some((first(calls[fork].child()?)?, first(calls[fork].pid)?))
}

/// The line of the trace on which a call happens: one that is held back happens at its end.
///
/// Strace 5.10 puts no mark on a call that it delays, so what it was asked for has to tell.
pub fn moment(trace: &Trace, index: usize, held_back: &[String]) -> usize {
    let call = &trace.calls[index];
    let is_first = || {
        let mut before = trace.calls[..index].iter();
        !before.any(|other| other.pid == call.pid && other.name == call.name)
    };
    match held_back.contains(&call.name) && is_first() {
        true => call.returned_at.unwrap_or(usize::MAX),
        false => call.entered_at,
    }
}

/// What strace is asked for, so that a run comes out in this order; longer with each attempt.
///
/// `taken` are the injections of the scenario: strace takes one a call.
pub fn injections(
    order: Order,
    children_begin_with: &[String],
    taken: &[String],
    attempt: usize,
) -> Vec<String> {
    let is_taken = |inject: &String, name: &str| {
        let names = inject.split(':').next().unwrap_or_default();
        names.split(',').any(|one| one == name)
    };
    let free = |name: &&str| !taken.iter().any(|inject| is_taken(inject, name));
    let delay = DELAY + DELAY * (attempt / 3);
    match order {
        Order::NoFork => Vec::new(),
        Order::ChildFirst => {
            let names: Vec<&str> = FORKS.into_iter().filter(free).collect();
            Vec::from_iter(
                (!names.is_empty()).then(|| format!("{}:delay_exit={delay}", names.join(","))),
            )
        }
        // Counted per process: a parent that has made such a call before is not held back.
        Order::ParentFirst => {
            let names = children_begin_with.iter().map(String::as_str).filter(free);
            names
                .map(|name| format!("{name}:delay_enter={delay}:when=1"))
                .collect()
        }
    }
}

/// The calls that these injections hold back before they happen.
pub fn held_back(injections: &[String]) -> Vec<String> {
    let delayed = injections
        .iter()
        .filter(|inject| inject.contains(":delay_enter="));
    names(delayed)
}

/// The calls that injections are about.
pub fn names<'a>(injections: impl IntoIterator<Item = &'a String>) -> Vec<String> {
    let lists = injections
        .into_iter()
        .filter_map(|inject| inject.split(':').next());
    lists
        .flat_map(|names| names.split(','))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::attribution::{Place, Site};
    use crate::compare::story::stories;

    #[test]
    fn a_child_asleep_in_a_call_that_cannot_be_held_back_lets_its_parent_be_first() {
        let mut trace = Trace::of("./lab");
        trace.feed(
            b"10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n10 1.1 fork() = 11\n\
              11 1.2 pause( <unfinished ...>\n10 1.3 getpid() = 10\n11 1.4 <... pause resumed>) = 0\n",
        );
        trace.end();
        let site = |place| Site {
            place,
            frames: Vec::new(),
            callee: Some("any".to_owned()),
            libc_frames: Vec::new(),
            program: None,
        };
        let mut sites = vec![site(Place::Program); trace.calls.len()];
        sites[0] = site(Place::Setup);
        let (stories, _) = stories(&trace, &sites);
        let shown = |injected: &[String]| {
            let shown = Shown::of(&trace, &stories, &[], injected);
            [Order::ChildFirst, Order::ParentFirst].map(|order| shown.fits(order))
        };
        assert_eq!(shown(&[]), [true, false]);
        assert_eq!(shown(&["pause".to_owned()]), [true, true]);
        assert_eq!(shown(&["read".to_owned()]), [true, false]);
    }
}

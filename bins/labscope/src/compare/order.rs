//! Who runs first after fork: asked for by delays, proved by the trace.

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
    /// `held_back`: the calls that strace delays before they happen, the first of each process.
    pub fn of(trace: &Trace, stories: &[Story], held_back: &[String]) -> Shown {
        let calls = trace.calls.iter().enumerate();
        let forks: Vec<_> = calls
            .filter(|(_, call)| call.makes_process() && !call.setup)
            .collect();
        if forks.is_empty() {
            return Shown::NoFork;
        }
        let (mut child_first, mut parent_first) = (true, true);
        for (fork, call) in forks.into_iter().take(LOOKED_AT) {
            let first = |pid: i32| {
                let story = stories.iter().find(|story| story.pid == pid)?;
                let mut indexes = story.requests.iter().map(|request| request.index);
                indexes
                    .find(|&index| index > fork)
                    .map(|index| moment(trace, index, held_back))
            };
            let child = call.child();
            if let (Some(child), Some(parent)) = (child.and_then(first), first(call.pid)) {
                child_first &= child < parent;
                parent_first &= parent < child;
            }
        }
        Shown::Forks {
            child_first,
            parent_first,
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

/// The line of the trace on which a call happens: one that is held back happens at its end.
fn moment(trace: &Trace, index: usize, held_back: &[String]) -> usize {
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
    let names = delayed.filter_map(|inject| inject.split(':').next());
    names
        .flat_map(|names| names.split(','))
        .map(str::to_owned)
        .collect()
}

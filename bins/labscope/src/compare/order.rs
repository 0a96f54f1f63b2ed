//! Who runs first after fork: asked for by delays, proved by the trace.

use serde::Serialize;

use super::story::Story;
use crate::strace::Trace;

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

/// How long strace holds a process back, in microseconds.
const DELAY: &str = "30000";

/// At how many forks the order is looked at: a program that forks without end shows nothing new at the next.
const FORKS: usize = 5;

/// The order of a run, at each of its forks; none if it was this at one and that at another.
pub fn of(trace: &Trace, stories: &[Story]) -> Option<Order> {
    let mut orders = Vec::new();
    let forks = trace
        .calls
        .iter()
        .enumerate()
        .filter(|(_, call)| call.is_fork() && !call.setup);
    for (fork, call) in forks.take(FORKS) {
        let first = |pid: i32| {
            let story = stories.iter().find(|story| story.pid == pid)?;
            story
                .requests
                .iter()
                .map(|request| request.index)
                .find(|&index| index > fork)
        };
        let Some(child) = call
            .value()
            .and_then(|child| i32::try_from(child).ok())
            .filter(|&child| child > 0)
        else {
            continue;
        };
        orders.push(match (first(child), first(call.pid)) {
            (Some(child), Some(parent)) if child < parent => Order::ChildFirst,
            (Some(_), None) => Order::ChildFirst,
            _ => Order::ParentFirst,
        });
    }
    match orders.first() {
        None => Some(Order::NoFork),
        Some(&first) => orders.iter().all(|&order| order == first).then_some(first),
    }
}

/// What strace is asked for, so that a run comes out in this order; `taken` are calls that the scenario injects into.
pub fn injections(order: Order, children_begin_with: &[String], taken: &[String]) -> Vec<String> {
    let free = |name: &str| {
        !taken.iter().any(|inject| {
            inject
                .split(':')
                .next()
                .is_some_and(|set| set.split(',').any(|one| one == name))
        })
    };
    match order {
        Order::NoFork => Vec::new(),
        Order::ChildFirst => {
            let names: Vec<&str> = ["fork", "vfork", "clone", "clone3"]
                .into_iter()
                .filter(|name| free(name))
                .collect();
            Vec::from_iter(
                (!names.is_empty()).then(|| format!("{}:delay_exit={DELAY}", names.join(","))),
            )
        }
        // Counted per process: a parent that has made such a call before is not held back.
        Order::ParentFirst => children_begin_with
            .iter()
            .filter(|name| free(name))
            .map(|name| format!("{name}:delay_enter={DELAY}:when=1"))
            .collect(),
    }
}

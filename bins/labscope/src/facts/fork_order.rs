//! Who runs first after fork.

use crate::i18n::{Language, compare};
use crate::trace::Trace;
use crate::trace::tracer::AfterFork;

/// Who makes the first call of its own after fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Nobody forks.
    NoFork,
    ChildFirst,
    ParentFirst,
}

impl Order {
    /// The order for which a run was asked, if for any.
    pub fn asked(first: AfterFork) -> Option<Order> {
        match first {
            AfterFork::Either => None,
            AfterFork::Child => Some(Order::ChildFirst),
            AfterFork::Parent => Some(Order::ParentFirst),
        }
    }

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

/// At how many forks the order is looked at: a program that forks without end shows nothing new at the next.
const LOOKED_AT: usize = 5;

impl ObservedOrder {
    /// The order of a run at each of its forks. A process that makes no call after it speaks for either.
    ///
    /// `own` tells whether the program itself asked for the call at a place.
    pub fn of(trace: &Trace, own: impl Fn(usize) -> bool) -> ObservedOrder {
        let is_fork = |&index: &usize| {
            let call = &trace.calls[index];
            // Of vfork, the parent sleeps until the child has become another program.
            let is_vfork = call.name == "vfork" || call.args.has("CLONE_VFORK");
            call.makes_process() && !call.setup && !is_vfork
        };
        let mut forks = (0..trace.calls.len()).filter(is_fork).peekable();
        if forks.peek().is_none() {
            // The tracer gives the order of threads; their calls need not show it.
            let mut processes = trace.pids.iter();
            let has_threads = processes.any(|&pid| trace.threads_made(pid).next().is_some());
            return match has_threads {
                true => ObservedOrder::Forks {
                    child_first: true,
                    parent_first: true,
                },
                false => ObservedOrder::NoFork,
            };
        }
        let firsts = forks
            .take(LOOKED_AT)
            .filter_map(|fork| firsts(trace, fork, &own));
        let firsts: Vec<(usize, usize)> = firsts.collect();
        ObservedOrder::Forks {
            child_first: firsts.iter().all(|(child, parent)| child < parent),
            parent_first: firsts.iter().all(|(child, parent)| parent < child),
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
pub fn firsts(trace: &Trace, fork: usize, own: impl Fn(usize) -> bool) -> Option<(usize, usize)> {
    let calls = &trace.calls;
    let first = |pid: i32| {
        let mut after = fork + 1..calls.len();
        after.find(|&index| calls[index].pid == pid && own(index))
    };
    Some((first(calls[fork].child()?)?, first(calls[fork].pid)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_vfork_there_is_no_order() {
        let mut trace = Trace::of("./lab");
        trace.feed(b"10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n");
        trace.feed(b"10 1.1 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 11\n");
        trace.feed(b"11 1.2 getpid() = 11\n10 1.3 getpid() = 10\n");
        trace.end();
        assert_eq!(ObservedOrder::of(&trace, |_| true), ObservedOrder::NoFork);
    }

    #[test]
    fn who_makes_the_first_call_was_first() {
        let shown = |after_fork: &str| {
            let mut trace = Trace::of("./lab");
            let begin = "10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n10 1.1 fork() = 11\n";
            trace.feed(format!("{begin}{after_fork}").as_bytes());
            trace.end();
            let shown = ObservedOrder::of(&trace, |index| index > 0);
            [Order::ChildFirst, Order::ParentFirst].map(|order| shown.fits(order))
        };
        let child = "11 1.2 pause( <unfinished ...>\n10 1.3 getpid() = 10\n";
        assert_eq!(shown(child), [true, false]);
        assert_eq!(
            shown("10 1.2 getpid() = 10\n11 1.3 getpid() = 11\n"),
            [false, true]
        );
        assert_eq!(shown("10 1.2 getpid() = 10\n"), [true, true]);
    }
}

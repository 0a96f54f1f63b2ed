//! Who ran first at each fork of a live trace: asked of strace by delays.

use std::collections::HashSet;

use crate::facts::fork_order::{Order, firsts};
use crate::live::events::Event;
use crate::source::Place;
use crate::trace::Trace;
use crate::trace::syscall::{BEGINS, EXITS, FORKS, names};

/// How long strace holds a process back, in microseconds.
const DELAY: usize = 40_000;

/// What strace is asked to inject.
pub fn injected(order: Order) -> Option<String> {
    let joined = |flags| names(flags).collect::<Vec<_>>().join(",");
    match order {
        Order::NoFork => None,
        Order::ChildFirst => Some(format!("{}:delay_exit={DELAY}", joined(FORKS))),
        // Only the first of each name: a parent that has made such a call before fork is not held back. (In a C
        // program the child begins with libc's set_robust_list.)
        Order::ParentFirst => Some(format!("{}:delay_enter={DELAY}:when=1", joined(BEGINS))),
    }
}

/// Who ran first at each fork of a run.
pub struct Forks {
    asked: Order,
    /// The lines of the trace on which the program's own calls were entered.
    own: HashSet<usize>,
}

impl Forks {
    pub fn new(asked: Order) -> Forks {
        Forks {
            asked,
            own: HashSet::new(),
        }
    }

    pub fn note(&mut self, event: &Event) {
        if let Event::Made(made) = event
            && made.libc.is_none()
            && made.site.place != Place::Setup
        {
            self.own.insert(made.call.entered_at);
        }
    }

    /// Who was asked to run first, and who did, at each fork after which both ran; none if both acted at once.
    pub fn shown(&self, trace: &Trace) -> (Order, Vec<Option<Order>>) {
        let own = |index: usize| self.own.contains(&trace.calls[index].entered_at);
        let moment = |index| self.moment(trace, index);
        let end = |index: usize| trace.calls[index].returned_at.unwrap_or(usize::MAX);
        // Of a call that may last its beginning counts; another one may not have acted yet while it is not over.
        let lasts = |index: usize| trace.calls[index].waits() || trace.calls[index].is(EXITS);
        let is_over = |one: usize, other: usize| lasts(one) || end(one) <= moment(other);
        let forks = (0..trace.calls.len()).filter(|&index| own(index));
        let both = forks.filter_map(|fork| firsts(trace, fork, own));
        let who = both.map(|(child, parent)| match moment(child) < moment(parent) {
            true => is_over(child, parent).then_some(Order::ChildFirst),
            false => is_over(parent, child).then_some(Order::ParentFirst),
        });
        (self.asked, who.collect())
    }

    /// The line of the trace on which a call happens: one that strace holds back happens at its end.
    ///
    /// Strace 5.10 puts no mark on a call that it delays, so what it was asked for has to tell.
    fn moment(&self, trace: &Trace, index: usize) -> usize {
        let call = &trace.calls[index];
        let mut before = trace.calls[..index].iter();
        let mut is_first = || !before.any(|other| other.pid == call.pid && other.name == call.name);
        match self.asked == Order::ParentFirst && call.is(BEGINS) && is_first() {
            true => call.returned_at.unwrap_or(usize::MAX),
            false => call.entered_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_was_held_back_happens_at_its_end_also_where_strace_puts_no_mark() {
        let mut trace = Trace::of("./lab");
        trace.feed(
            b"10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n10 1.1 fork() = 11\n\
              11 1.2 write(1, \"C\", 1 <unfinished ...>\n10 1.3 write(1, \"P\", 1) = 1\n\
              11 1.4 <... write resumed>) = 1\n10 1.5 fork() = 12\n12 1.6 exit_group(0) = ?\n",
        );
        trace.end();
        let own = trace.calls.iter().map(|call| call.entered_at).collect();
        let shown = |asked| {
            let forks = Forks {
                asked,
                own: HashSet::clone(&own),
            };
            forks.shown(&trace).1
        };
        assert_eq!(shown(Order::ParentFirst), [Some(Order::ParentFirst)]);
        // Not held back, the child's write is not over when the parent's happens.
        assert_eq!(shown(Order::ChildFirst), [None]);
    }

    #[test]
    fn a_call_that_lasts_counts_from_its_beginning() {
        let mut trace = Trace::of("./lab");
        trace.feed(
            b"10 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n10 1.1 fork() = 11\n\
              11 1.2 pause( <unfinished ...>\n10 1.3 write(1, \"P\", 1) = 1\n",
        );
        trace.end();
        let forks = Forks {
            asked: Order::ChildFirst,
            own: trace.calls.iter().map(|call| call.entered_at).collect(),
        };
        assert_eq!(forks.shown(&trace).1, [Some(Order::ChildFirst)]);
    }
}

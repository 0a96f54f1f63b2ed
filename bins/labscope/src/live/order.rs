//! Who ran first at each fork of a live trace.

use std::collections::HashSet;

use crate::facts::fork_order::{Order, beginnings, firsts_of, injections};
use crate::live::events::Event;
use crate::source::Place;
use crate::trace::Trace;

/// What strace is asked to inject.
pub fn injected(order: Order) -> Vec<String> {
    injections(order, &beginnings(), &[], 0)
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
        (self.asked, firsts_of(trace, own, &injected(self.asked)))
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

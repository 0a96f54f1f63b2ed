//! Who runs first after fork: asked of strace, and what the trace then shows.

use std::collections::HashSet;

use crate::compare::order::{firsts, moment};
use crate::live::events::Event;
use crate::source::Place;
use crate::trace::{FORKS, Trace};

/// Who is to make the first call after fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum First {
    #[value(name = "child-first")]
    Child,
    #[value(name = "parent-first")]
    Parent,
}

/// How long strace holds the other one back, in microseconds.
const DELAY: u32 = 40_000;

/// With what a child may begin. Strace counts each call per process, and only the first of each is held
/// back: a parent that wrote or slept before is not. (In a C program the child begins with libc's set_robust_list.)
const BEGINNINGS: &str = "set_robust_list,write,close,dup2,fstat,getpid,getppid,setsid,read,\
                          clock_nanosleep,pause,execve,rt_sigaction";

/// What strace is asked to inject.
pub fn injection(first: First) -> String {
    match first {
        First::Child => format!("{}:delay_exit={DELAY}", FORKS.join(",")),
        First::Parent => format!("{BEGINNINGS}:delay_enter={DELAY}:when=1"),
    }
}

/// Who ran first at each fork of a run.
pub struct Forks {
    asked: First,
    /// The lines of the trace on which the program's own calls were entered.
    own: HashSet<usize>,
}

impl Forks {
    pub fn new(asked: First) -> Forks {
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
    pub fn shown(&self, trace: &Trace) -> (First, Vec<Option<First>>) {
        let injections = [injection(self.asked)];
        let own = |index: usize| self.own.contains(&trace.calls[index].entered_at);
        let both = (0..trace.calls.len())
            .filter(|&index| own(index))
            .filter_map(|fork| firsts(trace, fork, own));
        let moment = |index| moment(trace, index, &injections);
        let end = |index: usize| trace.calls[index].returned_at.unwrap_or(usize::MAX);
        let is_over = |one: usize, other: usize| lasts(trace, one) || end(one) <= moment(other);
        let who = both.map(|(child, parent)| match moment(child) < moment(parent) {
            true => is_over(child, parent).then_some(First::Child),
            false => is_over(parent, child).then_some(First::Parent),
        });
        (self.asked, who.collect())
    }
}

/// Whether a call may last: then its beginning counts. Another one may not have acted yet while it is not over.
fn lasts(trace: &Trace, index: usize) -> bool {
    let call = &trace.calls[index];
    call.waits() || call.name == "exit_group"
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
        assert_eq!(shown(First::Parent), [Some(First::Parent)]);
        // Not held back, the child's write is not over when the parent's happens.
        assert_eq!(shown(First::Child), [None]);
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
            asked: First::Child,
            own: trace.calls.iter().map(|call| call.entered_at).collect(),
        };
        assert_eq!(forks.shown(&trace).1, [Some(First::Child)]);
    }
}

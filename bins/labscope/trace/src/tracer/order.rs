//! Who goes on after fork: the other one is held until the first has made a call of its own.

use std::path::Path;

use crate::stack::StackFrame;

/// Who goes on first after each fork.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterFork {
    /// Whoever the kernel lets.
    #[default]
    Either,
    Child,
    Parent,
}

/// Whether a program itself asks for a call of this name and stack: what libc does in fork decides nothing.
pub type IsOwn = Box<dyn Fn(&Path, &str, &[StackFrame]) -> bool>;

/// Makes an [`IsOwn`] in the thread that asks it.
pub type MakeIsOwn = Box<dyn FnOnce() -> IsOwn + Send>;

/// A thread that waits for another one.
#[derive(Clone, Copy, Debug)]
pub struct Hold {
    pub held: i32,
    pub awaited: i32,
    pub until: Until,
}

/// When a hold is over. It is in any case when the awaited one ends, is stopped, sleeps in a call, or is delayed in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// When it has made a call of its own. That which was the so-manieth to be entered does not count, nor do earlier ones.
    OwnCall { since: usize },
    /// Not before: two threads have one memory, and what one of them does there between two calls the other sees.
    Rest,
}

/// Who of several threads of a process goes on: one at a time, as long as none has to wait.
#[derive(Debug, Default)]
pub struct Threads {
    /// The new threads that are held until those before them rest, and who made them; the latest last.
    unborn: Vec<(i32, i32)>,
}

impl Threads {
    /// What is to be held when a thread has made another one.
    pub fn made(&mut self, order: AfterFork, creator: i32, new: i32) -> Vec<Hold> {
        let hold = |held, awaited| Hold {
            held,
            awaited,
            until: Until::Rest,
        };
        match order {
            AfterFork::Either => Vec::new(),
            AfterFork::Child => vec![hold(creator, new)],
            AfterFork::Parent => {
                let before = self.unborn.iter().rfind(|(_, by)| *by == creator);
                let before = before.map(|&(thread, _)| hold(new, thread));
                self.unborn.push((new, creator));
                [hold(new, creator)].into_iter().chain(before).collect()
            }
        }
    }

    /// Who made a thread that has not gone on yet.
    pub fn creator(&self, thread: i32) -> Option<i32> {
        let (_, creator) = self.unborn.iter().find(|(new, _)| *new == thread)?;
        Some(*creator)
    }

    /// A thread that nothing holds any more: if it is a new one it goes on while its creator stands still; but a creator that
    /// goes on itself, as one whom the end of another thread has woken, comes first.
    pub fn released(&mut self, thread: i32, creator_goes_on: bool) -> Option<Hold> {
        let place = self.unborn.iter().position(|(new, _)| *new == thread)?;
        let (new, creator) = self.unborn[place];
        let (held, awaited) = match creator_goes_on {
            true => (new, creator),
            false => {
                self.unborn.remove(place);
                (creator, new)
            }
        };
        Some(Hold {
            held,
            awaited,
            until: Until::Rest,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(holds: impl IntoIterator<Item = Hold>) -> Vec<(i32, i32)> {
        holds
            .into_iter()
            .map(|hold| (hold.held, hold.awaited))
            .collect()
    }

    #[test]
    fn threads_go_on_one_at_a_time_the_new_one_first() {
        let mut threads = Threads::default();
        assert_eq!(pairs(threads.made(AfterFork::Child, 1, 2)), [(1, 2)]);
        assert_eq!(pairs(threads.made(AfterFork::Child, 1, 3)), [(1, 3)]);
        assert_eq!(pairs(threads.released(1, false)), []);
        assert_eq!(pairs(threads.made(AfterFork::Either, 1, 4)), []);
    }

    #[test]
    fn or_the_creator_first_and_then_one_after_the_other_while_it_stands_still() {
        let mut threads = Threads::default();
        assert_eq!(pairs(threads.made(AfterFork::Parent, 1, 2)), [(2, 1)]);
        assert_eq!(
            pairs(threads.made(AfterFork::Parent, 1, 3)),
            [(3, 1), (3, 2)]
        );
        assert_eq!(pairs(threads.released(2, false)), [(1, 2)]);
        assert_eq!(pairs(threads.released(2, false)), [], "only at its birth");
        assert_eq!(threads.creator(3), Some(1));
        let woken = threads.released(3, true);
        assert_eq!(pairs(woken), [(3, 1)], "the end of 2 has woken it");
        assert_eq!(pairs(threads.released(3, false)), [(1, 3)]);
    }
}

//! Who is held for whom, and until when.

use nix::libc;

use crate::decode::Request;
use crate::tracer::engine::Engine;
use crate::tracer::order::{AfterFork, Hold, Until};

impl Engine {
    /// Lets go on who waits for a thread.
    pub(super) fn release_from(&mut self, awaited: i32) {
        self.release(|hold| hold.awaited == awaited);
    }

    /// Ends these holds.
    pub(super) fn release(&mut self, is_over: impl Fn(&Hold) -> bool) {
        let (released, kept) = self.holds.drain(..).partition(is_over);
        self.holds = kept;
        for Hold { held, .. } in released as Vec<Hold> {
            if !self.is_held(held) {
                let creator = self.order_of_threads.creator(held);
                let goes_on = creator.is_some_and(|creator| self.goes_on_now(creator));
                self.holds
                    .extend(self.order_of_threads.released(held, goes_on));
            }
            if let Some(signal) = self.parked.remove(&held) {
                self.go_on(held, signal);
            }
        }
    }

    pub(super) fn is_held(&self, thread: i32) -> bool {
        self.holds.iter().any(|hold| hold.held == thread)
    }

    /// Whether a thread is on its way, or would be if it were let go on from where it stands.
    fn goes_on_now(&self, thread: i32) -> bool {
        let known = self.threads.get(&thread);
        known.is_some_and(|known| !known.is_stopped)
            && !self.is_held(thread)
            && !self.is_asleep(thread)
    }

    /// Holds one of two, as the order asks: the former, who acts, or the latter, who may go on by that.
    pub(super) fn hold(&mut self, (acting, other): (i32, i32), until: Until) {
        let (held, awaited) = match self.after_fork {
            AfterFork::Either => return,
            AfterFork::Child => (acting, other),
            AfterFork::Parent => (other, acting),
        };
        self.holds.push(Hold {
            held,
            awaited,
            until,
        });
    }

    /// Whom a futex call is going to wake: who has slept longest on that word.
    pub(super) fn wakes(&self, request: &Request) -> Option<i32> {
        let command = |request: &Request| request.args[1] as i32 & libc::FUTEX_CMD_MASK;
        if command(request) != libc::FUTEX_WAKE {
            return None;
        }
        let asleep = self.threads.iter().filter_map(|(&thread, known)| {
            let call = known.call.as_ref()?;
            let waits =
                [libc::FUTEX_WAIT, libc::FUTEX_WAIT_BITSET].contains(&command(&call.request));
            let is_there = call.name == "futex" && call.request.args[0] == request.args[0];
            (is_there && waits).then_some((call.number, thread))
        });
        asleep.min().map(|(_, thread)| thread)
    }

    /// A futex call is back: of the two the order tells who goes on. The other one is held already where it is the woken one.
    pub(super) fn has_woken(&mut self, thread: i32, woken: i32, count: i64) {
        match self.after_fork {
            AfterFork::Child if count > 0 => self.hold((thread, woken), Until::Rest),
            AfterFork::Parent if count <= 0 => {
                self.release(|hold| hold.held == woken && hold.awaited == thread);
            }
            _ => {}
        }
    }
}

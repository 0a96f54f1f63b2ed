//! What is known of a call, a signal, an end, put together when it is told.

use crate::facts::signals;
use crate::live::events::{Blocked, End, Event, Made, Mark, Note, What};
use crate::live::reader::Live;
use crate::source::Place;
use crate::source::libc_calls;
use crate::trace::syscall::{EXECS, REAPS};
use crate::trace::tracer::stack_in_call;
use crate::trace::{Call, Happening};

impl Live {
    /// Seconds since the start.
    fn since(&mut self, time: Option<f64>) -> f64 {
        let time = time.unwrap_or_default();
        (time - *self.start.get_or_insert(time)).max(0.0)
    }

    /// The number of a process; its birth is told when it is new.
    fn number(&mut self, pid: i32, time: f64) -> usize {
        let place = self.tree.appear(pid);
        let process = place + 1;
        if place >= self.born {
            self.born = process;
            if let Some(parent) = self.tree.parent(pid) {
                self.origins.inherit(parent, pid);
            }
            let what = What::Born { pid };
            let note = Note {
                process,
                time,
                what,
            };
            self.events.push(Event::Note(note));
        }
        process
    }

    /// Tells a call that blocks. strace tells the stack when it returns: until then the kernel is asked for it.
    pub(super) fn tell_blocked(&mut self, call: &Call) {
        let time = self.since(call.time);
        let process = self.number(call.pid, time);
        self.told.insert(call.thread);
        let stack = stack_in_call(call.thread, &call.name);
        let site = self.origins.look_at(&Call {
            stack,
            ..call.clone()
        });
        let source = self.origins.source(&site);
        self.events.push(Event::Blocked(Blocked {
            process,
            time,
            text: format!("{}({}", call.name, call.args),
            site,
            source,
        }));
    }

    pub(super) fn tell_call(&mut self, index: usize, notice: Option<usize>) {
        // What has been told is not kept: a run may be long.
        let kept = &mut self.trace.calls[index];
        let call = Call {
            stack: std::mem::take(&mut kept.stack),
            args: std::mem::take(&mut kept.args),
            ..kept.clone()
        };
        let entered = self.since(call.time);
        let process = self.number(call.pid, entered);
        let mark = self.mark(&call, notice);
        let site = self.origins.site(&call);
        if call.has_returned() {
            self.tree.returned(index, &call);
        }
        let seconds = call.seconds();
        let over = self.over(&call, seconds, notice);
        let was_told = self.told.remove(&call.thread);
        let child = call.child();
        let is_shown = !call.setup || is_exec(&call);
        let libc = match site.place {
            Place::Setup => None,
            _ => libc_calls::kind(&call.name, &site),
        };
        let source = self.origins.source(&site);
        let made = Made {
            process,
            entered,
            over,
            seconds,
            call,
            site,
            source,
            libc,
            mark,
            was_told,
        };
        if is_shown {
            self.events.push(Event::Made(Box::new(made)));
        }
        if let Some(child) = child {
            self.number(child, over);
        }
    }

    /// When a call was over: it returned, its process ended in it, or the tracing did.
    fn over(&mut self, call: &Call, seconds: Option<f64>, notice: Option<usize>) -> f64 {
        let notice = notice.map(|notice| &self.trace.notices[notice]);
        let end = notice.filter(|notice| notice.what.is_end());
        let over = match (call.time, seconds) {
            (Some(time), Some(seconds)) => Some(time + seconds),
            (time, None) if call.has_returned() => time,
            _ => end.map_or(Some(self.now), |end| end.time),
        };
        self.since(over)
    }

    fn mark(&mut self, call: &Call, notice: Option<usize>) -> Option<Mark> {
        if call.setup {
            return is_exec(call).then_some(Mark::Strace);
        }
        let goes_on = self.broken_off.remove(&call.thread);
        if call.is_cut_off() {
            return Some(Mark::KilledInside);
        }
        if call.result.is_none() && !call.ended_inside {
            return Some(Mark::StillInside);
        }
        if call.is_restarted() {
            let signal = notice.map(|notice| &self.trace.notices[notice].what);
            let passes_by = matches!(signal, Some(Happening::Signal { name, .. })
                if self.passes_by(call.pid, name));
            if passes_by {
                self.broken_off.insert(call.thread, Mark::GoesOn);
            }
            return passes_by.then_some(Mark::BrokenOff);
        }
        if call.is_delayed() {
            return Some(Mark::HeldBack);
        }
        goes_on
    }

    pub(super) fn tell_notice(&mut self, index: usize) {
        let notice = self.trace.notices[index].clone();
        let time = self.since(notice.time);
        let process = self.number(notice.pid, time);
        self.tree.noticed(&notice);
        let from = signals::sender(&self.trace, &notice);
        let from = from.and_then(|pid| self.tree.place(pid));
        let is_end = notice.thread == notice.pid;
        let what = match notice.what {
            Happening::Signal { name, .. } => What::Signal {
                from: from.map(|place| place + 1),
                name,
            },
            Happening::Stopped { signal } => What::Stopped { signal },
            Happening::Exited { status } if is_end => self.ended(process, End::Exited(status)),
            Happening::Killed { signal } if is_end => self.ended(process, End::Killed(signal)),
            _ => return,
        };
        self.events.push(Event::Note(Note {
            process,
            time,
            what,
        }));
    }

    /// The end of a process: whether it is a zombie, since its parent is not waiting already, and its orphans.
    fn ended(&self, process: usize, how: End) -> What {
        let who = process - 1;
        let processes = self.tree.processes();
        let is_waiting = |parent: usize| {
            let open = self.open.get(&processes[parent].pid);
            open.is_some_and(|&call| self.trace.calls[call].is(REAPS))
        };
        let parent = self.tree.zombie_of(who);
        let orphans = self.tree.orphans_of(who).into_iter();
        What::Ended {
            how,
            zombie: parent.is_some_and(|parent| !is_waiting(parent)),
            orphans: orphans.map(|place| place + 1).collect(),
        }
    }

    fn passes_by(&self, pid: i32, signal: &str) -> bool {
        let who = self.tree.place(pid);
        who.is_some_and(|who| self.tree.passes_by(who, signal))
    }
}

fn is_exec(call: &Call) -> bool {
    call.is(EXECS) && call.path().is_some()
}

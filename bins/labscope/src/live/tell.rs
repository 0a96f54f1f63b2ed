//! What is known of a call, a signal, an end, put together when it is told.

use crate::live::events::{Blocked, End, Event, Made, Mark, Note, What};
use crate::live::reader::Live;
use crate::source::Place;
use crate::source::libc_calls;
use crate::trace::{Call, Happening, first_string};

impl Live {
    /// Seconds since the start.
    fn since(&mut self, time: Option<f64>) -> f64 {
        let time = time.unwrap_or_default();
        (time - *self.start.get_or_insert(time)).max(0.0)
    }

    /// The number of a process; its birth is told when it is new.
    fn number(&mut self, pid: i32, time: f64) -> usize {
        let (process, is_new) = self.family.number(pid);
        if is_new {
            let calls = &self.trace.calls;
            let open = self.open.values().filter(|&&index| calls[index].is_fork());
            if let Some(&fork) = open.max() {
                self.origins.inherit(calls[fork].pid, pid);
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

    pub(super) fn tell_blocked(&mut self, thread: i32, pid: i32, time: f64, text: String) {
        let time = self.since(Some(time));
        let process = self.number(pid, time);
        self.told.insert(thread);
        self.events.push(Event::Blocked(Blocked {
            process,
            time,
            text,
        }));
    }

    pub(super) fn tell_call(&mut self, index: usize, notice: Option<usize>) {
        // What has been told is not kept: a run may be long.
        let kept = &mut self.trace.calls[index];
        let mut call = Call {
            stack: std::mem::take(&mut kept.stack),
            args: std::mem::take(&mut kept.args),
            ..kept.clone()
        };
        let entered = self.since(call.time);
        let process = self.number(call.pid, entered);
        let mark = self.mark(&call, notice);
        let site = self.origins.site(&call);
        self.family.note(&call);
        let seconds = take_duration(&mut call);
        let over = self.over(&call, seconds, notice);
        let was_told = self.told.remove(&call.thread);
        let child = call.child();
        let is_shown = !call.setup || is_exec(&call);
        let libc = match site.place {
            Place::Setup => None,
            _ => libc_calls::kind(&call, &site),
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
                if self.family.passes_by(call.pid, name));
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
        if let Happening::Signal { name, .. } | Happening::Killed { signal: name } = &notice.what {
            self.family.note_signal(notice.pid, name);
        }
        let what = match notice.what {
            Happening::Signal { name, details } => What::Signal {
                from: sender(&details).and_then(|pid| self.family.known(pid)),
                name,
            },
            Happening::Stopped { signal } => What::Stopped { signal },
            Happening::Exited { status } if notice.thread == notice.pid => {
                self.ended(notice.pid, End::Exited(status))
            }
            Happening::Killed { signal } if notice.thread == notice.pid => {
                self.ended(notice.pid, End::Killed(signal))
            }
            _ => return,
        };
        let process = self.number(notice.pid, time);
        self.events.push(Event::Note(Note {
            process,
            time,
            what,
        }));
    }

    fn ended(&mut self, pid: i32, how: End) -> What {
        let (open, calls) = (&self.open, &self.trace.calls);
        let inside = |pid: i32| open.get(&pid).map(|&index| calls[index].name.clone());
        let (zombie, orphans) = self.family.end(pid, inside);
        What::Ended {
            how,
            zombie,
            orphans,
        }
    }
}

fn is_exec(call: &Call) -> bool {
    call.name == "execve" && first_string(&call.args).is_some()
}

/// The process in `si_pid=`.
fn sender(details: &str) -> Option<i32> {
    let (_, rest) = details.split_once("si_pid=")?;
    rest.split([',', '}']).next()?.parse().ok()
}

/// Takes the time spent (`<0.000012>`, as -T writes it) off the result.
fn take_duration(call: &mut Call) -> Option<f64> {
    let result = call.result.as_mut()?;
    let (before, time) = result.rsplit_once(" <")?;
    let seconds = time.strip_suffix('>')?.parse().ok()?;
    *result = before.to_owned();
    Some(seconds)
}

//! When a call began and when it was over, in the clock of the trace.

use std::collections::{HashMap, HashSet};

use crate::trace::{Call, Happening, Trace};

/// A call that waits and comes back so many seconds before SIGKILL ends its thread, has not come back.
const AT_ITS_END: f64 = 0.05;

/// Entry and return of each call (none: it never came back); none without times.
///
/// Where it is not told how long a call took, it had returned when its thread was next heard of, if not before.
pub fn times(trace: &Trace, met_by_kill: &HashSet<usize>) -> Option<Vec<(f64, Option<f64>)>> {
    let mut next: HashMap<i32, f64> = HashMap::new();
    let mut notices = trace.notices.iter().rev().peekable();
    let mut times = Vec::with_capacity(trace.calls.len());
    for (index, call) in trace.calls.iter().enumerate().rev() {
        while let Some(notice) = notices.next_if(|notice| notice.after > index) {
            next.insert(notice.thread, notice.time?);
        }
        let from = call.time?;
        let at_latest = || next.get(&call.thread).copied();
        // One broken off by a signal has come to an end too.
        let came_back = call.has_returned() || call.is_restarted() || call.errno().is_some();
        let came_back = came_back && !met_by_kill.contains(&index);
        let to = came_back.then(|| came_back_at(call).or_else(at_latest));
        let to = to.flatten();
        times.push((from, to.map(|to| to.max(from))));
        next.insert(call.thread, from);
    }
    times.reverse();
    Some(times)
}

/// When a call came back: what happened on lines before its own (a child's end) was before it.
pub fn came_back_at(call: &Call) -> Option<f64> {
    let spent = call.time.zip(call.seconds());
    let spent = spent.map(|(from, seconds)| from + seconds);
    spent.into_iter().chain(call.resumed).reduce(f64::max)
}

/// Calls in which SIGKILL met a thread: what the tracer has read as their result was left of it, `accept(…) = 231`.
pub fn met_by_kill(trace: &Trace) -> HashSet<usize> {
    let is_kill =
        |what: &Happening| matches!(what, Happening::Killed { signal } if signal == "SIGKILL");
    let kills = trace.notices.iter().filter(|notice| is_kill(&notice.what));
    let met = kills.filter_map(|kill| {
        let before = &trace.calls[..kill.after];
        let index = before.iter().rposition(|call| call.thread == kill.thread)?;
        let call = &before[index];
        let left = kill.time? - came_back_at(call)?;
        (call.waits() && call.has_returned() && left < AT_ITS_END).then_some(index)
    });
    met.collect()
}

//! Who sent a signal.

use crate::trace::{Happening, Notice, Trace};

/// The process of the run that a delivered signal came from: a child that ended or stopped, or one that called kill.
pub fn sender(trace: &Trace, notice: &Notice) -> Option<i32> {
    let pid = notice.what.sender()?;
    trace.pids.contains(&pid).then_some(pid)
}

/// The place of the call that sent it, if a process of the run did.
pub fn sending_call(trace: &Trace, notice: &Notice) -> Option<usize> {
    let pid = sender(trace, notice).filter(|_| !notice.what.is_about_child())?;
    let before = &trace.calls[..notice.after.min(trace.calls.len())];
    before
        .iter()
        .rposition(|call| call.pid == pid && call.sends_signal())
}

/// Whether it is a signal of that name.
pub fn is_signal(what: &Happening, signal: &str) -> bool {
    matches!(what, Happening::Signal { name, .. } if name == signal)
}

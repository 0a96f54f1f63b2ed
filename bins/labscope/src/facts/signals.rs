//! Who sent a signal.

use crate::facts::process_tree::ProcessTree;
use crate::trace::syscall::KILLS;
use crate::trace::{Call, Happening, Notice, Trace};

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

/// The place of the first call by which a process of the run sent that signal to a process: to itself, to its group, to all.
pub fn call_that_sends(trace: &Trace, tree: &ProcessTree, signal: &str, pid: i32) -> Option<usize> {
    let sends = |(place, call): (usize, &Call)| {
        let args = call.args.all();
        let (target, sent) = match call.name.as_str() {
            "tgkill" => (args.first(), args.get(2)),
            _ => (args.first(), args.get(1)),
        };
        let is_sent = call.is(KILLS) && call.value() == Some(0);
        let target = target.filter(|_| is_sent)?.number()?;
        let group = || i64::from(group_of(trace, tree, pid, place));
        let meant = match target {
            -1 => pid != call.pid,
            0 => group() == i64::from(group_of(trace, tree, call.pid, place)),
            ..0 => group() == -target,
            one => one == i64::from(pid),
        };
        (meant && sent?.as_str() == signal).then_some(place)
    };
    trace.calls.iter().enumerate().find_map(sends)
}

/// The process group of a process when that call was made: its own choice or that of its parent, else its parent's at the fork.
/// The first process leads one, as every job of a shell does.
fn group_of(trace: &Trace, tree: &ProcessTree, pid: i32, before: usize) -> i32 {
    let calls = trace.calls[..before].iter().rev();
    let mut chosen = calls.filter_map(|call| {
        let number = |place: usize| i32::try_from(call.args.get(place).number()?).ok();
        let or = |number: i32, zero: i32| if number == 0 { zero } else { number };
        match call.name.as_str() {
            "setsid" if call.pid == pid && call.value()? > 0 => Some(pid),
            "setpgid" if call.value() == Some(0) => {
                let target = or(number(0)?, call.pid);
                (target == pid).then_some(or(number(1)?, target))
            }
            _ => None,
        }
    });
    if let Some(group) = chosen.next() {
        return group;
    }
    match tree.fork_of(pid).filter(|&fork| fork < before) {
        Some(fork) => group_of(trace, tree, trace.calls[fork].pid, fork),
        None => pid,
    }
}

/// Whether it is a signal of that name.
pub fn is_signal(what: &Happening, signal: &str) -> bool {
    matches!(what, Happening::Signal { name, .. } if name == signal)
}

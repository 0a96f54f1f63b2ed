//! Which signals a thread blocks behind each call that is about them.

use std::collections::{BTreeSet, HashMap};

use crate::facts::process_tree::ProcessTree;
use crate::trace::{Arg, Call, Happening, Trace};

/// Signals, by their names.
pub type Mask = BTreeSet<String>;

/// The mask that each such call has left, by its place in the trace, where it is known.
///
/// The program begins without any, and who is made begins with what its maker has. In a handler others are blocked, too.
pub fn left_blocked(trace: &Trace, tree: &ProcessTree) -> HashMap<usize, Mask> {
    let mut masks: HashMap<i32, Option<Mask>> = HashMap::new();
    let mut left = HashMap::new();
    let mut handlers: HashMap<i32, i32> = HashMap::new();
    let mut notices = trace.notices.iter().peekable();
    let made = trace.pids.iter().flat_map(|&pid| trace.threads_made(pid));
    let made: HashMap<usize, i32> = made.map(|(it, thread)| (it.entered_at, thread)).collect();
    for (index, call) in trace.calls.iter().enumerate() {
        while let Some(notice) = notices.next_if(|notice| notice.after <= index) {
            if matches!(notice.what, Happening::Signal { .. }) {
                *handlers.entry(notice.thread).or_default() += 1;
            }
        }
        if call.setup {
            continue;
        }
        let begins = || Some(Mask::new());
        let mask = masks.entry(call.thread).or_insert_with(begins);
        let depth = handlers.entry(call.thread).or_default();
        match call.name.as_str() {
            "rt_sigreturn" => *depth -= 1,
            "rt_sigprocmask" if call.value() == Some(0) => {
                *mask = after(call, mask.as_ref().filter(|_| *depth == 0));
                left.extend(mask.clone().map(|mask| (index, mask)));
            }
            _ => {}
        }
        let (mask, depth) = (mask.clone(), *depth);
        let child = tree.made_by(index).map(|child| child.pid);
        for child in child.into_iter().chain(made.get(&call.entered_at).copied()) {
            masks.insert(child, mask.clone());
            handlers.insert(child, depth);
        }
    }
    left
}

/// The mask behind a call that succeeded, by what it says of the one before or by that which is known.
fn after(call: &Call, before: Option<&Mask>) -> Option<Mask> {
    let set = call.args.get(1);
    let told = mask(call.args.get(2));
    let before = told.as_ref().or(before);
    if set.as_str() == "NULL" {
        return before.cloned();
    }
    let set = mask(set)?;
    match call.args.get(0).as_str() {
        "SIG_SETMASK" => Some(set),
        "SIG_BLOCK" => Some(before?.union(&set).cloned().collect()),
        "SIG_UNBLOCK" => Some(before?.difference(&set).cloned().collect()),
        _ => None,
    }
}

/// `[TERM CHLD]`; none of another text.
fn mask(arg: Arg<'_>) -> Option<Mask> {
    let names = arg.as_str().strip_prefix('[')?.strip_suffix(']')?;
    Some(names.split_whitespace().map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_known_by_all_that_was_said_of_it() {
        let lines = "10 execve(\"./lab\", [\"./lab\"], 0x1) = 0\n\
            10 rt_sigprocmask(SIG_BLOCK, [INT TERM], NULL, 8) = 0\n\
            10 fork() = 11\n\
            11 rt_sigprocmask(SIG_UNBLOCK, [TERM], NULL, 8) = 0\n\
            10 rt_sigprocmask(SIG_SETMASK, [USR1], [INT TERM], 8) = 0\n\
            10 --- SIGUSR2 {si_signo=SIGUSR2, si_code=SI_USER, si_pid=11, si_uid=0} ---\n\
            10 rt_sigprocmask(SIG_BLOCK, [HUP], NULL, 8) = 0\n\
            10 rt_sigprocmask(SIG_BLOCK, [HUP], [USR1 USR2], 8) = 0\n\
            10 rt_sigreturn({mask=[USR1]}) = 0\n";
        let mut trace = Trace::of("./lab");
        trace.feed(lines.as_bytes());
        trace.end();
        let left = left_blocked(&trace, &ProcessTree::of(&trace));
        let left = |index| {
            Some(
                left.get(&index)?
                    .iter()
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" "),
            )
        };
        let known = [1, 3, 4, 5, 6].map(left);
        let expected = ["INT TERM", "INT", "USR1", "", "HUP USR1 USR2"];
        let expected = expected.map(|mask| (!mask.is_empty()).then(|| mask.to_owned()));
        assert_eq!(known, expected);
    }
}

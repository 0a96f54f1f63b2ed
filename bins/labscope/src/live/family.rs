//! Who is whose child, who still lives, and which signals a program handles.

use std::collections::{HashMap, HashSet};

use crate::trace::Call;

/// The processes of a run.
#[derive(Default)]
pub struct Family {
    /// In order of appearance.
    pids: Vec<i32>,
    parents: HashMap<i32, i32>,
    ended: HashSet<i32>,
    /// Per process: the signals that have a handler (true) or are ignored (false).
    actions: HashMap<i32, HashMap<String, bool>>,
    /// Who has got which signal that it neither handles nor ignores.
    struck: HashSet<(i32, String)>,
}

impl Family {
    /// Its number, from 1; whether it has just got it.
    pub fn number(&mut self, pid: i32) -> (usize, bool) {
        match self.known(pid) {
            Some(number) => (number, false),
            None => {
                self.pids.push(pid);
                (self.pids.len(), true)
            }
        }
    }

    /// The number of a process, if it has one; of those that had the same pid, the last.
    pub fn known(&self, pid: i32) -> Option<usize> {
        let place = self.pids.iter().rposition(|&known| known == pid)?;
        Some(place + 1)
    }

    /// Takes in what a finished call changes.
    pub fn note(&mut self, call: &Call) {
        if let Some(child) = call.child() {
            self.parents.insert(child, call.pid);
            let actions = self.actions.get(&call.pid).cloned().unwrap_or_default();
            self.actions.entry(child).or_insert(actions);
        }
        if call.name == "rt_sigaction" && call.value() == Some(0) {
            self.note_action(call);
        }
        if call.name == "execve" && call.value() == Some(0) {
            let actions = self.actions.entry(call.pid).or_default();
            actions.retain(|_, handled| !*handled);
        }
    }

    /// `SIGCHLD, {sa_handler=0x401000, …}, NULL, 8`; a NULL instead only asks.
    fn note_action(&mut self, call: &Call) {
        let Some((signal, rest)) = call.args.split_once(", {sa_handler=") else {
            return;
        };
        let actions = self.actions.entry(call.pid).or_default();
        match rest {
            _ if signal.contains(' ') => {}
            _ if rest.starts_with("SIG_DFL") => drop(actions.remove(signal)),
            _ if rest.starts_with("SIG_IGN") => drop(actions.insert(signal.to_owned(), false)),
            _ => drop(actions.insert(signal.to_owned(), true)),
        }
    }

    /// Whether a signal passes by a program unnoticed: without a tracer it would not even wake it.
    pub fn passes_by(&self, pid: i32, signal: &str) -> bool {
        match self.actions.get(&pid).and_then(|it| it.get(signal)) {
            Some(handled) => !handled,
            None => matches!(signal, "SIGCHLD" | "SIGWINCH" | "SIGURG"),
        }
    }

    /// A process has ended; `inside` is the call that its parent is in. Whether it is a zombie, and its orphans.
    pub fn end(&mut self, pid: i32, inside: impl Fn(i32) -> Option<String>) -> (bool, Vec<usize>) {
        self.ended.insert(pid);
        let parent = self.parents.get(&pid).copied();
        let zombie = parent.is_some_and(|parent| {
            let waits = inside(parent).is_some_and(|name| name.starts_with("wait"));
            let actions = self.actions.get(&parent);
            let ignores = actions.and_then(|it| it.get("SIGCHLD")) == Some(&false);
            !self.ended.contains(&parent) && !waits && !ignores
        });
        let children = self.parents.iter().filter(|&(_, &parent)| parent == pid);
        let living = children.filter(|(child, _)| !self.ended.contains(child));
        let mut orphans: Vec<usize> = living.filter_map(|(&child, _)| self.known(child)).collect();
        orphans.sort();
        (zombie, orphans)
    }

    /// A signal has reached a process, or killed it.
    pub fn note_signal(&mut self, pid: i32, signal: &str) {
        if !self.is_prepared(pid, signal) {
            self.struck.insert((pid, signal.to_owned()));
        }
    }

    /// Whether the program handles a signal or ignores it.
    fn is_prepared(&self, pid: i32, signal: &str) -> bool {
        let actions = self.actions.get(&pid);
        actions.is_some_and(|actions| actions.contains_key(signal))
    }

    /// The number of the parent of a process, by its own.
    pub fn parent(&self, process: usize) -> Option<usize> {
        self.known(*self.parents.get(&self.pid(process)?)?)
    }

    fn pid(&self, process: usize) -> Option<i32> {
        self.pids.get(process.checked_sub(1)?).copied()
    }

    /// Whether a signal that has killed another process kills this one too, for certain.
    pub fn is_struck(&self, process: usize, signal: &str) -> bool {
        let pid = self.pid(process);
        pid.is_some_and(|pid| self.struck.contains(&(pid, signal.to_owned())))
    }

    /// Whether it would, if it came.
    pub fn may_die_of(&self, process: usize, signal: &str) -> bool {
        let living = self.pid(process).filter(|&pid| !self.has_ended(pid));
        living.is_some_and(|pid| !self.is_prepared(pid, signal))
    }

    pub fn is_empty(&self) -> bool {
        self.pids.is_empty()
    }

    /// Whether the run has shown its end.
    pub fn has_ended(&self, pid: i32) -> bool {
        self.ended.contains(&pid)
    }

    /// Number and pid of those whose end has not been shown.
    pub fn living(&self) -> Vec<(usize, i32)> {
        let numbered = self.pids.iter().enumerate();
        numbered
            .filter(|(_, pid)| !self.ended.contains(pid))
            .map(|(place, &pid)| (place + 1, pid))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::Trace;

    fn family(text: &str) -> Family {
        let mut trace = Trace::default();
        trace.feed(text.as_bytes());
        let mut family = Family::default();
        for call in &trace.calls {
            family.number(call.pid);
            family.note(call);
        }
        family
    }

    #[test]
    fn a_child_is_a_zombie_only_while_its_parent_lives_and_does_not_wait() {
        let forked = "7 fork() = 8\n8 getpid() = 8\n";
        assert_eq!(family(forked).end(8, |_| None), (true, vec![]));
        let waits = |_| Some("wait4".to_owned());
        assert_eq!(family(forked).end(8, waits), (false, vec![]));
        let mut family = family(forked);
        assert_eq!(family.end(7, |_| None), (false, vec![2]));
        assert_eq!(family.end(8, |_| None), (false, vec![]));
        assert!(family.living().is_empty());
    }

    #[test]
    fn a_parent_that_ignores_sigchld_has_no_zombies() {
        let text = "7 rt_sigaction(SIGCHLD, {sa_handler=SIG_IGN, sa_mask=[]}, NULL, 8) = 0\n7 fork() = 8\n8 getpid() = 8\n";
        assert_eq!(family(text).end(8, |_| None), (false, vec![]));
    }

    #[test]
    fn a_handled_signal_does_not_pass_by_until_execve() {
        let handled = "7 rt_sigaction(SIGCHLD, {sa_handler=0x401000, sa_mask=[]}, NULL, 8) = 0\n";
        assert!(family("7 getpid() = 7\n").passes_by(7, "SIGCHLD"));
        assert!(!family("7 getpid() = 7\n").passes_by(7, "SIGTSTP"));
        assert!(!family(handled).passes_by(7, "SIGCHLD"));
        let then = format!("{handled}7 execve(\"./x\", [], 0) = 0\n");
        assert!(family(&then).passes_by(7, "SIGCHLD"));
    }
}

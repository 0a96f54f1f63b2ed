//! Who made whom, who ended how, who is left to whom.
//!
//! The tree grows with the trace, a call or a signal at a time: a live trace asks it in between, the others when
//! all is read.

use std::collections::HashMap;

use crate::trace::syscall::REAPS;
use crate::trace::{Call, Disposition, Happening, Notice, Trace};

/// Processes that one signal kills within so many seconds die of the same cause: ^C, the end of the run.
pub const AT_ONCE: f64 = 0.2;

/// The processes of a run, in order of appearance.
#[derive(Clone, Debug, Default)]
pub struct ProcessTree {
    processes: Vec<Process>,
    /// The forks that have not returned: who made them, by their place among the calls.
    open_forks: Vec<(usize, i32)>,
    /// How many ends have been seen.
    ends: usize,
}

/// One process. Others are named by their place in the tree.
#[derive(Clone, Debug, Default)]
pub struct Process {
    pub pid: i32,
    /// Who made it, if that is a process of the run.
    pub parent: Option<usize>,
    /// The place among the calls of the fork that made it; of one that never returned, what can be supposed.
    pub fork: Option<usize>,
    pub end: Option<End>,
    /// Who has taken its status, and the place of that call.
    pub reaped: Option<(usize, usize)>,
    /// It adopts the orphans among its descendants, prctl(2).
    is_subreaper: bool,
    /// The signals that it handles or ignores.
    actions: HashMap<String, Disposition>,
    /// Its children leave no zombies though SIGCHLD is not ignored (SA_NOCLDWAIT).
    no_child_wait: bool,
    /// The signals that reached it unprepared, and whether the kernel itself sent them (^C).
    struck: HashMap<String, bool>,
}

/// The end of a process.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The signal that killed it; none if it exited.
    pub signal: Option<String>,
    pub time: Option<f64>,
    /// How many processes had ended before.
    pub order: usize,
    /// Who was its parent by then and could wait for it: who made it, or who adopted it.
    pub left_to: Option<usize>,
    /// That parent wants no zombies: SIGCHLD is ignored, or SA_NOCLDWAIT set.
    pub is_discarded: bool,
}

impl ProcessTree {
    /// The tree of a whole trace.
    pub fn of(trace: &Trace) -> ProcessTree {
        enum What<'a> {
            Entered(usize, &'a Call),
            Returned(usize, &'a Call),
            Noticed(&'a Notice),
        }
        let calls = || trace.calls.iter().enumerate();
        let entered = calls().map(|(place, call)| (call.entered_at, What::Entered(place, call)));
        let returned = calls().filter_map(|(place, call)| {
            let at = call.returned_at.filter(|_| call.has_returned())?;
            Some((at, What::Returned(place, call)))
        });
        let notices = trace.notices.iter();
        let noticed = notices.map(|notice| (notice.line, What::Noticed(notice)));
        let mut all: Vec<(usize, What<'_>)> = entered.chain(returned).chain(noticed).collect();
        all.sort_by_key(|(line, _)| *line);
        let mut tree = ProcessTree::default();
        for (_, what) in all {
            match what {
                What::Entered(place, call) => {
                    tree.appear(call.pid);
                    tree.entered(place, call);
                }
                What::Returned(place, call) => tree.returned(place, call),
                What::Noticed(notice) => tree.noticed(notice),
            }
        }
        tree
    }

    /// A call has been entered: from a fork on, a new process may be that call's.
    pub fn entered(&mut self, place: usize, call: &Call) {
        if call.makes_process() {
            self.open_forks.push((place, call.pid));
        }
    }

    /// A call has returned to the program.
    pub fn returned(&mut self, place: usize, call: &Call) {
        let who = self.appear(call.pid);
        if call.makes_process() {
            self.open_forks.retain(|(open, _)| *open != place);
            if let Some(child) = call.child() {
                self.made(child, who, place);
            }
        }
        if let Some((signal, disposition)) = call.action() {
            if signal == "SIGCHLD" {
                self.processes[who].no_child_wait = call.args.get(1).has("SA_NOCLDWAIT");
            }
            let actions = &mut self.processes[who].actions;
            match disposition {
                Disposition::Default => drop(actions.remove(signal)),
                other => drop(actions.insert(signal.to_owned(), other)),
            }
        }
        if call.executed().is_some() {
            let process = &mut self.processes[who];
            process.actions.retain(|_, it| *it == Disposition::Ignored);
            process.no_child_wait = false;
        }
        let is_prctl = call.name == "prctl" && call.value() == Some(0);
        if is_prctl && call.args.get(0).has("PR_SET_CHILD_SUBREAPER") {
            self.processes[who].is_subreaper = call.args.get(1).number() != Some(0);
        }
        let is_taken = |process: &Process| process.reaped.is_none() && call.reaps(process.pid);
        let mut processes = self.processes.iter_mut().filter(|_| call.is(REAPS));
        if let Some(child) = processes.rfind(|it| is_taken(it)) {
            child.reaped = Some((who, place));
        }
    }

    /// A signal was delivered, or a process ended.
    pub fn noticed(&mut self, notice: &Notice) {
        let who = self.appear(notice.pid);
        let (signal, from_kernel) = match &notice.what {
            Happening::Signal { name, .. } => (Some(name), notice.what.is_from_kernel()),
            Happening::Killed { signal } => (Some(signal), false),
            _ => (None, false),
        };
        let prepared = signal.is_some_and(|name| self.processes[who].actions.contains_key(name));
        if let Some(signal) = signal.filter(|_| !prepared) {
            let struck = &mut self.processes[who].struck;
            *struck.entry(signal.clone()).or_default() |= from_kernel;
        }
        // The first thread is the last one whose end is told.
        if notice.what.is_end() && notice.thread == notice.pid {
            self.ended(who, signal.cloned(), notice.time);
        }
    }

    fn ended(&mut self, who: usize, signal: Option<String>, time: Option<f64>) {
        let left_to = self.guardian(who);
        let is_discarded = left_to.is_some_and(|parent| {
            let parent = &self.processes[parent];
            let ignores = parent.actions.get("SIGCHLD") == Some(&Disposition::Ignored);
            ignores || parent.no_child_wait
        });
        self.processes[who].end = Some(End {
            signal,
            time,
            order: self.ends,
            left_to,
            is_discarded,
        });
        self.ends += 1;
    }

    /// Its parent as things stand: who made it, or if that has ended, the nearest subreaper above; none is outside.
    pub fn guardian(&self, who: usize) -> Option<usize> {
        let lives = |place: usize| self.processes[place].end.is_none();
        let parent = self.processes[who].parent?;
        if lives(parent) {
            return Some(parent);
        }
        let above = std::iter::successors(self.processes[parent].parent, |&place| {
            self.processes[place].parent
        });
        above
            .filter(|&place| lives(place))
            .find(|&place| self.processes[place].is_subreaper)
    }

    /// The place of a process; a new one whose fork has not returned is supposed to come from the last such fork.
    pub fn appear(&mut self, pid: i32) -> usize {
        if let Some(place) = self.place(pid) {
            return place;
        }
        let is_free = |fork: usize| self.processes.iter().all(|it| it.fork != Some(fork));
        let open = self.open_forks.iter().rev();
        let fork = open.copied().find(|(fork, _)| is_free(*fork));
        let parent = fork.and_then(|(_, parent)| self.place(parent));
        self.add(pid, parent, fork.map(|(fork, _)| fork))
    }

    fn add(&mut self, pid: i32, parent: Option<usize>, fork: Option<usize>) -> usize {
        let inherited = parent.map(|parent| &self.processes[parent]);
        self.processes.push(Process {
            pid,
            parent,
            fork,
            actions: inherited.map_or_else(HashMap::new, |it| it.actions.clone()),
            no_child_wait: inherited.is_some_and(|it| it.no_child_wait),
            ..Process::default()
        });
        self.processes.len() - 1
    }

    /// A fork has told whom it made.
    fn made(&mut self, child: i32, parent: usize, fork: usize) {
        for supposed in self.processes.iter_mut() {
            if supposed.fork == Some(fork) && supposed.pid != child {
                (supposed.parent, supposed.fork) = (None, None);
            }
        }
        match self.place(child).filter(|&place| place != parent) {
            // Another process of that pid, long gone: this is a new one.
            Some(old) if self.processes[old].reaped.is_some() => {
                self.add(child, Some(parent), Some(fork));
            }
            Some(place) => {
                let child = &mut self.processes[place];
                (child.parent, child.fork) = (Some(parent), Some(fork));
            }
            None => drop(self.add(child, Some(parent), Some(fork))),
        }
    }

    /// Every process.
    pub fn processes(&self) -> &[Process] {
        &self.processes
    }

    /// The place of that pid; of those that had the same, the last.
    pub fn place(&self, pid: i32) -> Option<usize> {
        self.processes.iter().rposition(|it| it.pid == pid)
    }

    /// That pid.
    pub fn get(&self, pid: i32) -> Option<&Process> {
        Some(&self.processes[self.place(pid)?])
    }

    /// The process that a fork has made, by the place of that call; of one that never returned, what can be supposed.
    pub fn made_by(&self, fork: usize) -> Option<&Process> {
        self.processes.iter().find(|it| it.fork == Some(fork))
    }

    /// The place of the call that made a process, if a process of the run did.
    pub fn fork_of(&self, pid: i32) -> Option<usize> {
        self.get(pid)?.fork
    }

    /// The pid of who made it, if that is a process of the run.
    pub fn parent(&self, pid: i32) -> Option<i32> {
        Some(self.processes[self.get(pid)?.parent?].pid)
    }

    /// Which child of which: `[1, 2]` is the second child of the first process.
    pub fn path(&self, who: usize) -> Vec<usize> {
        let parent = self.processes[who].parent;
        let siblings = self.processes[..=who].iter();
        let number = siblings.filter(|it| it.parent == parent).count();
        let mut path = parent.map_or_else(Vec::new, |parent| self.path(parent));
        path.push(number);
        path
    }

    /// Whether a signal passes by a process unnoticed: without a tracer it would not even wake it.
    pub fn passes_by(&self, who: usize, signal: &str) -> bool {
        match self.processes[who].actions.get(signal) {
            Some(action) => *action == Disposition::Ignored,
            None => matches!(signal, "SIGCHLD" | "SIGWINCH" | "SIGURG"),
        }
    }

    /// Whether a signal has reached a process that neither handles nor ignores it: it dies of it, for certain.
    pub fn is_struck(&self, who: usize, signal: &str) -> bool {
        self.processes[who].struck.contains_key(signal)
    }

    /// Whether a signal would kill it, if it came.
    pub fn may_die_of(&self, who: usize, signal: &str) -> bool {
        let process = &self.processes[who];
        process.end.is_none() && !process.actions.contains_key(signal)
    }

    /// Whether one signal has killed both: ^C, which the kernel sends to all of a group, or another at once.
    pub fn died_together(&self, one: usize, other: usize) -> bool {
        let [one, other] = [one, other].map(|who| &self.processes[who]);
        let (Some(end), Some(also)) = (&one.end, &other.end) else {
            return false;
        };
        let Some(signal) = end.signal.as_ref().filter(|_| end.signal == also.signal) else {
            return false;
        };
        let from_kernel = |it: &Process| it.struck.get(signal) == Some(&true);
        let apart = end
            .time
            .zip(also.time)
            .map(|(one, other)| (one - other).abs());
        from_kernel(one) && from_kernel(other) || apart.is_some_and(|apart| apart < AT_ONCE)
    }

    /// Whose zombie it became at its end: the parent that lived on and wanted to know.
    pub fn zombie_of(&self, who: usize) -> Option<usize> {
        let end = self.processes[who].end.as_ref()?;
        let parent = end.left_to.filter(|_| !end.is_discarded)?;
        let is_reaped = self.processes[who].reaped.is_some();
        (is_reaped || !self.died_together(who, parent)).then_some(parent)
    }

    /// The children whose parent ended before them, and not by what ended them.
    pub fn orphans_of(&self, parent: usize) -> Vec<usize> {
        let Some(end) = &self.processes[parent].end else {
            return Vec::new();
        };
        let is_later = |it: &Process| it.end.as_ref().is_none_or(|other| other.order > end.order);
        let all = self.processes.iter().enumerate();
        let children = all.filter(|(_, it)| it.parent == Some(parent) && is_later(it));
        children
            .map(|(child, _)| child)
            .filter(|&child| !self.died_together(child, parent))
            .collect()
    }

    /// Whether its parent has left it behind.
    pub fn is_orphan(&self, who: usize) -> bool {
        let parent = self.processes[who].parent;
        parent.is_some_and(|parent| self.orphans_of(parent).contains(&who))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> ProcessTree {
        let mut trace = Trace::default();
        trace.feed(text.as_bytes());
        trace.end();
        ProcessTree::of(&trace)
    }

    /// Processes 7 and its child 8, which exits while 7 goes on; `before` and `behind` that.
    fn family(before: &str, behind: &str) -> ProcessTree {
        tree(&format!(
            "{before}7 1.1 fork() = 8\n8 1.2 exit_group(0) = ?\n8 1.2 +++ exited with 0 +++\n7 1.3 getpid() = 7\n{behind}"
        ))
    }

    #[test]
    fn a_child_is_a_zombie_of_a_parent_that_lives_until_that_has_waited() {
        let never = family("", "");
        assert_eq!((never.zombie_of(1), never.zombie_of(0)), (Some(0), None));
        assert_eq!(never.processes()[1].reaped, None);
        let waited = family("", "7 1.4 wait4(-1, NULL, 0, NULL) = 8\n");
        assert_eq!(waited.zombie_of(1), Some(0));
        assert_eq!(waited.processes()[1].reaped, Some((0, 3)));
        let told = "{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8, si_status=0}";
        let by_id = family(
            "",
            &format!("7 1.4 waitid(P_ALL, 0, {told}, WEXITED, NULL) = 0\n"),
        );
        assert_eq!(by_id.processes()[1].reaped, Some((0, 3)));
    }

    #[test]
    fn a_wait_that_tells_of_a_stop_or_leaves_the_child_waitable_takes_no_status() {
        let stopped = "wait4(8, [{WIFSTOPPED(s) && WSTOPSIG(s) == SIGSTOP}], WSTOPPED, NULL) = 8";
        let goes_on = "wait4(8, [{WIFCONTINUED(s)}], WCONTINUED, NULL) = 8";
        let left = "waitid(P_ALL, 0, {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=8}, WEXITED|WNOWAIT, NULL) = 0";
        for call in [stopped, goes_on, left] {
            let it = family(
                "",
                &format!("7 1.4 {call}\n7 1.5 wait4(8, NULL, 0, NULL) = 8\n"),
            );
            assert_eq!(it.processes()[1].reaped, Some((0, 4)), "{call}");
        }
    }

    #[test]
    fn a_parent_that_ignores_sigchld_or_wants_no_zombies_has_none() {
        let action =
            |action: &str| format!("7 1.0 rt_sigaction(SIGCHLD, {{{action}}}, NULL, 8) = 0\n");
        let ignored = "sa_handler=SIG_IGN, sa_mask=[], sa_flags=SA_RESTORER";
        let discarded = "sa_handler=0x401000, sa_mask=[], sa_flags=SA_RESTORER|SA_NOCLDWAIT";
        let handled = "sa_handler=0x401000, sa_mask=[], sa_flags=SA_RESTORER";
        for (how, zombie) in [(ignored, None), (discarded, None), (handled, Some(0))] {
            assert_eq!(family(&action(how), "").zombie_of(1), zombie, "{how}");
        }
        // Set back again; kept by exec and fork where it is ignored, and only there.
        let twice = action(discarded) + &action(handled);
        assert_eq!(family(&twice, "").zombie_of(1), Some(0));
        let exec = "7 1.0 execve(\"./x\", [\"x\"], 0x1) = 0\n";
        assert_eq!(
            family(&(action(discarded) + exec), "").zombie_of(1),
            Some(0)
        );
        assert_eq!(family(&(action(ignored) + exec), "").zombie_of(1), None);
    }

    #[test]
    fn the_child_of_a_fork_that_never_returned_has_a_parent() {
        let cut = tree(
            "7 1.0 fork() = 8\n7 1.1 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>\n8 1.2 getpid() = 8\n\
             9 1.3 getpid() = 9\n7 1.4 <... clone resumed> <unfinished ...>) = ?\n7 1.4 +++ killed by SIGKILL +++\n",
        );
        assert_eq!((cut.parent(8), cut.parent(9)), (Some(7), Some(7)));
        assert_eq!(cut.path(2), [1, 2]);
        assert_eq!((cut.fork_of(8), cut.fork_of(9)), (Some(0), Some(1)));
        assert_eq!(cut.made_by(1).map(|made| made.pid), Some(9));
        // One that acted before the other's fork returned, and was taken for a child of the third.
        let mended = tree(
            "7 1.0 fork() = 8\n7 1.1 fork( <unfinished ...>\n8 1.2 fork( <unfinished ...>\n9 1.3 getpid() = 9\n\
             7 1.4 <... fork resumed>) = 9\n8 1.5 <... fork resumed>) = 10\n10 1.6 getpid() = 10\n",
        );
        assert_eq!((mended.parent(9), mended.parent(10)), (Some(7), Some(8)));
    }

    #[test]
    fn ctrl_c_ends_a_family_at_once_however_late_it_is_told() {
        let pause =
            "7 1.0 fork() = 8\n8 1.1 pause( <unfinished ...>\n7 1.1 pause( <unfinished ...>\n";
        let struck = |pid, at, code| {
            format!("{pid} {at:.1} --- SIGINT {{si_signo=SIGINT, si_code={code}}} ---\n")
        };
        let killed = |pid, at| format!("{pid} {at:.1} +++ killed by SIGINT +++\n");
        let run = |code, late| {
            let child = struck(8, 2.0, code) + &killed(8, 2.0);
            tree(&format!(
                "{pause}{child}{}{}",
                struck(7, late, code),
                killed(7, late)
            ))
        };
        let key = run("SI_KERNEL", 2.9);
        assert_eq!((key.zombie_of(1), key.died_together(0, 1)), (None, true));
        assert!(!run("SI_USER, si_pid=1, si_uid=0", 2.9).died_together(0, 1));
        assert!(run("SI_USER, si_pid=1, si_uid=0", 2.1).died_together(0, 1));
        let turned = format!(
            "{pause}{}{}{}{}",
            struck(7, 2.0, "SI_KERNEL"),
            killed(7, 2.0),
            struck(8, 2.9, "SI_KERNEL"),
            killed(8, 2.9)
        );
        assert!(!tree(&turned).is_orphan(1) && !tree(&turned).orphans_of(0).contains(&1));
    }

    #[test]
    fn an_orphan_goes_to_the_nearest_subreaper_which_can_wait_for_it() {
        let run = |subreaper: &str| {
            tree(&format!(
                "{subreaper}7 1.0 fork() = 8\n8 1.1 fork() = 9\n9 1.2 getpid() = 9\n8 1.3 exit_group(0) = ?\n\
                 8 1.3 +++ exited with 0 +++\n9 1.4 exit_group(3) = ?\n9 1.4 +++ exited with 3 +++\n\
                 7 1.5 wait4(-1, NULL, 0, NULL) = 9\n"
            ))
        };
        let kept = run("7 0.9 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0\n");
        assert!(kept.is_orphan(2) && kept.orphans_of(1) == [2]);
        assert_eq!((kept.parent(9), kept.zombie_of(2)), (Some(8), Some(0)));
        assert_eq!(kept.processes()[2].reaped.map(|(by, _)| by), Some(0));
        let outside = run("");
        assert!(outside.is_orphan(2));
        assert_eq!(outside.zombie_of(2), None);
        let switched_off = "7 0.8 prctl(PR_SET_CHILD_SUBREAPER, 1) = 0\n7 0.9 prctl(PR_SET_CHILD_SUBREAPER, 0) = 0\n";
        assert_eq!(run(switched_off).zombie_of(2), None);
    }

    #[test]
    fn a_handled_signal_does_not_pass_by_until_exec() {
        let handled =
            "7 rt_sigaction(SIGCHLD, {sa_handler=0x401000, sa_mask=[], sa_flags=0}, NULL, 8) = 0\n";
        let passes = |text: &str, signal| tree(text).passes_by(0, signal);
        assert!(passes("7 getpid() = 7\n", "SIGCHLD") && !passes("7 getpid() = 7\n", "SIGTSTP"));
        assert!(!passes(handled, "SIGCHLD"));
        assert!(passes(
            &format!("{handled}7 execve(\"./x\", [], 0) = 0\n"),
            "SIGCHLD"
        ));
    }
}

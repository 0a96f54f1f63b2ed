//! The tasks and processes of a run.

use std::rc::Rc;
use std::time::Duration;

use nix::libc;

use crate::control::call::{Action, Call};
use crate::control::event::{End, How, Touch};

/// A thread; the first of a process stands for it.
#[derive(Debug)]
pub struct Task {
    pub tid: i32,
    /// Its place among the processes.
    pub process: usize,
    pub path: Rc<str>,
    pub state: State,
    /// It goes on to the end of the call that it is in.
    pub is_in_call: bool,
    /// What that call has returned.
    pub returned: Option<i64>,
    /// A signal handler has begun since it last stood: whether its action restarts calls.
    pub handled: Option<bool>,
    /// Its call is a pipe of two descriptors, an object of System V …: to be named when it is back.
    pub watched: Option<Call>,
}

/// What a task does.
#[derive(Debug)]
pub enum State {
    /// It has not made a step yet; whether its first stop has been seen.
    Born {
        has_stopped: bool,
    },
    /// It is on its way to its next visible call.
    Moving,
    /// It is about to make a call.
    At(Call),
    /// It has begun a call that waits.
    Asleep(Call),
    /// It sleeps.
    Sleeping {
        call: Call,
        until: Duration,
    },
    /// It waits in the kernel for the child of its vfork.
    InVfork {
        child: usize,
    },
    /// It is stopped by a signal.
    Stopped,
    Ended,
}

/// A process: what its threads share.
#[derive(Clone, Debug)]
pub struct Process {
    pub pid: i32,
    pub path: Rc<str>,
    /// Who may wait for it: who made it, or to whom it was left. None: the launcher.
    pub parent: Option<usize>,
    /// Its first parent, which it may have lost.
    pub born_of: Option<usize>,
    /// In order of birth, or of being left to it.
    pub children: Vec<usize>,
    /// How many of its tasks live.
    pub threads: usize,
    /// How many tasks it has made.
    pub made: usize,
    /// How many pipes, mappings … it has made: to name them.
    pub things: usize,
    /// Signals with a handler, those whose handler restarts calls, those ignored: bit n-1 stands for signal n.
    pub handled: u64,
    pub restarting: u64,
    pub ignored: u64,
    /// Its children leave no zombies.
    pub no_zombies: bool,
    /// It adopts the orphans among its descendants, prctl(2): kept over exec, not passed on by fork.
    pub is_subreaper: bool,
    /// The memory that it shares with others.
    pub segments: Vec<u64>,
    /// Sets of semaphores that the kernel changes back when it ends: what it did with SEM_UNDO.
    pub undone_at_end: Vec<u64>,
    pub alarm: Option<Duration>,
    pub end: Option<End>,
    pub is_reaped: bool,
}

impl Process {
    pub fn new(pid: i32, path: Rc<str>, parent: Option<usize>) -> Process {
        Process {
            pid,
            path,
            parent,
            born_of: parent,
            children: Vec::new(),
            threads: 1,
            made: 0,
            things: 0,
            handled: 0,
            restarting: 0,
            ignored: 0,
            no_zombies: false,
            is_subreaper: false,
            segments: Vec::new(),
            undone_at_end: Vec::new(),
            alarm: None,
            end: None,
            is_reaped: false,
        }
    }

    /// What a child has from it.
    pub fn child(&self, pid: i32, path: Rc<str>, parent: usize) -> Process {
        Process {
            handled: self.handled,
            restarting: self.restarting,
            ignored: self.ignored,
            no_zombies: self.no_zombies,
            segments: self.segments.clone(),
            ..Process::new(pid, path, Some(parent))
        }
    }

    /// It has become another program.
    pub fn executed(&mut self) {
        (self.handled, self.restarting, self.no_zombies) = (0, 0, false);
        self.segments.clear();
        self.threads = 1;
    }

    /// Whether others see its memory while it goes on.
    pub fn shares_memory(&self) -> bool {
        self.threads > 1 || !self.segments.is_empty()
    }

    /// What its end changes of semaphores.
    pub fn undone(&self) -> impl Iterator<Item = Touch> {
        let how = How::Change;
        self.undone_at_end
            .iter()
            .map(move |&thing| Touch { thing, how })
    }

    pub fn is_zombie(&self) -> bool {
        self.end.is_some() && !self.is_reaped
    }

    pub fn handles(&self, signal: i32) -> bool {
        self.handled & bit(signal) != 0
    }

    /// Whether it leaves its children no zombies.
    pub fn reaps_by_itself(&self) -> bool {
        self.no_zombies || self.ignored & bit(libc::SIGCHLD) != 0
    }

    /// Does what rt_sigaction(2) says.
    pub fn set_action(&mut self, action: Action) {
        let bit = bit(action.signal);
        let set = |mask: &mut u64, on: bool| *mask = if on { *mask | bit } else { *mask & !bit };
        set(&mut self.handled, action.handler > 1);
        set(&mut self.ignored, action.handler == 1);
        set(
            &mut self.restarting,
            action.flags & libc::SA_RESTART as u64 != 0,
        );
        if action.signal == libc::SIGCHLD {
            self.no_zombies = action.flags & libc::SA_NOCLDWAIT as u64 != 0;
        }
    }
}

/// Who is above a process, its first parent first; they may have ended.
pub fn above(processes: &[Process], place: usize) -> impl Iterator<Item = usize> {
    std::iter::successors(processes[place].born_of, |&it| processes[it].born_of)
}

/// The subreapers above a process: to any of them it can be left in some order.
pub fn subreapers_above(processes: &[Process], place: usize) -> impl Iterator<Item = usize> {
    above(processes, place).filter(|&it| processes[it].is_subreaper)
}

/// To whom the orphans of a process are left that ends now: the nearest subreaper above; none is outside.
pub fn adopter(processes: &[Process], place: usize) -> Option<usize> {
    // Who has ended has left its children, so these live.
    let mut above = std::iter::successors(processes[place].parent, |&it| processes[it].parent);
    above.find(|&it| processes[it].is_subreaper)
}

fn bit(signal: i32) -> u64 {
    1 << (signal - 1).clamp(0, 63)
}

//! One step: a task makes the call that it stands before, and goes on to the next one.

use std::time::Duration;

use anyhow::{Result, bail};
use nix::libc;
use nix::unistd::{Pid, getpgid};

use crate::control::attempt::{Attempt, is_restarted};
use crate::control::call::{Call, Kind};
use crate::control::event::{Event, Exit, How, ToldCall, Touch, Waited};
use crate::control::machine::{Machine, Performed};
use crate::control::table::{Process, State, above, subreapers_above};
use crate::i18n::run;
use crate::trace::decode::Memory;
use crate::trace::decode::restart::is_broken_off;
use crate::trace::decode::{self, Request};
use crate::trace::syscall::{KEYED, PAIRS, request};

/// How often a call is tried that signals break off.
const ATTEMPTS: usize = 100;

/// So many bytes a terminal or a pipe takes that has nothing in it.
const SURELY_FITS: i64 = 2048;

impl Machine {
    /// Lets a task go on: it makes its call and comes to stand before the next one, or its call would wait.
    ///
    /// Of a process with signal handlers, to begin to wait is a step too: a signal breaks off what has begun.
    pub fn perform(&mut self, number: usize) -> Result<Performed> {
        let task = number - 1;
        self.created.clear();
        self.ended.clear();
        self.left_zombies.clear();
        self.cut_off.clear();
        self.signals.clear();
        let state = std::mem::replace(&mut self.tasks[task].state, State::Moving);
        let (call, has_begun) = match state {
            State::At(call) => (call, false),
            State::Asleep(call) => (call, true),
            State::Sleeping { call, until } => {
                self.tasks[task].state = State::Sleeping {
                    call: call.clone(),
                    until,
                };
                self.wake(task)?;
                let event = self.event(task, &call, None, Vec::new());
                return Ok(Performed::Done(event));
            }
            other => {
                self.tasks[task].state = other;
                bail!(run::cannot_go_on(number));
            }
        };
        match &call.kind {
            Kind::Begin => {
                self.go_on(task, 0);
                self.settle()?;
                Ok(Performed::Done(self.event(task, &call, None, Vec::new())))
            }
            Kind::Sleep(_) if !self.sleeps_at_will() => Ok(self.begin(task, call)),
            Kind::Sleep(_) => self.skipped(task, &call, 0),
            Kind::Alarm(time) => {
                let time = *time;
                self.set_alarm(task, &call, time)
            }
            Kind::Wait(wait) if !has_begun && self.has_nobody_for(task, wait) => {
                Ok(self.waits(task, call, has_begun))
            }
            _ => self.make(task, call, has_begun),
        }
    }

    /// Makes a call, really.
    fn make(&mut self, task: usize, call: Call, has_begun: bool) -> Result<Performed> {
        let call = self.before(task, call)?;
        let (mut attempts, mut told) = (0, None);
        let mut call = call;
        loop {
            self.tasks[task].handled = None;
            match self.attempt(task, &call, false)? {
                Attempt::Ended | Attempt::Elsewhere => break,
                Attempt::Waits => return Ok(self.waits(task, call, has_begun)),
                Attempt::Back(value) if !is_broken_off(value) => {
                    told = Some(self.told(task, &call, value));
                    self.after(task, &mut call, value);
                    self.go_on(task, 0);
                    break;
                }
                Attempt::Back(value) => {
                    let broken_off = self.told(task, &call, value);
                    self.go_on(task, 0);
                    self.settle()?;
                    attempts += 1;
                    let handled = self.tasks[task].handled;
                    let is_back = matches!(self.tasks[task].state, State::At(_));
                    if !is_back || handled.is_some() || attempts > ATTEMPTS {
                        told = Some(broken_off).filter(|_| !is_restarted(value, handled));
                        break;
                    }
                }
            }
        }
        if let State::InVfork { child } = self.tasks[task].state {
            told = Some(call.told(Some(self.tasks[child].tid.to_string())));
        }
        self.settle()?;
        self.nudge_others(&call)?;
        let more = self.signals_of_children(task)?;
        Ok(Performed::Done(self.event(task, &call, told, more)))
    }

    /// What has to be done before a call; whether it may wait is known better then.
    fn before(&mut self, task: usize, mut call: Call) -> Result<Call> {
        let length = i64::try_from(call.args[2]).unwrap_or(i64::MAX);
        match &call.kind {
            Kind::Type => {
                self.terminal.feed()?;
                call.may_wait = call.name != "read";
            }
            Kind::PipeWrite(pipe) => {
                let inside = self.in_pipes.get(pipe).copied().unwrap_or(0);
                call.may_wait = inside.saturating_add(length) > SURELY_FITS;
                let was_empty = inside == 0;
                let own = call.touches.iter_mut().filter(|touch| touch.thing == *pipe);
                own.for_each(|touch| touch.how = How::PipeWrite { was_empty });
            }
            Kind::PipeRead(pipe) => {
                call.may_wait = self.in_pipes.get(pipe).is_none_or(|&it| it <= 0)
            }
            Kind::Print => {
                self.printed_before = self.output.len();
                call.may_wait = length > SURELY_FITS || call.name != "write";
            }
            Kind::Wait(wait) => call.may_wait = !self.has_zombie_for(task, wait),
            Kind::Kill { .. } | Kind::Exit => {
                // Others may have appeared meanwhile.
                call = self.look(task, call.number, call.args).unwrap_or(call);
            }
            _ if call.is(KEYED) => {
                self.had_key = has_key(&call.name[..3], call.args[0] as i32);
            }
            _ => {}
        }
        Ok(call)
    }

    fn has_zombie_for(&self, task: usize, wait: &Waited) -> bool {
        let own = &self.processes[self.tasks[task].process];
        let mut children = own.children.iter().map(|&child| &self.processes[child]);
        children.any(|child| child.is_zombie() && wait.is_for(&child.path))
    }

    /// What has come of a call that returned that value.
    fn after(&mut self, task: usize, call: &mut Call, value: i64) {
        let process = self.tasks[task].process;
        let is_keyed = call.is(KEYED);
        match &mut call.kind {
            Kind::Print if value > 0 => {
                let left =
                    value as usize - (self.output.len() - self.printed_before).min(value as usize);
                self.terminal.take(left, &mut self.output);
            }
            Kind::PipeWrite(pipe) if value > 0 => *self.in_pipes.entry(*pipe).or_default() += value,
            Kind::PipeRead(pipe) => {
                *self.in_pipes.entry(*pipe).or_default() -= value.max(0);
                let is_end = value == 0;
                let own = call.touches.iter_mut().filter(|touch| touch.thing == *pipe);
                own.for_each(|touch| touch.how = How::PipeRead { is_end });
            }
            Kind::Action(action) if value == 0 => self.processes[process].set_action(*action),
            Kind::Subreaper(is_one) if value == 0 => self.processes[process].is_subreaper = *is_one,
            Kind::Wait(wait) => {
                let reaped = match call.name.as_str() {
                    "wait4" => value as i32,
                    _ if value == 0 && call.args[3] & libc::WNOWAIT as u64 == 0 => {
                        self.half(task, call.args[2] + 16).unwrap_or(0)
                    }
                    _ => 0,
                };
                let mut wait = wait.clone();
                wait.reaped = self.reap(process, reaped);
                call.kind = Kind::Wait(wait);
            }
            _ if is_keyed && value >= 0 => {
                let (kind, option) = ipc(&call.name);
                let name = format!("{kind} with key {}", call.args[0] as i32);
                self.names.insert(format!("{kind} {value}"), name);
                if !self.had_key {
                    self.made_ipc.push((option, value));
                }
            }
            _ if request(&call.name) == "semop" && value == 0 => {
                let set = call.touches.first().map(|touch| touch.thing);
                let set = set.filter(|_| self.is_to_be_undone(task, call));
                self.processes[process].undone_at_end.extend(set);
            }
            _ => {}
        }
    }

    /// Whether one of a call's operations on semaphores has SEM_UNDO.
    fn is_to_be_undone(&self, task: usize, call: &Call) -> bool {
        let memory = self.memory(task);
        let mut operations = (0..call.args[2]).map(|place| {
            let mut sembuf = [0; 6]; // number, operation and flags, two bytes each
            memory.read(call.args[1] + 6 * place, &mut sembuf);
            i32::from(u16::from_ne_bytes([sembuf[4], sembuf[5]]))
        });
        operations.any(|flags| flags & libc::SEM_UNDO != 0)
    }

    /// A parent has reaped a child; which one that is.
    fn reap(&mut self, parent: usize, pid: i32) -> Option<(std::rc::Rc<str>, usize)> {
        let children = self.processes[parent].children.iter().copied().enumerate();
        let mut zombies = children.filter(|&(_, child)| self.processes[child].is_zombie());
        let (birth, child) = zombies.find(|&(_, child)| self.processes[child].pid == pid)?;
        self.processes[child].is_reaped = true;
        Some((self.processes[child].path.clone(), birth))
    }

    /// A call would wait. With handlers around, that has begun.
    fn waits(&mut self, task: usize, call: Call, has_begun: bool) -> Performed {
        let process = &self.processes[self.tasks[task].process];
        if has_begun {
            self.tasks[task].state = State::Asleep(call);
            return Performed::Waits;
        }
        if process.handled == 0 {
            self.tasks[task].state = State::At(call);
            return Performed::Waits;
        }
        self.begin(task, call)
    }

    /// A call has begun to wait.
    fn begin(&mut self, task: usize, call: Call) -> Performed {
        // It touches nothing yet, but for who signals the process.
        let path = &self.processes[self.tasks[task].process].path;
        let bare = Call {
            touches: vec![Touch::new("process", path, How::Run)],
            kind: Kind::Other,
            ..call.clone()
        };
        let event = self.event(task, &bare, None, Vec::new());
        self.tasks[task].state = match call.kind {
            Kind::Sleep(time) => State::Sleeping {
                until: self.now + time,
                call,
            },
            _ => State::Asleep(call),
        };
        Performed::Done(event)
    }

    /// What a task does that has come to a visible call: of its own accord it begins to sleep, unless a handler could
    /// run before that.
    pub(super) fn arrived(&self, task: usize, call: Call) -> State {
        let has_handlers = self.processes[self.tasks[task].process].handled != 0;
        match call.kind {
            Kind::Sleep(time) if !has_handlers && !self.sleeps_at_will() => State::Sleeping {
                until: self.now + time,
                call,
            },
            _ => State::At(call),
        }
    }

    fn skipped(&mut self, task: usize, call: &Call, value: i64) -> Result<Performed> {
        let told = self.told(task, call, value);
        self.skip(task, value)?;
        self.let_go_on(task)?;
        Ok(Performed::Done(self.event(
            task,
            call,
            Some(told),
            Vec::new(),
        )))
    }

    /// An alarm rings in virtual time.
    fn set_alarm(&mut self, task: usize, call: &Call, time: Duration) -> Result<Performed> {
        let process = &mut self.processes[self.tasks[task].process];
        let ring = (time > Duration::ZERO).then(|| self.now + time);
        let before = std::mem::replace(&mut process.alarm, ring);
        let left = before.map_or(Duration::ZERO, |before| before.saturating_sub(self.now));
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        let value = if call.name == "alarm" { seconds } else { 0 };
        self.skipped(task, call, value as i64)
    }

    /// Has those who were sent a signal take it.
    fn nudge_others(&mut self, call: &Call) -> Result<()> {
        let Kind::Kill { signal, targets } = &call.kind else {
            return Ok(());
        };
        for &target in targets {
            self.nudge_process(target, *signal)?;
        }
        Ok(())
    }

    /// Parents with a handler take the SIGCHLD of children that have ended, or were left to them as zombies, in this
    /// step.
    fn signals_of_children(&mut self, task: usize) -> Result<Vec<Touch>> {
        let mut touches = Vec::new();
        for place in [&self.ended[..], &self.left_zombies].concat() {
            let Some(parent) = self.processes[place].parent else {
                continue;
            };
            let path = self.processes[parent].path.clone();
            touches.push(Touch::new("process", &path, How::ChildEnds));
            if self.processes[parent].handles(libc::SIGCHLD) {
                touches.push(Touch::new("process", &path, How::Signal));
                if parent != self.tasks[task].process {
                    self.nudge_process(parent, libc::SIGCHLD)?;
                }
            }
        }
        Ok(touches)
    }

    /// The first thread of a process, or another one that lives.
    pub(super) fn main_task(&self, process: usize) -> Option<usize> {
        let is_own = |place: &usize| {
            let task = &self.tasks[*place];
            task.process == process && !matches!(task.state, State::Ended)
        };
        (0..self.tasks.len()).find(is_own)
    }

    /// Has a process take a signal that is on its way to it.
    pub(super) fn nudge_process(&mut self, process: usize, signal: i32) -> Result<()> {
        let Some(task) = self.main_task(process).filter(|_| signal != 0) else {
            return Ok(());
        };
        if signal == libc::SIGKILL {
            self.expect_end_of_threads(process);
            return self.settle();
        }
        self.tasks[task].handled = None;
        let state = std::mem::replace(&mut self.tasks[task].state, State::Moving);
        match state {
            State::At(call) if matches!(call.kind, Kind::Begin) => {
                self.go_on(task, 0);
                self.settle()
            }
            State::At(call) => {
                self.step_back(task, &call)?;
                if matches!(self.tasks[task].state, State::Ended) {
                    self.cut_off.push(self.tasks[task].path.clone());
                }
                Ok(())
            }
            State::Asleep(call) => self.disturb(task, call, None),
            State::Sleeping { call, until } => self.disturb(task, call, Some(until)),
            State::Stopped if signal == libc::SIGCONT => self.settle(), // it stops once more at once
            other => {
                self.tasks[task].state = other;
                Ok(())
            }
        }
    }

    /// A signal has come to a task that waits inside a call.
    fn disturb(&mut self, task: usize, call: Call, until: Option<Duration>) -> Result<()> {
        let asleep = |call: Call| match until {
            Some(until) => State::Sleeping { call, until },
            None => State::Asleep(call),
        };
        let former = until.map(|until| self.shorten(task, &call, until));
        let attempt = self.attempt(task, &call, false)?;
        if let Some(former) = former {
            self.lengthen(task, &call, former);
        }
        if let (Attempt::Back(value), Some(until)) = (&attempt, until)
            && is_broken_off(*value)
        {
            self.tell_left(task, &call, until);
        }
        match attempt {
            Attempt::Ended | Attempt::Elsewhere => return self.settle(),
            Attempt::Waits => {
                self.tasks[task].state = asleep(call); // it blocks the signal
                return Ok(());
            }
            Attempt::Back(value) => {
                let mut made = call.clone();
                if !is_broken_off(value) {
                    self.after(task, &mut made, value);
                }
                self.go_on(task, 0);
                self.settle()?;
                let is_same = matches!(&self.tasks[task].state, State::At(next) | State::Sleeping { call: next, .. }
                    if next.number == call.number && next.args == call.args || next.name == "restart_syscall");
                if is_same && is_restarted(value, self.tasks[task].handled) {
                    self.tasks[task].state = asleep(call);
                }
            }
        }
        Ok(())
    }

    /// Whom a signal goes to.
    pub(super) fn targets_of_kill(&self, task: usize, name: &str, id: i32) -> Vec<usize> {
        let own = self.tasks[task].process;
        // Those that have ended too: a little earlier it would have met them.
        let all = self.processes.iter().enumerate();
        let group = |pid: i32| getpgid(Some(Pid::from_raw(pid))).ok();
        let wanted = match (name, id) {
            ("kill" | "rt_sigqueueinfo", 0) => group(self.processes[own].pid),
            ("kill", ..-1) => Some(Pid::from_raw(-id)),
            ("kill", -1) => return Vec::new(), // refused here
            _ => None,
        };
        let by_tid = self.by_tid.get(&id).map(|&task| self.tasks[task].process);
        let is_target = |(place, process): &(usize, &Process)| match wanted {
            Some(wanted) => group(process.pid) == Some(wanted),
            None => by_tid == Some(*place),
        };
        all.filter(is_target).map(|(place, _)| place).collect()
    }

    /// A call that is back, as a trace has it.
    fn told(&self, task: usize, call: &Call, value: i64) -> ToldCall {
        let Some(entered) = &call.entered else {
            return call.told(Some(value.to_string()));
        };
        let (number, args) = (call.number, call.args);
        let request = Request { number, args };
        let (args, result) = decode::returned(&request, entered, value, &self.memory(task));
        ToldCall {
            name: call.name.clone(),
            args: Some(args),
            result: Some(result),
        }
    }

    /// What happened in this step.
    fn event(
        &mut self,
        task: usize,
        call: &Call,
        told: Option<ToldCall>,
        more: Vec<Touch>,
    ) -> Box<Event> {
        let ended = std::mem::take(&mut self.ended);
        let mut touches = call.touches.clone();
        touches.extend(more);
        let exits = ended.iter().map(|&place| {
            let process = &self.processes[place];
            touches.push(Touch::new("process", &process.path, How::Exit));
            touches.extend(process.undone());
            touches.extend(self.leaving(place));
            let subreapers = subreapers_above(&self.processes, place);
            let possible = subreapers.filter(|&it| Some(it) != process.born_of);
            let parents = process.born_of.into_iter().chain(possible).map(|parent| {
                let parent = &self.processes[parent];
                let birth = parent.children.iter().position(|&child| child == place);
                (parent.path.clone(), birth.unwrap_or(0))
            });
            Exit {
                process: process.path.clone(),
                pid: process.pid,
                end: process.end,
                parents: parents.collect(),
            }
        });
        let exits = exits.collect();
        Box::new(Event {
            task: self.tasks[task].path.clone(),
            number: task + 1,
            call: told.unwrap_or_else(|| call.told(None)),
            touches,
            waited: call.waited(),
            exits,
            created: std::mem::take(&mut self.created),
            cut_off: std::mem::take(&mut self.cut_off),
            signals: std::mem::take(&mut self.signals),
        })
    }

    /// What the end of a process touches of who is left to whom.
    fn leaving(&self, place: usize) -> Vec<Touch> {
        let process = &self.processes[place];
        let mut children = process.children.iter().map(|&it| &self.processes[it]);
        let leaves = children.any(|child| child.parent != Some(place));
        let touch = |above: usize| {
            let above = &self.processes[above];
            let how = match leaves && above.is_subreaper {
                true => How::Change,
                false => How::Read,
            };
            Touch::new("children", &above.path, how)
        };
        // Only those of others, and who leaves others, can be left to a subreaper.
        let above = above(&self.processes, place).skip(usize::from(!leaves));
        let mut touches: Vec<Touch> = above.map(touch).collect();
        if subreapers_above(&self.processes, place).next().is_some() {
            // A child that ends earlier than its parent is that one's.
            touches.push(Touch::new("left", &process.path, How::Change));
            let parent = process.born_of.map(|it| &self.processes[it].path);
            touches.extend(parent.map(|path| Touch::new("left", path, How::Read)));
        }
        touches
    }

    /// Whether a call is let through to its end, to see what it has made.
    pub(super) fn is_watched(&self, call: &Call) -> bool {
        call.is(PAIRS) || call.is(KEYED) && call.args[0] as i32 == libc::IPC_PRIVATE
    }

    /// Names the pipe, the segment … that a call has made, as in every run.
    pub(super) fn name_what_was_made(&mut self, task: usize, call: &Call, value: i64) {
        if value < 0 {
            return;
        }
        let name = self.new_name(self.tasks[task].process);
        if call.is(KEYED) {
            let (kind, option) = ipc(&call.name);
            self.names.insert(format!("{kind} {value}"), name);
            self.made_ipc.push((option, value));
            return;
        }
        let place = if call.name == "socketpair" { 3 } else { 0 };
        let Some(descriptor) = self.half(task, call.args[place]) else {
            return;
        };
        let path = format!("/proc/{}/fd/{descriptor}", self.tasks[task].tid);
        if let Ok(link) = std::fs::read_link(path) {
            self.names.insert(link.to_string_lossy().into_owned(), name);
        }
    }
}

/// What an object of System V is called, and the option of ipcrm(1) that removes it.
fn ipc(call: &str) -> (&'static str, &'static str) {
    match call {
        "shmget" => ("shm", "-m"),
        "semget" => ("sem", "-s"),
        _ => ("msg", "-q"),
    }
}

/// Whether there is an object of System V with that key.
fn has_key(kind: &str, key: i32) -> bool {
    let table = std::fs::read_to_string(format!("/proc/sysvipc/{kind}")).unwrap_or_default();
    let mut keys = table
        .lines()
        .skip(1)
        .filter_map(|line| line.split_whitespace().next());
    keys.any(|text| text.parse() == Ok(key))
}

//! Each stop that the kernel tells of: of the launcher, and of the tasks of the run.

use std::rc::Rc;

use anyhow::{Result, bail};
use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::control::event::End;
use crate::control::machine::Machine;
use crate::control::table::{State, Task, adopter};
use crate::i18n::run;
use crate::run::Cap;
use crate::trace::decode;
use crate::trace::tracer::ptrace::{self, SyscallStop};
use crate::trace::tracer::stops::{are_of_one_process, stops_process, thread_told};

impl Machine {
    /// Waits until nobody is on the way any more, the new ones after those who were there.
    pub(super) fn settle(&mut self) -> Result<()> {
        loop {
            if self.cap().is_some() {
                return Ok(()); // they are where they are, to be killed
            }
            let mut states = self.tasks.iter().map(|task| &task.state);
            if states.any(|state| matches!(state, State::Moving)) {
                self.take_next()?;
                continue;
            }
            let is_born = |task: &Task| matches!(task.state, State::Born { .. });
            let Some(born) = self.tasks.iter().position(is_born) else {
                return Ok(());
            };
            match self.tasks[born].state {
                State::Born { has_stopped: true } if self.shares_memory(born) => {
                    self.tasks[born].state = State::At(self.beginning(born));
                }
                State::Born { has_stopped: true } => self.go_on(born, 0),
                _ => self.take_next()?,
            }
        }
    }

    /// Waits for the next stop or end, and takes it.
    pub(super) fn take_next(&mut self) -> Result<()> {
        loop {
            match ptrace::wait(false) {
                Ok(Some((tid, status))) => return self.take(tid, status),
                Ok(None) | Err(Errno::EINTR) => {}
                Err(_) => bail!(run::has_gone(&run::program())),
            }
        }
    }

    /// Waits for the next end, and leaves stopped whoever stops.
    pub(super) fn bury(&mut self) -> Result<()> {
        match ptrace::wait(false) {
            Ok(Some((tid, _))) if tid == self.launcher.pid => {
                bail!(run::has_gone(&run::launcher()))
            }
            Ok(Some((tid, status))) if !libc::WIFSTOPPED(status) => {
                self.early.remove(&tid);
                if let Some(&task) = self.by_tid.get(&tid) {
                    self.tasks[task].state = State::Ended;
                }
            }
            Ok(Some((tid, status))) => {
                if let Some(child) = born(tid, status)
                    && !self.by_tid.contains_key(&child)
                {
                    self.early.insert(child);
                    let _ = kill(Pid::from_raw(child), Signal::SIGKILL);
                } else if !self.by_tid.contains_key(&tid) {
                    self.early.insert(tid);
                    let _ = kill(Pid::from_raw(tid), Signal::SIGKILL);
                }
            }
            Ok(None) | Err(Errno::EINTR) => {}
            Err(_) => bail!(run::has_gone(&run::program())),
        }
        Ok(())
    }

    /// Takes what wait(2) tells.
    pub(super) fn take(&mut self, tid: i32, status: i32) -> Result<()> {
        if tid == self.launcher.pid {
            return self.take_launcher(status);
        }
        if self.launcher.starting == Some(tid) {
            return self.take_starting(tid, status);
        }
        let Some(&task) = self.by_tid.get(&tid) else {
            if libc::WIFSTOPPED(status) {
                self.early.insert(tid);
            }
            return Ok(());
        };
        self.stops += 1;
        if libc::WIFEXITED(status) {
            self.end_of(task, End::Exited(libc::WEXITSTATUS(status)));
            return Ok(());
        }
        if libc::WIFSIGNALED(status) {
            self.end_of(task, End::Killed(libc::WTERMSIG(status)));
            return Ok(());
        }
        let signal = libc::WSTOPSIG(status);
        match status >> 16 {
            0 if signal == libc::SIGTRAP | 0x80 => self.returned(task),
            0 => self.signalled(task, signal),
            libc::PTRACE_EVENT_SECCOMP => self.at_call(task),
            libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_CLONE => self.forked(task, false),
            libc::PTRACE_EVENT_VFORK => self.forked(task, true),
            libc::PTRACE_EVENT_EXEC => self.executed(task),
            libc::PTRACE_EVENT_STOP => self.stopped(task, signal),
            _ => self.go_on(task, 0),
        }
        Ok(())
    }

    fn take_launcher(&mut self, status: i32) -> Result<()> {
        let pid = self.launcher.pid;
        if !libc::WIFSTOPPED(status) {
            self.terminal.drain(&mut self.output);
            let said = String::from_utf8_lossy(&self.output);
            bail!("{}: {said}", run::has_gone(&run::launcher()));
        }
        if let Some(child) = born(pid, status) {
            self.launcher.starting = Some(child);
            if self.early.remove(&child) {
                let _ = ptrace::go_on(child, 0);
            }
        }
        if status >> 16 == libc::PTRACE_EVENT_SECCOMP
            && let Ok(SyscallStop::Entry { number, args, .. }) = ptrace::syscall_stop(pid)
            && (number as i64, args[0]) == (libc::SYS_read, 0)
        {
            self.launcher.is_idle = true;
            return Ok(());
        }
        let signal = match status >> 16 {
            0 => libc::WSTOPSIG(status),
            _ => 0,
        };
        let _ = ptrace::go_on(pid, signal);
        Ok(())
    }

    /// What the launcher starts, until it has become the program.
    fn take_starting(&mut self, tid: i32, status: i32) -> Result<()> {
        if !libc::WIFSTOPPED(status) {
            self.launcher.starting = None; // the launcher says why
        } else if status >> 16 == libc::PTRACE_EVENT_EXEC {
            self.launcher.starting = None;
            self.launcher.started = Some(tid);
        } else {
            let _ = ptrace::go_on(tid, 0);
        }
        Ok(())
    }

    /// Lets a task go on to its next visible call.
    pub(super) fn go_on(&mut self, task: usize, signal: i32) {
        let known = &mut self.tasks[task];
        known.state = State::Moving;
        let _ = ptrace::go_on(known.tid, signal); // it may have been killed meanwhile
    }

    /// Lets a task go on behind what its call has told: to the end of that call, if somebody waits for that.
    fn go_on_in_call(&mut self, task: usize) {
        match self.tasks[task].is_in_call {
            true => {
                let _ = ptrace::resume(self.tasks[task].tid, 0); // it may have been killed meanwhile
            }
            false => self.go_on(task, 0),
        }
    }

    pub(super) fn add_task(&mut self, tid: i32, process: usize, path: Rc<str>, state: State) {
        self.by_tid.insert(tid, self.tasks.len());
        self.created.push(Rc::clone(&path));
        self.tasks.push(Task {
            tid,
            process,
            path,
            state,
            is_in_call: false,
            returned: None,
            handled: None,
            watched: None,
        });
    }

    fn at_call(&mut self, task: usize) {
        let tid = self.tasks[task].tid;
        let Ok(SyscallStop::Entry { number, args, .. }) = ptrace::syscall_stop(tid) else {
            return self.go_on(task, 0);
        };
        match self.look(task, number, args) {
            Some(call) if self.is_watched(&call) => {
                let known = &mut self.tasks[task];
                (known.watched, known.state) = (Some(call), State::Moving);
                let _ = ptrace::resume(tid, 0);
            }
            Some(call) => self.tasks[task].state = self.arrived(task, call),
            None => self.go_on(task, 0),
        }
    }

    /// The kernel is back from a call that was let through to its end.
    fn returned(&mut self, task: usize) {
        let tid = self.tasks[task].tid;
        let value = match ptrace::syscall_stop(tid) {
            Ok(SyscallStop::Exit { value }) => value,
            _ => 0,
        };
        if let Some(call) = self.tasks[task].watched.take() {
            self.name_what_was_made(task, &call, value);
            return self.go_on(task, 0);
        }
        let known = &mut self.tasks[task];
        (known.is_in_call, known.returned) = (false, Some(value));
    }

    /// A signal is about to reach a task: it does.
    fn signalled(&mut self, task: usize, signal: i32) {
        if signal == libc::SIGXCPU {
            self.cap = Some(Cap::Processor);
            let _ = kill(Pid::from_raw(self.tasks[task].tid), Signal::SIGKILL);
        }
        if self.settings.tells_arguments
            && let Ok(info) = ptrace::siginfo(self.tasks[task].tid)
        {
            let (name, details) = decode::signal(&info);
            let pid = self.processes[self.tasks[task].process].pid;
            self.signals.push((pid, format!("{name} {details}")));
        }
        let process = &self.processes[self.tasks[task].process];
        if process.handles(signal) {
            let restarts = process.restarting & (1 << (signal - 1)) != 0;
            let known = &mut self.tasks[task];
            known.handled = Some(known.handled.unwrap_or(true) && restarts);
        }
        self.go_on(task, signal);
    }

    /// A task has started, or is stopped with its whole process, or goes on.
    fn stopped(&mut self, task: usize, signal: i32) {
        let known = &mut self.tasks[task];
        match &mut known.state {
            State::Born { has_stopped } => *has_stopped = true,
            _ if stops_process(signal) => {
                known.state = State::Stopped;
                let _ = ptrace::listen(known.tid);
            }
            _ => self.go_on(task, 0),
        }
    }

    /// A call has made a process or a thread.
    fn forked(&mut self, task: usize, is_vfork: bool) {
        let Some(child) = thread_told(self.tasks[task].tid) else {
            return self.go_on_in_call(task);
        };
        let parent = self.tasks[task].process;
        let pid = self.processes[parent].pid;
        let is_thread = are_of_one_process(pid, child);
        let state = State::Born {
            has_stopped: self.early.remove(&child),
        };
        self.processes[parent].made += 1;
        let (path, made) = (&self.processes[parent].path, self.processes[parent].made);
        let number = self.tasks.len();
        if is_thread {
            let path = format!("{path}/{made}").into();
            self.processes[parent].threads += 1;
            self.add_task(child, parent, path, state);
        } else {
            let path: Rc<str> = format!("{path}.{made}").into();
            let new = self.processes[parent].child(child, Rc::clone(&path), parent);
            let place = self.processes.len();
            self.processes[parent].children.push(place);
            self.processes.push(new);
            self.add_task(child, place, path, state);
        }
        if is_vfork {
            self.tasks[task].state = State::InVfork { child: number };
            let _ = ptrace::go_on(self.tasks[task].tid, 0);
        } else {
            self.go_on_in_call(task);
        }
    }

    /// A task has become another program; the other threads of its process are gone.
    fn executed(&mut self, task: usize) {
        let process = self.tasks[task].process;
        for (place, other) in self.tasks.iter_mut().enumerate() {
            if other.process == process && place != task {
                other.state = State::Ended;
            }
        }
        self.processes[process].executed();
        self.end_vfork(task);
        self.go_on_in_call(task);
    }

    /// Whoever waits for the child of its vfork goes on.
    fn end_vfork(&mut self, child: usize) {
        for task in &mut self.tasks {
            if matches!(task.state, State::InVfork { child: own } if own == child) {
                task.state = State::Moving;
            }
        }
    }

    fn end_of(&mut self, task: usize, end: End) {
        let place = self.tasks[task].process;
        let is_first = self.tasks[task].tid == self.processes[place].pid;
        if !matches!(self.tasks[task].state, State::Ended) {
            let process = &mut self.processes[place];
            process.threads = process.threads.saturating_sub(1);
        } else if !is_first {
            return; // a thread that another one's exec has ended
        }
        self.tasks[task].state = State::Ended;
        self.end_vfork(task);
        if is_first && self.processes[place].end.is_none() {
            let process = &mut self.processes[place];
            (process.threads, process.end, process.alarm) = (0, Some(end), None);
            self.process_ended(place);
        } else if matches!(end, End::Killed(_)) {
            self.expect_end_of_threads(place);
        } else if self.processes[place].threads == 0 {
            // The first has ended before; now that is told.
            let pid = self.processes[place].pid;
            let first = self.by_tid.get(&pid).copied();
            if let Some(first) = first.filter(|_| self.processes[place].end.is_none()) {
                self.tasks[first].state = State::Moving;
                self.processes[place].threads = 1;
            }
        }
    }

    /// All threads of a process are on their way to the end.
    pub(super) fn expect_end_of_threads(&mut self, process: usize) {
        for task in &mut self.tasks {
            if task.process != process || matches!(task.state, State::Ended) {
                continue;
            }
            if matches!(task.state, State::At(_)) {
                self.cut_off.push(Rc::clone(&task.path));
            }
            task.state = State::Moving;
        }
    }

    fn process_ended(&mut self, place: usize) {
        self.ended.push(place);
        let parent = self.processes[place].parent;
        let is_awaited = parent.is_some_and(|parent| !self.processes[parent].reaps_by_itself());
        self.processes[place].is_reaped = !is_awaited;
        let subreaper = adopter(&self.processes, place);
        let is_awaited = subreaper.is_some_and(|it| !self.processes[it].reaps_by_itself());
        for orphan in self.processes[place].children.clone() {
            let child = &mut self.processes[orphan];
            if child.is_reaped {
                continue;
            }
            child.parent = subreaper;
            if child.end.is_some() {
                child.is_reaped = !is_awaited;
                self.left_zombies.push(orphan);
            }
            if let Some(subreaper) = subreaper {
                self.processes[subreaper].children.push(orphan);
            }
        }
    }
}

/// The child that a stop of its parent tells of.
fn born(tid: i32, status: i32) -> Option<i32> {
    let births = [
        libc::PTRACE_EVENT_FORK,
        libc::PTRACE_EVENT_VFORK,
        libc::PTRACE_EVENT_CLONE,
    ];
    let is_birth = libc::WIFSTOPPED(status) && births.contains(&(status >> 16));
    is_birth.then(|| thread_told(tid))?
}

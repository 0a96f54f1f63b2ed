//! One call of one task, tried: it comes back, or it would wait and is taken back.

use anyhow::Result;
use nix::errno::Errno;
use nix::unistd::Pid;

use crate::control::call::{Call, Kind};
use crate::control::machine::Machine;
use crate::control::table::State;
use crate::proc::process::Stat;
use crate::trace::decode::restart::{ERESTARTNOINTR, ERESTARTSYS, is_broken_off};
use crate::trace::tracer::{ptrace, registers};

/// What came of it.
pub(super) enum Attempt {
    /// It came back with that value, and stands behind the call.
    Back(i64),
    /// Its process has ended.
    Ended,
    /// It would wait: its task stands before it once more.
    Waits,
    /// It was broken off by a signal, and its task stands elsewhere.
    Elsewhere,
}

/// How often it is looked for a task that is asleep, before it is believed.
const LOOKS: usize = 2;

impl Machine {
    /// Lets a task make the call that it stands before. `patient`: it is let wait.
    pub(super) fn attempt(&mut self, task: usize, call: &Call, patient: bool) -> Result<Attempt> {
        let tid = self.tasks[task].tid;
        self.expect_ends(task, call);
        self.let_in(task);
        let mut looks = 0;
        loop {
            if let Some(value) = self.tasks[task].returned.take() {
                return Ok(Attempt::Back(value));
            }
            if matches!(self.tasks[task].state, State::Ended) {
                return Ok(Attempt::Ended);
            }
            if matches!(self.tasks[task].state, State::InVfork { .. }) {
                self.tasks[task].is_in_call = false;
                return Ok(Attempt::Elsewhere);
            }
            let is_first_to_go = call.name == "exit" && self.is_first_of_several(task);
            match ptrace::wait(call.may_wait && !patient || is_first_to_go) {
                Ok(Some((other, status))) => self.take(other, status)?,
                Ok(None) if matches!(call.kind, Kind::Exit) => self.leave_first(task),
                Ok(None) if matches!(call.kind, Kind::Print) && self.drain() > 0 => looks = 0,
                Ok(None) if !is_asleep(tid) => {
                    looks = 0;
                    std::thread::yield_now();
                }
                Ok(None) if looks < LOOKS => looks += 1,
                Ok(None) => return self.take_back(task, call),
                Err(Errno::EINTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Lets a task into the call that it stands before.
    fn let_in(&mut self, task: usize) {
        let known = &mut self.tasks[task];
        (known.is_in_call, known.returned, known.state) = (true, None, State::Moving);
        let _ = ptrace::resume(known.tid, 0);
    }

    /// Waits until a task is back from its call: with what value; none if it has ended.
    fn value_returned(&mut self, task: usize) -> Result<Option<i64>> {
        loop {
            if let Some(value) = self.tasks[task].returned.take() {
                return Ok(Some(value));
            }
            if matches!(self.tasks[task].state, State::Ended) {
                return Ok(None);
            }
            self.take_next()?;
        }
    }

    /// Of a process that exits, all other threads end too.
    fn expect_ends(&mut self, task: usize, call: &Call) {
        if call.name == "exit_group" {
            self.expect_end_of_threads(self.tasks[task].process);
        }
    }

    fn is_first_of_several(&self, task: usize) -> bool {
        let process = &self.processes[self.tasks[task].process];
        self.tasks[task].tid == process.pid && process.threads > 1
    }

    /// The first thread of a process has ended if it is a zombie; wait(2) tells of it only with the last.
    fn leave_first(&mut self, task: usize) {
        let stat = Stat::read(self.tasks[task].tid);
        if stat.is_none_or(|stat| stat.state == 'Z') {
            self.tasks[task].state = State::Ended;
            self.processes[self.tasks[task].process].threads -= 1;
        }
        std::thread::yield_now();
    }

    fn drain(&mut self) -> usize {
        self.terminal.drain(&mut self.output)
    }

    /// Breaks off a call that waits, so that its task stands before it again.
    fn take_back(&mut self, task: usize, call: &Call) -> Result<Attempt> {
        let tid = self.tasks[task].tid;
        let _ = nix::sys::ptrace::interrupt(Pid::from_raw(tid));
        let Some(value) = self.value_returned(task)? else {
            return Ok(Attempt::Ended);
        };
        // Some calls end with EINTR whatever breaks them off: semop, epoll_wait.
        if !is_broken_off(value) && value != -(Errno::EINTR as i64) {
            return Ok(Attempt::Back(value)); // it came back at that moment
        }
        self.make_again(task, call)?;
        let known = &self.tasks[task];
        let is_there = matches!(known.state, State::At(_) | State::Sleeping { .. });
        Ok(match is_there && known.handled.is_none() {
            true => Attempt::Waits,
            false => Attempt::Elsewhere,
        })
    }

    /// Has a task that stands before a call take its signals first, and stand before it again.
    pub(super) fn step_back(&mut self, task: usize, call: &Call) -> Result<()> {
        match self.leave_out(task)? {
            true => self.make_again(task, call),
            false => self.settle(),
        }
    }

    /// Has a task come back to a call that it was in, and stand before it again.
    fn make_again(&mut self, task: usize, call: &Call) -> Result<()> {
        let tid = self.tasks[task].tid;
        let _ = registers::repeat_call(tid, call.number, call.args[0]);
        self.go_on(task, 0);
        self.settle()
    }

    /// Has a task come behind the call that it stands before, without making it; false if it has ended.
    fn leave_out(&mut self, task: usize) -> Result<bool> {
        let _ = registers::skip_call(self.tasks[task].tid);
        self.let_in(task);
        Ok(self.value_returned(task)?.is_some())
    }

    /// Has a task not make the call that it stands before, which returns that value.
    pub(super) fn skip(&mut self, task: usize, value: i64) -> Result<()> {
        if self.leave_out(task)? {
            let _ = registers::set_result(self.tasks[task].tid, value);
        }
        Ok(())
    }

    /// Has a task that lives go on from where it stands.
    pub(super) fn let_go_on(&mut self, task: usize) -> Result<()> {
        if !matches!(self.tasks[task].state, State::Ended) {
            self.go_on(task, 0);
        }
        self.settle()
    }
}

/// Whether the kernel makes a call once more that came back so; `handled`: a handler ran, and asks for that.
pub(super) fn is_restarted(value: i64, handled: Option<bool>) -> bool {
    match handled {
        None => is_broken_off(value),
        Some(asks) => -value == ERESTARTNOINTR || -value == ERESTARTSYS && asks,
    }
}

/// Whether a task waits inside a call.
fn is_asleep(tid: i32) -> bool {
    let bytes = std::fs::read(format!("/proc/{tid}/stat")).unwrap_or_default();
    let end_of_name = bytes.iter().rposition(|&byte| byte == b')');
    end_of_name.is_some_and(|end| bytes[end..].starts_with(b") S"))
}

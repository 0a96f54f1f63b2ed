//! The processes of a run: found, numbered by appearance, and looked at.

use std::collections::HashMap;
use std::time::Duration;

use crate::facts::stops::is_stopped;
use crate::proc::process;
use crate::proc::process::{Process, Stat};
use crate::proc::sockets;
use crate::proc::sockets::Transport;
use crate::run::shell::INDEX_VARIABLE;
use crate::run::state::program::ProgramState;
use crate::run::state::run_state::RunState;

/// A process found below the reaper.
struct Found {
    pid: i32,
    started: u64,
    /// The lab (0) or the companion that it belongs to.
    index: usize,
}

impl RunState {
    /// The pids of the processes of the lab (or a companion) that exist now; new ones get their numbers.
    ///
    /// Traced ones take the numbers from the trace, which misses nobody.
    pub fn scan(&mut self, index: usize) -> Vec<i32> {
        let found = self.find_all();
        for Found { pid, index, .. } in &found {
            let program = &mut self.programs[*index];
            if program.trace.is_none() && !program.pids.contains(pid) {
                program.pids.push(*pid);
            }
        }
        let own = found.iter().filter(|found| found.index == index);
        own.map(|found| found.pid).collect()
    }

    /// Every process of the run, the oldest first, without shells and tracers.
    fn find_all(&self) -> Vec<Found> {
        let Some(reaper) = self.reaper else {
            return Vec::new();
        };
        let mut indices = HashMap::new();
        for (index, program) in self.programs.iter().enumerate() {
            let known = program.shell.iter().chain(&program.pids);
            indices.extend(known.map(|&pid| (pid, index)));
        }
        let mut found = Vec::new();
        for pid in process::descendants(reaper) {
            let Some(stat) = Stat::read(pid) else {
                continue;
            };
            // its own index, or that of its parent, or (an orphan) that of its session or environment
            let kin = [pid, stat.ppid, stat.session];
            let index = kin.iter().find_map(|pid| indices.get(pid).copied());
            let Some(index) = index.or_else(|| self.index_by_environment(pid)) else {
                continue; // between two programs, or ended: the next look will tell
            };
            indices.insert(pid, index);
            if self.programs[index].owns(pid, &stat) {
                let started = stat.started;
                found.push(Found {
                    pid,
                    started,
                    index,
                });
            }
        }
        found.sort_unstable_by_key(|found| (found.started, found.pid));
        found
    }

    /// Whose process that is, by its environment; that of the lab's says nothing.
    fn index_by_environment(&self, pid: i32) -> Option<usize> {
        if self.programs.len() == 1 {
            return Some(0);
        }
        let environment = process::environment(pid)?;
        let value = environment.get(INDEX_VARIABLE);
        let index = value.and_then(|value| value.parse().ok());
        Some(
            index
                .filter(|&index| index < self.programs.len())
                .unwrap_or(0),
        )
    }

    /// The process table of the lab (or a companion): its processes in order of appearance.
    pub fn table(&mut self, index: usize) -> Vec<Process> {
        self.table_with(index, |program, process| {
            program.settled_state(process.pid).unwrap_or(process.state)
        })
    }

    /// The process table while the tracer is halted: whom it has stopped would be running.
    pub fn halted_table(&mut self, index: usize) -> Vec<Process> {
        self.table_with(index, |program, process| {
            program.state(process.pid).unwrap_or('R')
        })
    }

    fn table_with(
        &mut self,
        index: usize,
        state: impl Fn(&ProgramState, &Process) -> char,
    ) -> Vec<Process> {
        let alive = self.scan(index);
        let program = &self.programs[index];
        let numbered = program.pids.iter().enumerate();
        let mut table = Vec::new();
        for (index, &pid) in numbered.filter(|(_, pid)| alive.contains(pid)) {
            if let Some(process) = Process::read(pid) {
                let adopted = Some(process.ppid) == self.reaper;
                let state = state(program, &process);
                table.push(Process {
                    number: index + 1,
                    adopted,
                    state,
                    ..process
                });
            }
        }
        table
    }

    /// Whether process n has ended; one that is still a zombie has.
    pub fn has_ended(&self, index: usize, number: usize) -> bool {
        let program = &self.programs[index];
        let Some(pid) = program.pid(number) else {
            return false;
        };
        if program.started.contains(&pid) {
            return program.ended.contains(&pid);
        }
        let gone = || Stat::read(pid).is_none_or(|stat| matches!(stat.state, 'Z' | 'X'));
        match &program.trace {
            Some(trace) => trace.has_ended(pid),
            None => self.reaped.iter().any(|&(reaped, _)| reaped == pid) || gone(),
        }
    }

    /// Whether a process of the lab (or a companion) holds a socket on that port.
    pub fn has_port(&mut self, index: usize, transport: Transport, port: u16) -> bool {
        self.scan(index)
            .into_iter()
            .any(|pid| sockets::has_port(pid, transport, port))
    }
}

impl ProgramState {
    /// Whether a process below the shell is one of the program's, and no tool of the run.
    fn owns(&self, pid: i32, stat: &Stat) -> bool {
        let is_tool = stat.name == "labscope";
        self.shell != Some(pid) && (self.started.contains(&pid) || !is_tool)
    }

    /// Whether each of them has its number; the trace may be a moment late.
    pub fn all_known(&self, pids: &[i32]) -> bool {
        pids.iter().all(|pid| self.pids.contains(pid))
    }

    /// The pid of process n, if it has appeared.
    pub fn pid(&self, number: usize) -> Option<i32> {
        self.pids.get(number.checked_sub(1)?).copied()
    }

    /// Whether a signal has stopped a process, as its trace tells.
    pub fn is_stopped(&self, pid: i32) -> bool {
        self.trace
            .as_ref()
            .is_some_and(|trace| is_stopped(trace, pid))
    }

    /// The state of a process as it would be without a tracer; none if that cannot be told at this moment.
    ///
    /// At every call and signal the tracer stops a process (t) for a moment. One that was stopped by a signal
    /// is told by the trace, since /proc shows it as t too; and one that has ended is a zombie *to its parent*
    /// only when the tracer has taken notice.
    pub fn state(&self, pid: i32) -> Option<char> {
        let state = Stat::read(pid)?.state;
        match (&self.trace, state) {
            (None, _) => Some(state),
            (Some(_), 't' | 'T') => self.is_stopped(pid).then_some('T'),
            (Some(trace), 'Z' | 'X') => trace.has_ended(pid).then_some('Z'),
            (Some(_), _) => Some(state),
        }
    }

    /// The state, after a few looks if it takes the tracer a moment.
    fn settled_state(&self, pid: i32) -> Option<char> {
        let mut looks = (0..20).map(|look| {
            if look > 0 {
                std::thread::sleep(Duration::from_millis(1));
            }
            self.state(pid)
        });
        looks.find_map(|state| state)
    }
}

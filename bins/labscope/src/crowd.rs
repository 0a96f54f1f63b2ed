//! The processes of a run: found, numbered by appearance, and looked at.

use std::time::Duration;

use crate::process::{self, Process, Stat};
use crate::seen::Seen;
use crate::sockets::{self, Transport};

impl Seen {
    /// The pids of the lab's processes that exist now; new ones get their numbers.
    ///
    /// Traced runs take the numbers from the trace, which misses nobody.
    pub fn scan(&mut self) -> Vec<i32> {
        let Some(reaper) = self.reaper else {
            return Vec::new();
        };
        let mut found: Vec<(u64, i32)> = Vec::new();
        for pid in process::descendants(reaper) {
            if let Some(stat) = Stat::read(pid).filter(|_| Some(pid) != self.shell)
                && (self.pids.first() == Some(&pid)
                    || !matches!(stat.name.as_str(), "strace" | "labscope"))
            {
                found.push((stat.started, pid));
            }
        }
        found.sort_unstable();
        if self.trace.is_none() {
            for &(_, pid) in &found {
                if !self.pids.contains(&pid) {
                    self.pids.push(pid);
                }
            }
        }
        found.into_iter().map(|(_, pid)| pid).collect()
    }

    /// Whether each of them has its number; the trace may be a moment late.
    pub fn all_known(&self, pids: &[i32]) -> bool {
        pids.iter().all(|pid| self.pids.contains(pid))
    }

    /// The pid of process n, if it has appeared.
    pub fn pid(&self, number: usize) -> Option<i32> {
        self.pids.get(number.checked_sub(1)?).copied()
    }

    /// The process table: the lab's processes in order of appearance.
    pub fn table(&mut self) -> Vec<Process> {
        let alive = self.scan();
        let mut table = Vec::new();
        for (place, &pid) in self
            .pids
            .iter()
            .enumerate()
            .filter(|(_, pid)| alive.contains(pid))
        {
            if let Some(process) = Process::read(pid) {
                let adopted = Some(process.ppid) == self.reaper;
                let state = self.settled_state(pid).unwrap_or(process.state);
                table.push(Process {
                    number: place + 1,
                    adopted,
                    state,
                    ..process
                });
            }
        }
        table
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
            (Some(trace), 't' | 'T') => trace.is_stopped(pid).then_some('T'),
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

    /// Whether process n has ended; one that is still a zombie has.
    pub fn has_ended(&self, number: usize) -> bool {
        let Some(pid) = self.pid(number) else {
            return false;
        };
        if number == 1 {
            return self.status.is_some();
        }
        let gone = || Stat::read(pid).is_none_or(|stat| matches!(stat.state, 'Z' | 'X'));
        match &self.trace {
            Some(trace) => trace.has_ended(pid),
            None => self.reaped.iter().any(|&(reaped, _)| reaped == pid) || gone(),
        }
    }

    /// Whether a process of the lab holds a socket on that port.
    pub fn has_port(&mut self, transport: Transport, port: u16) -> bool {
        self.scan()
            .into_iter()
            .any(|pid| sockets::has_port(pid, transport, port))
    }
}

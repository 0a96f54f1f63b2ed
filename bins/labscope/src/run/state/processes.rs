//! The processes of a run: found, numbered by appearance, and looked at.

use std::collections::HashMap;
use std::time::Duration;

use crate::proc::process;
use crate::proc::process::{Process, Stat};
use crate::proc::sockets;
use crate::proc::sockets::Transport;
use crate::run::shell::PLACE_VARIABLE;
use crate::run::state::program::Party;
use crate::run::state::run_state::Seen;

/// A process found below the reaper.
struct Found {
    pid: i32,
    started: u64,
    /// The lab (0) or the companion that it belongs to.
    place: usize,
}

impl Seen {
    /// The pids of the processes of the lab (or a companion) that exist now; new ones get their numbers.
    ///
    /// Traced ones take the numbers from the trace, which misses nobody.
    pub fn scan(&mut self, place: usize) -> Vec<i32> {
        let found = self.find_all();
        for Found { pid, place, .. } in &found {
            let party = &mut self.parties[*place];
            if party.trace.is_none() && !party.pids.contains(pid) {
                party.pids.push(*pid);
            }
        }
        let own = found.iter().filter(|found| found.place == place);
        own.map(|found| found.pid).collect()
    }

    /// Every process of the run, the oldest first, without shells and tracers.
    fn find_all(&self) -> Vec<Found> {
        let Some(reaper) = self.reaper else {
            return Vec::new();
        };
        let mut places = HashMap::new();
        for (place, party) in self.parties.iter().enumerate() {
            let known = party.shell.iter().chain(&party.pids);
            places.extend(known.map(|&pid| (pid, place)));
        }
        let mut found = Vec::new();
        for pid in process::descendants(reaper) {
            let Some(stat) = Stat::read(pid) else {
                continue;
            };
            // its own place, or that of its parent, or (an orphan) that of its session or environment
            let kin = [pid, stat.ppid, stat.session];
            let place = kin.iter().find_map(|pid| places.get(pid).copied());
            let Some(place) = place.or_else(|| self.place_by_mark(pid)) else {
                continue; // between two programs, or ended: the next look will tell
            };
            places.insert(pid, place);
            if self.parties[place].has_on_stage(pid, &stat) {
                let started = stat.started;
                found.push(Found {
                    pid,
                    started,
                    place,
                });
            }
        }
        found.sort_unstable_by_key(|found| (found.started, found.pid));
        found
    }

    /// Whose process that is by the mark in its environment; the lab's have none.
    fn place_by_mark(&self, pid: i32) -> Option<usize> {
        if self.parties.len() == 1 {
            return Some(0);
        }
        let environment = process::environment(pid)?;
        let mark = environment.get(PLACE_VARIABLE);
        let place = mark.and_then(|value| value.parse().ok());
        Some(
            place
                .filter(|&place| place < self.parties.len())
                .unwrap_or(0),
        )
    }

    /// The process table of the lab (or a companion): its processes in order of appearance.
    pub fn table(&mut self, place: usize) -> Vec<Process> {
        self.table_with(place, |party, process| {
            party.settled_state(process.pid).unwrap_or(process.state)
        })
    }

    /// The process table while the tracer is halted: whom it has stopped would be running.
    pub fn halted_table(&mut self, place: usize) -> Vec<Process> {
        self.table_with(place, |party, process| {
            party.state(process.pid).unwrap_or('R')
        })
    }

    fn table_with(
        &mut self,
        place: usize,
        state: impl Fn(&Party, &Process) -> char,
    ) -> Vec<Process> {
        let alive = self.scan(place);
        let party = &self.parties[place];
        let numbered = party.pids.iter().enumerate();
        let mut table = Vec::new();
        for (index, &pid) in numbered.filter(|(_, pid)| alive.contains(pid)) {
            if let Some(process) = Process::read(pid) {
                let adopted = Some(process.ppid) == self.reaper;
                let state = state(party, &process);
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
    pub fn has_ended(&self, place: usize, number: usize) -> bool {
        let party = &self.parties[place];
        let Some(pid) = party.pid(number) else {
            return false;
        };
        if party.started.contains(&pid) {
            return party.ended.contains(&pid);
        }
        let gone = || Stat::read(pid).is_none_or(|stat| matches!(stat.state, 'Z' | 'X'));
        match &party.trace {
            Some(trace) => trace.has_ended(pid),
            None => self.reaped.iter().any(|&(reaped, _)| reaped == pid) || gone(),
        }
    }

    /// Whether a process of the lab (or a companion) holds a socket on that port.
    pub fn has_port(&mut self, place: usize, transport: Transport, port: u16) -> bool {
        self.scan(place)
            .into_iter()
            .any(|pid| sockets::has_port(pid, transport, port))
    }
}

impl Party {
    /// Whether a process below the shell is one of the program's, not of the stage's hands.
    fn has_on_stage(&self, pid: i32, stat: &Stat) -> bool {
        let is_hand = matches!(stat.name.as_str(), "strace" | "labscope");
        self.shell != Some(pid) && (self.started.contains(&pid) || !is_hand)
    }

    /// Whether each of them has its number; the trace may be a moment late.
    pub fn all_known(&self, pids: &[i32]) -> bool {
        pids.iter().all(|pid| self.pids.contains(pid))
    }

    /// The pid of process n, if it has appeared.
    pub fn pid(&self, number: usize) -> Option<i32> {
        self.pids.get(number.checked_sub(1)?).copied()
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
}

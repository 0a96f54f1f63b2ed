//! What came of a run.

use crate::control::{End, Machine, Standing};
use crate::text::encoding;

/// How process 1 has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    Exited(i32),
    /// By a signal.
    Killed(i32),
    /// It waits for ever.
    Waits,
    /// It was not waited for.
    Unfinished,
}

/// What is printed and how process 1 ends: the same for all orders that lead there.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// With `<1>` for the pid of process 1, `<1.1>` for its first child.
    pub output: String,
    pub status: Status,
    /// Processes or threads of it shared memory.
    pub shares_memory: bool,
    /// Who waits for ever, and in which call.
    pub waiting: Vec<String>,
    /// How many orders lead there.
    pub orders: usize,
    /// The shortest of them: the numbers of the processes, in order of appearance.
    pub steps: Vec<usize>,
    /// Its steps as they are told: a process, its call.
    pub calls: Vec<(String, String)>,
}

/// The run that a machine has come to the end of.
pub fn outcome(
    machine: &Machine,
    is_over: bool,
    steps: Vec<usize>,
    calls: Vec<(String, String)>,
) -> Outcome {
    let bytes = machine.output();
    let output = machine.with_paths(&encoding::text(&bytes));
    let asleep = |number: usize| {
        let call = match machine.standing(number) {
            Standing::Before(call) | Standing::AsleepIn(call) => call,
            _ => return None,
        };
        Some(format!("<{}> {}", machine.path(number), call.name))
    };
    let waiting = (1..=machine.len()).filter_map(asleep).filter(|_| is_over);
    Outcome {
        output,
        status: match machine.end() {
            Some(End::Exited(status)) => Status::Exited(status),
            Some(End::Killed(signal)) => Status::Killed(signal),
            None if is_over => Status::Waits,
            None => Status::Unfinished,
        },
        shares_memory: machine.shares_any_memory(),
        waiting: waiting.collect(),
        orders: 1,
        steps,
        calls,
    }
}

impl Outcome {
    /// Whether both are the same to who looks on.
    pub fn is_like(&self, other: &Outcome) -> bool {
        (&self.output, self.status, &self.waiting) == (&other.output, other.status, &other.waiting)
    }

    /// After how many steps somebody else goes on than in another one.
    pub fn parts_from(&self, other: &Outcome) -> usize {
        let pairs = self.calls.iter().zip(&other.calls);
        pairs
            .take_while(|((one, _), (other, _))| one == other)
            .count()
    }
}

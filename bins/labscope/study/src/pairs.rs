//! Which line of the C made the calls that a line of the Rust made, by the recorded runs.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use labscope::compare::{
    NormalizedCall, ProcessCalls, ProgramRun, Relation, RunPair, ScenarioResult,
};

use crate::rows::{is_of_one_kind, request, rows};

/// A line of one of the lab's two files; as text its id: `c14`, `r15`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineId {
    C(u32),
    Rust(u32),
}

impl fmt::Display for LineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineId::C(number) => write!(f, "c{number}"),
            LineId::Rust(number) => write!(f, "r{number}"),
        }
    }
}

/// Every line that made calls, with the lines of the other file that made the same ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinePairs(BTreeMap<LineId, BTreeSet<LineId>>);

impl LinePairs {
    /// The pairs in the runs of a lab that its page shows.
    pub fn of(outcomes: &[ScenarioResult]) -> LinePairs {
        let mut pairs = LinePairs::default();
        for outcome in outcomes {
            if let Some(run_pair) = outcome.shown() {
                pairs.take(outcome, run_pair);
            }
        }
        pairs
    }

    fn take(&mut self, outcome: &ScenarioResult, run_pair: &RunPair) {
        let of_c = |one: &NormalizedCall| own(&outcome.lab, &run_pair.c, one).map(LineId::C);
        let of_lab = |one: &NormalizedCall| own(&outcome.lab, &run_pair.lab, one).map(LineId::Rust);
        for pair in &run_pair.pairs {
            let libc = pair.c.iter().flat_map(|process| &process.ledger);
            let on_the_left = requests(&pair.c).iter().chain(libc.map(|(_, one)| one));
            let on_the_right = requests(&pair.lab).iter().filter_map(of_lab);
            for line in on_the_left.filter_map(of_c).chain(on_the_right) {
                self.0.entry(line).or_default();
            }
            for row in rows(pair, &outcome.differences) {
                let is_answered = matches!(row.relation, Relation::Same | Relation::Declared(_));
                if !is_answered || !is_of_one_kind(pair, &row) {
                    continue;
                }
                let one = request(&pair.c, row.c).and_then(of_c);
                let other = request(&pair.lab, row.lab).and_then(of_lab);
                if let (Some(one), Some(other)) = (one, other) {
                    self.join(one, other);
                }
            }
        }
    }

    fn join(&mut self, one: LineId, other: LineId) {
        self.0.entry(one).or_default().insert(other);
        self.0.entry(other).or_default().insert(one);
    }

    /// The line of the C that answers to one of the Rust, if it is the only one.
    pub fn only_c(&self, rust: u32) -> Option<u32> {
        let with = self.with(LineId::Rust(rust))?;
        match with.iter().collect::<Vec<_>>()[..] {
            [&LineId::C(line)] => Some(line),
            _ => None,
        }
    }

    /// The counterparts of a line; none if it made no call.
    pub fn with(&self, line: LineId) -> Option<&BTreeSet<LineId>> {
        self.0.get(&line)
    }
}

fn requests(process: &Option<ProcessCalls>) -> &[NormalizedCall] {
    process
        .as_ref()
        .map_or(&[], |process| process.calls.as_slice())
}

/// The number of the line that made a call, if it is one of the lab's own.
fn own(lab: &str, run: &ProgramRun, request: &NormalizedCall) -> Option<u32> {
    let (program, line) = line_of(run, request);
    line.filter(|_| program == Some(lab))
}

/// The program that made a call, and the line.
pub fn line_of<'a>(
    run: &'a ProgramRun,
    request: &NormalizedCall,
) -> (Option<&'a str>, Option<u32>) {
    let line = request.line.as_ref().map(|line| line.line);
    (run.program(request), line)
}

//! Repetition in a run made short: steps of one kind in a row are one, and so is the middle of a very long run.

use labscope::timeline::{RunStep, Screen, State, StepKind, Timeline};

/// So many steps are kept of a run; of more, the first and the last ones.
const MOST: usize = 100;
const FIRST: usize = 75;
const LAST: usize = 20;

/// So many equal calls in a row are one step.
const ALIKE: usize = 4;

/// One step, or several that are told as one.
#[derive(Clone, Debug)]
pub struct Merged {
    /// After this moment, and up to and with that one.
    pub from: f64,
    pub at: f64,
    pub pid: i32,
    pub call: Option<usize>,
    pub kind: StepKind,
    /// How many steps it stands for.
    pub count: usize,
    pub printed: Vec<(i32, Screen, Vec<u8>)>,
    pub states: Vec<(i32, Option<State>)>,
    pub tables: Vec<(i32, Vec<(i32, labscope::proc::descriptors::Target)>)>,
}

/// The steps of a run.
pub fn merged(timeline: &Timeline) -> Vec<Merged> {
    let mut steps: Vec<Merged> = Vec::new();
    for run in timeline.steps.chunk_by(is_alike) {
        match run {
            [first, rest @ ..] if run.len() >= ALIKE => {
                steps.push(one(first));
                steps.extend(all(rest.iter().map(one)));
            }
            _ => steps.extend(run.iter().map(one)),
        }
    }
    if steps.len() > MOST {
        let middle: Vec<Merged> = steps.splice(FIRST..steps.len() - LAST, []).collect();
        if let Some(middle) = all(middle) {
            steps.insert(FIRST, middle);
        }
    }
    let mut before = f64::NEG_INFINITY;
    for step in &mut steps {
        step.from = before;
        before = step.at;
    }
    steps
}

/// The same call of one process once more, whatever its result.
fn is_alike(one: &RunStep, other: &RunStep) -> bool {
    let name = |step: &RunStep| match &step.kind {
        StepKind::Call(label) => label.split(['(', ' ']).next().map(str::to_owned),
        _ => None,
    };
    one.pid == other.pid && name(one).is_some() && name(one) == name(other)
}

fn one(step: &RunStep) -> Merged {
    let printed = step.printed.iter();
    Merged {
        from: step.at,
        at: step.at,
        pid: step.pid,
        call: step.call,
        kind: step.kind.clone(),
        count: 1,
        printed: printed
            .map(|(screen, bytes)| (step.pid, *screen, bytes.clone()))
            .collect(),
        states: step.states.clone(),
        tables: step.tables.clone(),
    }
}

/// Several as one: the last of them, with all that has changed.
fn all(steps: impl IntoIterator<Item = Merged>) -> Option<Merged> {
    steps.into_iter().reduce(|mut one, next| {
        one.printed.extend(next.printed);
        for (pid, state) in next.states {
            one.states.retain(|(known, _)| *known != pid);
            one.states.push((pid, state));
        }
        for (pid, table) in next.tables {
            one.tables.retain(|(known, _)| *known != pid);
            one.tables.push((pid, table));
        }
        Merged {
            count: one.count + next.count,
            printed: one.printed,
            states: one.states,
            tables: one.tables,
            from: one.from,
            ..next
        }
    })
}

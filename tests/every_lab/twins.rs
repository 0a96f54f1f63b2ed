//! Every lab beside its C twin in every scenario, in both orders after fork.

use std::sync::{Arc, OnceLock};

use labscope::Language;
use labscope::compare::{
    Mismatch, Order, ProcessCalls, ProgramRun, Relation, RunPair, ScenarioResult,
};
use labscope::source::Place;
use labscope::source::libc_calls::Kind;
use labscope::trace::{Call, Trace};
use libtest_mimic::Trial;

use crate::lines::{self, lineless};
use crate::programs::{c, compare, complaints, lab, told};
use crate::support::excuses;
use crate::support::trials::{Subject, scenarios};
use crate::support::{self, root};
use crate::table;

/// What one comparison found, promise by promise. It is made once, by the first test that asks.
#[derive(Default)]
struct Found {
    stopped: Vec<String>,
    different: Vec<String>,
    unordered: Vec<String>,
    passed_over: Vec<String>,
    excused: Vec<String>,
    lineless: Vec<String>,
}

/// A promise, and where what breaks it stands.
type Promise = (&'static str, fn(&Found) -> &Vec<String>);

const PROMISES: [Promise; 6] = [
    ("runs_to_its_end", |found| &found.stopped),
    ("same_as_its_twin", |found| &found.different),
    ("is_seen_in_both_orders_after_fork", |found| {
        &found.unordered
    }),
    ("every_call_is_compared", |found| &found.passed_over),
    ("declared_differences_excuse_nothing_else", |found| {
        &found.excused
    }),
    ("every_call_has_its_line", |found| &found.lineless),
];

pub fn trials() -> Vec<Trial> {
    let subjects: Vec<_> = scenarios()
        .into_iter()
        .map(|(subject, _)| subject)
        .collect();
    let shared = subjects
        .into_iter()
        .map(|subject| (subject, Arc::default()));
    let shared: Vec<(Subject, Arc<OnceLock<Found>>)> = shared.collect();
    let trials = PROMISES.into_iter().flat_map(|(promise, pick)| {
        shared.iter().map(move |(subject, found)| {
            let found = Arc::clone(found);
            subject.trial(promise, shown_by(subject), move |subject| {
                pick(found.get_or_init(|| Found::of(subject))).clone()
            })
        })
    });
    trials.collect()
}

fn shown_by(subject: &Subject) -> String {
    let scenario = subject.scenario.as_deref().unwrap_or_default();
    format!("make compare-{} SCENARIO={scenario} ALL=1", subject.lab)
}

impl Found {
    fn of(subject: &Subject) -> Found {
        support::labscope();
        support::traced(&subject.lab);
        let twin = c(&support::twin(&subject.lab));
        let scenario = subject.scenario.as_deref().expect("a scenario");
        match compare(&subject.lab, scenario, &twin, &lab(root(), &subject.lab)) {
            Ok(outcome) => Found::in_outcome(&outcome),
            Err(error) => Found {
                stopped: vec![error.clone()],
                different: vec![error.clone()],
                unordered: vec![error.clone()],
                passed_over: vec![error.clone()],
                excused: vec![error.clone()],
                lineless: vec![error],
            },
        }
    }

    fn in_outcome(outcome: &ScenarioResult) -> Found {
        let mut found = Found {
            different: complaints(outcome),
            unordered: unordered(outcome),
            excused: mutated(outcome),
            ..Found::default()
        };
        for trial in &outcome.run_pairs {
            let order = told(trial.order);
            let tell = |text: String| format!("{order}: {text}");
            let stopped = trial.lab.transcript.stopped.iter();
            let stopped = stopped.map(|stop| Mismatch::LabStopped(stop.clone()).say(Language::En));
            found.stopped.extend(stopped.map(tell));
            found
                .passed_over
                .extend(untold(trial).into_iter().map(tell));
            found
                .lineless
                .extend(lineless(&trial.lab).into_iter().map(tell));
        }
        let has_stacks = |trial: &RunPair| lines::has_stacks(&trial.lab);
        if !outcome.run_pairs.iter().any(has_stacks) {
            found
                .lineless
                .push("no run of the lab has the stacks of its calls".to_owned());
        }
        found
    }
}

/// Of the calls that declared differences excuse here, each changed by machine, the changes that nobody tells.
fn mutated(outcome: &ScenarioResult) -> Vec<String> {
    let excused = excuses::change_all(outcome);
    table::changes(outcome, &excused);
    excused.untold
}

/// What a trial passed over in silence: every call is compared or, if libc made it, in the ledger.
fn untold(trial: &RunPair) -> Vec<String> {
    let mut found = Vec::new();
    for (whose, run) in [("the C program", &trial.c), ("the lab", &trial.lab)] {
        let Some(trace) = &run.transcript.trace else {
            found.push(format!("{whose} was not traced"));
            continue;
        };
        for line in &trace.unread {
            found.push(format!(
                "a line of the trace of {whose} cannot be read: {line}"
            ));
        }
        for process in &run.processes {
            let who = format!("{whose}, process {}", process.number());
            let (made, told) = (made(run, trace, process.thread), process.calls.len());
            let ledger = process.ledger.len();
            if made != told + ledger {
                found.push(format!(
                    "{who}: of {made} calls {told} compared, {ledger} in the ledger"
                ));
            }
        }
    }
    let in_ledger = trial
        .lab
        .processes
        .iter()
        .flat_map(|process| &process.ledger)
        .filter(|(kind, _)| *kind != Kind::Locks);
    found.extend(
        in_ledger.map(|(kind, call)| format!("the lab calls {call}, as libc does ({kind:?})")),
    );
    found.extend(left_out(trial));
    found
}

/// How many calls a thread made as this program; one that was begun anew after a signal counts once.
fn made(run: &ProgramRun, trace: &Trace, thread: i32) -> usize {
    let own = trace.calls.iter().zip(&run.sites);
    let own = own.filter(|(call, site)| {
        // Read from a process that was being killed: the number is no call's.
        let garbled = call.name.starts_with("syscall_0x") || call.name.starts_with('?');
        call.thread == thread && !garbled && !matches!(site.place, Place::Setup | Place::Foreign)
    });
    let own: Vec<&Call> = own.map(|(call, _)| call).collect();
    let begun_anew = own.windows(2).filter(|pair| {
        let again = pair[1].name == pair[0].name || pair[1].name == "restart_syscall";
        pair[0].is_restarted() && again
    });
    own.len() - begun_anew.count()
}

/// Calls in no row, and rows that are not compared although nothing says so.
fn left_out(trial: &RunPair) -> Vec<String> {
    let mut found = Vec::new();
    let count =
        |process: &Option<ProcessCalls>| process.as_ref().map_or(0, |process| process.calls.len());
    for pair in &trial.pairs {
        let Some(alignment) = &pair.alignment else {
            continue;
        };
        let of_c = alignment.rows.iter().filter(|row| row.c.is_some()).count();
        let of_lab = alignment
            .rows
            .iter()
            .filter(|row| row.lab.is_some())
            .count();
        let free = alignment
            .rows
            .iter()
            .any(|row| row.relation == Relation::Uncompared);
        let all = (of_c, of_lab) == (count(&pair.c), count(&pair.lab));
        if !all || (free && !alignment.free) {
            found.push(format!(
                "process {:?}: calls are in no row, or not compared",
                pair.path()
            ));
        }
    }
    found
}

/// Whether a scenario with a fork was run in both orders, by what the traces say.
fn unordered(outcome: &ScenarioResult) -> Vec<String> {
    let mut found = Vec::new();
    let trials = &outcome.run_pairs;
    let orders: Vec<Order> = trials.iter().map(|trial| trial.order).collect();
    let forks = |run: &ProgramRun| run.processes.len() > 1;
    let expected = match trials.first() {
        None => return vec!["it was not run".to_owned()],
        Some(trial) if forks(&trial.c) && forks(&trial.lab) => {
            vec![Order::ChildFirst, Order::ParentFirst]
        }
        // One of the two does not fork: that is declared, or a departure.
        Some(_) => orders.clone(),
    };
    let goes_own_way = trials.iter().flat_map(|trial| &trial.pairs).any(|pair| {
        let alignment = pair.alignment.as_ref();
        alignment.is_some_and(|alignment| alignment.free)
    });
    if orders != expected && !goes_own_way {
        found.push(format!("it was run {orders:?}, not {expected:?}"));
    }
    for trial in trials {
        for (whose, run) in [("the C program", &trial.c), ("the lab", &trial.lab)] {
            if forks(run) && trials.len() > 1 && !run.shown.fits(trial.order) {
                found.push(format!(
                    "{whose} was to run {:?}, and its trace shows {:?}",
                    trial.order, run.shown
                ));
            }
        }
    }
    found
}

//! Every lab beside its C twin in every scenario, in both orders after fork.

use labscope::compare::{
    Order, ProcessCalls, ProgramRun, Relation, RunPair, ScenarioResult, in_parallel,
};
use labscope::source::Place;
use labscope::trace::{Call, Trace};

use crate::support::{self, labs, root};
use crate::{AT_ONCE, c, compare, complaints, lab, scenarios};

#[test]
fn every_lab_is_its_c_program() {
    support::labscope();
    let mut jobs: Vec<(String, String)> = Vec::new();
    for lab in labs() {
        support::traced(&lab);
        support::twin(&lab);
        let scenarios = scenarios(&lab).scenarios.into_iter();
        jobs.extend(scenarios.map(|scenario| (lab.clone(), scenario.name)));
    }
    let found = in_parallel(&jobs, AT_ONCE, |(name, scenario)| {
        let outcome = compare(name, scenario, &c(&support::twin(name)), &lab(root(), name));
        let mut found = complaints(&outcome);
        if let Ok(outcome) = &outcome {
            found.extend(outcome.run_pairs.iter().flat_map(untold));
            found.extend(unordered(outcome));
        }
        let tell = |text| format!("{name} {scenario}: {text}\n  see it: make compare-{name}");
        found.into_iter().map(tell).collect::<Vec<_>>()
    });
    let found: Vec<String> = found.into_iter().flatten().collect();
    let (count, of) = (found.len(), jobs.len());
    assert!(
        found.is_empty(),
        "{count} complaints in {of} scenarios\n{}",
        found.join("\n")
    );
}

/// What a run_pair passed over in silence: every call is compared or, if libc made it, in the ledger.
fn untold(run_pair: &RunPair) -> Vec<String> {
    let mut found = Vec::new();
    for (whose, run) in [("the C program", &run_pair.c), ("the lab", &run_pair.lab)] {
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
            let (made, told) = (made(run, trace, process.pid), process.calls.len());
            let ledger = process.ledger.len();
            if made != told + ledger {
                found.push(format!(
                    "{who}: of {made} calls {told} compared, {ledger} in the ledger"
                ));
            }
        }
    }
    let in_ledger = run_pair
        .lab
        .processes
        .iter()
        .flat_map(|process| &process.ledger);
    found.extend(
        in_ledger.map(|(kind, call)| format!("the lab calls {call}, as libc does ({kind:?})")),
    );
    found.extend(left_out(run_pair));
    found
}

/// How many calls a process made as this program; one that was begun anew after a signal counts once.
fn made(run: &ProgramRun, trace: &Trace, pid: i32) -> usize {
    let own = trace.calls.iter().zip(&run.sites);
    let own = own.filter(|(call, site)| {
        // Read from a process that was being killed: the number is no call's.
        let garbled = call.name.starts_with("syscall_0x") || call.name.starts_with('?');
        call.pid == pid && !garbled && !matches!(site.place, Place::Setup | Place::Foreign)
    });
    let own: Vec<&Call> = own.map(|(call, _)| call).collect();
    let begun_anew = own.windows(2).filter(|pair| {
        let again = pair[1].name == pair[0].name || pair[1].name == "restart_syscall";
        pair[0].is_restarted() && again
    });
    own.len() - begun_anew.count()
}

/// Calls in no row, and rows that are not compared although nothing says so.
fn left_out(run_pair: &RunPair) -> Vec<String> {
    let mut found = Vec::new();
    let count =
        |process: &Option<ProcessCalls>| process.as_ref().map_or(0, |process| process.calls.len());
    for pair in &run_pair.pairs {
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
    let run_pairs = &outcome.run_pairs;
    let orders: Vec<Order> = run_pairs.iter().map(|run_pair| run_pair.order).collect();
    let forks = |run: &ProgramRun| run.processes.len() > 1;
    let expected = match run_pairs.first() {
        None => return vec!["it was not run".to_owned()],
        Some(run_pair) if forks(&run_pair.c) && forks(&run_pair.lab) => {
            vec![Order::ChildFirst, Order::ParentFirst]
        }
        // One of the two does not fork: that is declared, or a mismatch.
        Some(_) => orders.clone(),
    };
    let goes_own_way = run_pairs
        .iter()
        .flat_map(|run_pair| &run_pair.pairs)
        .any(|pair| {
            let alignment = pair.alignment.as_ref();
            alignment.is_some_and(|alignment| alignment.free)
        });
    if orders != expected && !goes_own_way {
        found.push(format!("it was run {orders:?}, not {expected:?}"));
    }
    for run_pair in run_pairs {
        for (whose, run) in [("the C program", &run_pair.c), ("the lab", &run_pair.lab)] {
            if forks(run) && run_pairs.len() > 1 && !run.shown.fits(run_pair.order) {
                found.push(format!(
                    "{whose} was to run {:?}, and its trace shows {:?}",
                    run_pair.order, run.shown
                ));
            }
        }
    }
    found
}

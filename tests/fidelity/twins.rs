//! Every lab beside its C twin in every scenario, in both orders after fork.

use labscope::compare::{Order, Outcome, Relation, Run, Story, Trial, in_parallel};
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
            found.extend(outcome.trials.iter().flat_map(untold));
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

/// What a trial passed over in silence: every call is compared or, if libc made it, in the ledger.
fn untold(trial: &Trial) -> Vec<String> {
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
        for story in &run.stories {
            let who = format!("{whose}, process {}", story.number());
            let (made, told) = (made(run, trace, story.pid), story.requests.len());
            let ledger = story.ledger.len();
            if made != told + ledger {
                found.push(format!(
                    "{who}: of {made} calls {told} compared, {ledger} in the ledger"
                ));
            }
        }
    }
    let in_ledger = trial.lab.stories.iter().flat_map(|story| &story.ledger);
    found.extend(
        in_ledger.map(|(kind, call)| format!("the lab calls {call}, as libc does ({kind:?})")),
    );
    found.extend(left_out(trial));
    found
}

/// How many calls a process made as this program; one that was begun anew after a signal counts once.
fn made(run: &Run, trace: &Trace, pid: i32) -> usize {
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
fn left_out(trial: &Trial) -> Vec<String> {
    let mut found = Vec::new();
    let count = |story: &Option<Story>| story.as_ref().map_or(0, |story| story.requests.len());
    for pair in &trial.pairs {
        let Some(pairing) = &pair.pairing else {
            continue;
        };
        let of_c = pairing.rows.iter().filter(|row| row.c.is_some()).count();
        let of_lab = pairing.rows.iter().filter(|row| row.lab.is_some()).count();
        let free = pairing
            .rows
            .iter()
            .any(|row| row.relation == Relation::Uncompared);
        let all = (of_c, of_lab) == (count(&pair.c), count(&pair.lab));
        if !all || (free && !pairing.free) {
            found.push(format!(
                "process {:?}: calls are in no row, or not compared",
                pair.path()
            ));
        }
    }
    found
}

/// Whether a scenario with a fork was run in both orders, by what the traces say.
fn unordered(outcome: &Outcome) -> Vec<String> {
    let mut found = Vec::new();
    let trials = &outcome.trials;
    let orders: Vec<Order> = trials.iter().map(|trial| trial.order).collect();
    let forks = |run: &Run| run.stories.len() > 1;
    let expected = match trials.first() {
        None => return vec!["it was not run".to_owned()],
        Some(trial) if forks(&trial.c) && forks(&trial.lab) => {
            vec![Order::ChildFirst, Order::ParentFirst]
        }
        // One of the two does not fork: that is declared, or a departure.
        Some(_) => orders.clone(),
    };
    let goes_own_way = trials.iter().flat_map(|trial| &trial.pairs).any(|pair| {
        let pairing = pair.pairing.as_ref();
        pairing.is_some_and(|pairing| pairing.free)
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

//! Each lab does what the lecture says: on a terminal, in a pipe and with files,
//! with real processes, and with bad input. One file a lab; what a run consists
//! of stands in `bins/<lab>/scenarios.toml`.

mod child_wait;
mod command;
mod count_thread_mutex;
mod count_thread_race;
mod daemon;
#[allow(non_snake_case)] // as the lab is called, so that its tests are found by its name
mod daemonOSNW;
mod echo_client_pipe;
mod echo_client_udomain;
mod echo_server_pipe;
mod echo_server_udomain;
mod exec_test;
mod fork_cost;
mod fork_test;
mod mykill;
mod myps;
mod myshell;
mod mysignal;
mod orphan;
mod pipe;
mod shm;
mod shm_consumer_race;
mod shm_consumer_sem;
mod shm_producer_race;
mod shm_producer_sem;
mod signal_control;
mod thread1;
mod wait_status;

#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use labscope::control::Settings;
use labscope::orders::{Bounds, Exploration, Outcome, explore};
use labscope::proc::speed::here;
use labscope::trace::Call;
use labscope::{Runner, Scenario, Transcript};
use support::{root, scenarios_of};

/// The scenario of that name.
fn scenario(lab: &str, name: &str) -> Scenario {
    let scenarios = scenarios_of(lab);
    let found = scenarios.get(name).cloned();
    found.unwrap_or_else(|| panic!("bins/{lab}/scenarios.toml has no scenario {name:?}"))
}

/// A run of that scenario, with the lab and the runner built.
fn runner(lab: &str, scenario: &Scenario) -> Runner<'static> {
    support::lab(lab);
    support::labscope();
    Runner::new(root(), lab, scenario)
}

/// One run of a scenario.
fn run(lab: &str, name: &str) -> Transcript {
    run_as(lab, &scenario(lab, name))
}

/// One run of a scenario that a test has changed.
fn run_as(lab: &str, scenario: &Scenario) -> Transcript {
    runner(lab, scenario)
        .run()
        .unwrap_or_else(|error| panic!("{lab}: {error:#}"))
}

/// The same run with a tracer, which tells who wrote what.
fn run_traced(lab: &str, name: &str) -> Transcript {
    let traced = runner(lab, &scenario(lab, name)).traced();
    traced
        .run()
        .unwrap_or_else(|error| panic!("{lab}, traced: {error:#}"))
}

/// What process n wrote to descriptor 1, pids normalised.
fn written(transcript: &Transcript, process: usize) -> String {
    let bytes = transcript
        .written(process, 1)
        .expect("a traced run with that process");
    transcript.normalise(&bytes)
}

/// What standard output received, pids normalised.
fn stdout(transcript: &Transcript) -> String {
    transcript
        .normalised()
        .stdout
        .expect("standard output that is a pipe or a file")
}

/// What a call is called on x86_64: of what has no number of its own elsewhere, the old name.
fn name(call: &Call) -> &str {
    match call.name.as_str() {
        "clone" if call.args.has("CLONE_VFORK") => "vfork",
        "clone" if !call.args.has("CLONE_THREAD") => "fork",
        "ppoll" if call.args.to_string().starts_with("NULL, 0, NULL") => "pause",
        name => name,
    }
}

/// The calls of process n as `name = result`, without the execve that started the run.
fn calls(transcript: &Transcript, process: usize) -> Vec<String> {
    let trace = transcript.trace.as_ref().expect("a traced run");
    let pid = transcript.pids[process - 1];
    let call = |call: &Call| match call.errno() {
        Some(errno) => format!("{} = {errno}", name(call)),
        None => name(call).to_owned(),
    };
    trace
        .calls_of(pid)
        .filter(|call| !call.setup)
        .map(call)
        .collect()
}

/// A program that has no end, in every order of its first steps, until an outcome is enough.
fn in_every_order(
    settings: Settings,
    steps: usize,
    is_enough: impl Fn(&Outcome) -> bool + Sync,
) -> Exploration {
    support::labscope();
    let bounds = Bounds {
        steps_of_endless: steps,
        runs: 1000,
        time: here(Duration::from_secs(600)), // what is found depends on no clock
        ..Bounds::default()
    };
    let found = explore(settings, bounds, is_enough);
    found.unwrap_or_else(|error| panic!("{error:#}"))
}

/// Can `merged` come from two writers who wrote the lines of `one` and `other` in order?
fn is_merge(merged: &[&str], one: &[String], other: &[String]) -> bool {
    let Some((first, rest)) = merged.split_first() else {
        return true;
    };
    let follows = |lines: &[String]| lines.first().is_some_and(|line| line == first);
    (follows(one) && is_merge(rest, &one[1..], other))
        || (follows(other) && is_merge(rest, one, &other[1..]))
}

//! The timelines of real runs: the right lanes, states and arrows. One file a lab.
#![forbid(unsafe_code)]

mod child_wait;
mod command;
mod count_thread_mutex;
mod daemon;
#[allow(non_snake_case)] // as the lab is called, so that its tests are found by its name
mod daemonOSNW;
mod echo_server_fork;
mod echo_server_thread;
mod fork_test;
mod memory;
mod readiness;
mod shm_consumer_sem;
#[path = "../support/mod.rs"]
mod support;

use std::fs;

use labscope::timeline;
use labscope::timeline::{Arrow, ArrowKind, Lane, MarkKind, State, Timeline};
use labscope::{Scenario, Status, Transcript};
use support::{root, scenarios_of};

pub fn scenario_of(lab: &str, name: &str) -> Scenario {
    let scenarios = scenarios_of(lab);
    scenarios.get(name).expect("the scenario").clone()
}

pub fn run(lab: &str, scenario: &Scenario) -> (Timeline, Transcript) {
    support::traced(lab);
    support::unoptimised(lab);
    let transcript = labscope::run::record::record(
        root(),
        lab,
        scenario,
        labscope::trace::tracer::AfterFork::Either,
        None,
    );
    let transcript =
        transcript.unwrap_or_else(|error| panic!("{lab}, {:?}: {error:#}", scenario.name));
    let timeline = timeline::of(root(), lab, scenario, &transcript).expect("a model");
    (timeline, transcript)
}

pub fn timeline_of(lab: &str, name: &str) -> Timeline {
    run(lab, &scenario_of(lab, name)).0
}

/// The lanes of the lab itself, by the names of their programs.
pub fn names(timeline: &Timeline) -> Vec<Vec<&str>> {
    let lanes = timeline
        .lanes
        .iter()
        .filter(|lane| lane.companion.is_none());
    let names = lanes.map(|lane| lane.names.iter().map(|(_, name)| name.as_str()).collect());
    names.collect()
}

pub fn has(lane: &Lane, state: &State) -> bool {
    lane.spans.iter().any(|span| span.state == *state)
}

pub fn status(lane: &Lane) -> Option<Status> {
    lane.ended.map(|(_, status)| status)
}

/// The arrows of a kind, from lane to lane.
pub fn arrows(
    timeline: &Timeline,
    is_it: impl Fn(&ArrowKind) -> bool,
) -> Vec<(Option<usize>, Option<usize>, &Arrow)> {
    let place = |pid: Option<i32>| timeline.lanes.iter().position(|lane| Some(lane.pid) == pid);
    let arrows = timeline.arrows.iter().filter(|arrow| is_it(&arrow.kind));
    arrows
        .map(|arrow| (place(arrow.from.pid), place(arrow.to.pid), arrow))
        .collect()
}

pub fn ends(
    arrows: &[(Option<usize>, Option<usize>, &Arrow)],
) -> Vec<(Option<usize>, Option<usize>)> {
    arrows.iter().map(|&(from, to, _)| (from, to)).collect()
}

pub fn signal(name: &'static str) -> impl Fn(&ArrowKind) -> bool {
    move |kind| matches!(kind, ArrowKind::Signal(signal) if signal == name)
}

/// A lab's source.
pub fn source(lab: &str) -> String {
    fs::read_to_string(support::source(lab, "rs")).expect("its source")
}

/// The calls drawn in a lane that have a line, with its text in the lab's source.
pub fn lines<'a>(lane: &'a Lane, source: &'a str) -> Vec<(&'a str, &'a str)> {
    let lines: Vec<&str> = source.lines().collect();
    let told = lane.marks.iter().filter_map(|mark| {
        let MarkKind::Call { text, .. } = &mark.kind else {
            return None;
        };
        Some((text.as_str(), lines[mark.line? as usize - 1]))
    });
    told.collect()
}

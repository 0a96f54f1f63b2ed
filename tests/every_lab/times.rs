//! An event of a run has one time, wherever it is told: in its lane, its arrows, its cards, its step, its trace event.

use labscope::Language;
use labscope::run::record::{orders, record};
use labscope::timeline::export;
use labscope::timeline::{
    self, ArrowKind, Cause, Lane, MarkKind, Point, RunStep, SharedChange, State, StepKind, Timeline,
};
use libtest_mimic::Trial;

use crate::support::root;
use crate::support::trials::trials_of_timelines;

/// What makes a child.
const FORKS: [&str; 3] = ["fork", "vfork", "clone"];

pub fn trials() -> Vec<Trial> {
    trials_of_timelines("every_event_has_one_time", |lab, scenario| {
        let mut told = Vec::new();
        for &order in orders(scenario) {
            let timeline = record(root(), lab, scenario, order, None)
                .and_then(|transcript| timeline::of(root(), lab, scenario, &transcript));
            let timeline = timeline.unwrap_or_else(|error| panic!("{error:#}"));
            let its = told_otherwise(&timeline);
            told.extend(its.into_iter().map(|one| format!("{order:?}: {one}")));
        }
        told
    })
}

/// What is told of an event at another time than its mark stands at.
fn told_otherwise(timeline: &Timeline) -> Vec<String> {
    let mut told = Vec::new();
    told.extend(steps(timeline));
    told.extend(cards(timeline));
    told.extend(forks(timeline));
    told.extend(arrows(timeline));
    told.extend(trace_events(timeline));
    told.extend(printed(timeline));
    told
}

/// The times above the axis and on the cards.
fn printed(timeline: &Timeline) -> Vec<String> {
    let lanes = timeline.lanes.iter();
    let events = lanes.flat_map(|lane| events(timeline, lane));
    let arrows = timeline.arrows.iter();
    let arrows = arrows.flat_map(|arrow| [arrow.from.at, arrow.to.at]);
    let others = timeline.shared.iter().filter(|moment| {
        let lane = timeline.lane(moment.pid);
        lane.is_some_and(is_another_program)
    });
    let others = others.map(|moment| moment.at);
    let events: Vec<String> = (events.chain(arrows).chain(others).chain([0.0]))
        .map(|at| format!("{at:.3}"))
        .collect();
    let picture = timeline::svg::draw(timeline, Language::En);
    let texts = picture.texts().into_iter().map(|it| it.text);
    let told = texts.filter(|text| {
        let number = text.split(" s  ").next().unwrap_or_default();
        let is_time = number
            .split_once('.')
            .is_some_and(|(_, part)| part.len() == 3 && number.parse::<f64>().is_ok());
        is_time && !events.iter().any(|it| it == number)
    });
    told.collect()
}

/// Whether a call of these is told of a process, or one of its threads, at that moment: by a mark, or by a step where marks
/// are left out.
fn is_told(timeline: &Timeline, pid: i32, at: f64, names: &[&str]) -> bool {
    let named = |text: &str| names.iter().any(|name| text.starts_with(name));
    let process = |lane: &Lane| lane.thread.map_or(lane.pid, |thread| thread.process);
    let lanes = || timeline.lanes.iter().filter(|lane| process(lane) == pid);
    let mut marks = lanes().flat_map(|lane| &lane.marks);
    let is_own = |step: &&RunStep| lanes().any(|lane| lane.pid == step.pid);
    let mut steps = timeline.steps.iter().filter(is_own);
    let is_marked = marks.any(|mark| match &mark.kind {
        MarkKind::Call { text, .. } => mark.at == at && named(text),
        _ => false,
    });
    is_marked
        || lanes().any(is_another_program)
        || steps.any(|step| match &step.kind {
            StepKind::Call(text) | StepKind::Enters(text) | StepKind::Returns(text) => {
                step.at == at && named(text)
            }
            _ => false,
        })
}

/// Whether it runs a program that is no lab, whose calls are told where they speak to others, and nowhere else.
fn is_another_program(lane: &Lane) -> bool {
    let is_count = |kind: &MarkKind| matches!(kind, MarkKind::Folded(calls) if *calls > 0);
    let mut marks = lane.marks.iter();
    marks.any(|mark| mark.call.is_none() && is_count(&mark.kind))
}

/// Whether a lane has so many marks that some are left out.
fn is_shortened(lane: &Lane) -> bool {
    let mut spans = lane.spans.iter();
    spans.any(|span| matches!(span.state, State::Folded(_)))
}

/// A call that comes back at once is one step, at its mark; one that blocks is two, and its mark is at one of them.
fn steps(timeline: &Timeline) -> Vec<String> {
    let mut told = Vec::new();
    for lane in &timeline.lanes {
        let own = || timeline.steps.iter().filter(|step| step.pid == lane.pid);
        let marks = lane.marks.iter().filter(|mark| mark.call.is_some());
        for mark in marks {
            let mut of_call: Vec<&RunStep> = own().filter(|step| step.call == mark.call).collect();
            of_call.retain(|step| step.at != mark.at);
            let is_span = |step: &&RunStep| !matches!(step.kind, StepKind::Call(_));
            if !of_call.iter().all(is_span) || of_call.len() > 1 {
                told.push(format!("{mark:?} has the steps {of_call:?}"));
            }
        }
        for step in own().filter(|_| !is_shortened(lane)) {
            let is_it = |kind: &MarkKind| match (&step.kind, kind) {
                (StepKind::Signal(signal), MarkKind::Signal { name, .. }) => name == signal,
                (StepKind::Ended(status), MarkKind::Ended(its)) => status == its,
                _ => false,
            };
            let is_event = matches!(step.kind, StepKind::Signal(_) | StepKind::Ended(_));
            let mut marks = lane.marks.iter();
            if is_event && !marks.any(|mark| mark.at == step.at && is_it(&mark.kind)) {
                told.push(format!("no mark for {step:?}"));
            }
        }
    }
    told
}

/// The cards of descriptors and of shared memory.
fn cards(timeline: &Timeline) -> Vec<String> {
    let mut told = Vec::new();
    for moment in &timeline.moments {
        let names: &[&str] = match moment.cause {
            Cause::Fork { .. } => &FORKS,
            Cause::Accept(_) => &["accept"],
            Cause::Open(_) => &["open"],
            Cause::Close(_) => &["close"],
        };
        if !is_told(timeline, moment.pid, moment.at, names) {
            told.push(format!("no call at {} for {:?}", moment.at, moment.cause));
        }
    }
    for moment in &timeline.shared {
        let lane = timeline.lane(moment.pid).expect("its lane");
        let is_there = match moment.change {
            SharedChange::Ended | SharedChange::Undone(_) => {
                lane.ended.is_some_and(|(at, _)| at == moment.at)
            }
            _ => is_told(timeline, moment.pid, moment.at, &["shm", "sem"]),
        };
        if !is_there {
            told.push(format!("no call at {} for {:?}", moment.at, moment.change));
        }
    }
    told
}

/// A child is there when its fork is told, in its own lane and in the strip of memory.
fn forks(timeline: &Timeline) -> Vec<String> {
    let child = |pid: i32| timeline.lane(pid).map(|lane| lane.born);
    let of_memory = timeline.forks.iter();
    let told = of_memory.filter(|fork| {
        let is_told = is_told(timeline, fork.parent, fork.at, &FORKS);
        !is_told || child(fork.child) != Some(fork.at)
    });
    told.map(|fork| {
        let born = child(fork.child);
        format!("memory at {}, born {born:?}", fork.at)
    })
    .collect()
}

/// An arrow leaves and arrives at a mark, at the beginning or the end of a state, or at the end of a process.
fn arrows(timeline: &Timeline) -> Vec<String> {
    let mut told = Vec::new();
    for arrow in &timeline.arrows {
        let is_event = |point: &Point| {
            let Some(lane) = point.pid.and_then(|pid| timeline.lane(pid)) else {
                return true;
            };
            is_another_program(lane) || events(timeline, lane).contains(&point.at)
        };
        let is_straight = arrow.from.at == arrow.to.at;
        let leaves = match arrow.kind {
            ArrowKind::Fork | ArrowKind::Thread => is_straight,
            // Who sent a signal may not be seen to do so, as when it is stopped.
            ArrowKind::Signal(_) => is_straight || is_event(&arrow.from),
            _ => is_event(&arrow.from),
        };
        if !leaves || !is_event(&arrow.to) {
            told.push(format!("{arrow:?}"));
        }
    }
    told
}

/// Every time that is told of a process by its lane, or by its steps where marks are left out.
fn events(timeline: &Timeline, lane: &Lane) -> Vec<f64> {
    let marks = lane.marks.iter().map(|mark| mark.at);
    let spans = lane.spans.iter().flat_map(|span| [span.from, span.to]);
    let steps = timeline.steps.iter().filter(|step| step.pid == lane.pid);
    let steps = steps.map(|step| step.at);
    marks.chain(spans).chain(steps).chain([lane.born]).collect()
}

/// A flow has the time of its arrow; at the very end of a process it comes one nanosecond, the least there is, before it.
fn trace_events(timeline: &Timeline) -> Vec<String> {
    let written = export::chrome(timeline);
    let nanos = |seconds: f64| (seconds * 1e9).round() as i64;
    let arrows = timeline.arrows.iter();
    let drawn: Vec<(i32, i64)> = arrows
        .flat_map(|arrow| [arrow.from, arrow.to])
        .filter_map(|point| Some((point.pid?, nanos(point.at))))
        .collect();
    let mut told = Vec::new();
    for event in written["traceEvents"].members() {
        let (Some(phase), Some(pid)) = (event["ph"].as_str(), event["pid"].as_i32()) else {
            continue;
        };
        let Some(lane) = timeline.lane(pid) else {
            continue;
        };
        let at = (event["ts"].as_f64().unwrap_or_default() * 1e3).round() as i64;
        let mut times = events(timeline, lane).into_iter().map(nanos);
        let is_end = |at: i64| at == nanos(lane.until);
        let is_told = match phase {
            "i" | "X" => times.any(|time| time == at),
            "s" | "f" => {
                drawn.contains(&(pid, at)) || (is_end(at + 1) && drawn.contains(&(pid, at + 1)))
            }
            _ => true,
        };
        if !is_told {
            told.push(event.dump());
        }
    }
    told
}

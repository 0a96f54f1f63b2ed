//! The same model for Perfetto and chrome://tracing: the JSON of Chrome's trace events.

use serde_json::{Value, json};

use crate::i18n::Language;
use crate::timeline::{Kind, Lane, Span, State, Timeline, What, words as say};

/// The trace events: names, states, calls, and flows from process to process. Times are in microseconds.
pub fn chrome(timeline: &Timeline) -> Value {
    let words = Language::default();
    let mut events = Vec::new();
    for (place, lane) in timeline.lanes.iter().enumerate() {
        events.extend(names(lane, place));
        events.extend(lane.spans.iter().map(|span| state(lane, span, words)));
        events.extend(lane.marks.iter().filter_map(|mark| {
            let name = match &mark.what {
                What::Call { text, .. } => text.clone(),
                What::Folded(calls) => say::folded(*calls, words),
                other => say::above(other, lane.leaves_no_zombie, words)?.1,
            };
            Some(json!({ "ph": "i", "s": "t", "cat": "event", "name": name, "pid": lane.pid, "tid": lane.pid, "ts": micros(mark.at) }))
        }));
    }
    for (number, arrow) in timeline.arrows.iter().enumerate() {
        let (Some(from), Some(to)) = (arrow.from.pid, arrow.to.pid) else {
            continue;
        };
        let name = match &arrow.kind {
            Kind::Fork => "fork".to_owned(),
            Kind::Wait => "wait".to_owned(),
            Kind::Signal(name) => name.clone(),
            Kind::Bytes { count, text, .. } => format!("{count} bytes {text}"),
        };
        let flow = |phase: &str, pid: i32, at: f64| json!({ "ph": phase, "bp": "e", "cat": "flow", "id": number + 1, "name": name, "pid": pid, "tid": pid, "ts": micros(at) });
        events.push(flow("s", from, inside(timeline, from, arrow.from.at)));
        events.push(flow("f", to, inside(timeline, to, arrow.to.at)));
    }
    json!({ "displayTimeUnit": "ms", "traceEvents": events })
}

fn micros(seconds: f64) -> f64 {
    (seconds * 1e9).round() / 1e3
}

/// A flow needs a slice to bind to: a moment at the very end of a process lies just before it.
fn inside(timeline: &Timeline, pid: i32, at: f64) -> f64 {
    let Some(lane) = timeline.lane(pid) else {
        return at;
    };
    at.clamp(lane.born, (lane.until - 1e-6).max(lane.born))
}

fn names(lane: &Lane, place: usize) -> [Value; 3] {
    let all: Vec<&str> = lane.names.iter().map(|(_, name)| name.as_str()).collect();
    let companion = lane
        .companion
        .as_ref()
        .map_or_else(String::new, |name| format!(" ({name})"));
    let name = format!("{}{companion}", all.join(" ⇒ "));
    let about = |what: &str, args: Value| json!({ "ph": "M", "name": what, "pid": lane.pid, "tid": lane.pid, "args": args });
    [
        about("process_name", json!({ "name": name })),
        about("thread_name", json!({ "name": name })),
        about("process_sort_index", json!({ "sort_index": place })),
    ]
}

fn state(lane: &Lane, span: &Span, words: Language) -> Value {
    let name = match &span.state {
        State::Running => "running".to_owned(),
        State::Sleeping => "sleeping".to_owned(),
        State::Blocked(call) => call.clone(),
        State::Held(call) => format!("{call} (held back)"),
        State::Stopped(signal) => format!("stopped by {signal}"),
        State::Zombie => "zombie".to_owned(),
        State::Folded(calls) => say::folded(*calls, words),
    };
    json!({ "ph": "X", "cat": "state", "name": name, "pid": lane.pid, "tid": lane.pid,
            "ts": micros(span.from), "dur": micros(span.to - span.from) })
}

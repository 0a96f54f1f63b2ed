//! A timeline for Perfetto and chrome://tracing: the JSON of Chrome's trace events.

use jzon::{JsonValue, object};

use crate::i18n::Language;
use crate::timeline::model::{Lane, MarkKind, Timeline};

/// The trace events: names, states, calls, and flows from process to process. Times are in microseconds.
pub fn chrome(timeline: &Timeline) -> JsonValue {
    let mut events = Vec::new();
    for (place, lane) in timeline.lanes.iter().enumerate() {
        events.extend(names(lane, place));
        events.extend(states(lane));
        events.extend(marks(lane));
    }
    events.extend(flows(timeline));
    object! { displayTimeUnit: "ms", traceEvents: events }
}

/// An event of a process, which is its only thread; `more` are fields that only some have.
fn event(phase: &str, name: &str, pid: i32, more: JsonValue) -> JsonValue {
    let mut event = object! { ph: phase, name: name, pid: pid, tid: pid };
    for (key, value) in more.entries() {
        event[key] = value.clone();
    }
    event
}

fn names(lane: &Lane, place: usize) -> [JsonValue; 3] {
    let all: Vec<&str> = lane.names.iter().map(|(_, name)| name.as_str()).collect();
    let companion = lane.companion.as_ref();
    let companion = companion.map_or_else(String::new, |name| format!(" ({name})"));
    let name = object! { name: format!("{}{companion}", all.join(" ⇒ ")) };
    let about =
        |what: &str, args: &JsonValue| event("M", what, lane.pid, object! { args: args.clone() });
    [
        about("process_name", &name),
        about("thread_name", &name),
        about("process_sort_index", &object! { sort_index: place }),
    ]
}

fn states(lane: &Lane) -> impl Iterator<Item = JsonValue> {
    lane.spans.iter().map(|span| {
        // Both ends are rounded, and not what lies between: the next state begins where this one ends.
        let (from, to) = (nanos(span.from), nanos(span.to));
        let more = object! { cat: "state", ts: micros(from), dur: micros(to - from) };
        event("X", &span.state.say(Language::En), lane.pid, more)
    })
}

fn marks(lane: &Lane) -> impl Iterator<Item = JsonValue> {
    let told = lane.marks.iter();
    let told = told.filter(|mark| mark.kind != MarkKind::Folded(0));
    told.map(|mark| {
        let mut more = object! { cat: "event", s: "t", ts: micros(nanos(mark.at)) };
        let mut args = object! {};
        if !mark.whole.is_empty() {
            args["call"] = mark.whole.as_str().into();
        }
        if let Some(line) = mark.line {
            args["line"] = line.into();
        }
        if !args.is_empty() {
            more["args"] = args;
        }
        event("i", &lane.say_mark(mark, Language::En), lane.pid, more)
    })
}

/// An arrow is two events, where it leaves and where it arrives.
fn flows(timeline: &Timeline) -> Vec<JsonValue> {
    let mut flows = Vec::new();
    for (number, arrow) in timeline.arrows.iter().enumerate() {
        let (Some(from), Some(to)) = (arrow.from.pid, arrow.to.pid) else {
            continue;
        };
        let name = arrow.kind.say(Language::En);
        for (phase, pid, at) in [("s", from, arrow.from.at), ("f", to, arrow.to.at)] {
            let at = micros(inside(timeline, pid, nanos(at)));
            let more = object! { cat: "flow", bp: "e", id: number + 1, ts: at };
            flows.push(event(phase, &name, pid, more));
        }
    }
    flows
}

fn nanos(seconds: f64) -> i64 {
    (seconds * 1e9).round() as i64
}

/// As these files have it.
fn micros(nanos: i64) -> f64 {
    nanos as f64 / 1e3
}

/// A flow needs a slice to bind to: a moment at the very end of a process lies a nanosecond before it.
fn inside(timeline: &Timeline, pid: i32, at: i64) -> i64 {
    let Some(lane) = timeline.lane(pid) else {
        return at;
    };
    let (born, until) = (nanos(lane.born), nanos(lane.until));
    at.clamp(born, (until - 1).max(born))
}

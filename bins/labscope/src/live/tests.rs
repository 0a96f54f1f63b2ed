//! From the lines of strace to the lines that are told.

use std::path::Path;

use crate::live::events::Event;
use crate::live::json;
use crate::live::line_format::{Look, line};
use crate::live::reader::Live;

/// What is told of these lines, after a pause at each of these times; the tracing ends with the last one.
fn told(parts: &[(&str, f64)]) -> Vec<Event> {
    let mut live = Live::new("./lab", Path::new(env!("CARGO_MANIFEST_DIR"))).expect("a reader");
    let mut events = Vec::new();
    for (text, now) in parts {
        live.feed(text.as_bytes());
        live.pause(*now);
        events.extend(live.take());
    }
    live.end(parts.last().map_or(0.0, |&(_, now)| now));
    events.extend(live.take());
    events
}

fn lines(parts: &[(&str, f64)]) -> Vec<String> {
    let (mut latest, look) = (0.0, Look::default());
    let events = told(parts);
    let lines = events.iter().map(|event| line(event, &mut latest, &look));
    let squeezed = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    squeezed.collect()
}

const FORK: &str =
    "7 1.0 execve(\"./lab\", [\"./lab\"], 0x1) = 0 <0.1>\n7 1.2 fork() = 8 <0.001>\n";

#[test]
fn times_do_not_run_backwards_and_what_is_told_late_says_so() {
    let write = "8 1.3 pause( <unfinished ...>\n7 1.31 write(1, \"x\", 1) = 1 <0.002>\n";
    let waits = "7 1.4 wait4(-1, ";
    let lines = lines(&[(FORK, 1.25), (write, 1.32), ("", 1.36), (waits, 1.5)]);
    let place = |text: &str| lines.iter().position(|line| line.starts_with(text));
    let places = [
        "1 0.312 write(",
        "2 0.312 pause( … [since 0.300]",
        "1 0.400 wait4(-1 …",
    ];
    let places = places.map(place);
    assert!(places[0].is_some() && places.is_sorted(), "{lines:?}");
    assert!(
        !lines
            .iter()
            .any(|line| line.starts_with("1 0.4") && line.contains("since"))
    );
}

#[test]
fn a_call_that_cannot_wait_is_told_when_it_has_returned_however_slow() {
    let slow =
        "7 1.3 getppid( <unfinished ...>\n8 1.3 wait4(-1, NULL, WNOHANG, NULL <unfinished ...>\n";
    let ends = "7 3.5 <... getppid resumed>) = 1 <2.2>\n8 3.5 <... wait4 resumed>) = 0 <2.2>\n";
    let lines = lines(&[(FORK, 1.25), (slow, 2.9), (ends, 4.0)]);
    let told = lines
        .iter()
        .filter(|line| line.contains("getppid") || line.contains("wait4"));
    assert!(told.clone().all(|line| !line.contains('…')), "{lines:#?}");
    assert_eq!(told.count(), 2, "{lines:#?}");
}

#[test]
fn a_call_has_the_time_at_which_it_was_over() {
    let calls = "7 1.3 wait4(-1, <unfinished ...>\n8 1.4 pause( <unfinished ...>\n";
    let ends = "8 2.5 +++ killed by SIGKILL +++\n7 2.6 <... wait4 resumed>NULL, 0, NULL) = 8 <1.3>\n7 2.7 pause( <unfinished ...>\n";
    let lines = lines(&[(FORK, 1.25), (calls, 1.5), (ends, 4.0)]);
    let expected = [
        "1 0.201 fork() = 8",
        "1 0.300 wait4(-1 …",
        "2 0.400 pause( …",
        "2 1.500 … pause() = ? [killed in this call: line not known]",
        "2 1.500 +++ killed by SIGKILL",
        "1 1.600 … wait4(",
        "1 1.700 pause( …",
        "1 3.000 … pause() = ? [still in this call]",
    ];
    let mut rest = lines.iter();
    for part in expected {
        assert!(
            rest.any(|line| line.starts_with(part)),
            "{part:?} is not in {lines:#?}"
        );
    }
}

#[test]
fn json_tells_who_was_killed_in_a_call_and_who_is_still_in_it() {
    let calls = "8 1.3 pause( <unfinished ...>\n7 1.4 pause( <unfinished ...>\n";
    let killed = "8 2.0 +++ killed by SIGKILL +++\n";
    let events = told(&[(FORK, 1.25), (calls, 1.5), (killed, 3.0)]);
    let pauses = events.iter().filter_map(|event| match event {
        Event::Made(made) if made.call.name == "pause" => Some(json::call(made)),
        _ => None,
    });
    let marks: Vec<_> = pauses
        .map(|it| (it["process"].clone(), it["mark"].clone()))
        .collect();
    assert_eq!(
        marks,
        [
            (2.into(), "killed-inside".into()),
            (1.into(), "still-inside".into())
        ]
    );
}

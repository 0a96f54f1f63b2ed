//! Marks and the source lines that made their calls.

use std::fs;

use labscope::timeline::{Lane, MarkKind};

use crate::support::root;
use crate::timeline_of;

/// The calls drawn in a lane that have a line, with its text in the lab's source.
fn lines<'a>(lane: &'a Lane, source: &'a str) -> Vec<(&'a str, &'a str)> {
    let lines: Vec<&str> = source.lines().collect();
    let told = lane.marks.iter().filter_map(|mark| {
        let MarkKind::Call { text, .. } = &mark.kind else {
            return None;
        };
        Some((text.as_str(), lines[mark.line? as usize - 1]))
    });
    told.collect()
}

#[test]
fn calls_of_the_lab_itself_know_their_lines() {
    let source = |lab: &str| {
        let path = root().join("bins").join(lab).join(format!("{lab}.rs"));
        fs::read_to_string(path).expect("its source")
    };
    let forks = timeline_of("fork_test", "tty");
    let text = source("fork_test");
    let told: Vec<(&str, &str)> = forks
        .lanes
        .iter()
        .flat_map(|lane| lines(lane, &text))
        .collect();
    for (call, line) in &told {
        // A prompt is written out by the read that comes after it.
        for said in ["fork", "P : ", "C : "] {
            let is_said = !call.starts_with("read") && call.contains(said);
            assert!(!is_said || line.contains(said), "{call}: {line}");
        }
    }
    let of = |name: &str| {
        told.iter()
            .filter(|(call, _)| call.starts_with(name))
            .count()
    };
    assert!(
        of("fork") == 1 && of("write(1) \"P") > 0 && of("write(1) \"C") > 0,
        "{told:?}"
    );

    let becomes = timeline_of("command", "tty");
    let [lane] = becomes.lanes.as_slice() else {
        panic!("one lane: {becomes:#?}");
    };
    let mut marks = lane.marks.iter();
    let exec = marks.position(|mark| matches!(mark.kind, MarkKind::Exec(_)));
    let (own, others) = lane.marks.split_at(exec.expect("an exec") + 1);
    assert!(own.iter().all(|mark| mark.line.is_some()), "{own:#?}");
    assert!(others.iter().all(|mark| mark.line.is_none()), "{others:#?}");

    let server = timeline_of("echo_server_fork", "fork");
    let text = source("echo_server_fork");
    for lane in &server.lanes {
        let is_known = !lines(lane, &text).is_empty();
        assert_eq!(is_known, lane.companion.is_none(), "{lane:#?}");
    }
}

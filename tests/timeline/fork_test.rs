//! Two processes that sleep and count.

use labscope::Status;
use labscope::timeline::{ArrowKind, Lane, MarkKind, Memory, State};

use crate::{arrows, ends, has, lines, names, signal, source, status, timeline_of};

#[test]
fn it_becomes_two_that_sleep_and_count_and_end_by_ctrl_c() {
    let timeline = timeline_of("fork_test", "tty");
    assert_eq!(
        names(&timeline),
        [["fork_test"], ["fork_test"]],
        "{timeline:#?}"
    );
    let [parent, child] = timeline.lanes.as_slice() else {
        panic!("two lanes: {timeline:#?}");
    };
    assert_eq!(child.parent, Some(parent.pid));
    // Somebody takes a while before the key: the wait for it is to be seen.
    let read = State::Blocked("read".into());
    let mut waits = parent.spans.iter().filter(|span| span.state == read);
    assert!(waits.any(|span| span.to - span.from > 0.2), "{parent:#?}");
    for lane in [parent, child] {
        assert!(
            has(lane, &State::Sleeping) && !has(lane, &State::Zombie),
            "{lane:#?}"
        );
        assert_eq!(status(lane), Some(Status::Killed(2)), "{lane:#?}");
    }
    assert_eq!(
        ends(&arrows(&timeline, |kind| *kind == ArrowKind::Fork)),
        [(Some(0), Some(1))]
    );
    let mut interrupted = ends(&arrows(&timeline, signal("SIGINT")));
    interrupted.sort();
    assert_eq!(
        interrupted,
        [(None, Some(0)), (None, Some(1))],
        "{:#?}",
        timeline.arrows
    );
    let [fork] = timeline.forks.as_slice() else {
        panic!("one fork: {:#?}", timeline.forks);
    };
    let counted = |lane: &Lane, letter: &str| {
        let begin = format!("write(1) \"{letter} : ");
        let counts = lane.marks.iter().filter(
            |mark| matches!(&mark.kind, MarkKind::Call { text, .. } if text.starts_with(&begin)),
        );
        counts.count() - 1
    };
    let told = |memory: &Memory, name: &str| -> Vec<(Option<String>, Option<String>)> {
        let own = memory.variables.iter().filter(|one| one.name == name);
        own.map(|one| (one.first.clone(), one.last.clone()))
            .collect()
    };
    let pair = |first: String, last: String| (Some(first), Some(last));
    let same = |value: String| pair(value.clone(), value);
    // What fork returned; in the parent, then also the number in it, of the same name.
    let pid = child.pid;
    assert_eq!(
        told(&fork.of_parent, "pid"),
        [same(format!("Ok({pid})")), same(pid.to_string())]
    );
    assert_eq!(told(&fork.of_child, "pid"), [same("Ok(0)".to_owned())]);
    // It is counted on behind each line that it prints.
    for (memory, counted, step) in [
        (&fork.of_parent, counted(parent, "P"), 1),
        (&fork.of_child, counted(child, "C"), 2),
    ] {
        let told = told(memory, "i");
        let possible = [counted, counted + 1].map(|times| (100 + step * times).to_string());
        let possible = possible.map(|last| [pair("100".to_owned(), last)].to_vec());
        assert!(possible.contains(&told), "{told:?}: {possible:?}");
    }
    let marked: Vec<&str> = fork
        .code
        .iter()
        .filter(|line| line.2)
        .map(|line| line.1.as_str())
        .collect();
    assert_eq!(marked, ["let pid = fork();"]);
}

#[test]
fn a_signal_stops_the_child_until_it_is_continued() {
    let timeline = timeline_of("fork_test", "control");
    let child = &timeline.lanes[1];
    assert!(has(child, &State::Stopped("SIGSTOP".into())), "{child:#?}");
    assert_eq!(status(child), Some(Status::Killed(15)));
    for name in ["SIGSTOP", "SIGCONT", "SIGTERM"] {
        assert_eq!(
            ends(&arrows(&timeline, signal(name))),
            [(None, Some(1))],
            "{name}: {:#?}",
            timeline.arrows
        );
    }
    let told = ends(&arrows(&timeline, signal("SIGCHLD")));
    assert!(told.contains(&(Some(1), Some(0))), "{told:?}");
}

#[test]
fn its_calls_know_their_lines() {
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
}

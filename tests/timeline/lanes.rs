//! What each process of a process lab does, and what passes between them.

use labscope::Status;
use labscope::timeline::{ArrowKind, Cause, Lane, MarkKind, State, Variable};

use crate::{arrows, ends, has, names, run, scenario_of, signal, status, timeline_of};

#[test]
fn fork_test_becomes_two_that_sleep_and_count_and_end_by_ctrl_c() {
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
    let values = |variables: &[Variable]| -> Vec<(String, String)> {
        variables
            .iter()
            .map(|one| (one.name.clone(), one.first.clone()))
            .collect()
    };
    let expected = |pid: i32| {
        vec![
            ("pid".to_owned(), pid.to_string()),
            ("i".to_owned(), "100".to_owned()),
        ]
    };
    assert_eq!(values(&fork.of_parent), expected(child.pid));
    assert_eq!(values(&fork.of_child), expected(0));
    let counted = |lane: &Lane, letter: &str| {
        let begin = format!("write(1) \"{letter} : ");
        let counts = lane.marks.iter().filter(
            |mark| matches!(&mark.kind, MarkKind::Call { text, .. } if text.starts_with(&begin)),
        );
        counts.count() - 1
    };
    let last = |variables: &[Variable]| variables[1].last.clone();
    assert_eq!(
        last(&fork.of_parent),
        (100 + counted(parent, "P")).to_string()
    );
    assert_eq!(
        last(&fork.of_child),
        (100 + 2 * counted(child, "C")).to_string()
    );
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
fn the_child_of_child_wait_is_a_zombie_from_its_end_to_the_wait() {
    let timeline = timeline_of("child_wait", "tty");
    let [parent, child] = timeline.lanes.as_slice() else {
        panic!("two lanes: {timeline:#?}");
    };
    assert!(has(parent, &State::Blocked("read".into())), "{parent:#?}");
    assert!(has(child, &State::Sleeping), "{child:#?}");
    assert_eq!(
        (status(parent), status(child)),
        (Some(Status::Exited(1)), Some(Status::Exited(100)))
    );
    let waits = arrows(&timeline, |kind| *kind == ArrowKind::Wait);
    assert_eq!(ends(&waits), [(Some(1), Some(0))]);
    let (.., wait) = waits[0];
    let zombie = child.spans.last().expect("a span");
    assert_eq!(zombie.state, State::Zombie, "{child:#?}");
    assert_eq!((zombie.from, zombie.to), (wait.from.at, wait.to.at));
    assert_eq!(Some(zombie.from), child.ended.map(|(at, _)| at));
    let returned = parent.marks.iter().find(|mark| match &mark.kind {
        MarkKind::Call { text, .. } => *text == format!("wait4 → {} (100)", child.pid),
        _ => false,
    });
    assert!(returned.is_some(), "{:#?}", parent.marks);
}

#[test]
fn the_child_of_the_daemon_is_adopted_and_closes_everything() {
    let scenario = scenario_of("daemonOSNW", "tty");
    let (timeline, transcript) = run("daemonOSNW", &scenario);
    assert_eq!(names(&timeline), [["daemonOSNW"], ["daemonOSNW"]]);
    let (parent, child) = (&timeline.lanes[0], &timeline.lanes[1]);
    assert_eq!(status(parent), Some(Status::Exited(0)));
    assert!(has(child, &State::Sleeping), "{child:#?}");
    // `match fork()`: no variable of both has what it returned
    let [fork] = timeline.forks.as_slice() else {
        panic!("one fork: {:#?}", timeline.forks);
    };
    assert!(
        fork.of_parent.is_empty() && fork.of_child.is_empty(),
        "{fork:#?}"
    );
    let adopter = transcript.tables[0]
        .iter()
        .find(|process| process.pid == child.pid);
    let adopter = adopter.map(|process| process.ppid);
    let orphaned = child.marks.iter().find_map(|mark| match mark.kind {
        MarkKind::Orphaned { adopter } => Some((mark.at, adopter)),
        _ => None,
    });
    assert_eq!(
        orphaned,
        parent.ended.map(|(at, _)| (at, adopter)),
        "{:#?}",
        child.marks
    );
    let closed = timeline.moments.last().expect("a moment");
    assert_eq!(closed.cause, Cause::Close(vec![0, 1, 2]));
    assert_eq!(closed.tables, [(child.pid, vec![])]);
    let failed = child.marks.iter().filter(|mark| match &mark.kind {
        MarkKind::Call { text, failed, .. } => *failed && text.ends_with(" EBADF"),
        _ => false,
    });
    assert!(failed.count() >= 2, "{:#?}", child.marks);
}

#[test]
fn a_daemon_without_a_word_is_an_orphan_too() {
    let timeline = timeline_of("daemon", "tty");
    let (parent, child) = (&timeline.lanes[0], &timeline.lanes[1]);
    let orphaned = child.marks.iter().find_map(|mark| match mark.kind {
        MarkKind::Orphaned { .. } => Some(mark.at),
        _ => None,
    });
    assert_eq!(
        orphaned,
        parent.ended.map(|(at, _)| at),
        "{:#?}",
        child.marks
    );
    assert!(!has(child, &State::Zombie), "{child:#?}");
}

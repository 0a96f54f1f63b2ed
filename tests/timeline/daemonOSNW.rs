//! A child that is adopted and closes everything.

use labscope::Status;
use labscope::timeline::{AdoptedBy, Cause, Lane, MarkKind, State};

use crate::{has, names, run, scenario_of, status};

#[test]
fn the_child_is_adopted_and_closes_everything() {
    let scenario = scenario_of("daemonOSNW", "tty");
    let (timeline, transcript) = run("daemonOSNW", &scenario);
    assert_eq!(names(&timeline), [["daemonOSNW"], ["daemonOSNW"]]);
    let (parent, child) = (&timeline.lanes[0], &timeline.lanes[1]);
    assert_eq!(status(parent), Some(Status::Exited(0)));
    assert!(has(child, &State::Sleeping), "{child:#?}");
    assert_eq!(timeline.forks.len(), 1, "{:#?}", timeline.forks);
    let adopter = transcript.tables[0]
        .iter()
        .find(|process| process.pid == child.pid);
    let adopter = adopter.map(|process| process.ppid);
    let orphaned = child.marks.iter().find_map(|mark| match &mark.kind {
        MarkKind::Orphaned { adopter } => Some((mark.at, adopter.as_ref().map(|it| it.pid))),
        _ => None,
    });
    assert_eq!(
        orphaned,
        parent.ended.map(|(at, _)| (at, adopter)),
        "{:#?}",
        child.marks
    );
    assert_eq!(
        orphaned_by(child),
        Some(AdoptedBy::Reaper),
        "{:#?}",
        child.marks
    );
    // It has lost the terminal when setsid has returned.
    assert!(parent.in_session.is_none() && child.in_session.is_some());
    let closed = timeline.moments.last().expect("a moment");
    assert_eq!(closed.cause, Cause::Close(vec![0, 1, 2]));
    assert_eq!(closed.tables, [(child.pid, vec![])]);
    let failed = child.marks.iter().filter(|mark| match &mark.kind {
        MarkKind::Call { text, failed, .. } => *failed && text.ends_with(" EBADF"),
        _ => false,
    });
    assert!(failed.count() >= 2, "{:#?}", child.marks);
}

fn orphaned_by(lane: &Lane) -> Option<AdoptedBy> {
    lane.marks.iter().find_map(|mark| match &mark.kind {
        MarkKind::Orphaned { adopter } => Some(adopter.as_ref()?.who.clone()),
        _ => None,
    })
}

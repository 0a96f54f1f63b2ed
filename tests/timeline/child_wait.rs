//! The zombie, from its end to the wait.

use labscope::Status;
use labscope::timeline::{ArrowKind, MarkKind, State};

use crate::{arrows, ends, has, status, timeline_of};

#[test]
fn the_child_is_a_zombie_from_its_end_to_the_wait() {
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

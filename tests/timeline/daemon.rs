//! A child that is adopted and says nothing.

use labscope::timeline::{MarkKind, State};

use crate::{has, timeline_of};

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

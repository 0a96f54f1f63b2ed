//! A holder that is killed, and by whom.

use labscope::timeline::Sender;

use crate::{arrows, signal, timeline_of};

#[test]
fn who_is_killed_by_the_scenario_is_killed_from_outside() {
    let timeline = timeline_of("shm_consumer_sem", "undone");
    for lane in &timeline.lanes {
        assert_eq!(lane.killed_by, Some(Sender::Outside), "{}", lane.pid);
    }
    let kills = arrows(&timeline, signal("SIGKILL"));
    assert_eq!(kills.len(), 2, "{:#?}", timeline.arrows);
    assert!(
        kills
            .iter()
            .all(|(from, to, _)| from.is_none() && to.is_some())
    );
}

//! A crash ends every thread; their descriptors are in one table.

use labscope::Status;

use crate::{status, timeline_of};

#[test]
fn what_ends_one_thread_ends_all_and_only_the_process_has_descriptors() {
    let timeline = timeline_of("echo_server_thread", "crash");
    let own: Vec<_> = timeline
        .lanes
        .iter()
        .filter(|lane| lane.companion.is_none())
        .collect();
    assert_eq!(own.len(), 3, "{own:#?}");
    for lane in &own {
        assert_eq!(
            status(lane),
            Some(Status::Killed(libc::SIGSEGV)),
            "{lane:#?}"
        );
    }
    let tables = timeline.moments.iter().flat_map(|moment| &moment.tables);
    let holders: Vec<i32> = tables.map(|(pid, _)| *pid).collect();
    assert!(holders.contains(&own[0].pid), "{holders:?}");
    assert!(
        own[1..].iter().all(|lane| !holders.contains(&lane.pid)),
        "{holders:?}"
    );
}

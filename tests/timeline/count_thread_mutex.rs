//! A lane for each thread, and a futex by what it waits for.

use labscope::Status;
use labscope::timeline::{ArrowKind, State};

use crate::{arrows, ends, has, status, timeline_of};

#[test]
fn each_thread_has_a_lane_and_waits_for_the_mutex() {
    let timeline = timeline_of("count_thread_mutex", "tty");
    let [main, first, second] = timeline.lanes.as_slice() else {
        panic!("three lanes: {timeline:#?}");
    };
    assert_eq!(main.thread, None);
    for (lane, number) in [(first, 2), (second, 3)] {
        let thread = lane.thread.expect("a thread");
        assert_eq!((thread.process, thread.number), (main.pid, number));
    }
    let made = arrows(&timeline, |kind| *kind == ArrowKind::Thread);
    assert_eq!(ends(&made), [(Some(0), Some(1)), (Some(0), Some(2))]);
    assert!(has(first, &State::Sleeping), "{first:#?}");
    assert!(has(second, &State::Blocked("mutex".into())), "{second:#?}");
    for lane in [main, first, second] {
        assert_eq!(
            status(lane),
            Some(Status::Killed(libc::SIGINT)),
            "{lane:#?}"
        );
    }
}

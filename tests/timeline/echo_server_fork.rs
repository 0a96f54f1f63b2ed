//! The server with its client: descriptors, and bytes that go through sockets.

use labscope::proc::descriptors::{Holder, Target};
use labscope::timeline::{ArrowKind, Cause, Moment, State, Through};
use labscope::trace::Call;

use crate::{arrows, ends, has, lines, names, run, scenario_of, source, timeline_of};

/// What a picture taken in /proc says, as the model says it.
fn taken(picture: &[Holder]) -> Vec<(i32, Vec<(i32, Target)>)> {
    picture
        .iter()
        .map(|holder| (holder.pid, holder.descriptors.clone()))
        .collect()
}

#[test]
fn the_server_forks_for_its_client_and_each_closes_what_it_does_not_need() {
    let scenario = scenario_of("echo_server_fork", "fork");
    let (timeline, transcript) = run("echo_server_fork", &scenario);
    assert_eq!(
        names(&timeline),
        [["echo_server_fork"], ["echo_server_fork"]]
    );
    let [server, child, client] = timeline.lanes.as_slice() else {
        panic!("three lanes: {timeline:#?}");
    };
    assert_eq!(
        (child.parent, client.companion.as_deref()),
        (Some(server.pid), Some("client"))
    );
    assert!(
        has(server, &State::Blocked("accept".into())) && has(child, &State::Held("close".into())),
        "{timeline:#?}"
    );
    assert!(
        child.leaves_no_zombie && !has(child, &State::Zombie),
        "{child:#?}"
    );
    let bytes = arrows(&timeline, |kind| {
        matches!(
            kind,
            ArrowKind::Bytes {
                count: 5,
                through: Through::Tcp,
                ..
            }
        )
    });
    assert_eq!(
        ends(&bytes),
        [(Some(2), Some(1)), (Some(1), Some(2))],
        "{:#?}",
        timeline.arrows
    );
    let own = |tables: &[(i32, Vec<(i32, Target)>)]| -> Vec<(i32, Vec<(i32, Target)>)> {
        tables
            .iter()
            .filter(|(pid, _)| *pid != client.pid)
            .cloned()
            .collect()
    };
    let after = |is_it: &dyn Fn(&Cause) -> bool| {
        let moment = timeline.moments.iter().find(|moment| is_it(&moment.cause));
        own(&moment
            .unwrap_or_else(|| panic!("{:#?}", timeline.moments))
            .tables)
    };
    let [both, apart] = transcript.descriptors.as_slice() else {
        panic!("two pictures: {:#?}", transcript.descriptors);
    };
    assert_eq!(
        after(&|cause| matches!(cause, Cause::Fork { .. })),
        taken(both)
    );
    let closes = timeline
        .moments
        .iter()
        .filter(|moment| matches!(moment.cause, Cause::Close(_)));
    let second = closes.map(|moment| own(&moment.tables)).nth(1);
    assert_eq!(second, Some(taken(apart)), "{:#?}", timeline.moments);
    // Its tracer tells how long each call took, as the lab's own does.
    let trace = transcript
        .companion("client")
        .and_then(|part| part.trace.as_ref());
    let connect = trace.and_then(|trace| trace.calls.iter().find(|call| call.name == "connect"));
    let seconds = connect.and_then(Call::seconds);
    assert!(seconds.is_some_and(|seconds| seconds > 0.0), "{seconds:?}");
    let is_marked = |moment: &Moment| {
        let lane = timeline.lane(moment.pid).expect("its lane");
        lane.marks.iter().any(|mark| mark.at == moment.at)
    };
    assert!(timeline.moments.iter().all(is_marked), "{timeline:#?}");
    // The child closes its end because the client has closed the other.
    let last = |pid| {
        let by = |moment: &&Moment| moment.pid == pid && matches!(moment.cause, Cause::Close(_));
        timeline.moments.iter().rposition(|moment| by(&moment))
    };
    assert!(last(client.pid) < last(child.pid), "{timeline:#?}");
}

#[test]
fn calls_of_the_lab_know_their_lines_and_those_of_its_client_none() {
    let server = timeline_of("echo_server_fork", "fork");
    let text = source("echo_server_fork");
    for lane in &server.lanes {
        let is_known = !lines(lane, &text).is_empty();
        assert_eq!(is_known, lane.companion.is_none(), "{lane:#?}");
    }
}

#[test]
fn each_client_stands_below_the_child_that_serves_it() {
    let scenario = scenario_of("echo_server_fork", "tty");
    let (timeline, _) = run("echo_server_fork", &scenario);
    let lanes = timeline.lanes.iter();
    let clients: Vec<bool> = lanes.map(|lane| lane.companion.is_some()).collect();
    assert_eq!(
        clients,
        [false, false, true, false, true, false, true],
        "{:#?}",
        timeline.lanes
    );
    // Colours are those of the terminal, which shows the lab alone.
    assert_eq!(timeline.colours(), [0, 1, 4, 2, 5, 3, 6]);
    let connections = arrows(&timeline, |kind| *kind == ArrowKind::Connection);
    let expected = [2, 4, 6].map(|client| (Some(client), Some(0)));
    assert_eq!(ends(&connections), expected, "{:#?}", timeline.arrows);
    for (_, _, arrow) in connections {
        assert!(arrow.from.at <= arrow.to.at, "{arrow:?}");
    }
}

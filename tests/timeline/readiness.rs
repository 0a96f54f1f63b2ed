//! What select, poll and epoll found ready is what the server turns to.

use labscope::proc::descriptors::Target;
use labscope::timeline::MarkKind;

use crate::timeline_of;

#[test]
fn a_server_turns_to_the_descriptor_that_was_ready() {
    for server in [
        "echo_server_multi",
        "echo_server_poll",
        "echo_server_epoll",
        "echo_server_robust",
    ] {
        let timeline = timeline_of(server, "tty");
        let marks = timeline.lanes.iter().flat_map(|lane| &lane.marks);
        let calls: Vec<(&str, bool)> = marks
            .filter_map(|mark| match &mark.kind {
                MarkKind::Call {
                    text, tells_ready, ..
                } => Some((text.as_str(), *tells_ready)),
                _ => None,
            })
            .collect();
        let mut turns = 0;
        for (place, (found, _)) in calls.iter().enumerate().filter(|(_, (_, tells))| *tells) {
            let (_, ready) = found.split_once(" → {").expect("what was ready");
            let Ok(first) = ready.trim_end_matches('}').parse::<i32>() else {
                continue; // several, or the end of the pipe that tells a worker to finish
            };
            let next = calls[place + 1..].iter().find(|(text, _)| {
                text.starts_with("accept") || text.starts_with("read") && !text.contains("EAGAIN")
            });
            let Some((next, _)) = next else {
                break; // a signal ended it
            };
            assert!(
                next.contains(&format!("({first})")),
                "{server}: {found}, then {next}"
            );
            turns += 1;
        }
        assert!(turns >= 5, "{server}: {calls:#?}");
    }
}

#[test]
fn the_list_of_an_epoll_instance_grows_with_each_connection_and_shrinks_with_its_end() {
    let timeline = timeline_of("echo_server_epoll", "tty");
    let server = timeline.lanes[0].pid;
    let lists: Vec<Vec<i32>> = timeline
        .moments
        .iter()
        .filter_map(|moment| {
            let (_, table) = moment.tables.iter().find(|(pid, _)| *pid == server)?;
            table.iter().find_map(|(number, target)| match target {
                Target::Epoll(watched) if *number == 4 => Some(watched.clone()),
                _ => None,
            })
        })
        .collect();
    // A moment is drawn before the server puts the connection that it has accepted on the list.
    for wanted in [&[3][..], &[3, 5], &[3, 5, 6]] {
        assert!(lists.iter().any(|list| list == wanted), "{lists:?}");
    }
    let fullest = lists.iter().rposition(|list| list.len() == 3);
    let last = lists.last().expect("a moment");
    assert!(
        fullest < Some(lists.len() - 1) && last.len() < 3,
        "{lists:?}"
    );
}

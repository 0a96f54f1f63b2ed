//! shm_producer_race: what two processes add to one number is lost by half.

use labscope::{Signal, Status, Step};

use super::shm::*;
use super::{run, support};

#[test]
fn what_the_other_one_has_added_meanwhile_is_overwritten() {
    let transcript = run("shm_producer_race", "tty");
    let consumer = transcript.companion("consumer").expect("its part");
    assert_eq!(numbers(&transcript.normalised().terminal)[..2], [1, 2]);
    assert_eq!(numbers(&consumer.normalised().terminal), [1]);
    // The number itself: 0, then what the consumer has stored over the 2.
    let value = |picture: &labscope::proc::descriptors::Holder| picture.segments[0].value;
    assert_eq!(value(&transcript.descriptors[0][0]), Some(0));
    assert_eq!(value(&consumer.descriptors[0][0]), Some(1));
    assert_eq!(transcript.status, Some(Status::Killed(libc::SIGINT)));
}

#[test]
fn half_of_all_is_lost_in_some_order_and_less_or_more_in_others() {
    let found = in_every_order("shm_producer_race", "shm_consumer_race", 17);
    let added = |output: &str| numbers(output).len() as i32;
    let largest = |output: &str| numbers(output).into_iter().max().unwrap_or(0);
    let outputs: Vec<&str> = found.outcomes.iter().map(|it| it.output.as_str()).collect();
    let all = outputs.join("\n--\n");
    let is_half = |output: &&&str| added(output) >= 4 && 2 * largest(output) == added(output);
    assert!(outputs.iter().any(|it| is_half(&it)), "{all}");
    assert!(
        outputs
            .iter()
            .any(|it| it.contains("shmget failed : : No such file")),
        "{all}"
    );
}

#[test]
fn nothing_is_left_behind_by_control_c_or_termination() {
    let lab = || support::traced("shm_producer_race");
    for end in [Signal::SIGINT, Signal::SIGTERM] {
        let steps = || vec![entered("clock_nanosleep", 1), signal(end)];
        assert_eq!(left_behind(lab(), &[], steps()), [""; 0], "{end}");
        let c = left_behind(support::twin("shm_producer_race"), &[], steps());
        assert_eq!(c.len(), 1, "{end}: {c:?}");
    }
    let steps = vec![entered("clock_nanosleep", 1), signal(Signal::SIGKILL)];
    assert_eq!(left_behind(lab(), &[], steps).len(), 1);
}

#[test]
fn a_signal_at_any_call_of_the_beginning_leaves_nothing_behind() {
    for call in ["rt_sigprocmask", "shmget", "shmat", "rt_sigaction"] {
        for inject in ["signal=INT", "signal=TERM"] {
            let inject = format!("{call}:{inject}:when=1");
            let left = left_behind(
                support::traced("shm_producer_race"),
                &[&inject],
                Vec::<Step>::new(),
            );
            assert_eq!(left, [""; 0], "{inject}");
        }
    }
}

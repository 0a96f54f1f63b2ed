//! shm_producer_sem: with a semaphore nothing is lost, also when its holder is killed; and who sets it.

use labscope::{Condition, Scenario, Signal, Status, Step, Transcript};

use super::shm::*;
use super::{calls, run, support};

#[test]
fn they_take_turns_and_nothing_is_lost() {
    let transcript = run("shm_producer_sem", "tty");
    let consumer = transcript.companion("consumer").expect("its part");
    assert_eq!(numbers(&transcript.normalised().terminal), [1, 3]);
    assert_eq!(numbers(&consumer.normalised().terminal), [2]);
}

#[test]
fn in_no_order_is_anything_lost() {
    let found = in_every_order("shm_producer_sem", "shm_consumer_sem", 17);
    let outputs: Vec<&str> = found.outcomes.iter().map(|it| it.output.as_str()).collect();
    for output in &outputs {
        let numbers = numbers(output);
        let expected: Vec<i32> = (1..=numbers.len() as i32).collect();
        assert_eq!(numbers, expected, "{output}");
    }
    // Whoever has given the semaphore back may be the next to take it, and so may the other one.
    for turns in [
        "Producer : 1 Producer : 2",
        "Producer : 1 Consumer : 2",
        "Consumer : 1 Producer : 2",
    ] {
        let turns = turns
            .replace(" :", " semaphore :")
            .replace(" Pro", "\nPro")
            .replace(" Con", "\nCon");
        assert!(
            outputs.iter().any(|it| it.starts_with(&turns)),
            "{turns}: {outputs:?}"
        );
    }
}

#[test]
fn the_semaphore_of_a_killed_holder_is_given_back() {
    let transcript = run("shm_producer_sem", "undone");
    assert_eq!(numbers(&transcript.normalised().terminal)[..2], [1, 2]);
    let consumer = transcript.companion("consumer").expect("its part");
    assert_eq!(consumer.status, Some(Status::Killed(libc::SIGKILL)));
}

/// The same program twice; the first is stopped while it is inside, until the second sleeps.
fn twice(program: &str, is_c: bool) -> Transcript {
    let path = if is_c {
        support::twin(program)
    } else {
        support::traced(program)
    };
    let mut steps = vec![
        entered("clock_nanosleep", 1),
        signal(Signal::SIGSTOP),
        wait(Condition::State {
            state: 'T',
            process: 1,
        }),
        start("second"),
        with("second", entered("semop", 1)),
        with("second", asleep()),
    ];
    if is_c {
        steps.push(with("second", shown("Producer semaphore : 1\r\n"))); // the first has not come out
    }
    steps.push(signal(Signal::SIGCONT));
    steps.push(shown("Producer semaphore : 1\r\n"));
    steps.push(with("second", shown("Producer semaphore : ")));
    steps.push(signal(Signal::SIGKILL));
    let companions = vec![companion("second", path.clone())];
    let scenario = Scenario {
        steps,
        companions,
        ..Scenario::named("twice")
    };
    play(path, scenario)
}

#[test]
fn a_second_producer_waits_where_the_c_walks_in() {
    let second = |transcript: &Transcript| {
        let part = transcript.companion("second").expect("its part");
        numbers(&part.normalised().terminal)[0]
    };
    assert_eq!(second(&twice("shm_producer_sem", true)), 1);
    assert_eq!(second(&twice("shm_producer_sem", false)), 2);
}

#[test]
fn stopped_and_continued_it_waits_on_where_the_c_ends() {
    let transcript = run("shm_producer_sem", "stopped");
    let told = calls(&transcript, 1).join(" ");
    assert!(told.contains("semop = EINTR semop"), "{told}");
}

#[test]
fn nothing_is_left_behind_by_control_c_or_termination() {
    let lab = || support::traced("shm_producer_sem");
    for end in [Signal::SIGINT, Signal::SIGTERM] {
        let steps = || vec![entered("clock_nanosleep", 1), signal(end)];
        assert_eq!(left_behind(lab(), &[], steps()), [""; 0], "{end}");
        let c = left_behind(support::twin("shm_producer_sem"), &[], steps());
        assert_eq!(c.len(), 2, "{end}: {c:?}");
    }
}

#[test]
fn a_signal_or_an_error_at_any_call_of_the_beginning_leaves_nothing_behind() {
    let inject = |call: &str, what: &str| {
        let inject = format!("{call}:{what}:when=1");
        let left = left_behind(
            support::traced("shm_producer_sem"),
            &[&inject],
            Vec::<Step>::new(),
        );
        assert_eq!(left, [""; 0], "{inject}");
    };
    for call in [
        "rt_sigprocmask",
        "shmget",
        "shmat",
        "semget",
        "semctl",
        "rt_sigaction",
    ] {
        inject(call, "signal=INT");
    }
    for call in ["shmget", "shmat", "semget", "semctl"] {
        inject(call, "error=EINTR");
    }
    inject("semop", "error=EIDRM");
}

//! count_thread_mutex: no increment is lost, whoever takes the mutex next.

use labscope::control::Sleeps;

use super::count_thread_race::{counted, in_any_order};
use super::support::{traced, twin};
use super::{run, run_traced};

#[test]
fn each_number_comes_once() {
    let text = run("count_thread_mutex", "tty").normalised().terminal;
    let counted = text.lines().filter(|line| !line.starts_with("Main"));
    let numbers: Vec<&str> = counted
        .filter_map(|line| line.split_once(' '))
        .map(|(_, number)| number)
        .collect();
    assert_eq!(numbers, ["1", "2", "3"], "{text}");
}

#[test]
fn who_finds_it_taken_sleeps_in_the_kernel_and_is_woken_by_who_gives_it_up() {
    let transcript = run_traced("count_thread_mutex", "tty");
    let trace = transcript.trace.as_ref().unwrap();
    let threads: Vec<i32> = trace
        .threads_made(transcript.pids[0])
        .map(|(_, tid)| tid)
        .collect();
    let first = |thread: i32| {
        trace
            .calls
            .iter()
            .find(|call| call.thread == thread)
            .unwrap()
    };
    assert_eq!(
        first(threads[0]).name,
        "clock_nanosleep",
        "the mutex was free: no call"
    );
    assert_eq!(first(threads[1]).name, "futex");
    assert!(
        first(threads[1])
            .args
            .get(1)
            .as_str()
            .contains("FUTEX_WAIT_PRIVATE")
    );
    // ^C may come while the last one is under way.
    let woken: Vec<Option<i64>> = trace
        .calls
        .iter()
        .filter(|call| call.args.get(1).as_str().contains("FUTEX_WAKE") && call.result.is_some())
        .map(|call| call.value())
        .collect();
    assert!(
        !woken.is_empty() && woken.iter().all(|woken| *woken == Some(1)),
        "{trace:?}"
    );
}

#[test]
fn in_no_order_is_an_update_lost() {
    let lab = || traced("count_thread_mutex");
    for (program, sleeps, steps) in [
        (lab(), Sleeps::InTime, 16),
        (twin("count_thread_mutex"), Sleeps::InTime, 16),
        (lab(), Sleeps::Any, 9),
    ] {
        let (found, are_all) = in_any_order(program, sleeps, steps);
        assert!(are_all, "{:?}", found.bound);
        let seen: Vec<Vec<i32>> = found
            .outcomes
            .iter()
            .map(|it| counted(&it.output))
            .collect();
        for numbers in &seen {
            let expected: Vec<i32> = (1..=numbers.len() as i32).collect();
            assert_eq!(*numbers, expected);
        }
        assert!(seen.iter().any(|it| it.len() >= 2), "{seen:?}");
    }
}

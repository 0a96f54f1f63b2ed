//! count_thread_race: of two increments one is lost.

use std::path::PathBuf;

use labscope::control::{Settings, Sleeps};
use labscope::orders::{Bound, Exploration, Outcome};

use super::support::{traced, twin};
use super::{in_every_order, run};

/// A program in every order of so many steps, and whether these are all.
pub fn in_any_order(program: PathBuf, sleeps: Sleeps, steps: usize) -> (Exploration, bool) {
    let mut settings = Settings::new(program);
    settings.sleeps = sleeps;
    let found = in_every_order(settings, steps, |_| false);
    let are_all = found.bound == Some(Bound::Steps(steps));
    (found, are_all)
}

/// The numbers that the threads have counted to, in order of printing.
pub fn counted(output: &str) -> Vec<i32> {
    let lines = output.lines().filter(|line| !line.starts_with("Main"));
    let numbers = lines.filter_map(|line| line.split_once(' '));
    numbers.map(|(_, number)| number.parse().unwrap()).collect()
}

#[test]
fn two_threads_print_each_number_twice() {
    let text = run("count_thread_race", "tty").normalised().terminal;
    let counted: Vec<(&str, &str)> = text
        .lines()
        .filter_map(|line| line.split_once(' '))
        .collect();
    let counted: Vec<(&str, &str)> = counted
        .into_iter()
        .filter(|(who, _)| *who != "Main")
        .collect();
    let numbers: Vec<&str> = counted.iter().map(|(_, number)| *number).collect();
    assert_eq!(numbers, ["1", "1", "2", "2"], "{text}");
    let threads: std::collections::HashSet<&str> = counted.iter().map(|(who, _)| *who).collect();
    assert_eq!(threads.len(), 2, "{text}");
}

#[test]
fn as_long_as_they_sleep_each_update_is_lost_once() {
    for program in [traced("count_thread_race"), twin("count_thread_race")] {
        let (found, are_all) = in_any_order(program, Sleeps::InTime, 16);
        assert!(are_all, "{:?}", found.bound);
        for outcome in &found.outcomes {
            let counted = counted(&outcome.output);
            assert!(matches!(counted[..], [1, 1, 2, ..]), "{counted:?}");
        }
    }
}

#[test]
fn if_one_sleeps_to_its_end_before_the_other_loads_nothing_is_lost() {
    let mut settings = Settings::new(traced("count_thread_race"));
    settings.sleeps = Sleeps::Any;
    let is_wanted = |outcome: &Outcome| counted(&outcome.output) == [1, 2];
    let found = in_every_order(settings, 9, is_wanted);
    assert!(found.outcomes.iter().any(is_wanted), "{found:?}");
}

//! count_thread_race: of two increments one is lost.

use super::run;

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

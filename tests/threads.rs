//! Threads: what `<pthread.h>` promises here. Each test runs a story of `probes/threads.rs` and reads what it told.

mod support;

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdin, Command, Stdio};

use support::tracer::Traced;
use support::{bounded, output, probe, text_of};

/// Runs a story and compares what it tells, line by line.
fn assert_told(story: &str, expected: &[&str]) {
    let output = output(bounded(probe("probe_threads")).arg(story));
    let seen = text_of(&output);
    assert!(
        output.status.success(),
        "{story:?}: {}\n{seen}",
        output.status
    );
    assert_eq!(seen.lines().collect::<Vec<_>>(), expected, "{story:?}");
}

/// A story that stands still to be looked at.
struct Stopped {
    child: Child,
    input: ChildStdin,
    told: Vec<String>,
}

impl Stopped {
    fn new(story: &str) -> Stopped {
        let mut command = Command::new(probe("probe_threads"));
        command
            .arg(story)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let input = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
        let told = lines
            .map(Result::unwrap)
            .take_while(|line| line != "look")
            .collect();
        Stopped { child, input, told }
    }

    fn proc(&self, file: &str) -> String {
        fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap()
    }

    /// The number behind a name in /proc/PID/status.
    fn status(&self, name: &str) -> usize {
        let status = self.proc("status");
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name))
            .unwrap();
        line.trim_matches(|c: char| !c.is_ascii_digit())
            .parse()
            .unwrap()
    }

    fn mappings(&self) -> usize {
        self.proc("maps").lines().count()
    }

    /// Lets it go on to its end.
    fn ends(&mut self) {
        self.input.write_all(b"\n").unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Mappings of a program with one thread that has used one slot: the arena in three parts, and what the program itself has.
fn mappings_with_one_stack() -> usize {
    let mut once = Stopped::new("joined");
    let mappings = once.mappings();
    once.ends();
    mappings
}

#[test]
fn ten_thousand_joined_threads_have_one_stack_between_them() {
    let mut story = Stopped::new("joined");
    assert_eq!(story.told, ["sum 99990000"]);
    while story.status("Threads:") > 1 {} // joined as soon as its stack is free: the last one may still be on its way
    let of_the_arena = story
        .proc("maps")
        .lines()
        .filter(|line| line.contains("---p"))
        .count();
    assert_eq!(of_the_arena, 2, "{}", story.proc("maps")); // below and above that stack
    story.ends();
}

#[test]
fn ten_thousand_detached_threads_leave_no_thread_and_use_few_stacks() {
    let mut story = Stopped::new("detached");
    while story.status("Threads:") > 1 {} // the last ones are on their way
    // Two more for each stack beyond the first: a thread may begin while others are about to end.
    let more = story.mappings() - mappings_with_one_stack();
    assert!(more <= 64, "{}", story.proc("maps"));
    story.ends();
}

#[test]
fn a_thousand_threads_at_once_take_little_memory() {
    let mut story = Stopped::new("at once");
    assert_eq!(story.status("Threads:"), 1001);
    let (memory, tables) = (story.status("VmRSS:"), story.status("VmPTE:"));
    assert!(
        memory < 5_000 && tables < 300,
        "{memory} kB, page tables {tables} kB"
    );
    story.ends();
}

#[test]
fn a_stack_that_overflows_ends_the_process_and_spoils_nothing() {
    let output = output(Command::new(probe("probe_threads")).arg("guard"));
    assert_eq!(output.status.signal(), Some(11), "{}", text_of(&output));
    assert_eq!(text_of(&output), "");
}

/// The numbers that each name printed, in order.
fn by_name(text: &str) -> HashMap<&str, Vec<usize>> {
    let mut lines: HashMap<&str, Vec<usize>> = HashMap::new();
    for line in text.lines() {
        let (name, number) = line.split_once(' ').unwrap_or_else(|| panic!("{line:?}"));
        lines.entry(name).or_default().push(number.parse().unwrap());
    }
    lines
}

#[test]
fn no_line_of_two_threads_is_lost_or_torn() {
    let output = output(bounded(probe("probe_threads")).arg("lines"));
    let text = text_of(&output);
    let lines = by_name(&text);
    let all: Vec<usize> = (0..100_000).collect();
    assert!(lines.len() == 2 && lines["1"] == all && lines["2"] == all);
}

#[test]
fn a_handler_that_prints_in_the_middle_of_a_print_fails_at_once_and_harms_nothing() {
    let output = output(bounded(probe("probe_threads")).arg("handlers"));
    let text = text_of(&output);
    assert!(output.status.success(), "{}", output.status);
    let (handlers, rest): (Vec<&str>, Vec<&str>) =
        text.lines().partition(|line| *line == "handler");
    let rest = rest.join("\n");
    let lines = by_name(&rest);
    let all: Vec<usize> = (0..100_000).collect();
    assert!(lines["1"] == all && lines["2"] == all);
    let third = lines.get("3").map_or(&[][..], Vec::as_slice);
    assert!(third.chunks(all.len()).all(|chunk| chunk == all));
    // What was printed before the story told how many; some may have come after it.
    assert!(
        handlers.len() >= lines["handlers"][0],
        "{} {:?}",
        handlers.len(),
        lines["handlers"]
    );
}

#[test]
fn one_thread_at_a_time_holds_a_mutex() {
    assert_told("exclusion", &["count 400000"]);
}

#[test]
fn a_condition_variable_wakes_whoever_waits() {
    assert_told("items", &["sum 50005000"]);
}

#[test]
fn what_cannot_be_joined_detached_or_unlocked_is_an_error() {
    let told = [
        "own Err(EDEADLK)",
        "again Err(ESRCH) Err(ESRCH)",
        "detached Err(EINVAL) Err(EINVAL)",
        "first Err(ESRCH) 0",
        "unlock Err(EPERM)",
    ];
    assert_told("errors", &told);
}

#[test]
fn the_last_thread_ends_the_process_in_good_order() {
    assert_told("first leaves", &["the last"]);
}

#[test]
fn a_thread_that_waits_for_input_keeps_nobody_from_printing_or_leaving() {
    let mut command = bounded(probe("probe_threads"));
    let child = command
        .arg("blocked")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let _kept_open = child.stdin.take();
    let output = child.wait_with_output().unwrap();
    assert_eq!(text_of(&output), "others print\n");
    assert!(output.status.success(), "{}", output.status);
}

#[test]
fn a_thread_that_cannot_be_made_is_eagain_and_the_next_one_can() {
    for refused in [
        "clone:error=EAGAIN",
        "clone:error=ENOMEM",
        "mmap:error=ENOMEM",
        "mprotect:error=ENOMEM",
    ] {
        let inject = format!("{refused}:when=1");
        let (output, _) = Traced::new(&[&inject], probe("probe_threads"), ["refused"]).run();
        assert_eq!(text_of(&output), "Some(EAGAIN)\nthen Ok(42)\n", "{refused}");
    }
}

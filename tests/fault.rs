//! What when something fails? `labscope fault`.

mod support;

use std::fs;
use std::process::{Command, Output, Stdio};

use support::hand::Hand;
use support::{Scratch, output, root, text_of, traced, twin};

/// `labscope fault pipe …`, in English.
fn fault(arguments: &[&str]) -> Command {
    traced("pipe");
    twin("pipe");
    let mut command = support::bounded(support::labscope());
    command.arg("--root").arg(root()).args(["--lang", "en"]);
    command.args(["fault", "pipe"]).args(arguments);
    command.stdin(Stdio::null());
    command
}

fn told(arguments: &[&str]) -> (String, Output) {
    let told = output(&mut fault(arguments));
    (text_of(&told), told)
}

/// Drills on a terminal.
fn begin(arguments: &[&str], columns: &str) -> Hand {
    let inner = fault(arguments);
    // ^C reaches whoever holds the terminal.
    let mut command = Command::new("setsid");
    command.arg("--ctty").arg(inner.get_program());
    command.args(inner.get_args());
    command.env("NO_COLOR", "1").env("COLUMNS", columns);
    Hand::begin(command)
}

/// Waits for a question, and for the keyboard to be ours.
fn question(hand: &mut Hand) -> String {
    hand.read("Any key: the answer")
}

#[test]
fn the_outcomes_come_at_a_key_and_the_next_question_at_another() {
    let mut hand = begin(&[], "80");
    let first = question(&mut hand);
    assert!(first.contains("fault 1 of "), "{first}");
    assert!(!first.contains("the C program\r\n"), "{first}");
    assert!(!hand.has_its_modes());
    hand.key(" ");
    hand.read("the C program\r\n");
    hand.read("the lab\r\n");
    hand.read("any key: the next one");
    hand.key(" ");
    hand.read("fault 2 of ");
    question(&mut hand);
    hand.key("q");
    assert_eq!(hand.end().1, Some(0));
}

#[test]
fn q_and_control_c_leave_the_terminal_as_it_was() {
    for key in ["q", "\u{3}"] {
        let mut hand = begin(&["--fault", "no-pipe"], "80");
        question(&mut hand);
        assert!(!hand.has_its_modes());
        hand.key(key);
        assert_eq!(hand.end().1, Some(0));
    }
}

#[test]
fn from_100_columns_on_c_and_rust_stand_beside_each_other() {
    for (columns, beside) in [("99", false), ("100", true)] {
        let mut hand = begin(&["--fault", "no-pipe", "--fast"], columns);
        let text = hand.read("every call:");
        let heads = text.lines().find(|line| line.starts_with("the C program"));
        let heads = heads.unwrap_or_else(|| panic!("{text}"));
        assert_eq!(heads.trim_end().ends_with("the lab"), beside, "{text}");
        let widest = text.lines().map(|line| line.trim_end().chars().count());
        assert!(widest.max() <= columns.parse().ok(), "{text}");
        assert_eq!(hand.end().1, Some(0));
    }
}

#[test]
fn without_a_terminal_or_fast_it_waits_for_no_key() {
    let (text, told) = self::told(&["--fault", "no-fork"]);
    assert_eq!(told.status.code(), Some(0), "{text}");
    for says in [
        "pipe: fault 1 of 1: no-fork",
        "made to fail: fork() = -1 EAGAIN",
        "pipe.c:22  pid = fork();",
        "pipe.rs:32  match fork() {",
        "? fork fails: nobody writes into the pipe.",
        "exited with status 1",
        "C and Rust: same",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    assert!(!text.contains("Any key"), "{text}");
    let mut hand = begin(&["--fault", "no-pipe", "--fast"], "80");
    hand.read("every call: make compare-pipe SCENARIO=no-pipe");
    assert_eq!(hand.end().1, Some(0));
}

#[test]
fn a_close_that_is_left_out_keeps_the_pipe_open() {
    let (text, _) = told(&["--fault", "close-left-out"]);
    assert!(text.contains("not made, and its result made up: close(4) = 0"));
    let waits = text
        .matches("at the end of the run still in read(3")
        .count();
    assert_eq!(waits, 2, "{text}");
}

#[test]
fn the_answer_shows_the_write_that_nobody_reads_and_the_question_does_not() {
    let (text, _) = told(&["--fault", "parent-killed"]);
    let (question, answer) = text.split_once("? The only reader").expect("a question");
    assert!(!question.contains("write(4"), "{text}");
    let writes = answer.matches("write(4, \"\\x03\\x00\\x00\\x00\") = -1 EPIPE");
    assert_eq!(writes.count(), 2, "{text}");
    assert_eq!(answer.matches("SIGPIPE comes").count(), 2, "{text}");
}

#[test]
fn what_is_no_fault_is_told_with_those_that_there_are() {
    let (text, told) = self::told(&["--fault", "no-fork-at-all"]);
    assert_ne!(told.status.code(), Some(0));
    assert!(
        text.contains("is it no-fork? There are: child-killed"),
        "{text}"
    );
}

#[test]
fn a_lab_without_a_fault_says_so_and_names_those_that_have_one() {
    let project = Scratch::new();
    let bin = |name| format!("[[bin]]\nname = \"{name}\"\npath = \"bins/{name}/{name}.rs\"\n\n");
    project.file("Cargo.toml", bin("one") + &bin("two"));
    for (name, more) in [("one", ""), ("two", "fault = { en = \"?\", ko = \"?\" }\n")] {
        let folder = project.path("bins").join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let text =
            format!("[[scenario]]\nname = \"tty\"\ntitle = {{ en = \"t\", ko = \"t\" }}\n{more}");
        fs::write(folder.join("scenarios.toml"), text).expect("a file");
    }
    let mut command = support::bounded(support::labscope());
    command
        .arg("--root")
        .arg(project.path(""))
        .args(["--lang", "en"]);
    let told = output(command.args(["fault", "one"]));
    let text = text_of(&told);
    assert!(
        text.contains("one has no fault drill; these labs have: two"),
        "{text}"
    );
}

//! A lab as a skeleton that is filled in: `labscope try`.

mod support;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::sys::termios::{LocalFlags, tcgetattr};
use nix::unistd::Pid;
use support::terminal::{comes, open_terminal};
use support::{Scratch, output, root, source, text_of, traced, twin};

/// `labscope try child_wait` with a file of its own, in English.
fn attempt(file: &std::path::Path, arguments: &[&str]) -> Command {
    traced("child_wait");
    twin("child_wait");
    let mut command = support::bounded(support::labscope());
    command.arg("--root").arg(root()).args(["--lang", "en"]);
    command.args(["try", "child_wait", "--c"]).arg(file);
    command.args(arguments).stdin(Stdio::null());
    command
}

fn once(file: &std::path::Path, arguments: &[&str]) -> Output {
    output(&mut attempt(file, arguments))
}

fn c() -> String {
    fs::read_to_string(source("child_wait", "c")).expect("the C program")
}

/// The skeleton on a terminal, and what has been shown there.
struct Hand {
    _scratch: Scratch,
    file: PathBuf,
    master: File,
    slave: File,
    child: Child,
    seen: String,
}

impl Hand {
    fn begin() -> Hand {
        Hand::with("child_wait.c", &[])
    }

    fn with(name: &str, arguments: &[&str]) -> Hand {
        let scratch = Scratch::new();
        let file = scratch.path(name);
        let (master, slave) = open_terminal();
        let stream = || Stdio::from(slave.try_clone().unwrap());
        let mut command = attempt(&file, arguments);
        command.env("TERM", "xterm").env("NO_COLOR", "1");
        command.stdin(stream()).stdout(stream()).stderr(stream());
        let child = command.spawn().expect("labscope");
        Hand {
            _scratch: scratch,
            file,
            master,
            slave,
            child,
            seen: String::new(),
        }
    }

    /// Waits until a text has been shown since the last time.
    fn read(&mut self, wanted: &str) {
        while !self.seen.contains(wanted) {
            assert!(
                comes(&self.master),
                "{wanted:?} did not come: {}",
                self.seen
            );
            let mut bytes = [0; 4096];
            let count = self.master.read(&mut bytes).unwrap_or(0);
            assert!(count > 0, "{wanted:?} did not come: {}", self.seen);
            self.seen += &String::from_utf8_lossy(&bytes[..count]);
        }
        let end = self.seen.find(wanted).unwrap_or(0) + wanted.len();
        self.seen.drain(..end);
    }

    fn key(&mut self, key: &str) {
        self.master.write_all(key.as_bytes()).expect("a key");
    }

    /// As most editors do: another file gets the name.
    fn save(&self, text: &str) {
        let new = self.file.with_extension("new");
        fs::write(&new, text).expect("a file");
        fs::rename(&new, &self.file).expect("a save");
    }

    fn has_its_modes(&self) -> bool {
        let modes = tcgetattr(&self.slave).expect("a terminal").local_flags;
        modes.contains(LocalFlags::ICANON | LocalFlags::ECHO)
    }

    fn end(mut self) -> Option<i32> {
        let status = self.child.wait().expect("an end");
        assert!(self.has_its_modes());
        status.code()
    }
}

#[test]
fn each_save_is_answered_h_tells_more_and_the_solution_ends_it() {
    let mut hand = Hand::begin();
    hand.read("gap 1 of 4");
    hand.key("h");
    hand.read("hint: fork takes nothing");
    hand.key("h");
    hand.read("man 2 fork");
    hand.key("h");
    hand.read("That was the last hint.");
    let skeleton = fs::read_to_string(&hand.file).expect("the skeleton");
    let todo = "/* TODO: Make a child; keep what fork returns in pid. */";
    hand.save(&skeleton.replace(todo, "pid = fork()"));
    hand.read("child_wait.c:18:17: error: expected ");
    hand.save(&skeleton.replace(todo, "pid = fork();"));
    hand.read("gap 2 of 4");
    hand.save(&c().replace("exit(100)", "exit(10)"));
    hand.read("gap 4 of 4");
    hand.read("with the value 100.");
    hand.save(&c());
    hand.read("The same as child_wait");
    assert_eq!(hand.end(), Some(0));
}

#[test]
fn q_and_a_signal_leave_the_terminal_as_it_was() {
    let mut hand = Hand::begin();
    hand.read("gap 1 of 4");
    assert!(!hand.has_its_modes());
    hand.key("q");
    assert_eq!(hand.end(), Some(0));
    let mut hand = Hand::begin();
    hand.read("gap 1 of 4");
    let pid = Pid::from_raw(hand.child.id() as i32);
    kill(pid, Signal::SIGINT).expect("a signal");
    assert_eq!(hand.end(), Some(0));
}

#[test]
fn without_a_terminal_it_is_compared_once_and_the_status_tells_whether_it_is_the_same() {
    let scratch = Scratch::new();
    let file = scratch.path("child_wait.c");
    let told = once(&file, &["--hint", "3"]);
    let text = text_of(&told);
    assert_eq!(told.status.code(), Some(1), "{text}");
    for says in [
        "gap 1 of 4",
        "Make a child",
        "man 2 fork",
        "child_wait.c:18",
        "child_wait.rs:25",
    ] {
        assert!(text.contains(says), "{says}: {text}");
    }
    let own = c().replace("printf(\"=====", "printf(\"-----");
    fs::write(&file, &own).expect("a file");
    let told = once(&file, &[]);
    let text = text_of(&told);
    assert_eq!(told.status.code(), Some(1), "{text}");
    assert!(
        text.contains("No gap is left") && text.contains("-----"),
        "{text}"
    );
    assert_eq!(
        fs::read_to_string(&file).expect("it"),
        own,
        "it was overwritten"
    );
    let told = once(&source("child_wait", "c"), &[]);
    assert_eq!(told.status.code(), Some(0), "{}", text_of(&told));
}

fn rust() -> String {
    fs::read_to_string(source("child_wait", "rs")).expect("the lab")
}

#[test]
fn in_rust_what_was_written_is_judged_while_other_gaps_are_empty() {
    support::rust_recipe();
    let mut hand = Hand::with("child_wait.rs", &["--in", "rust"]);
    hand.read("gap 1 of 4");
    hand.key("h");
    hand.read("hint: fork takes nothing");
    hand.key("h");
    hand.read("child_wait.rs:25");
    let skeleton = fs::read_to_string(&hand.file).expect("the skeleton");
    let fork = "// TODO: Make a child; keep what fork returns in pid.";
    assert!(skeleton.contains(fork) && !skeleton.contains("match fork() {"));
    hand.save(&skeleton.replace(fork, "match fork( {"));
    hand.read("child_wait.rs:25:");
    hand.save(&skeleton.replace(fork, "match fork() {"));
    hand.read("gap 2 of 4");
    // A wrong one is told although others are still empty.
    let wait = "// TODO: Wait for the child";
    let wait = skeleton.lines().find(|line| line.contains(wait));
    let wait = wait.expect("a gap").trim().to_owned();
    let wrong = skeleton.replace(&wait, "let pid = getpid();");
    hand.save(&wrong.replace(fork, "match fork() {"));
    hand.read("gap 3 of 4");
    hand.read("seen in");
    hand.save(&rust());
    hand.read("The same as child_wait");
    assert_eq!(hand.end(), Some(0));
}

#[test]
fn rustc_reads_no_files_of_others_while_it_compiles_what_a_student_wrote() {
    support::rust_recipe();
    let scratch = Scratch::new();
    let secret = scratch.file("secret", "it");
    let line = format!("const SECRET: &str = include_str!({secret:?});\nrawlabs::main!");
    let file = scratch.file("child_wait.rs", rust().replace("rawlabs::main!", &line));
    let told = once(&file, &["--in", "rust"]);
    let text = text_of(&told);
    assert_eq!(told.status.code(), Some(1), "{text}");
    assert!(text.contains("secret"), "{text}");
    assert!(text.contains("couldn't read"), "{text}");
    let told = once(&file, &["--in", "rust", "--trust"]);
    assert_eq!(told.status.code(), Some(0), "{}", text_of(&told));
}

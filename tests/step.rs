//! A run under the reader's hand: `labscope step`.

mod support;

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use serde::Deserialize;
use support::hand::Hand;
use support::{Scratch, labs, output, root, source, text_of, traced, twin};

#[derive(Debug, Deserialize)]
struct View {
    steps: String,
    processes: Vec<Process>,
    output: String,
    status: Option<serde_json::Value>,
}

#[derive(Debug, Deserialize)]
struct Process {
    process: String,
    state: String,
    call: Option<String>,
    line: Option<String>,
    source: Option<String>,
    descriptors: Vec<String>,
    unwritten: String,
}

impl View {
    fn process(&self, path: &str) -> &Process {
        let mut processes = self.processes.iter();
        let process = processes.find(|it| it.process == path);
        process.unwrap_or_else(|| panic!("{path}: {self:#?}"))
    }
}

fn step(command: &mut Command, arguments: &[&str]) -> Output {
    output(command.args(arguments))
}

/// `labscope step lab …`, in English.
fn labscope(lab: &str) -> Command {
    traced(lab);
    twin(lab);
    let mut command = support::bounded(support::labscope());
    command
        .arg("--root")
        .arg(root())
        .args(["--lang", "en", "step", lab]);
    command.stdin(Stdio::null());
    command
}

/// What stands there after these steps.
fn view(lab: &str, arguments: &[&str]) -> View {
    let found = step(labscope(lab).arg("--json"), arguments);
    let text = text_of(&found);
    assert!(found.status.success(), "{lab} {arguments:?}: {text}");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn c_of(lab: &str) -> String {
    source(lab, "c").display().to_string()
}

#[test]
fn each_lab_and_its_c_stand_at_a_line_that_makes_a_call() {
    for lab in labs() {
        for (arguments, extension) in [
            (vec![], ".rs:"),
            (vec!["--c".to_owned(), c_of(&lab)], ".c:"),
        ] {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let first = view(&lab, &arguments);
            let process = first.process("<1>");
            let line = process.line.as_deref().unwrap_or_default();
            let call = process.call.as_deref().unwrap_or_default();
            assert!(line.contains(extension), "{lab}: {process:?}");
            assert!(call.contains('('), "{lab}: {process:?}");
            assert!(
                !process.source.as_deref().unwrap_or_default().is_empty(),
                "{lab}: {process:?}"
            );
            assert!(
                process.descriptors.contains(&"0 1 2 terminal".to_owned()),
                "{lab}: {process:?}"
            );
        }
    }
}

#[test]
fn what_was_printed_before_fork_waits_in_both_buffers_behind_it() {
    for more in [vec![], vec!["--c".to_owned(), c_of("fork_test")]] {
        let mut arguments = vec!["--out", "pipe"];
        arguments.extend(more.iter().map(String::as_str));
        let before = view("fork_test", &arguments);
        let printed = &before.process("<1>").unwritten;
        assert!(printed.starts_with("Program Start!!\n"), "{before:?}");
        arguments.extend(["--steps", "1,1"]);
        let after = view("fork_test", &arguments);
        for path in ["<1>", "<1.1>"] {
            let unwritten = &after.process(path).unwritten;
            assert!(unwritten.starts_with(printed), "{after:?}");
        }
        assert_eq!(after.output, "");
    }
}

#[test]
fn a_child_that_has_ended_is_a_zombie_until_it_is_waited_for() {
    // The child sleeps until nobody else can go on; then it ends, and the parent's wait finds it.
    let ended = view("child_wait", &["--steps", "1,1,1,1,1,1,1,2,2"]);
    assert_eq!(ended.process("<1.1>").state, "zombie", "{ended:#?}");
    assert_eq!(ended.process("<1>").state, "ready", "{ended:#?}");
    let waited = view("child_wait", &["--steps", "1,1,1,1,1,1,1,2,2,1"]);
    assert!(
        waited.processes.iter().all(|it| it.process != "<1.1>"),
        "{waited:#?}"
    );
}

#[test]
fn the_ends_of_pipes_are_told_apart_and_a_reader_of_an_empty_one_waits() {
    let scratch = Scratch::new();
    let text = "#include <unistd.h>\n#include <sys/wait.h>\nint main(void) {\n\
                int fd[2]; char c = 'x';\npipe(fd);\nif (fork() == 0) {\nclose(fd[0]);\nwrite(fd[1], &c, 1);\n_exit(0);\n}\n\
                close(fd[1]);\nread(fd[0], &c, 1);\nwait(NULL);\nreturn 0;\n}\n";
    scratch.file("fork_test.c", text);
    let file = scratch.path("fork_test.c").display().to_string();
    let c = ["--c", &file, "--steps"];
    let both = view("fork_test", &[&c[..], &["1"]].concat());
    let ends = ["3 pipe 1, to read", "4 pipe 1, to write"];
    for path in ["<1>", "<1.1>"] {
        for end in ends {
            assert!(
                both.process(path).descriptors.contains(&end.to_owned()),
                "{both:#?}"
            );
        }
    }
    let reader = view("fork_test", &[&c[..], &["1,1"]].concat());
    let parent = reader.process("<1>");
    assert_eq!(
        (parent.state.as_str(), parent.descriptors.len()),
        ("waits", 2),
        "{reader:#?}"
    );
    let written = view("fork_test", &[&c[..], &["1,1,2,2"]].concat());
    assert_eq!(written.process("<1>").state, "ready", "{written:#?}");
}

#[test]
fn an_order_that_make_orders_tells_is_repeated() {
    let mut orders = support::bounded(support::labscope());
    orders
        .arg("--root")
        .arg(root())
        .args(["orders", "wait_status", "--json"]);
    twin("wait_status");
    let found = output(&mut orders);
    let found: serde_json::Value = serde_json::from_slice(&found.stdout).expect("JSON");
    let outcomes = found["outcomes"].as_array().expect("a list");
    assert!(!outcomes.is_empty());
    for outcome in outcomes {
        let steps = outcome["steps"].as_str().expect("steps");
        let repeated = view("wait_status", &["--steps", steps]);
        assert_eq!(repeated.output, outcome["output"].as_str().expect("a text"));
        assert_eq!(repeated.steps, steps);
        assert!(repeated.status.is_some(), "{repeated:?}");
    }
}

#[test]
fn what_cannot_be_is_told() {
    for (arguments, why) in [
        (["--steps", "1,x"], "STEPS=1,x"),
        (["--steps", "2"], "at step 1, process 2 cannot go on"),
        (["--out", "printer"], "tty, pipe, file"),
    ] {
        let told = step(&mut labscope("fork_test"), &arguments);
        assert_eq!(told.status.code(), Some(1), "{told:?}");
        assert!(text_of(&told).contains(why), "{told:?}");
    }
}

#[test]
fn without_a_terminal_the_picture_is_printed_once() {
    let told = step(&mut labscope("fork_test"), &["--steps", "1,1,1,1,1"]);
    let text = text_of(&told);
    assert!(text.starts_with("step 5\n1 <1> ready"), "{text}");
    assert!(text.contains("2 <1.1> ready"), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

/// The stepper on a terminal of 80 columns and 24 lines.
fn begin(lab: &str) -> Hand {
    traced(lab);
    twin(lab);
    let mut command = Command::new(support::labscope());
    command.arg("--root").arg(root());
    command.args(["--lang", "en", "step", lab]);
    command.env_remove("NO_COLOR");
    Hand::begin(command)
}

/// Presses a key: what is looked for afterwards is shown after it.
fn press(hand: &mut Hand, key: &str) {
    hand.seen().clear();
    hand.key(key);
}

/// Waits for a picture that holds a text; the picture.
fn picture(hand: &mut Hand, wanted: &str) -> String {
    let home = "\u{1b}[H";
    loop {
        let last = hand.seen().rsplit_once(home).map(|(_, last)| last);
        let is_whole = |it: &&str| it.ends_with("\u{1b}[J") && it.contains(wanted);
        if let Some(last) = last.filter(is_whole) {
            return last.to_owned();
        }
        hand.more(wanted);
    }
}

#[test]
fn keys_let_processes_go_on_and_take_steps_back() {
    let mut hand = begin("child_wait");
    let first = picture(&mut hand, "step 0");
    assert!(first.contains("child_wait.rs:24"), "{first}");
    let lines: Vec<&str> = first.split("\r\n").collect();
    assert_eq!(lines.len(), 24, "{first}");
    assert!(lines[23].contains("b back"), "{first}");
    press(&mut hand, "1");
    picture(&mut hand, "step 1");
    press(&mut hand, "1");
    let second = picture(&mut hand, "step 2");
    assert!(second.contains("2 <1.1> sleeps until 2 s"), "{second}");
    press(&mut hand, "2");
    picture(
        &mut hand,
        "time passes when nobody else can go on, and 1 can",
    );
    press(&mut hand, "7");
    picture(&mut hand, "there is no process 7");
    press(&mut hand, "b");
    let back = picture(&mut hand, "step 1");
    assert!(!back.contains("<1.1>"), "{back}");
    press(&mut hand, "b");
    picture(&mut hand, "step 0");
    press(&mut hand, "b");
    picture(&mut hand, "this is the beginning");
    press(&mut hand, "r");
    let end = picture(&mut hand, "nobody can go on any more");
    assert!(end.contains("process 1 has ended with status 1"), "{end}");
    kill(hand.pid(), Signal::SIGTSTP).expect("a signal"); // ^Z means nothing here
    press(&mut hand, "o");
    let order = picture(&mut hand, "make step-child_wait STEPS=1,");
    assert!(order.contains("return value from child : 100"), "{order}");
    press(&mut hand, "t");
    picture(&mut hand, "drawn: ");
    let drawn = root().join("build/timeline/child_wait-steps.svg");
    let svg = std::fs::read_to_string(&drawn).expect("a picture");
    assert!(
        svg.contains("Steps chosen by hand") && svg.contains("zombie"),
        "{}",
        drawn.display()
    );
    press(&mut hand, "q");
    let (seen, status) = hand.end();
    assert!(seen.contains("\u{1b}[?1049l"), "{seen}");
    assert!(seen.contains("make step-child_wait STEPS=1,"), "{seen}");
    assert_eq!(status, Some(0));
}

#[test]
fn whatever_ends_it_the_terminal_is_as_before_and_nobody_is_left() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        let mut hand = begin("child_wait");
        picture(&mut hand, "step 0");
        press(&mut hand, "11");
        picture(&mut hand, "step 2");
        let pid = hand.pid();
        kill(pid, signal).expect("a signal");
        let (seen, _) = hand.end();
        assert!(
            seen.contains("\u{1b}[?25h\u{1b}[?1049l"),
            "{signal}: {seen}"
        );
        let program: PathBuf = traced("child_wait").canonicalize().expect("a path");
        let left = std::fs::read_dir("/proc").expect("/proc").flatten();
        let is_it = |entry: &std::fs::DirEntry| {
            let exe = std::fs::read_link(entry.path().join("exe"));
            let ours = std::fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
            exe.is_ok_and(|exe| exe == program) && ours.contains(&format!(" {pid} "))
        };
        assert_eq!(left.filter(is_it).count(), 0, "{signal}");
    }
}

#[test]
fn another_lab_runs_beside_it() {
    let with = ["--with", "shm_consumer_race", "--steps", "1,1,1,1,2"];
    let seen = view("shm_producer_race", &with);
    let consumer = seen.process("<2>");
    let line = consumer.line.as_ref().expect("a line of its source");
    assert!(line.starts_with("shm_consumer_race.rs:"), "{seen:#?}");
    let line = seen.process("<1>").line.clone();
    assert!(line.is_some_and(|it| it.starts_with("shm_producer_race.rs:")));
    // Its arguments: a key that nobody else has.
    let alone = ["--with", "shm_consumer_race 77", "--steps", "1,1,1,1,2,2,2"];
    let seen = view("shm_producer_race", &alone);
    assert!(seen.output.starts_with("shmget failed : "), "{seen:#?}");
}

#[test]
fn threads_stand_side_by_side_and_who_finds_the_mutex_taken_asks_the_kernel() {
    // The first thread makes one, which takes the mutex and sleeps with it, and another, which wants it. glibc has set
    // a signal handler for its threads, and a signal may come before a sleep begins: that is a step of its own there.
    let c = c_of("count_thread_mutex");
    for (program, steps) in [
        (&[][..], "1,2,1,1,3"),
        (&["--c", &c][..], "1,1,2,2,1,1,1,3"),
    ] {
        let seen = view(
            "count_thread_mutex",
            &[program, &["--steps", steps]].concat(),
        );
        let of = |path: &str| {
            let thread = seen.process(path);
            let call = thread.call.as_deref().unwrap_or_default();
            (
                thread.state.as_str(),
                call.split('(').next().unwrap_or_default().to_owned(),
            )
        };
        let [holds, waits] = [of("<1/1>"), of("<1/2>")];
        assert_eq!(holds, ("sleeps", "clock_nanosleep".to_owned()), "{seen:#?}");
        assert_eq!(waits, ("ready", "futex".to_owned()), "{seen:#?}");
        let line = seen.process("<1/2>").source.as_deref().unwrap_or_default();
        assert!(line.contains("pthread_mutex_lock"), "{seen:#?}");
    }
}

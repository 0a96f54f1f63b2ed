//! A lab as a skeleton that is filled in: `labscope try`.

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use support::hand::Hand;
use support::{Scratch, output, root, source, text_of, traced, twin};

/// labscope with these arguments, and what child_wait is compared with.
fn tool(arguments: &[&str]) -> Command {
    traced("child_wait");
    twin("child_wait");
    let mut command = support::bounded(support::labscope());
    command.arg("--root").arg(root()).args(arguments);
    command.stdin(Stdio::null());
    command
}

fn tell(arguments: &[&str]) -> Output {
    output(&mut tool(arguments))
}

/// `labscope try child_wait` with a file of its own, in English.
fn attempt(file: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = tool(&["--lang", "en", "try", "child_wait", "--c"]);
    command.arg(file).args(arguments);
    command
}

fn once(file: &std::path::Path, arguments: &[&str]) -> Output {
    output(&mut attempt(file, arguments))
}

fn c() -> String {
    fs::read_to_string(source("child_wait", "c")).expect("the C program")
}

/// A student at work: a file in an editor, and the skeleton's terminal.
struct Student {
    hand: Hand,
    file: PathBuf,
    _scratch: Scratch,
}

impl Student {
    fn begin() -> Student {
        let mut student = Student::with("child_wait.c", &[]);
        student.read("gap 1 of 4");
        student
    }

    fn with(name: &str, arguments: &[&str]) -> Student {
        let scratch = Scratch::new();
        let file = scratch.path(name);
        let mut command = attempt(&file, arguments);
        command.env("NO_COLOR", "1");
        Student {
            hand: Hand::begin(command),
            file,
            _scratch: scratch,
        }
    }

    fn read(&mut self, wanted: &str) {
        self.hand.read(wanted);
    }

    fn key(&mut self, key: &str) {
        self.hand.key(key);
    }

    fn all_hints_of_the_first_gap(&mut self) {
        for hint in [
            "hint: fork takes nothing",
            "man 2 fork",
            "That was the last hint.",
        ] {
            self.key("h");
            self.read(hint);
        }
    }

    /// As most editors do: another file gets the name.
    fn save(&self, text: &str) {
        let new = self.file.with_extension("new");
        fs::write(&new, text).expect("a file");
        fs::rename(&new, &self.file).expect("a save");
    }

    fn end(self) -> Option<i32> {
        self.hand.end().1
    }
}

#[test]
fn each_save_is_answered_h_tells_more_and_the_solution_ends_it() {
    let mut student = Student::begin();
    student.all_hints_of_the_first_gap();
    let skeleton = fs::read_to_string(&student.file).expect("the skeleton");
    let todo = "/* TODO: Make a child; keep what fork returns in pid. */";
    student.save(&skeleton.replace(todo, "pid = fork()"));
    student.read("child_wait.c:18:17: error: expected ");
    student.save(&skeleton.replace(todo, "pid = fork();"));
    student.read("gap 2 of 4");
    student.save(&c().replace("exit(100)", "exit(10)"));
    student.read("gap 4 of 4");
    student.read("with the value 100.");
    student.save(&c());
    student.read("The same as child_wait");
    assert_eq!(student.end(), Some(0));
}

#[test]
fn what_does_not_compile_is_told_with_its_gap_and_the_hints_of_that() {
    let mut student = Student::begin();
    student.all_hints_of_the_first_gap();
    let skeleton = fs::read_to_string(&student.file).expect("the skeleton");
    let fork = "/* TODO: Make a child; keep what fork returns in pid. */";
    let key = "/* TODO: Wait for a key. */";
    assert!(skeleton.contains(fork) && skeleton.contains(key));
    let with = |forks: &str, keys: &str| skeleton.replace(fork, forks).replace(key, keys);
    // The line is in the second gap to be filled in, the hints are no longer those of the first.
    student.save(&with("pid = fork();", "getchar()"));
    student.read("error: expected ");
    student.read("gap 2 of 4");
    student.key("h");
    student.read("hint: ");
    student.key("h");
    student.read("man 3 getchar");
    // A name that is nowhere: the compiler's words for it, and the hints of that gap from the first on.
    student.save(&with("pid = frok();", key));
    student.read("frok is not defined");
    student.read("child_wait.c:18:");
    student.read("gap 1 of 4");
    student.key("h");
    student.read("hint: fork takes nothing");
    student.key("q");
    assert_eq!(student.end(), Some(0));
}

#[test]
fn a_file_that_is_away_or_cannot_be_read_is_told_and_awaited() {
    let mut student = Student::begin();
    fs::remove_file(&student.file).expect("it goes");
    student.read("there is no such file");
    fs::create_dir(&student.file).expect("a folder");
    student.read("it is no ordinary file");
    fs::remove_dir(&student.file).expect("it goes");
    student.read("there is no such file");
    student.save("");
    student.read("it is empty");
    student.save("\0\0\0");
    student.read("it has no function main");
    student.save(&c());
    student.read("The same as child_wait");
    assert_eq!(student.end(), Some(0));
}

#[test]
fn who_leaves_does_not_wait_for_a_program_that_spins() {
    for signal in [None, Some(Signal::SIGINT), Some(Signal::SIGHUP)] {
        let mut student = Student::begin();
        student.save("int main(void) { for (;;) fork(); }");
        student.read("comparing with the lab");
        match signal {
            None => student.key("q"),
            Some(signal) => kill(student.hand.pid(), signal).expect("a signal"),
        }
        let (seen, status) = student.hand.end();
        assert_eq!(status, Some(0), "{seen}");
        assert!(
            !seen.contains("No gap is left") && !seen.contains("seen in"),
            "{seen}"
        );
    }
}

#[test]
fn korean_of_older_systems_stays_what_it_is() {
    let scratch = Scratch::new();
    let text = c();
    let (before, after) = text
        .split_once("printf(\"=====")
        .expect("a line of the lab");
    let own = [
        before.as_bytes(),
        b"printf(\"\xbe\xc8\xb3\xe7",
        after.as_bytes(),
    ]
    .concat();
    let file = scratch.file("child_wait.c", own);
    let told = text_of(&once(&file, &[]));
    assert!(told.contains("\u{c548}\u{b155}"), "{told}");
}

#[test]
fn its_paragraphs_are_as_wide_as_the_terminal() {
    let scratch = Scratch::new();
    let mut command = attempt(&scratch.path("child_wait.c"), &[]);
    command.env("NO_COLOR", "1").env("COLUMNS", "60");
    let mut hand = Hand::begin(command);
    let text = hand.read("q: quit");
    hand.key("q");
    assert_eq!(hand.end().1, Some(0));
    let (_, how) = text.split_once("Fill in a gap").expect("how to go on");
    assert!(
        how.lines().all(|line| line.trim_end().len() <= 60),
        "{text}"
    );
}

#[test]
fn q_and_a_signal_leave_the_terminal_as_it_was() {
    let mut student = Student::begin();
    assert!(!student.hand.has_its_modes());
    student.key("q");
    assert_eq!(student.end(), Some(0));
    let student = Student::begin();
    kill(student.hand.pid(), Signal::SIGINT).expect("a signal");
    assert_eq!(student.end(), Some(0));
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
    let mut student = Student::with("child_wait.rs", &["--in", "rust"]);
    student.read("gap 1 of 4");
    student.key("h");
    student.read("hint: fork takes nothing");
    student.key("h");
    student.read("child_wait.rs:25");
    let skeleton = fs::read_to_string(&student.file).expect("the skeleton");
    let fork = "// TODO: Make a child; keep what fork returns in pid.";
    assert!(skeleton.contains(fork) && !skeleton.contains("match fork() {"));
    student.save(&skeleton.replace(fork, "match fork( {"));
    student.read("child_wait.rs:25:");
    student.save(&skeleton.replace(fork, "match fork() {"));
    student.read("gap 2 of 4");
    // A wrong one is told although others are still empty.
    let wait = "// TODO: Wait for the child";
    let wait = skeleton.lines().find(|line| line.contains(wait));
    let wait = wait.expect("a gap").trim().to_owned();
    let wrong = skeleton.replace(&wait, "let pid = getpid();");
    student.save(&wrong.replace(fork, "match fork() {"));
    student.read("gap 3 of 4");
    student.read("seen in");
    student.save(&rust());
    student.read("The same as child_wait");
    assert_eq!(student.end(), Some(0));
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

#[test]
fn a_program_in_rust_that_makes_no_call_is_told_as_the_students() {
    support::rust_recipe();
    let scratch = Scratch::new();
    let text = rust();
    let (head, _) = text.split_once("fn main()").expect("a main function");
    let file = scratch.file(
        "child_wait.rs",
        format!("{head}fn main() -> libc::c_int {{\n    0\n}}\n"),
    );
    let told = once(&file, &["--in", "rust"]);
    let text = text_of(&told);
    assert_eq!(told.status.code(), Some(1), "{text}");
    let said = "your program did not get through the scenario";
    let said = text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .contains(said);
    assert!(said && !text.contains("gcc"), "{text}");
}

#[test]
fn a_task_begins_with_the_c_program_and_ends_when_it_is_solved() {
    let mut student = Student::with("child_wait.c", &["--task", "again"]);
    student.read("Call wait a second time");
    student.read("child_wait.c as it stands");
    student.read("change 1 of 1");
    student.key("h");
    student.read("hint: wait returns -1");
    student.key("h");
    student.read("man 2 wait");
    student.read("behind child_wait.c:29:");
    student.key("h");
    student.read("That was the last hint.");
    let c = fs::read_to_string(&student.file).expect("the program");
    assert_eq!(c, self::c());
    let last = c
        .lines()
        .find(|line| line.contains("return value"))
        .unwrap();
    let with = |text: &str| c.replace(last, &format!("{last}\n{text}"));
    student.save(&with("printf(\"again : %d\\n\", wait(&pstatus))"));
    student.read("child_wait.c:30:");
    student.read("error: expected ");
    student.save(&with("printf(\"again : %d\\n\", pid);"));
    student.read("change 1 of 1");
    student.read("your program makes no such call; the solution calls wait4(");
    // Other words for the same, in another place than the solution's.
    let other = "pid = waitpid(-1, &pstatus, 0); printf(\"again : %d\\n\", pid);";
    student.save(&with(other));
    student.read("Done: ");
    assert_eq!(student.end(), Some(0));
}

#[test]
fn a_task_that_is_not_there_and_one_that_is_in_c_alone_are_told() {
    for (arguments, says) in [
        (
            ["--lang", "en", "try", "child_wait", "--task", "agian"],
            "has no task agian: is it again?",
        ),
        (
            ["--lang", "en", "try", "echo_client", "--task", "again"],
            "no task that is checked",
        ),
    ] {
        let told = tell(&arguments);
        assert_eq!(told.status.code(), Some(1), "{}", text_of(&told));
        assert!(text_of(&told).contains(says), "{}", text_of(&told));
    }
    for (language, says) in [("en", "checked in C alone"), ("ko", "C로만 검사한다")] {
        let arguments = [
            "--lang", language, "try", "thread1", "--in", "rust", "--task", "ids",
        ];
        let told = tell(&arguments);
        assert_eq!(told.status.code(), Some(1), "{}", text_of(&told));
        assert!(text_of(&told).contains(says), "{}", text_of(&told));
    }
}

#[test]
fn a_task_in_rust_begins_with_the_lab_and_ends_when_it_is_solved() {
    support::rust_recipe();
    let mut student = Student::with("child_wait.rs", &["--in", "rust", "--task", "again"]);
    student.read("Call wait a second time");
    student.read("child_wait.rs as it stands");
    student.read("change 1 of 1");
    student.key("h");
    student.read("hint: wait returns -1");
    student.key("h");
    student.read("man 2 wait");
    student.read("behind child_wait.rs:");
    student.read("again : {}");
    let lab = rust();
    assert_eq!(fs::read_to_string(&student.file).expect("the lab"), lab);
    let last = lab.lines().find(|line| line.contains("return value"));
    let last = last.expect("the parent's last line");
    let with = |text: &str| lab.replace(last, &format!("{last}\n{text}"));
    student.save(&with("printf!(\"again : {}\\n\", pid)"));
    student.read("does not compile: child_wait/child_wait.rs:");
    student.save(&with("printf!(\"again : {}\\n\", pid);"));
    student.read("change 1 of 1");
    student.read("your program makes no such call; the solution calls wait4(");
    // Other words for the same.
    let other = "let again = rawlabs::sys::wait::waitpid(-1, None, 0).unwrap_or(-1);";
    student.save(&with(&format!(
        "{other} printf!(\"again : {{}}\\n\", again);"
    )));
    student.read("Done: ");
    assert_eq!(student.end(), Some(0));
}

#[test]
fn what_is_in_the_students_language_is_not_called_the_lab() {
    support::rust_recipe();
    let scratch = Scratch::new();
    let end = "exit(100)";
    assert!(rust().contains(end) && c().contains(end));
    let in_rust = scratch.file("child_wait.rs", rust().replace(end, "exit(10)"));
    let in_c = scratch.file("child_wait.c", c().replace(end, "exit(10)"));
    let rust = &["--in", "rust"][..];
    for (file, arguments, language, says) in [
        (
            &in_rust,
            rust,
            "en",
            ["the C calls wait4(", "; your program calls wait4("],
        ),
        (
            &in_rust,
            rust,
            "ko",
            ["C는 wait4(", "; 작성한 프로그램은 wait4("],
        ),
        (
            &in_c,
            &[],
            "en",
            ["your program calls wait4(", "; the lab calls wait4("],
        ),
        (
            &in_c,
            &[],
            "ko",
            ["작성한 프로그램은 wait4(", "; 실습은 wait4("],
        ),
    ] {
        let path = file.to_str().expect("a path");
        let mut all = vec!["--lang", language, "try", "child_wait", "--c", path];
        all.extend(arguments);
        let text = text_of(&tell(&all));
        let words: Vec<&str> = text.split_whitespace().collect();
        let words = words.join(" ");
        for part in says {
            assert!(words.contains(part), "{part}: {text}");
        }
    }
}

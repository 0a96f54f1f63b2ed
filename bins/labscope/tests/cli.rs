//! The command line: the tour of a small project made for the test, its list, its refusals.

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use common::{await_that, exists};
use labscope::Signal;

const LABSCOPE: &str = env!("CARGO_BIN_EXE_labscope");

const GOOD: &str = r#"
[[scenario]]
name = "tty"
title = { en = "It repeats", ko = "되풀이한다" }
tour = true
steps = [
  { await = { entered = "read", count = 2 } },
  { await = { state = "S" } },
  { say = { en = "Asleep in read.", ko = "read에서 잔다." } },
  { table = true },
  { type = "meow\n" },
  { await = { terminal = "meow\r\nmeow" } },
  { type = "\u0004" },
]

[[scenario]]
name = "pipe"
title = { en = "Through a pipe", ko = "파이프로" }
stdin = "pipe"
stdout = "pipe"
input = "purr\n"
"#;

const ENDLESS: &str = r#"
[[scenario]]
name = "tty"
title = { en = "It waits", ko = "기다린다" }
tour = true
timeout = 100
steps = [
  { await = { entered = "read" } },
  { table = true },
  { await = { terminal = "never" } },
]
"#;

/// A project with one lab, which is cat; removed with the value.
struct Project(PathBuf);

impl Project {
    fn new(name: &str, scenarios: &str) -> Project {
        let root = std::env::temp_dir().join(format!("labscope-cli-{name}-{}", std::process::id()));
        fs::create_dir_all(root.join("bins/cat")).expect("a folder");
        fs::create_dir_all(root.join("build/traced")).expect("a folder");
        fs::write(root.join("Cargo.toml"), "[[bin]]\nname = \"cat\"\n").expect("a manifest");
        fs::write(root.join("bins/cat/scenarios.toml"), scenarios).expect("scenarios");
        for folder in ["build", "build/traced"] {
            symlink("/bin/cat", root.join(folder).join("cat")).expect("a link");
        }
        Project(root)
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(LABSCOPE);
        command.arg("--root").arg(&self.0).args(words);
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            command.env_remove(name);
        }
        command.stdin(Stdio::null());
        command
    }

    fn labscope(&self, words: &[&str]) -> Output {
        self.command(words).output().expect("labscope runs")
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_tour_shows_what_is_typed_printed_and_called() {
    let project = Project::new("tour", GOOD);
    let output = project.labscope(&["tour"]);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{shown}{}", text(&output.stderr));
    for part in [
        "━━ 1/1 cat · tty ━",
        "\n   It repeats\n",
        "\n  $ ./cat\n",
        "\n  ▸ Asleep in read.\n",
        "STAT COMMAND\n",
        " S+   ./cat\n",
        " is the shell\n",
        "\n  │ [typed: meow⏎]\n  │ meow\n  │ [typed: ^D]\n",
        "\n  └ process 1 exited with status 0\n",
        "\n    read(0, \"meow\\n\", ",
        "\n    ── exited with status 0\n",
    ] {
        assert!(shown.contains(part), "{part:?} is not in:\n{shown}");
    }
    assert!(!shown.contains('\x1b'), "no colours in a pipe");
    let narrow = |line: &&str| line.chars().count() > 80;
    assert_eq!(shown.lines().find(narrow), None);
}

#[test]
fn the_tour_shows_every_lab_in_the_order_of_the_list() {
    let project = Project::new("order", GOOD);
    let root = &project.0;
    fs::write(
        root.join("Cargo.toml"),
        "[[bin]]\nname = \"dog\"\n[[bin]]\nname = \"cat\"\n",
    )
    .expect("a manifest");
    fs::create_dir_all(root.join("bins/dog")).expect("a folder");
    fs::write(root.join("bins/dog/scenarios.toml"), GOOD).expect("scenarios");
    for folder in ["build", "build/traced"] {
        symlink("/bin/cat", root.join(folder).join("dog")).expect("a link");
    }
    let output = project.labscope(&["tour"]);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{shown}{}", text(&output.stderr));
    let titles = ["━━ 1/2 dog · tty ━", "━━ 2/2 cat · tty ━"].map(|title| shown.find(title));
    assert!(titles[0].is_some() && titles[0] < titles[1], "{shown}");
}

#[test]
fn the_tour_has_make_build_each_lab_before_it_is_shown() {
    let project = Project::new(
        "make",
        &BESIDE.replace("program = \"/bin/cat\"", "lab = \"bird\""),
    );
    let root = &project.0;
    fs::write(
        root.join("Cargo.toml"),
        "[[bin]]\nname = \"cat\"\n[[bin]]\nname = \"dog\"\n[[bin]]\nname = \"bird\"\n",
    )
    .expect("a manifest");
    let twice = format!("{GOOD}{}", GOOD.replace("name = \"", "name = \"second-"));
    for (lab, scenarios) in [("dog", twice.as_str()), ("bird", GOOD)] {
        fs::create_dir_all(root.join("bins").join(lab)).expect("a folder");
        fs::write(
            root.join("bins").join(lab).join("scenarios.toml"),
            scenarios,
        )
        .expect("scenarios");
    }
    fs::remove_dir_all(root.join("build")).expect("nothing is built");
    let rules = "cat bird:\n\tmkdir -p build/traced\n\tln -s /bin/cat build/$@\n\tln -s /bin/cat build/traced/$@\n\
                 dog:\n\t@echo it is broken >&2; false\n";
    fs::write(root.join("Makefile"), rules).expect("rules");
    // On a fresh clone the tour's program lies alone: it has the run's own processes in itself.
    let alone = root.join("alone/labscope-tour");
    fs::create_dir_all(root.join("alone")).expect("a folder");
    fs::copy(env!("CARGO_BIN_EXE_labscope-tour"), &alone).expect("a copy");
    for program in [Path::new(LABSCOPE), &alone] {
        let _ = fs::remove_dir_all(root.join("build"));
        let mut tour = Command::new(program);
        tour.env_remove("LABSCOPE");
        tour.arg("--root").arg(root).args(["tour", "--make"]);
        let output = tour.env("LC_ALL", "C").output().expect("it runs");
        let shown = text(&[output.stdout, output.stderr].concat());
        assert!(
            shown.contains("\n  └ process 1 exited with status 0\n"),
            "{shown}"
        );
        assert!(
            shown.contains("\n  └ friend exited with status 0\n"),
            "{shown}"
        );
        assert_eq!(
            shown.matches("✗ make dog: it is broken\n").count(),
            2,
            "{shown}"
        );
        assert!(
            !output.status.success() && !shown.contains("make cat"),
            "{shown}"
        );
    }
}

const BESIDE: &str = r#"
[[scenario]]
name = "tty"
title = { en = "Two terminals", ko = "터미널 둘" }
tour = true
steps = [
  { await = { entered = "read", count = 2 } },
  { await = { state = "S" } },
  { start = "friend" },
  { type = "purr\n", with = "friend" },
  { await = { terminal = "purr\r\npurr", with = "friend" } },
  { descriptors = true },
  { type = "\u0004", with = "friend" },
  { await = { exit = 1, with = "friend" } },
  { type = "\u0004" },
]
[[scenario.companion]]
name = "friend"
program = "/bin/cat"
"#;

#[test]
fn the_tour_shows_a_second_terminal() {
    let project = Project::new("beside", BESIDE);
    let output = project.labscope(&["tour"]);
    let shown = text(&output.stdout);
    assert!(output.status.success(), "{shown}{}", text(&output.stderr));
    for part in [
        "name $, name │  the same in a second terminal",
        "\n  $ ./cat\n  friend $ /bin/cat\n",
        "\n  friend │ [typed: purr⏎]\n  friend │ purr\n",
        ", in read(0)\n    └ 0 1 2 → terminal pts/",
        "\n  └ friend exited with status 0\n",
    ] {
        assert!(shown.contains(part), "{part:?} is not in:\n{shown}");
    }
}

#[test]
fn the_tour_speaks_korean_when_the_locale_does() {
    let project = Project::new("korean", GOOD);
    let mut command = project.command(&["tour"]);
    let shown = text(
        &command
            .env("LANG", "ko_KR.UTF-8")
            .output()
            .expect("it runs")
            .stdout,
    );
    for part in [
        "되풀이한다",
        "▸ read에서 잔다.",
        "[입력: meow⏎]",
        "프로세스 1: 종료됨(종료 값 0)",
    ] {
        assert!(shown.contains(part), "{part:?} is not in:\n{shown}");
    }
    let shown = text(&project.labscope(&["--lang", "ko", "list"]).stdout);
    assert!(shown.contains("* tty              되풀이한다"), "{shown}");
}

#[test]
fn one_scenario_is_run_without_a_trace() {
    let project = Project::new("run", GOOD);
    let shown = text(&project.labscope(&["run", "cat", "pipe"]).stdout);
    for part in [
        "(standard input: a pipe, standard output: a pipe)",
        "holds \"purr\\n\"",
        "\n  ┆ purr\n",
    ] {
        assert!(shown.contains(part), "{part:?} is not in:\n{shown}");
    }
    assert!(!shown.contains("read("), "{shown}");
}

#[test]
fn refusals_say_what_there_is() {
    let project = Project::new("refusals", GOOD);
    for (words, part) in [
        (
            vec!["tour", "--lab", "dog"],
            "there is no lab dog: is it cat? There are: cat",
        ),
        (
            vec!["run", "cat", "loud"],
            "no scenario loud: is it tty? There are: tty, pipe",
        ),
        (vec!["run", "dog"], "there is no lab dog: is it cat?"),
    ] {
        let output = project.labscope(&words);
        assert!(!output.status.success());
        assert!(
            text(&output.stderr).contains(part),
            "{}",
            text(&output.stderr)
        );
    }
    fs::remove_file(project.0.join("build/cat")).expect("it is there");
    let output = project.labscope(&["run", "cat", "pipe"]);
    assert!(text(&output.stderr).contains("build it with `make` first"));
}

#[test]
fn errors_are_told_in_the_language_of_the_command() {
    let project = Project::new("errors", GOOD);
    let told = |locale: &str, words: &[&str]| {
        let mut command = project.command(words);
        let output = command.env("LANG", locale).output().expect("it runs");
        assert!(!output.status.success());
        text(&output.stderr)
    };
    let korean = "dog 실습은 없다. 혹시 cat?";
    let english = "there is no lab dog: is it cat?";
    for (locale, words, part) in [
        ("ko_KR.UTF-8", &["run", "dog"][..], korean),
        ("C", &["--lang", "ko", "run", "dog"], korean),
        ("ko_KR.UTF-8", &["--lang", "en", "run", "dog"], english),
        ("ko_KR.UTF-8", &["run"], "<LAB>이(가) 빠졌다\nUsage"),
        ("ko_KR.UTF-8", &["compare", "cat"], "`make c`로 만든다"),
    ] {
        let told = told(locale, words);
        assert!(
            told.contains(part),
            "{words:?}: {part:?} is not in:\n{told}"
        );
    }
    fs::remove_file(project.0.join("build/cat")).expect("it is there");
    let unbuilt = told("ko_KR.UTF-8", &["run", "cat", "pipe"]);
    assert!(unbuilt.contains("먼저 `make`로 만든다"), "{unbuilt}");
    let scenarios = GOOD.replace("tour = true", "tuor = true");
    fs::write(project.0.join("bins/cat/scenarios.toml"), scenarios).expect("a file");
    let misspelt = told("ko_KR.UTF-8", &["list"]);
    assert!(misspelt.contains("모르는 키 `tuor`"), "{misspelt}");
}

#[test]
fn a_wrong_command_line_is_told_with_what_there_is_and_status_2() {
    let project = Project::new("words", GOOD);
    for (words, part) in [
        (&["tuor"][..], "there are: tour, run, strace"),
        (
            &["run", "--loud", "cat"],
            "no option --loud (run); there are: --trace, --root",
        ),
        (
            &["run"],
            "<LAB> is missing\nUsage: labscope run [OPTIONS] <LAB>",
        ),
        (&["--lang", "fr", "list"], "--lang is one of en, ko"),
        (
            &["strace", "cat", "--order", "mine"],
            "child-first, parent-first",
        ),
        (&[], "Usage: labscope [OPTIONS] <COMMAND>"),
    ] {
        let output = project.labscope(words);
        let told = text(&output.stderr);
        assert!(
            told.contains(part),
            "{words:?}: {part:?} is not in:\n{told}"
        );
        assert_eq!(
            (output.status.code(), text(&output.stdout)),
            (Some(2), String::new())
        );
    }
    let help = project.labscope(&["strace", "--help"]);
    let shown = text(&help.stdout);
    assert!(
        help.status.success() && shown.contains("--order <child-first|parent-first>"),
        "{shown}"
    );
}

#[test]
fn a_scenario_that_fails_is_shown_to_fail() {
    let project = Project::new(
        "fails",
        &ENDLESS.replace("\"never\" }", "\"never\", timeout = 0.2 }"),
    );
    let output = project.labscope(&["tour"]);
    let shown = text(&output.stdout);
    assert!(!output.status.success());
    assert!(
        shown.contains("✗")
            && shown.contains("waited ")
            && shown.contains(" s in vain for \"never\""),
        "{shown}"
    );
    assert!(shown.contains("Not shown to the end: cat (tty)"), "{shown}");
}

#[test]
fn a_reader_that_has_seen_enough_ends_it_without_a_word() {
    let project = Project::new("enough", ENDLESS);
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut list = project.command(&["list"]);
    let ended = list.stdout(writer).stderr(Stdio::piped()).output();
    let ended = ended.expect("it runs");
    assert_eq!(
        (ended.status.code(), text(&ended.stderr)),
        (Some(141), String::new())
    );
}

#[test]
fn control_c_ends_the_tour_and_leaves_nothing() {
    let project = Project::new("interrupt", ENDLESS);
    let mut tour = project
        .command(&["tour"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let stdout = tour.stdout.take().expect("its output");
    let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
    let row = lines.find(|line| line.ends_with(" ./cat") && !line.contains('$'));
    let pids: Vec<i32> = row
        .expect("a row of the table")
        .split_whitespace()
        .skip(1)
        .take(2)
        .filter_map(|word| word.parse().ok())
        .collect();
    assert_eq!(pids.len(), 2);
    nix::sys::signal::kill(nix::unistd::Pid::from_raw(tour.id() as i32), Signal::SIGINT)
        .expect("a signal");
    assert!(lines.any(|line| line.contains("nothing is left behind")));
    assert_eq!(tour.wait().expect("its end").code(), Some(130));
    let all_gone = || !pids.iter().any(|&pid| exists(pid));
    await_that("the end of all", all_gone);
    assert!(Path::new(&project.0).exists());
}

/// What is in the folder for temporary files of a project.
fn temporary(project: &Project) -> Vec<PathBuf> {
    let entries = fs::read_dir(project.0.join("temporary")).expect("a folder");
    entries.flatten().map(|entry| entry.path()).collect()
}

/// Starts labscope with a folder for temporary files of its own, and ends it when `is_time`.
fn end_labscope(
    project: &Project,
    words: &[&str],
    signal: Signal,
    is_time: impl Fn(&[PathBuf]) -> bool,
) {
    let mut command = project.command(words);
    command.env("TMPDIR", project.0.join("temporary"));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut labscope = command.spawn().expect("it runs");
    while labscope.try_wait().expect("its state").is_none() && !is_time(&temporary(project)) {
        std::hint::spin_loop();
    }
    if labscope.try_wait().expect("its state").is_none() {
        let pid = nix::unistd::Pid::from_raw(labscope.id() as i32);
        nix::sys::signal::kill(pid, signal).expect("a signal");
    }
    labscope.wait().expect("its end");
    let what = format!("nothing left after {signal}");
    await_that(&what, || temporary(project).is_empty());
}

#[test]
fn however_labscope_ends_its_folders_are_removed() {
    let project = Project::new("folders", ENDLESS);
    fs::create_dir(project.0.join("temporary")).expect("a folder");
    let source = project.0.join("mine.c");
    fs::write(
        &source,
        "#include <unistd.h>\nint main(void) { pause(); }\n",
    )
    .expect("a source");
    let compare = ["compare", "cat", "--c", source.to_str().expect("UTF-8")];
    let is_compiled =
        |folders: &[PathBuf]| folders.iter().any(|one| one.join("programs/cat").exists());
    for signal in [Signal::SIGINT, Signal::SIGHUP, Signal::SIGKILL] {
        end_labscope(&project, &compare, signal, is_compiled);
        // as early as there is anything to remove
        let words = ["run", "cat", "--trace"];
        end_labscope(&project, &words, signal, |folders| !folders.is_empty());
    }
}

#[test]
fn with_few_descriptors_a_run_ends_and_leaves_nothing() {
    let project = Project::new("descriptors", GOOD);
    fs::create_dir(project.0.join("temporary")).expect("a folder");
    for (limit, scenario) in (7..=16).flat_map(|limit| [(limit, "tty"), (limit, "pipe")]) {
        let script = format!("ulimit -n {limit}; exec timeout -s KILL 60 \"$@\"");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, "sh", LABSCOPE, "--lang", "en", "--root"]);
        shell.arg(&project.0).args(["run", "cat", scenario]);
        shell.env("TMPDIR", project.0.join("temporary"));
        let output = shell.stdin(Stdio::null()).output().expect("it runs");
        let told = format!("{limit}: {}{}", text(&output.stdout), text(&output.stderr));
        let ended = match output.status.code() {
            Some(0) => "exited with status 0",
            _ => "(os error 24)",
        };
        assert!(told.contains(ended), "{told}"); // else it was killed
        await_that("nothing left", || temporary(&project).is_empty());
    }
}

#[test]
fn a_relative_tmpdir_is_as_good_as_another() {
    let project = Project::new("relative", GOOD);
    fs::create_dir(project.0.join("scratch")).expect("a folder");
    let mut command = project.command(&["tour"]);
    let command = command.current_dir(&project.0).env("TMPDIR", "scratch");
    let output = command.output().expect("it runs");
    let shown = [text(&output.stdout), text(&output.stderr)].concat();
    assert!(output.status.success(), "{shown}");
    assert!(shown.contains("exited with status 0"), "{shown}");
    let left = fs::read_dir(project.0.join("scratch")).expect("it is there");
    assert_eq!(left.count(), 0, "{shown}");
}

#[test]
fn a_tmpdir_mounted_noexec_is_told_as_what_it_is() {
    let project = Project::new("noexec", GOOD);
    let folder = project.0.join("scratch");
    fs::create_dir(&folder).expect("a folder");
    fs::write(project.0.join("cat.c"), "int main(void) { return 0; }\n").expect("a C file");
    let script = "mount -t tmpfs -o noexec none \"$TMPDIR\" && exec \"$@\"";
    let mut command = Command::new("unshare"); // the mount is seen by nobody else and ends with the process
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]);
    command.args(["sh", LABSCOPE, "compare", "cat", "--c", "cat.c"]);
    command.current_dir(&project.0).env("TMPDIR", &folder);
    let output = command.output().expect("it runs");
    let shown = [text(&output.stdout), text(&output.stderr)].concat();
    if shown.starts_with("unshare: ") {
        return; // not every machine lets one mount
    }
    assert!(!output.status.success(), "{shown}");
    assert!(
        shown.contains("TMPDIR is mounted noexec") && !shown.contains("may not trace"),
        "{shown}"
    );
}

#[test]
fn the_quiz_asks_before_it_tells_and_says_which_call_decides() {
    let project = Project::new("quiz", GOOD);
    let mut quiz = project.command(&["--lang", "en", "quiz", "cat", "tty"]);
    quiz.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut quiz = quiz.spawn().expect("it starts");
    let mut stdin = quiz.stdin.take().expect("its input");
    // How many processes, which line is the last, how many writes; the last question is left.
    std::io::Write::write_all(&mut stdin, b"one\n1\nmeow\n2\nq\n").expect("answers");
    drop(stdin);
    let output = quiz.wait_with_output().expect("it ends");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("type \"meow\\n\""), "{text}");
    assert!(text.contains("a number, please"), "{text}");
    assert_eq!(text.matches("Right.").count(), 2, "{text}");
    let wrong = text.split("No: 1.").nth(1).unwrap_or_default();
    assert!(wrong.contains("process 1: write(1, \"meow\\n\""), "{text}");
    assert!(text.contains("2 of 3 right."), "{text}");
    assert_eq!(output.status.code(), Some(0), "{text}"); // make shouts otherwise
}

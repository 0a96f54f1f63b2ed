//! The targets of the Makefile do what `make help` says.

mod support;

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use support::{Scratch, labs, output, root, target, text_of};

fn make(arguments: &[&str]) -> Output {
    // What takes long to compile has no deadline.
    support::lab("fork_test");
    support::labscope();
    let mut make = make_in(root(), arguments);
    output(make.env("CARGO_TARGET_DIR", target()))
}

fn make_in(folder: &Path, arguments: &[&str]) -> Command {
    let mut make = support::bounded("make");
    make.arg("-s").args(arguments);
    make.current_dir(folder).stdin(Stdio::null());
    make.env_remove("MAKEFLAGS").env_remove("MAKELEVEL");
    for language in ["LC_ALL", "LC_MESSAGES", "LANG"] {
        make.env_remove(language);
    }
    make
}

/// Another project under the same Makefile, with a target folder of its own: one lab, which prints a word.
struct Project(Scratch);

impl Project {
    fn new(word: &str) -> Project {
        let project = Project(Scratch::new());
        let manifest = "[workspace]\n[package]\nname = \"one\"\nedition = \"2024\"\n\n\
                        [[bin]]\nname = \"lab\"\npath = \"lab.rs\"\n";
        project.0.file("Cargo.toml", manifest);
        let makefile = fs::read(root().join("Makefile")).unwrap();
        project.0.file("Makefile", makefile);
        project.prints(word);
        project
    }

    fn prints(&self, word: &str) {
        let source = format!("fn main() {{ println!({word:?}) }}");
        self.0.file("lab.rs", source);
    }

    fn settings_of_cargo(&self, settings: &str) {
        fs::create_dir_all(self.0.path(".cargo")).unwrap();
        self.0.file(".cargo/config.toml", settings);
    }

    fn make(&self, arguments: &[&str]) -> Command {
        let mut make = make_in(&self.0.path("."), arguments);
        make.env_remove("CARGO_TARGET_DIR");
        make
    }

    fn lab_prints(&self) -> String {
        text_of(&output(&mut support::bounded(self.0.path("build/lab"))))
    }
}

#[test]
fn run_tells_the_labs_status_and_succeeds() {
    let run = make(&["run-child_wait"]);
    let text = text_of(&run);
    assert!(run.status.success(), "{text}");
    assert!(text.contains("return value from child : 100\n"), "{text}");
    assert!(
        text.contains("[child_wait ended with status 1]\n"),
        "{text}"
    );
}

#[test]
fn run_works_from_inside_build_so_that_exec_test_is_found() {
    let text = text_of(&make(&["run-command"]));
    assert!(text.contains("[command ended with status 0]\n"), "{text}");
}

#[test]
fn strace_follows_children_into_a_file() {
    let scratch = support::Scratch::new();
    let trace = scratch.path("trace");
    let text = text_of(&make(&[
        "strace-child_wait",
        &format!("TO={}", trace.display()),
    ]));
    assert!(
        text.contains("[child_wait ended with status 1]\n"),
        "{text}"
    );
    let trace = std::fs::read_to_string(trace).unwrap();
    for call in [
        "fork(",
        "wait4(-1",
        "exit_group(100)",
        "exit_group(1)",
        "child_wait.rs:",
    ] {
        assert!(trace.contains(call), "no {call} in\n{trace}");
    }
}

#[test]
fn strace_takes_the_twin_an_order_and_a_second_file() {
    let scratch = support::Scratch::new();
    let path = scratch.path("a file");
    let save = format!("SAVE={}", path.display());
    let child_first = "[order: after fork the child ran first]";
    let run = || {
        let made = make(&["strace-wait_status", "TWIN=1", "ORDER=child-first", &save]);
        let text = text_of(&made);
        assert!(made.status.success(), "{text}");
        text
    };
    // On a busy machine the parent may be late by more than it is held back: it says so then, "run it again".
    let mut runs = (0..10).map(|_| run());
    let text = runs.find(|text| text.contains(child_first));
    let text = text.expect("the order that was asked for, in one of ten runs");
    assert!(
        text.contains("[wait_status ended with status 0]\n"),
        "{text}"
    );
    let trace = std::fs::read_to_string(path).unwrap();
    assert!(
        trace.contains("wait_status.c:") && trace.contains("[libc "),
        "{trace}"
    );
}

#[test]
fn help_names_every_lab_and_every_target() {
    let text = text_of(&make(&["help"]));
    let targets = [
        "all",
        "<lab>",
        "run-<lab>",
        "strace-<lab>",
        "readelf-<lab>",
        "objdump-<lab>",
        "size",
        "tour",
        "test",
        "doctor",
        "clean",
    ];
    for name in targets {
        assert!(
            text.contains(&format!("  make {name} ")),
            "no {name} in\n{text}"
        );
    }
    assert!(
        text.starts_with(&format!("labs: {}\n", labs().join(" "))),
        "{text}"
    );
}

#[test]
fn doctor_finds_this_machine_well() {
    let text = text_of(&make(&["doctor"]));
    assert!(
        text.lines().count() >= 6 && !text.contains("missing"),
        "{text}"
    );
}

#[test]
fn without_strace_the_labs_run_and_tracing_says_what_to_install() {
    // A PATH that holds everything but strace.
    let scratch = support::Scratch::new();
    let bin = scratch.path("bin");
    std::fs::create_dir(&bin).unwrap();
    for folder in std::env::var("PATH").unwrap().split(':') {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.file_name() != "strace" {
                let _ = std::os::unix::fs::symlink(entry.path(), bin.join(entry.file_name()));
            }
        }
    }
    let without = |target: &str| {
        let mut make = Command::new("make");
        make.args(["-s", target])
            .current_dir(root())
            .stdin(Stdio::null())
            .env("PATH", &bin);
        make.env_remove("MAKEFLAGS")
            .env_remove("MAKELEVEL")
            .env("CARGO_TARGET_DIR", support::target());
        output(&mut make)
    };
    let run = without("run-exec_test");
    assert!(
        run.status.success() && text_of(&run).contains("status 0"),
        "{}",
        text_of(&run)
    );
    let strace = without("strace-exec_test");
    assert!(!strace.status.success());
    assert!(
        text_of(&strace).contains("apt install strace"),
        "{}",
        text_of(&strace)
    );
    assert!(text_of(&without("doctor")).contains("missing  strace"));
}

#[test]
fn readelf_and_objdump_show_a_lab() {
    assert!(text_of(&make(&["readelf-exec_test"])).contains("EXEC (Executable file)"));
    let code = text_of(&make(&["objdump-child_wait"]));
    assert!(
        code.contains("syscall") && code.contains("wait(&mut pstatus)"),
        "{code}"
    );
}

#[test]
fn clean_removes_the_target_that_make_used_and_no_other() {
    let project = Project::new("one");
    let shared = project.0.path("shared");
    fs::create_dir(&shared).unwrap();
    let tag = "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by cargo.\n";
    let other = project.0.file("shared/CACHEDIR.TAG", tag); // so it is one that cargo would clean
    for target in ["all", "clean"] {
        let mut make = project.make(&[target]);
        let made = output(make.env("CARGO_BUILD_TARGET_DIR", &shared));
        assert!(made.status.success(), "{}", text_of(&made));
        assert_eq!(project.0.path("target").exists(), target == "all");
        assert!(other.exists(), "{target} took {}", shared.display());
    }
}

#[test]
fn an_install_that_broke_off_says_so_and_is_made_good_by_the_next() {
    let project = Project::new("one");
    let made = output(&mut project.make(&[]));
    assert_eq!(project.lab_prints(), "one\n", "{}", text_of(&made));

    // Of the two renames, the second does not happen.
    project.prints("two");
    fs::create_dir(project.0.path("bin")).unwrap();
    let once = "#!/bin/sh\nPATH=${PATH#*:}\ntest -e once && exit 1; touch once; mv \"$@\"\n";
    let path = format!(
        "{}:{}",
        project.0.path("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let mut chmod = support::bounded("chmod");
    output(chmod.arg("+x").arg(project.0.file("bin/mv", once)));
    let broken = text_of(&output(project.make(&[]).env("PATH", path)));
    assert!(
        broken.contains("build/lab could not be made")
            && broken.contains("make doctor says what is missing"),
        "{broken}"
    );
    for folder in ["build", "build/traced"] {
        for entry in fs::read_dir(project.0.path(folder)).unwrap() {
            let name = entry.unwrap().file_name();
            assert!(name == "lab" || name == "traced", "{folder}/{name:?}");
        }
    }

    let made = output(&mut project.make(&[]));
    assert_eq!(project.lab_prints(), "two\n", "{}", text_of(&made));
}

#[test]
fn every_call_keeps_its_line_whatever_flags_are_set_elsewhere() {
    let project = Project::new("one");
    project
        .settings_of_cargo("[target.x86_64-unknown-linux-gnu]\nrustflags = [\"-Cdebuginfo=1\"]\n");
    let mut make = project.make(&[]);
    make.env("RUSTFLAGS", "-Cdebuginfo=1");
    let text = text_of(&output(make.env("CARGO_TERM_VERBOSE", "true")));
    assert!(text.contains("-enable-tail-merge=false"), "{text}");
}

#[test]
fn a_setting_that_moves_what_cargo_builds_is_an_error() {
    let project = Project::new("one");
    for triple in [
        "\"x86_64-unknown-linux-gnu\"",
        "[\"x86_64-unknown-linux-gnu\"]",
    ] {
        project.settings_of_cargo(&format!("[build]\ntarget = {triple}\n"));
        let made = output(&mut project.make(&[]));
        let text = text_of(&made);
        assert!(!made.status.success(), "{text}");
        assert!(text.contains(".cargo/config.toml"), "{text}");
    }
    let doctor = text_of(&output(&mut project.make(&["doctor"])));
    assert!(doctor.contains("take build.target out of"), "{doctor}");
}

#[test]
fn a_variable_is_given_in_the_command_and_not_by_an_exported_name() {
    let project = Project::new("one");
    let mut make = project.make(&["help", "TWIN=1"]);
    let text = text_of(&output(make.envs([("C", "x.c"), ("ALL", "1")])));
    assert!(
        text.contains(" C='' ") && text.contains(" ALL='' ") && text.contains(" TWIN='1' "),
        "{text}"
    );
}

#[test]
fn what_is_said_of_one_lab_is_asked_for_by_its_name() {
    let text = text_of(&make(&["-n", "test", "LAB=child_wait"]));
    assert!(text.ends_with(" -- 'child_wait::'\n"), "{text}");
    // It is every program with a file or folder of tests that is called like a lab.
    let tests = fs::read_dir(root().join("tests")).unwrap();
    for program in tests.map(|entry| entry.unwrap().path()) {
        let is_lab = |lab: &String| {
            let path = program.join(lab);
            path.is_dir() || path.with_extension("rs").is_file()
        };
        let name = program.file_name().unwrap().to_str().unwrap();
        let has_tests_of_labs = name == "every_lab" || labs().iter().any(is_lab);
        let is_run = text.contains(&format!("--test {name} "));
        assert_eq!(is_run, has_tests_of_labs, "{name} in {text}");
    }
    let text = text_of(&make(&["-n", "test", "LAB=child_wait", "SCENARIO=tty"]));
    assert!(text.ends_with(" -- 'child_wait::tty::'\n"), "{text}");
}

#[test]
fn a_lab_or_scenario_that_is_misspelt_is_an_error_that_names_the_nearest() {
    for (words, near) in [
        (
            &["LAB=child_wiat"][..],
            "no lab child_wiat: is it child_wait?",
        ),
        (&["LAB=daemonosnw"], "no lab daemonosnw: is it daemonOSNW?"),
        (&["LAB=echo"], "no lab echo: is it echo_server_fork?"),
        (
            &["LAB=fork_test", "SCENARIO=pip"],
            "no scenario pip: is it pipe?",
        ),
    ] {
        let made = make(&[&["test"], words].concat());
        let text = text_of(&made);
        assert!(!made.status.success() && text.contains(near), "{text}");
        assert!(!text.contains("cargo"), "nothing is run: {text}");
    }
}

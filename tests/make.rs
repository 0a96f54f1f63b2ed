//! The targets of the Makefile do what `make help` says.

mod support;

use std::process::{Command, Output, Stdio};

use support::{labs, output, root, target, text_of};

fn make(arguments: &[&str]) -> Output {
    let mut make = support::bounded("make");
    make.args(["-s"])
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null());
    make.env_remove("MAKEFLAGS")
        .env_remove("MAKELEVEL")
        .env("CARGO_TARGET_DIR", target());
    output(&mut make)
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
    let made = make(&["strace-wait_status", "TWIN=1", "ORDER=child-first", &save]);
    let text = text_of(&made);
    assert!(made.status.success(), "{text}");
    assert!(
        text.contains("[wait_status ended with status 0]\n"),
        "{text}"
    );
    assert!(
        text.contains("[order: after fork the child ran first]"),
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
